"""Every case of `cases.py`: what is landed, set aside, skipped and told, and the facts that come out."""

from __future__ import annotations

import pytest

from leadline.data.landing.land import FileReport
from leadline.data.warehouse import Warehouse
from tests.data import cases
from tests.data.cases import CASES, Case
from tests.data.example_exports import everything_landed, land_text


def _told(report: FileReport) -> set[str]:
    return {
        *(reason.reason for reason in report.reasons),
        *(warned.code for warned in report.warnings),
        *(question.code for question in report.questions),
        *({report.code} if report.code else ()),
    }


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_an_export_with_one_trouble_gives_these_facts_and_these_reasons(
    emptied: Warehouse, case: Case
) -> None:
    before = everything_landed(emptied) if case.state != "landed" else {}
    report = land_text(emptied, case.content, name=case.name, **case.said)
    rows = report.rows
    assert (report.state, rows.new, rows.quarantined, rows.skipped) == (
        case.state, case.landed, case.aside, case.skipped,
    ), report.message  # fmt: skip
    assert _told(report) == set(case.codes.split()), report
    words = [
        report.message,
        *(one.example for one in report.reasons),
        *(one.message for one in report.warnings),
    ]
    assert case.says in " ".join(words)
    if case.state == "landed":
        assert emptied.select(case.query) == list(case.facts)
    else:
        assert everything_landed(emptied) == before
    assert list(emptied.intake.iterdir()) == []


def test_there_are_more_than_ninety_cases_and_no_two_are_the_same() -> None:
    parts = (
        cases.ENCODINGS, cases.DELIMITERS, cases.STRUCTURE, cases.MOMENTS, cases.NUMBERS, cases.WORDS,
        cases.IDENTITIES, cases.HOSTILE, cases.WORKBOOKS,
    )  # fmt: skip
    assert len(CASES) == sum(map(len, parts)) > 90
    assert len({(case.content, str(case.said), case.name) for case in CASES.values()}) == len(CASES)
