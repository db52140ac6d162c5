"""How people and programs write days, amounts, shares, yes and no, and identities; and what can't be known is asked."""

from __future__ import annotations

from typing import Any

import pytest

from leadline.data.landing.land import FileReport
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import column, land_text, lines

DAYS_IN_WORDS = [
    "5. März 2026",
    "5 mars 2026",
    "5 de marzo de 2026",
    "5 de março de 2026",
    "5 marzo 2026",
    "5 maart 2026",
    "5 mrt. 2026",
    "5 mar. 2026",
    "jeudi 5 mars 2026",
    "Do., 5. März 2026",
    "March 5th, 2026",
    "5th March 2026",
    "5-mar-2026",
    "5 mar 26",
    "Mar 5, 2026",
    "5 MARS 2026",
    "5\u00a0mars\u00a02026",
    "1er mars 2026",
    "Thursday, March 5, 2026",
]
MONTHS = {
    1: ["Januar", "janv.", "enero", "janeiro", "gennaio", "januari", "ene", "gen"],
    2: ["Februar", "févr.", "febrero", "fevereiro", "febbraio", "februari", "fév", "fev"],
    3: ["März", "mars", "marzo", "março", "maart", "mrt", "Mrz"],
    4: ["April", "avr.", "abril", "aprile", "abr"],
    5: ["Mai", "mayo", "maio", "maggio", "mei", "mag"],
    6: ["Juni", "juin", "junio", "junho", "giugno", "giu"],
    7: ["Juli", "juil.", "juillet", "julio", "julho", "luglio", "lug"],
    8: ["August", "août", "agosto", "augustus", "ago"],
    9: ["September", "sept.", "septembre", "septiembre", "setembro", "settembre", "set"],
    10: ["Oktober", "octobre", "octubre", "outubro", "ottobre", "okt", "out", "ott"],
    11: ["November", "novembre", "noviembre", "novembro"],
    12: ["Dezember", "déc.", "diciembre", "dezembro", "dicembre", "dez", "dic"],
}
CLOCKS = [
    "5 mars 2026 à 14h30",
    "5 mars 2026 14:30",
    "5. März 2026 um 14:30 Uhr",
    "5. März 2026, 14:30",
    "5 de marzo de 2026 a las 14:30",
    "5 marzo 2026 alle 14:30",
    "March 5, 2026 at 2:30 PM",
    "March 5, 2026 2:30\u202fPM",
    "Mar 5, 2026, 2:30 p.m.",
    "2026-03-05T14:30",
    "2026-03-05T14:30:00Z",
    "2026-03-05 14:30:00 UTC",
    "2026-03-05T16:30:00+02:00",
    "20260305143000",
    "2026-03-05T14:30:00.000+0000",
    "2026-03-05 02:30 PM",
    "05.03.2026 14:30",
    "05.03.2026, 14:30",
]
SLASHED_CLOCKS = [
    "3/5/2026 2:30 PM",
    "3/5/2026, 2:30:00 PM",
    "3/5/2026 2:30:00\u202fPM",
    "03/05/26 14:30",
    "3-5-2026 14:30",
    "3/5/2026 2:30 p. m.",
]


def land_times(warehouse: Warehouse, *cells: str, **options: Any) -> FileReport:
    rows = [f'L{place:02},"{cell}"' for place, cell in enumerate(cells)]
    return land_text(warehouse, lines("lead_id,created_at", *rows), **options)


def times(warehouse: Warehouse) -> list[str]:
    return column(warehouse, "select created_at::varchar from facts.leads order by lead_id")


def land_amounts(warehouse: Warehouse, *cells: str, **options: Any) -> FileReport:
    rows = [f'D{place:02};2026-01-05;won;"{cell}"' for place, cell in enumerate(cells)]
    return land_text(warehouse, lines("deal_id;created_at;stage;amount", *rows), name="d.csv", **options)


def amounts(warehouse: Warehouse) -> list[float | None]:
    return column(warehouse, "select amount from facts.deals order by deal_id")


def test_days_in_words_of_many_languages_are_read(emptied: Warehouse) -> None:
    report = land_times(emptied, *DAYS_IN_WORDS)
    found = times(emptied)
    assert report.rows.quarantined == 0, report.reasons
    expected = [
        "2026-03-05 00:00:00" if "1er" not in cell else "2026-03-01 00:00:00" for cell in DAYS_IN_WORDS
    ]
    assert dict(zip(DAYS_IN_WORDS, found, strict=True)) == dict(zip(DAYS_IN_WORDS, expected, strict=True))
    assert "mixed_date_formats" in {warned.code for warned in report.warnings}


