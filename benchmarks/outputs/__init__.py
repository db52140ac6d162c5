"""How often outputs compared by their briefs, and versions, are told rightly."""
