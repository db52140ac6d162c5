"""The rules of reading, each by one bad export that comes on every path.

By its own headings, as a known system's, with a mapping, and by what an earlier file with a mapping has taught.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from leadline.data.landing.land import FileReport, IngestOptions, land
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import clear, column, write
from tests.data.workbooks import STYLES, Cell, sheet_xml, write_workbook

PATHS = ("template", "recognised", "mapping", "taught")
Rows = list[dict[str, Cell]]
SYSTEMS: dict[str, dict[str, str]] = {
    "deals": {
        "deal_id": "Record ID", "created_at": "Create Date", "closed_at": "Close Date", "stage": "Deal Stage",
        "amount": "Amount", "currency": "Currency",
    },
    "leads": {"lead_id": "Record ID", "created_at": "Create Date", "channel": "Original Source"},
    "tickets": {
        "lead_id": "Ticket ID", "created_at": "Ticket created - Timestamp",
        "first_response_minutes": "First reply time (min)",
    },
}  # fmt: skip
"""the headings of HubSpot's deals and contacts, and of Zendesk's tickets"""
BESIDE = {"deals": "Deal Name", "leads": "First Name", "tickets": "Ticket group"}
"""a column without which the system would not be known"""
OTHERS = {
    "lead_id": "Kundenschlüssel", "deal_id": "Vorgang", "created_at": "Angelegt", "closed_at": "Entschieden",
    "stage": "Stand", "amount": "Volumen", "currency": "Geld", "channel": "Weg",
    "first_response_minutes": "Antwort nach",
}  # fmt: skip
"""headings that only a mapping knows"""
TAUGHT: dict[str, Cell] = {
    "lead_id": "T1", "deal_id": "T1", "created_at": "2026-01-02 10:15:00", "closed_at": "2026-01-09",
    "stage": "won", "amount": "777", "currency": "EUR", "channel": "email", "first_response_minutes": "4",
}  # fmt: skip
"""a row of the file that teaches the headings"""
AMOUNTS = [str(1000 + 37 * n) for n in range(12)]
EURO = STYLES.replace(
    "<fonts", '<numFmts count="1"><numFmt numFmtId="164" formatCode="#,##0.00\\ [$€-407]"/></numFmts><fonts'
).replace("</cellXfs>", '<xf numFmtId="164" applyNumberFormat="1"/></cellXfs>')
"""a workbook's styles, of which the fourth shows euros"""


def _deals(amounts: list[str], **more: Cell) -> Rows:
    return [
        {"deal_id": f"D{n}", "created_at": f"2026-01-{n + 1:02}", "stage": "won", "closed_at": "2026-02-03", **more,
         "amount": amount}
        for n, amount in enumerate(amounts)
    ]  # fmt: skip


def _leads(*created: Cell, **more: Cell) -> Rows:
    return [{"lead_id": f"L{n}", "created_at": at, **more} for n, at in enumerate(created, start=1)]


Check = Callable[[Warehouse, FileReport], None]


@dataclass(frozen=True)
class Rule:
    """An export that goes wrong, after an earlier one, and what must have become of it."""

    template: str
    rows: Rows
    check: Check
    earlier: Rows | None = None
    encoding: str = "utf-8"
    is_book: bool = False
    system: str = ""


def _says(code: str, *wanted: str, state: str = "landed") -> Check:
    def check(_: Warehouse, report: FileReport) -> None:
        told = {
            **{one.reason: one.example for one in report.reasons},
            **{one.code: one.message for one in (*report.warnings, *report.questions)},
            **({report.code: report.message} if report.code else {}),
        }
        assert report.state == state, report
        assert code in told, told
        assert all(word in told[code] for word in wanted), told[code]

    return check


def _facts(sql: str, *wanted: object) -> Check:
    def check(warehouse: Warehouse, report: FileReport) -> None:
        assert column(warehouse, sql) == list(wanted), report

    return check


def _every(*checks: Check) -> Check:
    def check(warehouse: Warehouse, report: FileReport) -> None:
        for one in checks:
            one(warehouse, report)

    return check


