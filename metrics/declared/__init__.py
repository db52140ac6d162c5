"""Metrics are declared, not coded: what a declaration says, how it is read, and the one question that it becomes."""
