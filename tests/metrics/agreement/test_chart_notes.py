"""What people note on a day of a chart, and take off it again."""

from __future__ import annotations

import datetime as dt

import pytest

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.chart_notes import annotate, annotations_of, remove_annotation
from leadline.metrics.agreement.entries import LedgerError, entries
from leadline.metrics.agreement.verification import verify

DAY = dt.date(2024, 5, 6)


def test_notes_stand_by_day_until_they_are_removed_and_the_ledger_keeps_them(warehouse: Warehouse) -> None:
    late = annotate(warehouse, "lead-routing", DAY, " Price \n change ", by="Ana")
    early = annotate(warehouse, "lead-routing", DAY - dt.timedelta(days=9), "Campaign", by="Ben")
    annotate(warehouse, "nurture", DAY, "Holiday", by="Ana")
    assert annotations_of(warehouse, "lead-routing") == (early, late)
    assert late.text == "Price change"
    remove_annotation(warehouse, "lead-routing", late.id, by="Ben")
    assert annotations_of(warehouse, "lead-routing") == (early,)
    told = [(entry.kind, entry.by) for entry in entries(warehouse, subject=late.id)]
    assert told == [("annotated", "Ana"), ("annotation_removed", "Ben")]
    assert verify(warehouse) == ()
    with pytest.raises(LedgerError, match="no annotation"):
        remove_annotation(warehouse, "lead-routing", late.id, by="Ben")


@pytest.mark.parametrize("text", ["", " \n ", "x" * 121])
def test_a_note_that_says_nothing_or_too_much_is_refused(warehouse: Warehouse, text: str) -> None:
    with pytest.raises(LedgerError):
        annotate(warehouse, "lead-routing", DAY, text, by="Ana")
    assert annotations_of(warehouse, "lead-routing") == ()
