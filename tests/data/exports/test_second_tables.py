"""Several tables one below the other: the second is refused, not read as rows of the first."""

from __future__ import annotations

import pytest

from leadline.data.landing.land import undo
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import land_text, lines

LEADS = ("lead_id,created_at,channel", *(f"L{n},2026-01-0{n},web" for n in range(1, 6)))
SPEND = ("spent_on,campaign,cost", *(f"2026-01-0{n},C{n},{n}.5" for n in range(1, 6)))


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        ((*LEADS, "asset_id,published_at,kind", "A1,2026-01-05,deck"), "asset_id, published_at, kind"),
        (
            (*LEADS, "", "Asset ID,Veröffentlicht am,Typ", "A1,2026-01-05,deck", "A2,2026-01-05,deck"),
            "Asset ID",
        ),
        (
            (*SPEND, "", "By device", "spent_on,device,cost", "2026-01-05,mobile,3.5"),
            "spent_on, device, cost",
        ),
    ],
)
def test_a_second_heading_row_is_refused(emptied: Warehouse, rows: tuple[str, ...], shown: str) -> None:
    report = land_text(emptied, lines(*rows))
    assert (report.state, report.code) == ("refused", "several_tables"), report.message
    assert shown in report.message


def test_a_row_that_can_not_be_read_is_no_heading(emptied: Warehouse) -> None:
    for odd in ("L9,unknown,web", "Smith,tbd,source", "lead,not yet,email"):
        report = land_text(emptied, lines(*LEADS[:3], odd, *LEADS[3:]))
        assert (report.state, report.rows.new, report.rows.quarantined) == ("landed", 5, 1), report.message
        undo(emptied, report.import_id or 0)
    again = land_text(emptied, lines(*LEADS, *LEADS[:1], "L7,2026-01-07,web"))
    assert (again.rows.new, again.rows.skipped) == (6, 1)
