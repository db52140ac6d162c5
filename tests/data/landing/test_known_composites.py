"""Rows that are known but for how their keys are written, and links that join by chance or several at once."""

from __future__ import annotations

import pytest

from leadline.data.warehouse import Warehouse
from tests.data.example_exports import land_text, lines

USES = [f"A{n % 3},2026-01-{n:02} {n % 9 + 8:02}:15,rep{n % 2},Deal" for n in range(1, 13)]
LATER = [row.replace(f" {hour:02}:", f" {hour + 1:02}:") for row in USES for hour in (int(row[14:16]),)]
REVIEWS = [f"I{n},2026-01-{n:02},ann,brand,yes" for n in range(1, 13)]


@pytest.mark.parametrize(
    ("head", "known", "rows", "by"),
    [
        ("asset_id,used_at,used_by,context", USES, LATER, "1 hour later"),
        (
            "asset_id,used_at,used_by,context",
            USES,
            [row.replace("rep", "Rep") for row in USES],
            "other letters",
        ),
        (
            "item_id,reviewed_at,reviewer,dimension,passed",
            REVIEWS,
            [r.replace("br", "Br") for r in REVIEWS],
            "letters",
        ),
    ],
)
def test_rows_whose_keys_are_written_otherwise_are_asked(
    emptied: Warehouse, head: str, known: list[str], rows: list[str], by: str
) -> None:
    land_text(emptied, lines(head, *known), name="1.csv")
    report = land_text(emptied, lines(head, *rows), name="2.csv")
    assert [one.code for one in report.questions] == ["doubled_rows"], report.message
    assert "12 of 12" in report.message
    assert by in report.message


def test_uses_and_reviews_that_go_on_are_not_asked(emptied: Warehouse) -> None:
    head = "asset_id,used_at,used_by,context"
    land_text(emptied, lines(head, *USES), name="1.csv")
    for rows in (
        [row.replace("2026-01", "2026-02") for row in USES],
        [row.replace("rep", "sam") for row in LATER],
    ):
        assert land_text(emptied, lines(head, *rows), name="2.csv").warnings == ()
    head = "item_id,reviewed_at,reviewer,dimension,passed"
    land_text(emptied, lines(head, *REVIEWS), name="3.csv")
    assert (
        land_text(
            emptied, lines(head, *(row.replace("brand", "tone") for row in REVIEWS)), name="4.csv"
        ).warnings
        == ()
    )


def test_a_part_of_the_new_rows_that_is_known_by_other_ids_is_told(emptied: Warehouse) -> None:
    def leads(first: str, days: range, month: int) -> list[str]:
        return [
            f"{first}{n},2026-{month:02}-{n % 28 + 1:02} {n % 24:02}:{n * 7 % 60:02},web,R{n % 4}"
            for n in days
        ]

    head = "lead_id,created_at,channel,owner"
    land_text(emptied, lines(head, *leads("A", range(40), 1)), name="1.csv")
    report = land_text(
        emptied, lines(head, *leads("B", range(20), 1), *leads("C", range(60), 2)), name="2.csv"
    )
    (told,) = [one.message for one in report.warnings if one.code == "doubled_rows"]
    assert (report.state, told.startswith("20 of 80 leads that would be new are known")) == (
        "landed",
        True,
    ), told


def test_rows_that_stand_twice_under_other_ids_in_one_file_are_asked(emptied: Warehouse) -> None:
    rows = [f"2026-01-{n + 1:02} {n % 9 + 8:02}:{n * 7 % 60:02},web,R{n % 4}" for n in range(15)]
    head = "lead_id,created_at,channel,owner"
    twice = [*(f"A{n},{row}" for n, row in enumerate(rows)), *(f"B{n},{row}" for n, row in enumerate(rows))]
    report = land_text(emptied, lines(head, *twice), name="1.csv")
    assert [one.code for one in report.questions] == ["doubled_rows"], report.message
    assert "30 of 30 leads" in report.message
    days = [f"{key}{n},2026-01-{n % 5 + 1:02},web,R{n % 2}" for key in "AB" for n in range(15)]
    assert land_text(emptied, lines(head, *days), name="2.csv").warnings == ()


def test_several_links_in_a_cell_and_numbers_of_owners_are_told(emptied: Warehouse) -> None:
    land_text(
        emptied, lines("lead_id,created_at", *(f"{n},2026-01-05" for n in range(100, 160))), name="leads.csv"
    )
    head = "deal_id,created_at,stage,lead_id"
    rows = [f"D{n},2026-01-06,open,{100 + n}{';104' if n < 3 else ''}" for n in range(12)]
    (told,) = land_text(emptied, lines(head, *rows), name="1.csv").warnings
    assert told.message.startswith("3 of the deals name several identities in one cell of lead_id (100;104)")
    rows = [f"E{n},2026-01-06,open,{100 + n % 3}" for n in range(50)]
    (told,) = land_text(emptied, lines(head, *rows), name="2.csv").warnings
    assert "50 deals name only 3 leads" in told.message
    rows = [f"F{n},2026-01-06,open,{100 + n // 2}" for n in range(50)]
    assert land_text(emptied, lines(head, *rows), name="3.csv").warnings == ()
