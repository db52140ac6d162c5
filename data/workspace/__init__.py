"""A workspace is a folder: what lies in it, who holds it, how it is backed up. Opens no database."""
