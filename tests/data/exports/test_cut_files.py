"""Files that end within a cell, workbooks without results, and costs in millionths are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadline.data.landing.land import IngestOptions, land
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import land_text, lines
from tests.data.workbooks import write_workbook


@pytest.mark.parametrize(
    ("last", "told"), [("ema", 1), ("email", 0), ("email\n", 0), ("ema\n", 0), ("other", 0), ("", 0)]
)
def test_a_file_that_is_cut_within_its_last_cell_is_told(emptied: Warehouse, last: str, told: int) -> None:
    rows = [f"L{n},2026-01-05,{('email', 'web')[n % 2]}" for n in range(9)]
    report = land_text(emptied, lines("lead_id,created_at,channel", *rows) + f"L9,2026-01-05,{last}")
    assert len([one for one in report.warnings if one.code == "cut_short"]) == told, report.warnings


@pytest.mark.parametrize(("last", "told"), [("2026-01-0", 1), ("2026-01-05", 0)])
def test_a_day_that_is_cut_is_told(emptied: Warehouse, last: str, told: int) -> None:
    rows = [f"L{n},2026-01-{n + 10}" for n in range(12)]
    report = land_text(emptied, lines("lead_id,created_at", *rows) + f"L99,{last}")
    assert len([one for one in report.warnings if one.code == "cut_short"]) == told, report


def test_formulas_without_results_are_told(emptied: Warehouse, tmp_path: Path) -> None:
    sheet = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{first}</t></is></c>'
        f'<c r="B{n}" t="inlineStr"><is><t>{second}</t></is></c><c r="C{n}"{third}</c></row>'
        for n, (first, second, third) in enumerate(
            (
                ("lead_id", "created_at", ' t="inlineStr"><is><t>score</t></is>'),
                ("L1", "2026-01-05", "><f>1+1</f>"),
                ("L2", "2026-01-05", "><f>1+1</f><v>2</v>"),
            ),
            start=1,
        )
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts = {
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>'
    }
    report = land(emptied, write_workbook(tmp_path / "b.xlsx", {"S": [["x"]]}, parts=parts), IngestOptions())
    assert [one.code for one in report.warnings] == ["uncalculated_cells"], report
    assert report.warnings[0].message.startswith("1 cell holds a formula without its result")


def test_costs_in_millionths_are_told(emptied: Warehouse) -> None:
    def told(currency: str, *costs: float) -> list[str]:
        rows = [f"2026-01-{n:02},C,{cost},{currency}" for n, cost in enumerate(costs, start=1)]
        report = land_text(
            emptied, lines("spent_on,campaign,cost,currency", *rows), name=f"{currency}{costs[0]}.csv"
        )
        return [one.code for one in report.warnings if one.code == "millionths"]

    costs = (12_340_000, 8_970_000, 15_550_000, 9_010_000, 11_230_000, 14_000_000)
    assert told("EUR", *costs) == ["millionths"]
    assert told("VND", *costs) == []
    assert told("USD", *(cost / 100 for cost in costs)) == []
