"""Mine: what one person answers for, across workflows."""
