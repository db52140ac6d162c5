"""Charts, sentences and cards as pure functions of a review."""
