"""Which export a file is, and which of its columns is which of ours: by headings, weighing, mappings and formats."""
