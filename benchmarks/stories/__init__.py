"""The three stories from the first brief to recovered, at their own volumes, seed by seed."""
