"""Facts on other engines: the same numbers, to the last digit."""
