"""How long landing takes beside only reading: `python -m tests.bench.ingest --rows 10000000`."""
