"""`leadline …`: reads the command line, has the work done where the workspace is open, prints."""
