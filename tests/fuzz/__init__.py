"""Random damage to exports: `python -m tests.fuzz`. What it finds becomes a case in tests/data."""
