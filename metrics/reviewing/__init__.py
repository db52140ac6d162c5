"""Outputs as people look at them: which ones, by whom, and how well they agree."""
