"""A proxy beside an outcome of the same units, unit by unit, whatever they are declared over."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from leadline.data.counts.store import bound
from leadline.data.engines.engine import ask
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import METRICS, extend_catalog, load_catalog
from leadline.metrics.counts import link_of
from leadline.metrics.declared.declaration import (
    Condition,
    Declaration,
    Duration,
    Mean,
    OwnEvent,
    Rows,
    Share,
)
from leadline.metrics.declared.links import linked
from tests.data.example_exports import land_text, lines
from tests.metrics.declared import reference
from tests.metrics.declared.random_facts import random_facts

DECLARED = """\
renewal_rate:
  role: outcome
  of: {template: units, where: {kind: ticket}}
  event: {template: events, where: {kind: renewed}}
  within_weeks: 40
first_reply: {role: proxy, of: {template: units}, duration: {to: first_response_at}, better: lower}
quick: {role: proxy, of: {template: units, where: {segment: big}}, event: {column: first_response_at}, within: 2 hours}
"""
CATALOG = extend_catalog(load_catalog(None), DECLARED, METRICS)
WEEK = dt.date(2026, 1, 5)


@pytest.fixture
def desk(warehouse: Warehouse) -> Warehouse:
    units = lines(
        "unit_id,entered_at,kind,segment,first_response_at,workflow",
        "U1,2026-01-05T09:00,ticket,big,2026-01-05T09:30,desk",
        "U2,2026-01-06T09:00,ticket,big,2026-01-14T09:00,desk",
        "U3,2026-01-07T09:00,ticket,small,,desk",
        "U4,2026-01-07T09:00,chat,big,2026-01-07T09:10,desk",
    )
    events = lines(
        "event_id,unit_id,happened_at,kind", "E1,U1,2026-01-20,renewed", "E2,U3,2026-03-20,renewed"
    )
    land_text(warehouse, units, "units.csv")
    land_text(warehouse, events, "events.csv")
    return warehouse


def _told(warehouse: Warehouse, proxy: str, outcome: str = "renewal_rate") -> set[tuple[Any, ...]]:
    found = link_of(CATALOG[proxy], CATALOG[outcome])
    assert found is not None
    question = found[1]
    values = {"workflow": "desk", "through": dt.date(2026, 2, 1), **dict(question.values)}
    return set(ask(warehouse, question.sql, bound(question.sql, values)))


def test_a_proxy_and_an_outcome_of_tickets_are_told_of_the_same_ticket(desk: Warehouse) -> None:
    # week, counts from, age at the reply, bucket of its minutes, age at the renewal, tickets
    assert _told(desk, "first_reply") == {
        (WEEK, 0, 0, 82, 2, 1),
        (WEEK, 0, 1, 224, None, 1),
        (WEEK, 0, None, None, None, 1),
    }


def test_of_a_proxy_over_some_of_the_units_those_are_compared(desk: Warehouse) -> None:
    assert _told(desk, "quick") == {(WEEK, 0, 0, None, 2, 1), (WEEK, 0, None, None, None, 1)}


def test_replies_to_e_mails_are_told_as_opens_and_clicks_are(warehouse: Warehouse) -> None:
    land_text(warehouse, lines("lead_id,created_at,workflow", "L1,2026-01-05,desk", "L2,2026-01-05,desk"))
    mails = lines("message_id,lead_id,sent_at,replied_at", "M1,L1,2026-01-13,2026-01-20", "M2,L2,2026-01-06,")
    land_text(warehouse, mails, "emails.csv")
    won = lines("deal_id,lead_id,created_at,closed_at,stage", "D1,L1,2026-01-20,2026-01-27,won")
    land_text(warehouse, won, "deals.csv")
    assert _told(warehouse, "reply_rate", "close_rate") == {
        (WEEK, 1, 2, None, 3, 1),
        (WEEK, 0, None, None, None, 1),
    }


def test_every_pair_says_what_counting_unit_by_unit_says(warehouse: Warehouse) -> None:
    facts = random_facts(warehouse)
    web = Condition("channel", ("a",))
    leads = Rows("leads", "created_at")
    of_some = [leads, replace(leads, where=(web,))]
    proxies: list[Declaration] = [
        *(Duration(of, "first_response_at") for of in of_some),
        *(
            Share(of, OwnEvent("first_response_at", within_minutes=minutes))
            for of in of_some
            for minutes in (3, 9000)
        ),
        *(Mean(of, "score") for of in of_some),
        CATALOG["open_rate"].declaration,
        Share(Rows("emails", "sent_at"), OwnEvent("clicked_at")),
    ]
    events = [CATALOG[name].declaration for name in ("close_rate", "qualified_appointment_rate")]
    pairs = [(proxy, replace(outcome, of=of)) for proxy in proxies for outcome in events for of in of_some]  # type: ignore[call-arg]
    for (proxy, outcome), through in product(pairs, (dt.date(2026, 1, 21), dt.date(2026, 2, 22))):
        question = linked(proxy, outcome)
        assert question is not None
        values = {"workflow": "desk", "through": through, **dict(question.values)}
        found = ask(warehouse, question.sql, bound(question.sql, values))
        told = Counter({tuple(row[:-1]): row[-1] for row in found})
        assert len(told) > 2
        assert told == reference.beside(facts, proxy, outcome, "desk", through), (proxy, outcome, through)


def test_what_speaks_of_other_units_is_not_told() -> None:
    for proxy, outcome in (
        ("response_time", "renewal_rate"),
        ("lead_volume", "close_rate"),
        ("first_reply", "won_deals"),
    ):
        assert link_of(CATALOG[proxy], CATALOG[outcome]) is None
