"""A source of facts on another engine, a query as that engine is asked it, and what it can't be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from leadline.data.errors import LeadlineError

DIALECTS = ("postgres", "spark")
"""engines that queries can be sent to"""


class UntranslatedError(LeadlineError):
    """A query that can't be asked of another engine; the text says why."""


class AboutImportsError(UntranslatedError):
    """A query about landed imports, of which another engine has none."""


@dataclass(frozen=True)
class Source:
    """A table or view of the engine that holds a template's columns."""

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)
    """ours → theirs, where the names differ"""
    attributes: str | None = None
    """a column of theirs (JSON on PostgreSQL, a map on Spark) that holds what the template doesn't name"""
    known: tuple[str, ...] | None = None
    """the table's columns as the engine told them; None: not asked, every column of the template is taken to exist"""

    def column(self, ours: str) -> str | None:
        """Their name of a column of ours, in their spelling; None where the table has none."""
        wanted = self.columns.get(ours, ours)
        if self.known is None:
            return wanted
        if wanted in self.known:
            return wanted
        return next((name for name in self.known if name.lower() == wanted.lower()), None)


@dataclass(frozen=True)
class Translated:
    """SQL for an engine, and how its rows are to be sorted: (column, descending), empty values last."""

    sql: str
    order: tuple[tuple[int, bool], ...]
