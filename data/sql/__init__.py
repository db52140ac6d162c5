"""The .sql files, and the one door through which they are read.

A file is run as it stands, with values bound as `$name`. Where an identifier must vary (one statement for every
template's table), the file says `{name}` and `compose` puts a quoted identifier, or a list of them, in its place.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files


@cache
def read_sql(name: str) -> str:
    """Text of `data/sql/<name>`, e.g. 'landing/insert.sql'."""
    return files(__package__).joinpath(*name.split("/")).read_text(encoding="utf-8")


@cache
def names(folder: str) -> tuple[str, ...]:
    """Names of the .sql files of a folder, sorted: 'checks/assets.sql', …"""
    found = (entry.name for entry in files(__package__).joinpath(folder).iterdir())
    return tuple(f"{folder}/{name}" for name in sorted(found) if name.endswith(".sql"))


@cache
def own_tables() -> frozenset[str]:
    """Tables of `schema/`, made for every workspace whatever the templates are: 'landed.imports', …"""
    made = re.compile(r"create table if not exists (\S+)")
    return frozenset(table for file in names("schema") for table in made.findall(read_sql(file)))


def quote(identifier: str) -> str:
    """An identifier as SQL writes it, whatever it contains: `"a""b"`."""
    if "\x00" in identifier:
        raise ValueError("an identifier can't contain a NUL character")
    return '"' + identifier.replace('"', '""') + '"'


def literal(value: str) -> str:
    """A text as SQL writes it, for the few statements that take no bound values (CREATE MACRO, SET)."""
    if "\x00" in value:
        raise ValueError("a literal can't contain a NUL character")
    return "'" + value.replace("'", "''") + "'"


def compose(name: str, **parts: str) -> str:
    """Text of a .sql file with its `{name}` parts filled in. Parts must have come through `quote`."""
    return filled(read_sql(name), **parts)


def filled(text: str, **parts: str) -> str:
    """The same of a text of ours that lies elsewhere. Raises ValueError where it lacks a part's place."""
    for key, part in parts.items():
        marker = "{" + key + "}"
        if marker not in text:
            raise ValueError(f"the text has no {marker}: {text[:80]}")
        text = text.replace(marker, part)
    return text
