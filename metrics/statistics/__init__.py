"""What is known: arrays in, frozen dataclasses out. Only numpy, scipy and the standard library."""
