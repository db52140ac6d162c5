"""A short name for what a result depends on: the same content has the same name, another content another one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
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
    return _code("leadline.metrics.statistics")


@cache
def judging_code() -> str:
    """What tells everything that counts and judges in this Leadline from that of another, numpy and scipy with it."""
    versions = " ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "duckdb"))
    return f"{_code('leadline.data')} {_code('leadline.metrics')} {versions}"


def _code(package: str) -> str:
    found = hashlib.sha256()
    for file in _sources(files(package)):
        found.update(file.name.encode())
        found.update(file.read_bytes())
    return found.hexdigest()


def _sources(folder: Traversable) -> Iterator[Traversable]:
    """Every file of ours below a package's folder, in an order that is always the same."""
    for each in sorted(folder.iterdir(), key=lambda one: one.name):
        if each.is_dir():
            yield from _sources(each)
        elif each.name.endswith((".py", ".sql", ".yaml")):
            yield each
