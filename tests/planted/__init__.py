"""Faults planted on purpose, one at a time, in a copy of the sources: which test notices each (`make planted`)."""
