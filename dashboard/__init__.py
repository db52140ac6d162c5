"""Looks and words. Computes nothing."""
