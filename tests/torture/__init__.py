"""Faults injected into the real server and command line, held against a model of what must be there afterwards."""
