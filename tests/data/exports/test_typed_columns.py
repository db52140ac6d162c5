"""Text becomes values: what is clear is read, what is proved by other cells too, and the rest is asked."""

from __future__ import annotations

import pytest

from leadline.data.warehouse import Warehouse
from tests.data.example_exports import column, land_text, lines

JANUARY_5 = (
    "2026-01-05", "2026-01-05T00:00:00Z", "2026-01-05 00:00", "2026/01/05", "2026-1-5", "20260105", "5 Jan 2026",
    "05-Jan-26", "Jan 5, 2026", "January 5, 2026", "Mon, 5 Jan 2026", "05.01.2026", "5.1.26", "2026-01-05 12:00 AM",
)  # fmt: skip


def land_times(warehouse: Warehouse, *cells: str, **options: object) -> list[str | None]:
    rows = [f'L{place:02},"{cell}"' for place, cell in enumerate(cells)]
    report = land_text(warehouse, lines("lead_id,created_at", *rows), **options)
    assert report.state == "landed", report.message
    return column(warehouse, "select created_at::varchar from facts.leads order by lead_id")


def land_amounts(warehouse: Warehouse, *cells: str, **options: object) -> list[float | None]:
    rows = [f'D{place:02};2026-01-05;open;"{cell}"' for place, cell in enumerate(cells)]
    report = land_text(warehouse, lines("deal_id;created_at;stage;amount", *rows), name="d.csv", **options)
    assert report.state == "landed", report.message
    return column(warehouse, "select amount from facts.deals order by deal_id")


def test_every_clear_way_of_writing_a_day_is_read_as_that_day(warehouse: Warehouse) -> None:
    assert land_times(warehouse, *JANUARY_5) == ["2026-01-05 00:00:00"] * len(JANUARY_5)


def test_offsets_are_honoured(warehouse: Warehouse) -> None:
    assert land_times(
        warehouse,
        "2026-01-04T23:30:00-08:00",
        "2026-01-05T00:15:00+05:30",
        "2026-01-11T23:59:59.999+00:00",
        "2026-01-12T00:00:00+0000",
        "2026-01-05 09:00:00",
    ) == [
        "2026-01-05 07:30:00", "2026-01-04 18:45:00", "2026-01-11 23:59:59.999", "2026-01-12 00:00:00",
        "2026-01-05 09:00:00",
    ]  # fmt: skip


def test_a_moment_without_offset_is_in_the_named_zone(warehouse: Warehouse) -> None:
    found = land_times(
        warehouse, "2026-07-01 09:00", "2026-01-01 09:00", "2026-01-01T09:00Z", timezone="Europe/Berlin"
    )
    assert found == ["2026-07-01 07:00:00", "2026-01-01 08:00:00", "2026-01-01 09:00:00"]


def test_one_day_above_twelve_proves_the_order_for_the_column(warehouse: Warehouse) -> None:
    assert land_times(warehouse, "03/04/2025", "25/02/2026 14:30") == [
        "2025-04-03 00:00:00",
        "2026-02-25 14:30:00",
    ]


def test_one_month_in_second_place_proves_the_other_order(warehouse: Warehouse) -> None:
    assert land_times(warehouse, "03/04/2025", "2/25/26 2:30 PM") == [
        "2025-03-04 00:00:00",
        "2026-02-25 14:30:00",
    ]


def test_a_column_that_proves_its_order_answers_for_the_others(warehouse: Warehouse) -> None:
    text = "deal_id,created_at,closed_at,stage\nD1,03/04/2025,25/04/2025,won\nD2,05/04/2025,06/05/2025,won\n"
    land_text(warehouse, text, name="d.csv")
    assert column(warehouse, "select created_at::date::varchar from facts.deals order by deal_id") == [
        "2025-04-03",
        "2025-04-05",
    ]


def test_dates_that_prove_nothing_are_asked_about(warehouse: Warehouse) -> None:
    text = "lead_id,created_at\nL1,03/04/2025\nL2,05/06/2025\n"
    report = land_text(warehouse, text)
    assert (report.state, report.questions[0].code) == ("asks", "ambiguous_dates")
    assert "03/04/2025" in report.message
    assert "--dates dmy or --dates mdy" in report.message
    assert warehouse.select("select count(*) from landed.imports") == [(0,)]


@pytest.mark.parametrize(("dates", "day"), [("dmy", "2025-04-03"), ("mdy", "2025-03-04")])
def test_an_answer_decides_and_is_remembered(warehouse: Warehouse, dates: str, day: str) -> None:
    text = "lead_id,created_at\nL1,03/04/2025\n"
    assert land_text(warehouse, text, dates=dates).rows.new == 1
    assert land_text(warehouse, text + "L2,03/04/2025\n").rows.new == 1
    assert column(warehouse, "select created_at::date::varchar from facts.leads") == [day, day]


