"""Portals of vendors, as they document themselves, on loopback."""
