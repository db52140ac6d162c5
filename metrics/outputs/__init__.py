"""What a workflow produced, beside what it was told: briefs, versions, and who did it."""
