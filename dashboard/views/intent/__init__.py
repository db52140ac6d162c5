"""Intent: what a workflow is for, how that was handed down, what it was told, whether it is ready to be expanded."""
