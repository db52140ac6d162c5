"""Exports that were once misread without a word: what becomes of each, and the facts that then stand.

A file may end otherwise than its list says where ARGUED says why; it may never end with wrong facts and no word.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.data.landing.land import FileReport, IngestOptions, land
from leadline.data.warehouse import Warehouse

FOLDER = Path(__file__).parent / "silent"
CHECKS: dict[str, dict[str, Any]] = json.loads((FOLDER / "checks.json").read_text(encoding="utf-8"))
EARLIER = {file for check in CHECKS.values() for file in check["before"]}
with (FOLDER / "EXPECTED.csv").open(encoding="utf-8", newline="") as listed:
    EXPECTED = {row["file"]: row for row in csv.DictReader(listed)}
MAPPINGS = {"meta_total_first_mapped.csv": "meta_map.yaml"}


@dataclass(frozen=True)
class Argued:
    """Another end that is as good, and why."""

    action: str
    why: str
    accept: int | None = None
    aside: int = 0
    facts: tuple[tuple[Any, ...], ...] | None = None
    """instead of those of the list; None = those of the list, where rows land"""


ARGUED: dict[str, Argued] = {
    "leads.ods": Argued("accept", "the parser reads such sheets too, so they are read", 3),
    "guid_spellings.csv": Argued(
        "accept", "both spellings come to one form, and the row again is skipped", 2
    ),
}
SAYS = {
    "custom_open_stages.csv": ("Proposal Out", "Demo Held"),
    "leads.ods": ("OpenDocument",),
    "mail_events.csv": ("campaign",),
    "multi_table_ga4.csv": ("Date",),
    "response_in_hours.csv": ("hours",),
    "zone_shift_2.csv": ("6 hours",),
}
"""words that what is said of a file must hold, unless its rows land as argued"""
NEVER = {"leads.ods": ("unpack",), "multi_table_ga4.csv": ("0000",), "response_in_hours.csv": ("held_at",)}
"""words that it must not hold"""
NOT_YET: frozenset[str] = frozenset()
"""files that still go wrong; strict, so that a line goes when its fault does"""


def _file(name: str) -> Any:
    marks = (
        [pytest.mark.xfail(reason=EXPECTED[name]["what_is_wrong"], strict=True)] if name in NOT_YET else []
    )
    return pytest.param(name, marks=marks, id=name)


def _ends(action: str, accept: int, aside: int, report: FileReport) -> bool:
    """Whether a report is that of a file of which this was expected."""
    rows = report.rows
    is_whole = report.state == "landed" and rows.new + rows.updated == accept
    match action:
        case "accept":
            return is_whole and rows.quarantined == 0
        case "accept_warn":
            return is_whole and bool(report.warnings)
        case "quarantine":
            return is_whole and rows.quarantined == aside
        case "ask":
            return report.state == "asks"
        case _:
            return report.state == "refused"


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _come(warehouse: Warehouse, name: str) -> FileReport:
    mapping = FOLDER / MAPPINGS[name] if name in MAPPINGS else None
    return land(warehouse, FOLDER / name, IngestOptions(mapping=mapping))


@pytest.mark.parametrize("name", [_file(name) for name in EXPECTED if name not in EARLIER])
def test_an_export_that_was_misread_in_silence_is_read_or_spoken_of(emptied: Warehouse, name: str) -> None:
    wanted, argued, check = EXPECTED[name], ARGUED.get(name), CHECKS.get(name)
    for earlier in check["before"] if check else ():
        assert _ends("accept", int(EXPECTED[earlier]["accept_rows"]), 0, _come(emptied, earlier)), earlier
    report = _come(emptied, name)
    accept, aside = int(wanted["accept_rows"]), int(wanted["quarantine_rows"])
    is_as_listed = _ends(wanted["action"], accept, aside, report)
    is_as_argued = argued is not None and _ends(
        argued.action, accept if argued.accept is None else argued.accept, argued.aside, report
    )
    said = [report.message, *(reason.example for reason in report.reasons)]
    said += [warned.message for warned in report.warnings]
    assert is_as_listed or is_as_argued, (report.state, report.rows, said)
    assert is_as_argued or all(word in " ".join(said) for word in SAYS.get(name, ())), said
    assert not any(word in " ".join(said) for word in NEVER.get(name, ())), said
    if check is None or not check["sql"]:
        return
    facts = [[_plain(value) for value in row] for row in emptied.select(check["sql"])]
    if report.state == "landed" or wanted["action"] == "ask":
        other = argued.facts if argued is not None and not is_as_listed else None
        assert facts == (check["want"] if other is None else [list(row) for row in other])


def test_every_file_of_the_folder_is_in_the_list_and_every_line_of_it_has_its_file() -> None:
    files = {file.name for file in FOLDER.iterdir()} - {"README.md", "EXPECTED.csv", "checks.json"}
    assert files - set(MAPPINGS.values()) == set(EXPECTED)
    assert {*CHECKS, *NOT_YET, *ARGUED, *SAYS, *NEVER} <= set(EXPECTED)
