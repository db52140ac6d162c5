"""Outputs, as people look at them."""
