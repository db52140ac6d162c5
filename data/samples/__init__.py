"""Synthetic sample exports and the generator of lead flows with a known truth."""
