"""A file → facts: recognised, compared, written or set aside, taken back."""
