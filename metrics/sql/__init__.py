"""The .sql files of what is measured and recorded, and the one door through which they are read."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def read_sql(name: str) -> str:
    """Text of `metrics/sql/<name>`, e.g. 'linkage/close_rate.sql'; run as it stands, values bound as `$name`."""
    return files(__package__).joinpath(*name.split("/")).read_text(encoding="utf-8")
