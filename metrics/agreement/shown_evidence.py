"""Evidence: what was shown of a workflow, kept with its numbers, so that it can be shown again as it was.

A review is written field by field as JSON and read back into the same classes. Kept once: the same content is
not kept again while nothing else was shown of that workflow.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import math
import sys
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.entries import Entry, LedgerError, append, canonical, entries
from leadline.metrics.results import Review, SourceState, WorkflowReview


@dataclass(frozen=True)
class Shown:
    """One workflow's review as it was shown."""

    as_of: dt.date
    complete_through: dt.date
    workflow: WorkflowReview
    data: tuple[SourceState, ...]


@dataclass(frozen=True)
class Evidence:
    """What was shown, with its row in the ledger."""

    id: str
    kept_at: dt.datetime
    """UTC, without zone"""
    by: str
    shown: Shown


def freeze_workflow(
    warehouse: Warehouse, review: Review, workflow: WorkflowReview, *, by: str, at: dt.datetime | None = None
) -> Entry:
    """Keeps what a review shows of one workflow; the row that does, an earlier one where nothing changed since."""
    shown = Shown(review.as_of, review.complete_through, workflow, review.data)
    plain = to_plain(shown)
    sealed = hashlib.sha256(canonical(plain).encode("utf-8")).hexdigest()
    with warehouse.joined():
        known = entries(warehouse, ("review",), workflow.workflow)
        if known and known[-1].payload.get("content") == sealed:
            return known[-1]
        payload = {"content": sealed, "shown": plain}
        return append(warehouse, "review", payload, by=by, workflow=workflow.workflow, letter="E", at=at)


def read_evidence(warehouse: Warehouse, evidence: str) -> Evidence:
    """What was shown, by its id ('E3'). Raises LedgerError where there is no such evidence."""
    found = entries(warehouse, ("review",), subject=evidence)
    if not found:
        raise LedgerError(f"There is no evidence {evidence}; 'leadline ledger' lists what was kept.")
    entry = found[0]
    return Evidence(evidence, entry.at, entry.by, from_plain(Shown, entry.payload["shown"]))


def to_plain(value: Any) -> Any:
    """A result of frozen dataclasses as JSON values. Infinities become the largest number, NaN null."""
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
