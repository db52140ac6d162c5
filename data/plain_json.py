"""From frozen values to JSON and back: one way for reports, the ledger, and the local API."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import sys
import types
import typing
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


def to_plain(value: Any) -> Any:
    """Frozen dataclasses and what they hold as JSON values. Infinities become the largest number, NaN null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
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


def from_plain(kind: Any, value: Any) -> Any:
    """JSON values back into the class they were written from. What later versions added takes its default."""
    origin = typing.get_origin(kind)
    if value is None or kind in (Any, type(None)):
        return value
    if origin in (types.UnionType, typing.Union):
        return from_plain(next(a for a in typing.get_args(kind) if a is not type(None)), value)
    if origin is tuple:
        inner = typing.get_args(kind)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(from_plain(inner[0], item) for item in value)
        return tuple(from_plain(each, item) for each, item in zip(inner, value, strict=True))
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        known = {field.name for field in dataclasses.fields(kind)}
        return kind(**{name: from_plain(hints[name], item) for name, item in value.items() if name in known})
    if kind is dt.date:
        return dt.date.fromisoformat(value)
    if kind is float:
        return float(value)
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