@pytest.mark.parametrize("month", MONTHS)
def test_every_name_of_a_month_is_that_month(emptied: Warehouse, month: int) -> None:
    report = land_times(emptied, *(f"17 {name} 2025" for name in MONTHS[month]))
    assert (report.rows.quarantined, set(times(emptied))) == (0, {f"2025-{month:02}-17 00:00:00"}), (
        report.reasons
    )


def test_times_of_day_in_many_languages_are_read(emptied: Warehouse) -> None:
    report = land_times(emptied, *CLOCKS)
    assert report.rows.quarantined == 0, report.reasons
    assert dict(zip(CLOCKS, times(emptied), strict=True)) == dict.fromkeys(CLOCKS, "2026-03-05 14:30:00")


def test_times_of_day_behind_slashed_days_are_read(emptied: Warehouse) -> None:
    report = land_times(emptied, *SLASHED_CLOCKS, dates="mdy")
    assert report.rows.quarantined == 0, report.reasons
    assert dict(zip(SLASHED_CLOCKS, times(emptied), strict=True)) == dict.fromkeys(
        SLASHED_CLOCKS, "2026-03-05 14:30:00"
    )


def test_what_is_no_day_is_set_aside_never_guessed(emptied: Warehouse) -> None:
    bad = [
        *(
            "0000-00-00",
            "2026-13-01",
            "2026-02-30",
            "31/31/2026",
            "5 foo 2026",
            "soon",
            "12:30",
            "0",
            "1",
            "2026",
        ),
        *(
            "99999999999999",
            "1900-01-01",
            "9999-12-31",
            "2026-W03",
            "Q1 2026",
            "1.76757E+12",
            "5 Juin",
            "infinity",
        ),
        *("epoch", "now", "yesterday"),
    ]
    report = land_times(emptied, "2026-01-05", "2026-01-06", *bad)
    assert (report.rows.new, report.rows.quarantined) == (2, len(bad)), times(emptied)
    assert [(reason.reason, len(reason.rows)) for reason in report.reasons] == [("bad_date", len(bad))]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("1767571200", "1767657600"), "epoch_time"),
        (("1767571200000", "1767657600000"), "epoch_time"),
        (("1767571200000000", "1767657600000000"), "epoch_time"),
        (("1767571200.0", "1767657600.0"), "epoch_time"),
        (("46027", "46028"), "excel_serial"),
        (("46027.0", "46028.0"), "excel_serial"),
    ],
)
def test_numbers_that_stand_for_days_are_read_and_told(
    emptied: Warehouse, cells: tuple[str, ...], code: str
) -> None:
    report = land_times(emptied, *cells)
    assert times(emptied) == ["2026-01-05 00:00:00", "2026-01-06 00:00:00"]
    assert [warned.code for warned in report.warnings] == [code]
    assert "2026-01-05 00:00" in report.warnings[0].message


def test_epoch_times_are_utc_whatever_the_zone(emptied: Warehouse) -> None:
    land_times(emptied, "1767571200000", timezone="America/New_York")
    assert times(emptied) == ["2026-01-05 00:00:00"]


