"""What was agreed: metrics, charters, stopping rules, and the memory of decisions."""
