"""How long landing takes beside only reading: `python -m benchmarks.ingest --rows 10000000`."""
