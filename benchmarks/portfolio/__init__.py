"""What a check costs by the number of workflows."""
