"""What has changed in the systems of vendors, read from their portals: rows of our templates, nothing stored yet."""
