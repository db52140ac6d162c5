"""Whether the declared built-in metrics count what the coded ones counted, and how long both take."""
