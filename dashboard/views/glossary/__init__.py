"""The words and what they mean."""
