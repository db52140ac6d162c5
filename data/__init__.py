"""Exports in, clean facts out. Knows DuckDB; knows no statistics and no Streamlit."""
