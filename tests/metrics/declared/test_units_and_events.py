"""Metrics over units and what happens to them, from landed exports to what is counted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from leadline.data.counts import store
from leadline.data.engines.engine import ask
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import METRICS, load_catalog
from leadline.metrics.declared.question import asked
from tests.data.example_exports import land_text, lines

DECLARED = """\
renewal_rate:
  role: outcome
  of: {template: units, where: {kind: ticket}}
  event: {template: events, where: {kind: renewed}}
  within_weeks: 40
first_reply:
  role: proxy
  of: {template: units}
  duration: {from: entered_at, to: first_response_at}
  better: lower
"""
UNITS = lines(
    "unit_id,entered_at,kind,first_response_at,workflow",
    "U1,2026-01-05T09:00,ticket,2026-01-05T09:30,desk",
    "U2,2026-01-06T09:00,ticket,,desk",
    "U3,2026-01-07T09:00,chat,2026-01-07T09:10,desk",
    "U4,2026-01-07T09:00,ticket,2026-01-07T09:10,other",
)
EVENTS = lines(
    "event_id,unit_id,happened_at,kind",
    "E1,U1,2026-01-20,renewed",
    "E2,U1,2026-02-20,renewed",
    "E3,U2,2026-01-20,cancelled",
    "E4,U3,2026-01-20,renewed",
)
WEEK = dt.date(2026, 1, 5)


def _counted(warehouse: Warehouse, name: str, segment: str = "") -> set[tuple[Any, ...]]:
    metric = load_catalog(warehouse.workspace)[name]
    assert metric.declaration is not None
    question = asked(metric.declaration, bool(segment))
    values = {
        "workflow": "desk",
        "segment": segment,
        "through": dt.date(2026, 3, 1),
        "within_weeks": metric.within_weeks,
    }
    return set(ask(warehouse, question.sql, store.bound(question.sql, {**values, **dict(question.values)})))


def test_events_are_counted_of_the_units_that_they_name(warehouse: Warehouse) -> None:
    (warehouse.workspace.path / METRICS).write_text(DECLARED, encoding="utf-8")
    assert land_text(warehouse, UNITS, "units.csv").template == "units"
    assert land_text(warehouse, EVENTS, "events.csv").template == "events"
    assert warehouse.select("select distinct workflow from facts.events") == [("desk",)]
    assert _counted(warehouse, "renewal_rate") == {("all", WEEK, 2, 1), ("all", WEEK, None, 1)}
    assert _counted(warehouse, "renewal_rate", "kind") == {("ticket", WEEK, 2, 1), ("ticket", WEEK, None, 1)}
    waiting = sum(row[-1] for row in _counted(warehouse, "first_reply"))
    assert waiting == 3


def test_units_are_split_by_their_brief_and_not_by_their_own_identity(warehouse: Warehouse) -> None:
    (warehouse.workspace.path / METRICS).write_text(DECLARED, encoding="utf-8")
    text = lines(
        "unit_id,entered_at,kind,brief_id,workflow",
        "U1,2026-01-05,ticket,B7,desk",
        "U2,2026-01-05,ticket,,desk",
    )
    land_text(warehouse, text, "units.csv")
    assert {row[0] for row in _counted(warehouse, "renewal_rate", "brief_id")} == {"B7", "unknown"}
    assert {row[0] for row in _counted(warehouse, "renewal_rate", "unit_id")} == {"unknown"}


def test_replies_are_counted_of_sent_messages(warehouse: Warehouse) -> None:
    text = lines(
        "message_id,sent_at,replied_at,workflow", "M1,2026-01-05,2026-01-13,desk", "M2,2026-01-06,,desk"
    )
    assert land_text(warehouse, text, "emails.csv").template == "emails"
    assert _counted(warehouse, "reply_rate") == {("all", WEEK, 1, 1), ("all", WEEK, None, 1)}
    assert [row[-1] for row in _counted(warehouse, "email_volume")] == [2]
