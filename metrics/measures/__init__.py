"""One metric of one workflow, counted and compared with its baseline."""
