"""Charters."""
