"""A short name for what a result depends on: the same content has the same name, another content another one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

import numpy as np


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...


def fingerprint(*values: Any) -> str:
    """Of dataclasses, mappings, sequences, arrays and plain values. Raises TypeError for anything else.

    Private fields (`_seen`) are what was worked out already; they tell nothing.
    """
    found = hashlib.sha256()
    for value in values:
        _add(found, value)
    return found.hexdigest()


def _add(found: _Hash, value: Any) -> None:
    if isinstance(value, np.ndarray):
        if value.dtype == object:
            raise TypeError("an array of objects has no fingerprint")
        found.update(f"array {value.dtype} {value.shape}".encode())
        found.update(np.ascontiguousarray(value).tobytes())
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        found.update(f"{type(value).__qualname__} ".encode())
        for field in dataclasses.fields(value):
            if not field.name.startswith("_"):
                _add(found, getattr(value, field.name))
    elif isinstance(value, Mapping):
        found.update(f"mapping {len(value)}".encode())
        for key, inner in value.items():
            _add(found, key)
            _add(found, inner)
    elif isinstance(value, list | tuple):
        found.update(f"sequence {len(value)}".encode())
        for inner in value:
            _add(found, inner)
    elif isinstance(value, frozenset | set):
        _add(found, sorted(value, key=repr))
    elif value is None or isinstance(value, str | bytes | int | float | bool | dt.date | np.generic):
        found.update(f"{type(value).__name__} {value!r};".encode())
    else:
        raise TypeError(f"{type(value).__name__} has no fingerprint")


@cache
def statistics_code() -> str:
    """What tells the statistics of this Leadline from those of another."""
    found = hashlib.sha256()
    for file in sorted(files("leadline.metrics.statistics").iterdir(), key=lambda each: each.name):
        if file.name.endswith(".py"):
            found.update(file.read_bytes())
    return found.hexdigest()
