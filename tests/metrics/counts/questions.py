"""The texts of the questions whose counts are kept, as they are asked of the facts."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from leadline.data.counts import store
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.counts import link_of, question_of
from leadline.metrics.sql import read_sql

SQL = files("leadline.metrics.sql")
_METRICS = load_catalog(None).values()
DECLARED = dict(question_of(part, by) for metric in _METRICS for part in metric.parts for by in (True, False))
LINKS = dict(
    question
    for proxy in _METRICS
    for outcome in _METRICS
    if (question := link_of(proxy, outcome)) is not None
)
DECLARED |= LINKS


def shipped() -> list[str]:
    """Names of the questions that are kept without anybody having declared a metric; tests of others declare theirs."""
    return sorted(name for name in store.KNOWN if name in DECLARED or SQL.joinpath(f"{name}.sql").is_file())


def text(name: str) -> str:
    return DECLARED[name].sql if name in DECLARED else read_sql(f"{name}.sql")


def bound(name: str, values: Mapping[str, object]) -> dict[str, object]:
    words = DECLARED[name].values if name in DECLARED else ()
    return store.bound(text(name), {**values, **dict(words)})
