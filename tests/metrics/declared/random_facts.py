"""A few hundred facts of one workflow at random, landed once: enough that every declaration counts some of them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any, get_args

from leadline.data.exports.landing_report import Doubt
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import land_text, lines
from tests.metrics.declared.reference import Facts

WORKFLOW = "desk"


def random_facts(warehouse: Warehouse) -> Facts:
    """Every template's rows, as they stand in the facts."""
    facts: dict[str, list[dict[str, Any]]] = {}
    for name, text in _exports(random.Random(16)):
        report = land_text(
            warehouse, text, f"{name}.csv", template=name, accept=get_args(Doubt), numbers="point"
        )
        assert report.state == "landed", report.message
        columns = [row[0] for row in warehouse.select(f"describe facts.{name}")]
        rows = warehouse.select(f"select * from facts.{name}")
        facts[name] = [dict(zip(columns, row, strict=True)) for row in rows]
    return facts


def _exports(chance: random.Random) -> Iterator[tuple[str, str]]:
    one_of = chance.choice
    flags, currencies = ("yes", "no", ""), ("EUR", "USD", "")

    def day() -> str:
        at = dt.datetime(2026, 1, 5) + dt.timedelta(minutes=chance.randrange(6 * 7 * 24 * 60))
        return f"{at:%Y-%m-%d %H:%M}"

    def any_day() -> str:
        return "" if chance.random() < 0.2 else day()

    def soon(after: str) -> str:
        return (
            f"{dt.datetime.fromisoformat(after) + dt.timedelta(minutes=chance.randrange(9)):%Y-%m-%d %H:%M}"
        )

    leads = {f"L{n}": day() for n in range(80)}
    rows: list[tuple[Any, ...]] = [
        (
            lead,
            at,
            one_of("ab"),
            one_of(("a", "b", "")),
            one_of(("", 1, 2.5, 3)),
            one_of((soon(at), any_day())),
        )
        for lead, at in leads.items()
    ]
    yield "leads", _csv("lead_id,created_at,channel,flavour,score,first_response_at", rows)
    known = [*leads, ""]
    rows = [
        (
            f"M{n}",
            one_of(known),
            day(),
            any_day(),
            any_day(),
            any_day(),
            one_of(flags),
            one_of("ab"),
            one_of("ab"),
        )
        for n in range(150)
    ]
    headings = "message_id,lead_id,sent_at,delivered_at,opened_at,clicked_at,machine_open,flavour,variant"
    yield "emails", _csv(headings, rows)
    amounts = ("", 10, 10.005, 99999.99)
    rows = [
        (
            f"D{n}",
            one_of(known),
            day(),
            any_day(),
            one_of(("won", "lost", "open")),
            one_of((*amounts, -10.005, -3)),
            one_of(currencies),
            one_of(("gold", "silver", "")),
        )
        for n in range(90)
    ]
    yield "deals", _csv("deal_id,lead_id,created_at,closed_at,stage,amount,currency,tier", rows)
    rows = [
        (f"A{n}", one_of(known), any_day(), any_day(), one_of(("held", "no_show")), one_of(flags))
        for n in range(90)
    ]
    yield "appointments", _csv("appointment_id,lead_id,booked_at,held_at,status,qualified", rows)
    assets = [f"B{n}" for n in range(60)]
    rows = [(asset, day(), one_of("ab"), one_of(amounts), one_of(currencies)) for asset in assets]
    yield "assets", _csv("asset_id,published_at,kind,cost,currency", rows)
    rows = [(one_of(assets), day(), f"P{n}", one_of(("", 1, 2.5, 5))) for n in range(90)]
    yield "asset_uses", _csv("asset_id,used_at,used_by,rating", rows)
    rows = [(f"R{n}", "Ann", day(), one_of("ab"), one_of(flags)) for n in range(60)]
    yield "reviews", _csv("item_id,reviewer,reviewed_at,dimension,passed", rows)
    rows = [(f"C{n}", day(), 9, one_of(("", 5, 8)), one_of(("", 0, 5)), one_of("ab")) for n in range(20)]
    yield "campaigns", _csv("campaign_id,sent_at,recipients,delivered,unique_opens,variant", rows)


def _csv(headings: str, rows: list[tuple[Any, ...]]) -> str:
    return lines(f"{headings},workflow", *(f"{','.join(map(str, row))},{WORKFLOW}" for row in rows))
