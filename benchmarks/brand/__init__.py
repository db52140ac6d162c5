"""How soon buyers who say different things are noticed, and how seldom others are."""
