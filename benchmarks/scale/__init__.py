"""How landing, kept counts and a check go with the number of rows."""
