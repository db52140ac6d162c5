"""What `import leadline` gives: an opened workspace, its results, and those as frames and in notebooks."""
