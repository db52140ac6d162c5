"""Counts that are kept and follow what imports change."""
