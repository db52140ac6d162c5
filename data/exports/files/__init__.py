"""A file as it was brought becomes a clean table of text cells: workbooks, encodings, layouts, quoting."""
