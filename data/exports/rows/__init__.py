"""Text cells become typed rows with reasons, in temporary tables of one session."""
