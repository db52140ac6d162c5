"""A file becomes typed rows with reasons; nothing is stored yet."""
