"""One thin script a page: ask, fetch, show."""
