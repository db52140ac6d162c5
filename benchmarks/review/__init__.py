"""How long a review takes."""
