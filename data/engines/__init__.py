"""Connections to other engines, one a module; each is imported only where it is named."""