def test_both_orders_in_one_column_are_asked_about_with_an_example_of_each(warehouse: Warehouse) -> None:
    text = "lead_id,created_at\nL1,13/01/2026\nL2,01/14/2026\nL3,03/04/2026\n"
    report = land_text(warehouse, text)
    assert report.questions[0].code == "contradictory_dates"
    assert "13/01/2026" in report.message
    assert "01/14/2026" in report.message
    assert land_text(warehouse, text, dates="dmy").rows.quarantined == 1


def test_a_column_that_writes_dates_in_two_ways_is_told_with_an_example_of_each(warehouse: Warehouse) -> None:
    one_way = land_text(warehouse, lines("lead_id,created_at", "L1,5 Jan 2026", "L2,6 Jan 2026", "L3,"))
    assert [warned.code for warned in one_way.warnings] == []
    both = land_text(
        warehouse, lines("lead_id,created_at", "L4,7 Jan 2026", "L5,2026-01-08", "L6,2026-01-09")
    )
    assert [warned.message for warned in both.warnings if warned.code == "mixed_date_formats"] == [
        "created_at writes dates in several ways, such as 2026-01-08 and 7 Jan 2026; each was read as it stands."
    ]


def test_day_numbers_of_a_spreadsheet_are_read_and_shown(warehouse: Warehouse) -> None:
    text = "lead_id,created_at\nL1,46027\nL2,46042.5\n"
    report = land_text(warehouse, text)
    assert "46027 was read as 2026-01-05 00:00" in report.warnings[0].message
    assert column(warehouse, "select created_at::varchar from facts.leads") == [
        "2026-01-05 00:00:00",
        "2026-01-20 12:00:00",
    ]


@pytest.mark.parametrize(
    "cell", ["12-05-1826", "infinity", "0000-00-00", "2026-02-30", "2026-13-01", "now", "46027x"]
)
def test_what_is_no_day_of_business_is_no_date(warehouse: Warehouse, cell: str) -> None:
    report = land_text(warehouse, f"lead_id,created_at\nL1,2026-01-05\nL2,{cell}\n", dates="dmy")
    assert (report.rows.new, report.rows.quarantined) == (1, 1)


def test_every_word_for_missing_is_missing(warehouse: Warehouse) -> None:
    words = ("--", "N/A", "n/a", "NULL", "None", "-", "(blank)", "#N/A", "", "nan", "\\N", "  ", "\u00a0")
    rows = [f"L{place:02},2026-01-05,{word},{word}" for place, word in enumerate(words)]
    text = lines("lead_id,created_at,score,channel", *rows, "Z,2026-01-05,0,none of these")
    report = land_text(warehouse, text)
    assert report.rows.quarantined == 0
    found = warehouse.select("select score, channel from facts.leads order by lead_id")
    assert found == [(None, None)] * len(words) + [(0.0, "none of these")]


def test_spaces_around_a_word_for_missing_do_not_make_it_a_value(warehouse: Warehouse) -> None:
    land_text(
        warehouse,
        lines("lead_id,created_at,owner", "L1,2026-01-05,            -", "L2,2026-01-05,   Ana Diaz   "),
    )
    assert column(warehouse, "select owner from facts.leads order by lead_id") == [None, "Ana Diaz"]


def test_only_spaces_are_trimmed_from_plain_text(warehouse: Warehouse) -> None:
    signs = [chr(code) for code in range(1, 128)]
    trimmed = warehouse.select(
        "select list_transform($texts, lambda x: cells.trimmed(x)) as texts",
        {"texts": [f"{sign}a{sign}" for sign in signs]},
    )[0][0]
    assert trimmed == [f"{sign}a{sign}".strip(" ") for sign in signs]


def test_decimal_points_and_commas_are_told_apart_by_what_they_prove(warehouse: Warehouse) -> None:
    nnbsp = "\u202f"
    cells = ("1.234,56 €", "€ 1.000", "12,50 €", f"1{nnbsp}234,56 €", "-50,00 €", "0,99€")
    assert land_amounts(warehouse, *cells) == [1234.56, 1000.0, 12.5, 1234.56, -50.0, 0.99]


def test_thousands_between_commas_are_read(warehouse: Warehouse) -> None:
    cells = ("USD 1,234.00", "$2,000", "(1,500)", "£3,000.50", "1,000,000", "12.5", "1e3")
    assert land_amounts(warehouse, *cells) == [1234.0, 2000.0, -1500.0, 3000.5, 1e6, 12.5, 1000.0]


def test_plain_numbers_are_what_they_are(warehouse: Warehouse) -> None:
    assert land_amounts(warehouse, "18500.00", "0.125", "7", "-3") == [18500.0, 0.125, 7.0, -3.0]


@pytest.mark.parametrize("cells", [("1.250", "3.500"), ("1,250", "3,500")])
def test_a_separator_that_may_be_either_is_asked_about(warehouse: Warehouse, cells: tuple[str, ...]) -> None:
    rows = [f"D{place};2026-01-05;open;{cell}" for place, cell in enumerate(cells)]
    report = land_text(warehouse, lines("deal_id;created_at;stage;amount", *rows), name="d.csv")
    assert (report.state, report.questions[0].code) == ("asks", "ambiguous_numbers")
    assert cells[0] in report.message


