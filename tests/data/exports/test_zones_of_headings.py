"""Headings of moments that name a zone: each column is read by its own clock, and that is told."""

from __future__ import annotations

import pytest

from leadline.data.exports.recognition.heading_zones import LETTERS, zone_in_heading
from leadline.data.exports.rows.zones_of_columns import SEVERAL_ZONES
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import land_text, lines


@pytest.mark.parametrize(
    ("heading", "bare", "said"),
    [
        ("Created at (EST)", "created at", "EST"),
        ("Created (America/Los_Angeles)", "created", "America/Los_Angeles"),
        ("Close date [CET]", "close date", "CET"),
        ("UTC created", "created", "UTC"),
        ("created_at_utc", "created at", "UTC"),
        ("Erstellt am (MEZ)", "erstellt am", "CET"),
        ("Created at (Pacific Time)", "created at", "America/Los_Angeles"),
        ("Created (GMT+05:30)", "created", 330),
        ("Created at (in UTC-3)", "created at", -180),
        ("作成日（JST）", "作成日", "JST"),
        ("Close date (est.)", None, None),
        ("CLOSE DATE EST", None, None),
        ("Created at (CRM)", None, None),
        ("Created (Deal/Quote)", None, None),
        ("First contact", None, None),
    ],
)
def test_a_heading_names_its_zone(heading: str, bare: str | None, said: str | int | None) -> None:
    found = zone_in_heading(heading)
    assert (found and found.bare) == bare
    assert (found and (found.letters or found.place or found.minutes)) == said


def test_letters_of_headings_are_those_of_cells(emptied: Warehouse) -> None:
    sql = "select letters from (select unnest($all) as letters) where cells.zone_minutes(letters) is null"
    assert {row[0] for row in emptied.select(sql, {"all": sorted(LETTERS)})} == set(SEVERAL_ZONES)


def test_each_column_is_read_by_its_own_clock_and_days_stay_days(emptied: Warehouse) -> None:
    text = lines(
        "deal_id,Created at (EST),Close date [CET],Last modified (UTC),stage",
        "D1,2026-02-03 20:00,2026-02-10 00:30,2026-02-11 08:00,won",
        "D2,2026-07-03T20:00:00Z,2026-07-10,2026-07-11 08:00,won",
    )
    report = land_text(emptied, text)
    assert (report.state, report.rows.new) == ("landed", 2), report.message
    told = [one.message for one in report.warnings if one.code == "zone_in_heading"]
    assert ["UTC-05:00" in told[0], "UTC+01:00" in told[1], len(told)] == [True, True, 2]
    assert emptied.select(
        "select created_at::varchar, closed_at::varchar from facts.deals order by deal_id"
    ) == [
        ("2026-02-04 01:00:00", "2026-02-09 23:30:00"),
        ("2026-07-03 20:00:00", "2026-07-10 00:00:00"),
    ]


def test_letters_of_several_zones_are_asked_and_those_of_the_files_own_zone_are_its_clock(
    emptied: Warehouse,
) -> None:
    text = lines("lead_id,created_at (CST)", "L1,2026-07-03 20:00")
    assert [one.code for one in land_text(emptied, text).questions] == ["ambiguous_zone"]
    report = land_text(emptied, text, timezone="America/Chicago")
    assert (report.state, report.warnings) == ("landed", ())
    assert emptied.select("select created_at::varchar from facts.leads") == [("2026-07-04 01:00:00",)]
