"""A workspace's database file: opened and locked down, made and upgraded, asked over cursors."""