def test_points_and_commas_that_contradict_are_asked_about(warehouse: Warehouse) -> None:
    text = "deal_id;created_at;stage;amount\nD1;2026-01-05;open;12.5\nD2;2026-01-05;open;12,5\n"
    report = land_text(warehouse, text, name="d.csv")
    assert report.questions[0].code == "contradictory_numbers"


def test_percent_signs_and_fractions_become_shares(warehouse: Warehouse) -> None:
    cells = ("12.5%", "0.125", "12,5 %", "--", "0.5%", "100%")
    rows = [f'C{place},2026-01-05,"{cell}"' for place, cell in enumerate(cells)]
    land_text(warehouse, lines("campaign_id,sent_at,open_rate", *rows), name="c.csv")
    assert column(warehouse, "select open_rate from facts.campaigns order by campaign_id") == pytest.approx(
        [0.125, 0.125, 0.125, None, 0.005, 1.0]
    )


def test_a_rate_above_one_shows_the_scale_of_its_file(warehouse: Warehouse) -> None:
    text = "campaign_id,sent_at,open_rate,click_rate\nC1,2026-01-05,32.5,0.8\nC2,2026-01-06,28,0.5\n"
    land_text(warehouse, text, name="c.csv")
    assert column(warehouse, "select click_rate from facts.campaigns order by campaign_id") == pytest.approx(
        [0.008, 0.005]
    )


def test_rates_of_both_scales_are_asked_about(warehouse: Warehouse) -> None:
    text = "campaign_id,sent_at,open_rate\nC1,2026-01-05,32.5\nC2,2026-01-06,0.3\n"
    assert land_text(warehouse, text, name="c.csv").questions[0].code == "mixed_percent_scale"
    assert land_text(warehouse, text, name="c.csv", percent="fraction").rows.quarantined == 1
    land_text(warehouse, text, name="c.csv", percent="percent")
    assert column(warehouse, "select open_rate from facts.campaigns order by campaign_id") == pytest.approx(
        [0.325, 0.003]
    )


def test_counts_are_whole(warehouse: Warehouse) -> None:
    rows = [f'C{place},2026-01-05,"{cell}"' for place, cell in enumerate(("300.0", "1e3", "3.7", "1,250"))]
    text = lines("campaign_id,sent_at,recipients", *rows)
    report = land_text(warehouse, text, name="c.csv")
    assert [reason.reason for reason in report.reasons] == ["bad_number"]
    assert column(warehouse, "select recipients from facts.campaigns order by campaign_id") == [
        300,
        1000,
        1250,
    ]


def test_yes_and_no_are_understood_in_the_languages_of_exports(warehouse: Warehouse) -> None:
    words = {
        "yes": True,
        "TRUE": True,
        "1": True,
        "ja": True,
        "Sí": True,
        "no": False,
        "False": False,
        "nein": False,
        "": None,
    }
    rows = [f"M{place},2026-01-05,{word}" for place, word in enumerate(words)]
    land_text(warehouse, lines("message_id,sent_at,machine_open", *rows), name="m.csv")
    assert column(warehouse, "select machine_open from facts.emails order by message_id") == list(
        words.values()
    )


@pytest.mark.parametrize("far", [("1999-03-01", "1999-03-04"), ("1999-03-01", "2009-03-04")])
def test_days_decades_from_all_others_are_told_with_how_many_and_two_of_them(
    warehouse: Warehouse, far: tuple[str, str]
) -> None:
    report = land_text(
        warehouse, lines("lead_id;created_at", "A;2026-01-05", f"B;{far[0]}", "C;2026-02-05", f"D;{far[1]}")
    )
    (message,) = [one.message for one in report.warnings if one.code == "far_dates"]
    assert not [words for words in ("2 rows", *far, "line 3", "of 2026") if words not in message]
    assert report.rows.new == 4


def test_years_without_a_gap_are_an_archive(warehouse: Warehouse) -> None:
    report = land_text(
        warehouse, lines("lead_id;created_at", *(f"L{year};{year}-01-05" for year in range(2001, 2027, 5)))
    )
    assert not [one for one in report.warnings if one.code == "far_dates"]


@pytest.mark.parametrize(("times", "told"), [((" 08:00", " 12:00", " 13:00"), 1), (("", "", ""), 0)])
def test_a_deal_that_was_closed_earlier_on_the_day_it_was_created_is_told(
    warehouse: Warehouse, times: tuple[str, str, str], told: int
) -> None:
    rows = (f"D{place};2026-01-05 10:00;2026-01-05{time};won;5" for place, time in enumerate(times))
    report = land_text(warehouse, lines("deal_id;created_at;closed_at;stage;amount", *rows), name="d.csv")
    assert [one.code for one in report.warnings].count("close_before_create") == told
    assert report.rows.new == 3
