"""Facts in, verdicts out. Imports nothing here, so that a pure module stays light to import."""
