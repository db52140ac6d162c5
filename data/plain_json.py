"""From frozen values to JSON and back: one way for reports, the ledger, and the local API.

A class that was written otherwise by an earlier version says so itself: `as_plain()` gives what is written in its
place (None: its fields), `of_plain(value)` what is read from what was written (None: it has today's fields). Classes
that stand in one place (`A | B`) are told apart by the `code` that each has of its own.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
import sys
import types
import typing
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_EMPTY = "None is written ''"
EMPTY = types.MappingProxyType({_EMPTY: True})
"""metadata of a field whose None is written '', as earlier versions wrote it, so that hashes stay what they are"""


def to_plain(value: Any) -> Any:
    """Frozen dataclasses and what they hold as JSON values. Infinities become the largest number, NaN null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        if hasattr(value, "as_plain") and (instead := value.as_plain()) is not None:
            return to_plain(instead)
        return {field.name: _field_to_plain(value, field) for field in dataclasses.fields(value)}
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple | frozenset):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, int):
        return int(value)
    number = float(value)
    if math.isnan(number):
        return None
    return max(min(number, sys.float_info.max), -sys.float_info.max)


def to_json(value: object, *, indent: int | None = None) -> str:
    """JSON text of a contract value: one line unless `indent` is given, letters as they are, never NaN."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)


def _field_to_plain(value: Any, field: dataclasses.Field[Any]) -> Any:
    inner = getattr(value, field.name)
    return "" if inner is None and field.metadata.get(_EMPTY) else to_plain(inner)


def from_plain(kind: Any, value: Any) -> Any:
    """JSON values back into the class they were written from. What later versions added takes its default."""
    origin = typing.get_origin(kind)
    if value is None or kind in (Any, type(None)):
        return value
    if origin in (types.UnionType, typing.Union):
        return _from_union([each for each in typing.get_args(kind) if each is not type(None)], value)
    if origin is tuple:
        inner = typing.get_args(kind)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(from_plain(inner[0], item) for item in value)
        return tuple(from_plain(each, item) for each, item in zip(inner, value, strict=True))
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        if hasattr(kind, "of_plain") and (read := kind.of_plain(value)) is not None:
            return read
        hints = _hints(kind)
        known = {field.name for field in dataclasses.fields(kind)}
        return kind(**{name: from_plain(hints[name], item) for name, item in value.items() if name in known})
    if kind is dt.date:
        return dt.date.fromisoformat(value)
    if kind is float:
        return float(value)
    return value


def _from_union(kinds: list[Any], value: Any) -> Any:
    if len(kinds) == 1 or not all(dataclasses.is_dataclass(kind) for kind in kinds):
        return from_plain(kinds[0], value)
    if isinstance(value, str):
        return next(kind for kind in kinds if hasattr(kind, "of_plain")).of_plain(value) if value else None
    return from_plain(next(kind for kind in kinds if kind.code == value["code"]), value)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
