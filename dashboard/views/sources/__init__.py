"""Data: sources, imports, what was set aside."""