@pytest.mark.parametrize(
    ("zone", "cell", "utc", "word"),
    [
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:30:00", "does not exist"),
        ("Europe/Berlin", "29/03/2026 02:30", "2026-03-29 01:30:00", "does not exist"),
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 01:30:00", "comes twice"),
        ("America/New_York", "3/8/2026 2:30 AM", "2026-03-08 07:30:00", "does not exist"),
        ("America/New_York", "2026-11-01 01:30", "2026-11-01 06:30:00", "comes twice"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:45:00", "does not exist"),
    ],
)
def test_doubtful_hours_are_settled_by_rule_and_told(
    emptied: Warehouse, zone: str, cell: str, utc: str, word: str
) -> None:
    report = land_times(
        emptied, cell, "2025-12-24 12:00", timezone=zone, **({"dates": "mdy"} if cell[1] == "/" else {})
    )
    assert times(emptied)[0] == utc
    (warned,) = [warned for warned in report.warnings if warned.code == "clock_change"]
    assert word in warned.message
    assert cell in warned.message


@pytest.mark.parametrize(
    "cell",
    [
        "2026-10-25 02:30+01:00",
        "2026-10-25 01:59",
        "2026-10-25 03:00",
        "2026-03-29 01:59",
        "2026-03-29 03:00",
    ],
)
def test_hours_beside_a_change_of_the_clock_are_not_doubtful(emptied: Warehouse, cell: str) -> None:
    report = land_times(emptied, cell, timezone="Europe/Berlin")
    assert not report.warnings


@pytest.mark.parametrize(
    ("cells", "expected", "currencies"),
    [
        (("1.234,56 €", "€ 1.000", "12,50 €"), [1234.56, 1000.0, 12.5], ["EUR"] * 3),
        (("USD 1,234.00", "EUR 5.50", "(1,234.50)"), [1234.0, 5.5, -1234.5], ["USD", "EUR", None]),
        (("$1,234.50", "£12.00", "−3.25"), [1234.5, 12.0, -3.25], ["USD", "GBP", None]),
        (("R$ 1.234,56", "1.000,00 R$"), [1234.56, 1000.0], ["BRL"] * 2),
        (("1’234.50", "CHF 2’000.00", "Fr. 10.25"), [1234.5, 2000.0, 10.25], [None, "CHF", "CHF"]),
        (("1 234,56", "1\u202f000,00", "0,5"), [1234.56, 1000.0, 0.5], [None] * 3),
        (("1 234,56 zł", "99,00 Kč"), [1234.56, 99.0], ["PLN", "CZK"]),
        (("12,34,567.50", "₹ 1,00,000.25"), [1234567.5, 100000.25], [None, "INR"]),
        (("1,234-", "5.5-"), [-1234.0, -5.5], [None] * 2),
        (("1e3", "2.5E+02"), [1000.0, 250.0], [None] * 2),
        (("US$ 1,000.50", "C$2.25", "A$3.00"), [1000.5, 2.25, 3.0], ["USD", "CAD", "AUD"]),
    ],
)
def test_amounts_are_read_with_their_currency(
    emptied: Warehouse, cells: tuple[str, ...], expected: list[float], currencies: list[str | None]
) -> None:
    report = land_amounts(emptied, *cells)
    assert report.state == "landed", report.message
    assert amounts(emptied) == expected
    assert column(emptied, "select currency from facts.deals order by deal_id") == currencies


def test_a_currency_column_comes_before_the_sign(emptied: Warehouse) -> None:
    text = 'deal_id,created_at,stage,amount,currency\nD1,2026-01-05,won,"$1,000.50",AUD\nD2,2026-01-05,won,"$5.25",\n'
    land_text(emptied, text)
    assert column(emptied, "select currency from facts.deals order by deal_id") == ["AUD", "USD"]


@pytest.mark.parametrize("cells", [("1.000", "2.500"), ("1,000", "2,500"), ("€ 1.000", "€ 7.250")])
def test_thousand_or_one_is_asked(emptied: Warehouse, cells: tuple[str, ...]) -> None:
    report = land_amounts(emptied, *cells)
    assert [question.code for question in report.questions] == ["ambiguous_numbers"]


def test_what_is_no_number_is_set_aside(emptied: Warehouse) -> None:
    bad = ["1.2.3", "12,34.56,7", "abc", "1_000", "0x10", "inf", "--5", "1 2 3 x", "10%%", "NaN5"]
    report = land_amounts(emptied, "10.25", *bad)
    assert (report.state, amounts(emptied)) == ("landed", [10.25]), report.message
    assert [(reason.reason, reason.count) for reason in report.reasons] == [("bad_number", len(bad))]


# a cell beyond ASCII elsewhere in the column takes another way through the typing
@pytest.mark.parametrize("channel", ["email", "Köln"])
def test_missing_is_missing_in_every_column(emptied: Warehouse, channel: str) -> None:
    missing = [
        *(
            "",
            " ",
            "-",
            "--",
            "---",
            "–",
            "—",
            "n/a",
            "N/A",
            "#N/A",
            "null",
            "(null)",
            "None",
            "(none)",
            "--None--",
        ),
        *(
            "- None -",
            "nan",
            "(blank)",
            "(not set)",
            "\\N",
            "#REF!",
            "#DIV/0!",
            "#VALUE!",
            "#NAME?",
            "\u00a0",
        ),
    ]
    rows = [f'D{place},2026-01-05,"{cell}",won,"{cell}","{cell}"' for place, cell in enumerate(missing)]
    head = "deal_id,created_at,closed_at,stage,amount,channel"
    report = land_text(emptied, lines(head, *rows, f"DX,2026-01-05,2026-01-06,won,5,{channel}"))
    assert (report.rows.new, report.rows.quarantined) == (len(missing) + 1, 0), report.reasons
    known = "closed_at is not null or amount is not null or channel is not null"
    assert emptied.select(f"select deal_id, channel from facts.deals where {known}") == [("DX", channel)]


def test_yes_and_no_in_the_languages_of_the_exports(emptied: Warehouse) -> None:
    words = [
        *(("yes", "no"), ("TRUE", "FALSE"), ("1", "0"), ("Ja", "Nein"), ("wahr", "falsch"), ("Oui", "Non")),
        *(("vrai", "faux"), ("Sí", "No"), ("verdadero", "falso"), ("Sim", "Não"), ("verdadeiro", "falso")),
        *(
            ("Sì", "no"),
            ("vero", "falso"),
            ("ja", "nee"),
            ("waar", "onwaar"),
            ("Y", "N"),
            ("t", "f"),
            ("on", "off"),
        ),
    ]
    rows = [f"A{n:02},2026-01-05,{yes}\nB{n:02},2026-01-05,{no}" for n, (yes, no) in enumerate(words)]
    report = land_text(emptied, lines("item_id,reviewed_at,passed", *rows, "C1,2026-01-05,passsed"))
    found = column(emptied, "select passed from facts.reviews order by item_id")
    assert found == [True] * len(words) + [False] * len(words)
    assert [(reason.reason, reason.count) for reason in report.reasons] == [("unknown_value", 1)]


def test_identities_stay_as_they_are_written(emptied: Warehouse) -> None:
    identities = [
        *(
            "000123",
            "0",
            "123456789012345678",
            "00Q5g00000AbCdE",
            "1E5",
            "1e+x",
            "3.14",
            "TRUE",
            "=1+1",
            "L 1",
            "Ł-1",
        ),
        *("2026-01-05", "1_000"),
    ]
    land_text(emptied, lines("lead_id,created_at", *(f"{one},2026-01-05" for one in identities)))
    assert column(emptied, "select lead_id from facts.leads order by line") == identities


@pytest.mark.parametrize("identity", ["1.20253E+17", "1,20253E+17", "2E+11", "1.2e+17"])
def test_identities_that_a_spreadsheet_has_rounded_are_set_aside(emptied: Warehouse, identity: str) -> None:
    text = lines(
        "deal_id;lead_id;created_at;stage",
        f"{identity};L1;2026-01-05;won",
        f"D2;{identity};2026-01-05;won",
        "D3;L3;2026-01-05;won",
    )
    report = land_text(emptied, text)
    assert [(reason.reason, reason.count) for reason in report.reasons] == [("damaged_id", 2)]
    assert "last digits are lost" in report.reasons[0].example


def test_identities_that_differ_in_case_are_two_and_told(emptied: Warehouse) -> None:
    report = land_text(
        emptied, "lead_id,created_at\n0065g00000AbCdE,2026-01-05\n0065g00000abcde,2026-01-05\nX,2026-01-05\n"
    )
    assert (report.rows.new, [warned.code for warned in report.warnings]) == (3, ["similar_ids"])


@pytest.mark.parametrize(
    ("cells", "options", "expected"),
    [
        (("12.5%", "12,5 %", "0.5%", "100%"), {}, [0.125, 0.125, 0.005, 1.0]),
        (("0.125", "0.5"), {}, [0.125, 0.5]),
        (("12.5", "50"), {}, [0.125, 0.5]),
        (("0.125", "12.5%"), {}, [0.125, 0.125]),
        (("0.5", "50"), {"percent": "percent"}, [0.005, 0.5]),
        (("0.5",), {"percent": "percent"}, [0.005]),
    ],
)
def test_shares_are_read_on_their_scale(
    emptied: Warehouse, cells: tuple[str, ...], options: dict[str, Any], expected: list[float]
) -> None:
    rows = [f'C{place};2026-01-05;"{cell}"' for place, cell in enumerate(cells)]
    report = land_text(emptied, lines("campaign_id;sent_at;open_rate", *rows), **options)
    assert report.state == "landed", report.message
    found = column(emptied, "select open_rate from facts.campaigns order by campaign_id")
    assert found == pytest.approx(expected)