MONEY = "select amount::double from facts.deals where deal_id like 'D%' order by created_at"
CREATED = "select created_at::varchar from facts.leads where lead_id like 'L%' order by lead_id"
DECIDED: Rows = [
    {"deal_id": "D1", "created_at": "2026-01-05", "stage": "won", "closed_at": "2026-01-20"},
    {"deal_id": "D2", "created_at": "2026-01-06", "stage": "open", "closed_at": "0000-00-00"},
]
RULES = {
    "02 held against what is known": Rule(
        "deals", _deals([f"{amount}00" for amount in AMOUNTS]),
        _every(_says("rescaled_amounts", "100 times", "→", state="asks"), _facts(MONEY, *map(float, AMOUNTS))),
        earlier=_deals(AMOUNTS),
    ),
    "03 a column that is not there": Rule(
        "deals", [{k: v for k, v in row.items() if k != "amount"} for row in _deals(AMOUNTS[:3], stage="lost")],
        _every(_says("narrower_export", "amount"), _facts(MONEY, *map(float, AMOUNTS[:3]))),
        earlier=_deals(AMOUNTS[:3]),
    ),
    "03 a blank cell": Rule(
        "deals", _deals([*AMOUNTS[:11], ""]), _every(_says("blanked_cells", "1 cell"), _facts(
            MONEY, *map(float, AMOUNTS[:11]), None)), earlier=_deals(AMOUNTS),
    ),
    "04 deleted at the source": Rule(
        "deals", [{**row, "Is Deleted": str(n == 0).lower()} for n, row in enumerate(_deals(AMOUNTS[:3]))],
        _every(_says("retired_rows"), _facts(MONEY, *map(float, AMOUNTS[1:3]))), earlier=_deals(AMOUNTS[:3]),
    ),
    "05 an open deal with a filler": Rule(
        "deals", DECIDED,
        _facts("select stage from facts.deals where deal_id like 'D%' order by deal_id", "won", "open"),
    ),
    "05 stages of one's own": Rule(
        "deals", [*DECIDED, {**DECIDED[0], "deal_id": "D3", "stage": "Proposal Out"},
                  {**DECIDED[0], "deal_id": "D4", "stage": "Demo Held"}],
        _every(_says("unknown_words", "Proposal Out", "Demo Held", state="asks"),
               _facts("select count(*) from facts.deals where deal_id like 'D%'", 0)),
    ),
    "06 a total": Rule(
        "deals", [*_deals(["10", "20", "30"]), {"deal_id": "", "created_at": "", "stage": "", "closed_at": "",
                                                "amount": "60"}],
        _every(_says("totals_row"), _facts(MONEY, 10.0, 20.0, 30.0)),
    ),
    "07 an encoding": Rule(
        "leads", _leads(*["2026-01-05"] * 4, channel="Źródło własne – żółw łąka"),
        _facts("select distinct channel from facts.leads where lead_id like 'L%'", "Źródło własne – żółw łąka"),
        encoding="cp1250",
    ),
    "08 bent identities": Rule(
        "leads", [{**_leads("2026-01-05")[0], "lead_id": bent} for bent in ('="00123"', "'00124", "1001.0")],
        _every(_says("respelled_ids"),
               _facts("select lead_id from facts.leads where lead_id <> 'T1' order by 1", "00123", "00124", "1001")),
    ),
    "09 dates": Rule(
        "leads", _leads("2026.01.05 07:47", "2026.01.31 19:00"),
        _facts(CREATED, "2026-01-05 07:47:00", "2026-01-31 19:00:00"),
    ),
    "10 workbooks": Rule(
        "deals", [{**row, "amount": float(str(row["amount"])), "currency": ""} for row in _deals(AMOUNTS[:2])],
        _every(_facts("select currency from facts.deals where deal_id like 'D%'", "EUR", "EUR"),
               _facts(MONEY, 1000.0, 1037.0)),
        is_book=True,
    ),
    "11 amounts with words": Rule(
        "deals", _deals(["1.5k", "2k", "342.09K"]),
        _every(_says("scaled_numbers"), _facts(MONEY, 1500.0, 2000.0, 342090.0)),
    ),
    "12 nothing lands": Rule(
        "deals", [{**row, "created_at": "soon"} for row in _deals(AMOUNTS)],
        _every(_says("nothing_landed", "Nothing of", state="refused"), _facts(MONEY)),
    ),
    "13 durations": Rule(
        "leads", _leads(*["2026-01-05 09:00:00"] * 2, first_response_minutes="1:30:00"),
        _facts("select distinct epoch(first_response_at - created_at) / 60 from facts.leads where lead_id <> 'T1'",
               90.0),
        system="tickets",
    ),
    "14 personal data": Rule(
        "leads", _leads("2026-01-05", "2026-01-06", **{"Full Name": "Ann Poe", "Home address": "12 Elm Street"}),
        _facts("select count(*) from landed.leads where leads::varchar like '%Poe%' or leads::varchar like '%Elm%'", 0),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def rule_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rules")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", RULES)
def test_a_rule_holds_on_every_path(opened_once: Warehouse, rule_file: Path, name: str, path: str) -> None:
    clear(opened_once)
    rule = RULES[name]
    for number, rows in enumerate(filter(None, (rule.earlier, rule.rows))):
        headings = _headings(rule, rows, path)
        mapping = {"template": rule.template, "columns": {headings[c]: c for c in headings if c in TAUGHT}}
        said = write(rule_file, yaml.safe_dump(mapping, allow_unicode=True), "map.yaml")
        how = IngestOptions(mapping=said if path == "mapping" else None)
        if path == "taught":
            row = {c: TAUGHT.get(c, "") for c in headings}
            taught = land(
                opened_once, _write(rule_file, "taught", rule, [row], headings), IngestOptions(mapping=said)
            )
            assert taught.state == "landed", taught
        report = land(opened_once, _write(rule_file, f"export{number}", rule, rows, headings), how)
        assert rows is rule.rows or report.state == "landed", report
    rule.check(opened_once, report)


def _headings(rule: Rule, rows: Rows, path: str) -> dict[str, str]:
    """Our column, or a heading that is none of ours, -> its heading on this path."""
    system = rule.system or rule.template
    theirs: dict[str, dict[str, str]] = {"template": {}, "recognised": SYSTEMS[system]}
    found = {c: theirs.get(path, OTHERS).get(c, c) for c in dict.fromkeys(c for row in rows for c in row)}
    return {**found, **({BESIDE[system]: BESIDE[system]} if path == "recognised" else {})}


def _write(folder: Path, name: str, rule: Rule, rows: Rows, headings: dict[str, str]) -> Path:
    table: list[list[Any]] = [list(headings.values()), *([row.get(c, "") for c in headings] for row in rows)]
    if rule.is_book:
        sheet = re.sub(r'(<c r="[A-Z]+[0-9]+")(><v>)', r'\1 s="3"\2', sheet_xml(table, frozenset(), False))
        parts = {"xl/styles.xml": EURO, "xl/worksheets/sheet1.xml": sheet}
        return write_workbook(folder / f"{name}.xlsx", {"Export": table}, parts=parts)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(table)
    return write(folder, out.getvalue().encode(rule.encoding), f"{name}.csv")
