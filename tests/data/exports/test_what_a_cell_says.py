"""Cells that systems, spreadsheets and people write in ways of their own: what they say, and when it is asked."""

from __future__ import annotations

from typing import Any

import pytest

from leadline.data.exports.recognition.headings import unit_of
from leadline.data.landing.land import FileReport
from leadline.data.templates import fold
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import column, land_text, lines

STAGES = "select deal_id, stage from facts.deals order by deal_id"


def warned(report: FileReport, code: str) -> str:
    """The one warning of that code."""
    (found,) = [one.message for one in report.warnings if one.code == code]
    return found


def deals(*rows: str, head: str = "deal_id,created_at,closed_at,stage,amount") -> str:
    return lines(head, *rows)


def test_an_open_deal_with_a_filler_for_its_closing_date_is_an_open_deal(emptied: Warehouse) -> None:
    fillers = ("0000-00-00", "1970-01-01", "9999-12-31", "TBD", "31.12.9999", "Q3?", "0")
    rows = [f"O{n},2026-01-05,{filler},open,1" for n, filler in enumerate(fillers)]
    report = land_text(emptied, deals("W,2026-01-05,2026-02-01,won,1", *rows))
    assert (report.state, report.rows.new, report.rows.quarantined) == ("landed", 8, 0), report
    told = warned(report, "filler_cells")
    assert "in 7 rows of deals" in told
    assert "won or lost" in told
    assert column(emptied, "select count(*) from facts.deals where closed_at is null and stage = 'open'") == [
        7
    ]


def test_a_decided_deal_is_judged_by_its_closing_date(emptied: Warehouse) -> None:
    report = land_text(
        emptied, deals("W,2026-01-05,TBD,won,1", "L,2026-01-05,0000-00-00,lost,1", "O,2026-01-05,,open,1")
    )
    assert (report.rows.new, report.rows.quarantined, report.reasons[0].reason) == (1, 2, "bad_date")


def test_what_an_open_deal_may_be_worth_does_not_set_it_aside(emptied: Warehouse) -> None:
    report = land_text(
        emptied,
        deals(
            'W,2026-01-05,2026-02-01,won,"1,250.50"',
            "O,2026-01-05,,open,to be agreed",
            'P,2026-01-05,,open,"2,000"',
        ),
    )
    assert (report.rows.new, report.rows.quarantined) == (3, 0), report
    assert column(emptied, "select amount from facts.deals order by deal_id") == [None, 2000.0, 1250.5]


def test_a_filler_in_a_day_that_need_not_be_known_is_read_as_not_known(emptied: Warehouse) -> None:
    text = lines(
        "lead_id,created_at,first_response_at", "A,2026-01-05,2026-01-05 10:00", "B,2026-01-05,0000-00-00 00:00:00",
        "C,2026-01-06,never", "D,2026-01-06,1970-01-01",
    )  # fmt: skip
    report = land_text(emptied, text)
    assert (report.rows.new, report.rows.quarantined) == (4, 0)
    assert "in 3 rows of leads" in warned(report, "filler_cells")
    assert column(emptied, "select lead_id from facts.leads where first_response_at is not null") == ["A"]


OWN = lines(
    "deal_id,created_at,stage", *(f"D{n},2026-01-05,{stage}" for n, stage in enumerate(
        ("won", "lost", "Demo Held", "Demo Held", "Proposal Out", "won", "Legal"))),
)  # fmt: skip
THEIRS = OWN.replace("deal_id,created_at,stage", "Opp No,Opened,Result")
MAPPED = {"template": "deals", "columns": {"Opp No": "deal_id", "Opened": "created_at", "Result": "stage"}}


@pytest.mark.parametrize(
    ("text", "said"),
    [(OWN, {}), (OWN, {"template": "deals"}), (THEIRS, {"mapping": MAPPED})],
    ids=["template", "named", "mapping"],
)
def test_stages_of_ones_own_are_asked_with_all_of_them_and_their_counts(
    emptied: Warehouse, text: str, said: dict[str, Any]
) -> None:
    report = land_text(emptied, text, **said)
    (question,) = report.questions
    assert (report.state, question.code) == ("asks", "unknown_words")
    assert "'Demo Held' (2 rows), 'Legal' (1 row), 'Proposal Out' (1 row)" in question.message
    assert question.about == ("Demo Held", "Legal", "Proposal Out")
    assert "otherwise: {stage: open}" in question.option


def test_stages_that_were_answered_are_known_the_week_after_and_a_new_one_is_asked(
    emptied: Warehouse,
) -> None:
    answer = {**MAPPED, "otherwise": {"stage": "open"}}
    assert land_text(emptied, THEIRS, mapping=answer).rows.new == 7
    after = land_text(emptied, THEIRS.replace("Legal", "Security review"), name="week2.csv")
    assert (after.state, after.rows.new) == ("landed", 0)
    assert column(emptied, "select count(*) from facts.deals where stage = 'open'") == [4]


@pytest.mark.parametrize(
    "word", ["CLOSED_WON", "closedwon", "Closed-Won", "closed won", "Closed.Won", " CLOSED WON "]
)
def test_internal_names_of_stages_are_known(emptied: Warehouse, word: str) -> None:
    assert land_text(emptied, f"deal_id,created_at,stage\nD1,2026-01-05,{word}\n").rows.new == 1
    assert emptied.select(STAGES) == [("D1", "won")]


@pytest.mark.parametrize(
    "words",
    [("受注", "失注", "商談中"), ("Wygrana", "Przegrana", "W toku"), ("Gagnée", "Perdue", "En cours")],
)
def test_stages_are_known_in_other_languages(emptied: Warehouse, words: tuple[str, ...]) -> None:
    rows = [f"D{n},2026-01-05,{word}" for n, word in enumerate(words)]
    assert land_text(emptied, lines("deal_id,created_at,stage", *rows)).rows.new == 3
    assert emptied.select(STAGES) == [("D0", "won"), ("D1", "lost"), ("D2", "open")]


def _qualified(*words: str) -> str:
    rows = (f"A{n},L{n},2026-01-06 10:00,{word}" for n, word in enumerate(words))
    return lines("appointment_id,lead_id,held_at,qualified", *rows)


def test_what_says_that_an_appointment_is_qualified_is_known_or_asked(emptied: Warehouse) -> None:
    assert land_text(emptied, _qualified("SQL", "Qualified", "Disqualified", "yes")).rows.new == 4
    assert column(emptied, "select qualified from facts.appointments order by appointment_id") == [
        True, True, False, True,
    ]  # fmt: skip
    asked = land_text(emptied, _qualified("MQL", "yes", "Disqualified"), name="b.csv")
    assert [(one.code, one.about, one.choices) for one in asked.questions] == [
        ("unknown_words", ("MQL",), ("no", "yes"))
    ]
    said = {
        "template": "appointments",
        "values": {"qualified": {"SAL": "yes"}},
        "otherwise": {"qualified": "no"},
    }
    land_text(emptied, _qualified("MQL", "SAL", "Disqualified", "yes"), name="b.csv", mapping=said)
    assert column(emptied, "select qualified from facts.appointments order by appointment_id") == [
        False, True, False, True,
    ]  # fmt: skip


GUID = "6f9619ff-8b86-d011-b42d-00c04fc964ff"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('="00123"', "00123"),
        ('"=""00123"""', "00123"),
        ("'00123", "00123"),
        ("1001.0", "1001"),
        ("1001.00", "1001"),
        ('"1001,00"', "1001"),
        ("１００１", "1001"),
        ("#1001", "1001"),
        ("1001.50", "1001.50"),
        ('"1,000"', "1,000"),
        ("#A1", "#A1"),
        ('"=HYPERLINK(""https://crm.example/1"",""L-1"")"', "L-1"),
        ('"=LIEN_HYPERTEXTE(""https://crm.example/1"";""L-1"")"', "L-1"),
        ("{" + GUID.upper() + "}", GUID),
        (GUID.upper(), GUID),
        (f"urn:uuid:{GUID}", GUID),
        ("V1.0", "V1.0"),
        ("1.0.0", "1.0.0"),
        ("'tis", "'tis"),
        ("=A1", "=A1"),
    ],
)
def test_an_id_that_a_tool_has_bent_is_brought_to_one_form_and_joins(
    emptied: Warehouse, written: str, kept: str
) -> None:
    report = land_text(emptied, f"lead_id,created_at\n{written},2026-01-05\n")
    land_text(emptied, f"deal_id,lead_id,created_at,stage\nD1,{written},2026-01-05,open\n", name="deals.csv")
    assert column(emptied, "select lead_id from facts.leads") == [kept]
    assert column(emptied, "select lead_id from facts.deals") == [kept]
    is_bent = written.strip('"').replace('""', '"') != kept
    assert any(one.code == "respelled_ids" for one in report.warnings) == is_bent


def test_one_id_in_two_forms_over_successive_files_is_one(emptied: Warehouse) -> None:
    land_text(
        emptied, f"lead_id,created_at,channel\n1001,2026-01-05,web\n{GUID},2026-01-05,web\n", name="1.csv"
    )
    again = land_text(
        emptied,
        "lead_id,created_at,channel\n1001.0,2026-01-05,web\n{" + GUID.upper() + "},2026-01-05,web\n",
        name="2.csv",
    )
    assert (again.rows.unchanged, again.rows.new) == (2, 0)


@pytest.mark.parametrize("head", ["lead_id,created_at,channel", '"lead_id","created_at","channel"'])
def test_weekly_files_pasted_together_are_one_table(emptied: Warehouse, head: str) -> None:
    weeks = [f"\ufeff{head}\r\nL{week},2026-01-0{week},web\r\n" for week in range(1, 5)]
    report = land_text(emptied, "".join(weeks))
    assert (report.rows.new, report.rows.skipped, report.rows.quarantined) == (4, 3, 0), report
    assert column(emptied, "select lead_id from facts.leads order by 1") == ["L1", "L2", "L3", "L4"]


def test_a_mark_in_the_middle_before_a_row_is_no_part_of_its_id(emptied: Warehouse) -> None:
    land_text(emptied, "\ufefflead_id,created_at\nL1,2026-01-05\n\ufeffL2,2026-01-06\n")
    assert column(emptied, "select lead_id from facts.leads order by 1") == ["L1", "L2"]


MOMENTS = {
    "20260105T090000Z": "2026-01-05 09:00",
    "20260106T0930+0100": "2026-01-06 08:30",
    "20260107T09Z": "2026-01-07 09:00",
    "2026.01.05": "2026-01-05 00:00",
    "2026.01.05 09:15": "2026-01-05 09:15",
    "2026. 01. 05. 9:15": "2026-01-05 09:15",
    "Mon, 05 Jan 2026 09:00:00 +0100": "2026-01-05 08:00",
    "5 Jan 2026 09:00:00 -0500": "2026-01-05 14:00",
    "Mon Jan 05 2026 09:00:00 GMT+0100 (Central European Standard Time)": "2026-01-05 08:00",
    "Mon Jan  5 09:00:00 2026": "2026-01-05 09:00",
    "Mon Jan 05 09:00:00 +0000 2026": "2026-01-05 09:00",
    "2026-01-05 09:00:00 UTC": "2026-01-05 09:00",
    "2026-01-05T09:00:00Z[UTC]": "2026-01-05 09:00",
    "2026-01-05T09:00:00+01:00[Europe/Berlin]": "2026-01-05 08:00",
    "2026-01-05 09:00:00 +0000 UTC": "2026-01-05 09:00",
    "2026-01-05 09:00:00.12 +0100 CET m=+0.12": "2026-01-05 08:00",
    "2026-01-05 09:00:00,123": "2026-01-05 09:00",
    "2026-01-05 09:00 PST": "2026-01-05 17:00",
    "2026-07-05 09:00 PDT": "2026-07-05 16:00",
    "2026-01-06 09:00 NZST": "2026-01-05 21:00",
    "2026-01-05 9:00 AM EST": "2026-01-05 14:00",
    "Monday 2026-01-05 09:00": "2026-01-05 09:00",
    "2026-01-05 (Mon) 09:00": "2026-01-05 09:00",
    "Mo., 05.01.2026 09:15": "2026-01-05 09:15",
    "2026/1/5 上午7:47": "2026-01-05 07:47",
    "2026/1/5 下午7:47": "2026-01-05 19:47",
    "2026年1月6日 下午4:00": "2026-01-06 16:00",
    "2026年1月6日(火) 16時05分": "2026-01-06 16:05",
    "2026. 1. 5. 오후 3:20": "2026-01-05 15:20",
    "2026년 1월 5일 오전 12시 20분": "2026-01-05 00:20",
    "2026/01/05 午後 9:15": "2026-01-05 21:15",
    "2026-01-05 PM 9:15": "2026-01-05 21:15",
    "05.01.2026 9:15 μ.μ.": "2026-01-05 21:15",
}


def leads_of(*cells: str) -> str:
    return lines("lead_id;created_at", *(f"L{n:02};{cell}" for n, cell in enumerate(cells)))


MINUTES = "select strftime(created_at, '%Y-%m-%d %H:%M') from facts.leads order by lead_id"


def test_a_moment_is_understood_as_programs_and_people_write_it(emptied: Warehouse) -> None:
    report = land_text(emptied, leads_of(*MOMENTS))
    assert dict(zip(MOMENTS, column(emptied, MINUTES), strict=True)) == MOMENTS, report


def test_what_is_nearly_a_moment_is_set_aside(emptied: Warehouse) -> None:
    near = (
        "2026-01-05 09:00 XYZ",
        "2026-01-05 09:00 Europa/Berlin",
        "KW 5 2026",
        "2026",
        "12:30",
        "2026-13-05",
        "2026年13月6日",
        "Mon Jan 35 2026",
        "2026-01-05 下午 25:00",
    )
    report = land_text(emptied, leads_of("2026-01-05 09:00", *near))
    assert (report.rows.new, report.rows.quarantined) == (1, 9)


def test_days_of_the_week_and_zones_beside_day_and_month_leave_the_order_to_be_proved(
    emptied: Warehouse,
) -> None:
    report = land_text(emptied, leads_of("Mon 05/01/2026 09:00 CET", "Thu 22/01/2026 09:00 CET"))
    assert report.state == "landed"
    assert column(emptied, MINUTES) == ["2026-01-05 08:00", "2026-01-22 08:00"]
    asked = land_text(emptied, "lead_id;created_at;owner\nL1;Mon 05/01/2026 09:00 CET;A\n", name="b.csv")
    assert [one.code for one in asked.questions] == ["ambiguous_dates"]


@pytest.mark.parametrize("sign", ["/", "-", "."])
def test_a_year_of_two_digits_that_may_stand_first_is_asked(emptied: Warehouse, sign: str) -> None:
    text = leads_of(*(f"26{sign}01{sign}{day}" for day in ("05", "31", "28")))
    asked = land_text(emptied, text)
    assert [one.code for one in asked.questions] == ["ambiguous_dates"]
    assert "--dates ymd" in asked.questions[0].option
    assert land_text(emptied, text, dates="ymd").rows.new == 3
    assert column(emptied, MINUTES) == ["2026-01-05 00:00", "2026-01-31 00:00", "2026-01-28 00:00"]
    after = land_text(emptied, leads_of(f"26{sign}02{sign}02").replace("L00", "L9"), name="week2.csv")
    assert (after.state, after.rows.new) == ("landed", 1)


def test_a_year_of_two_digits_that_stands_last_is_not_asked_for(emptied: Warehouse) -> None:
    assert land_text(emptied, leads_of("05/01/26", "17/01/26", "24/01/26", "12/01/26")).rows.new == 4
    assert column(emptied, MINUTES)[2] == "2026-01-24 00:00"
    assert land_text(emptied, leads_of("24.01.26"), name="dots.csv").state == "landed"


def test_a_year_of_two_digits_before_dots_is_asked_where_it_is_the_same_and_the_last_is_not(
    emptied: Warehouse,
) -> None:
    for cells in (("26.01.13", "26.02.14"), tuple(f"26.01.{day:02}" for day in range(3, 23))):
        asked = land_text(emptied, leads_of(*cells))
        assert [one.code for one in asked.questions] == ["ambiguous_dates"]
    assert land_text(emptied, leads_of("05.01.26", "26.01.25", "17.03.24")).state == "landed"


def test_days_that_a_spreadsheet_of_another_country_has_swapped_are_asked(emptied: Warehouse) -> None:
    asked = land_text(emptied, leads_of("2026-05-01", "13/01/2026", "2026-06-01", "25/01/2026"))
    assert [one.code for one in asked.questions] == ["converted_dates"]
    for honest in (("2026-01-15", "13/01/2026"), ("2026-05-01", "13/01/2026", "05/02/2026")):
        assert land_text(emptied, leads_of(*honest)).state == "landed"


def test_a_day_and_its_time_without_signs_are_no_milliseconds(emptied: Warehouse) -> None:
    land_text(emptied, leads_of("202601050930", "202601061015"))
    assert column(emptied, MINUTES) == ["2026-01-05 09:30", "2026-01-06 10:15"]


def test_letters_that_several_zones_have_are_asked_and_the_zone_of_the_file_answers(
    emptied: Warehouse,
) -> None:
    text = leads_of("2026-01-05 09:00 CST", "2026-01-06 09:00 CST")
    asked = land_text(emptied, text)
    assert [one.code for one in asked.questions] == ["ambiguous_zone"]
    assert land_text(emptied, text, timezone="Asia/Shanghai").rows.new == 2
    assert column(emptied, MINUTES) == ["2026-01-05 01:00", "2026-01-06 01:00"]


def test_a_day_number_with_a_decimal_comma_is_a_day_number(emptied: Warehouse) -> None:
    report = land_text(emptied, leads_of("46027,5", "46028", "46029,25"))
    assert column(emptied, MINUTES) == ["2026-01-05 12:00", "2026-01-06 00:00", "2026-01-07 06:00"]
    assert "46027,5 was read as 2026-01-05 12:00" in warned(report, "excel_serial")


AMOUNTS = "select amount from facts.deals order by deal_id"


def deals_of(*amounts: str, heading: str = "amount") -> str:
    return lines(
        f"deal_id;created_at;stage;{heading}",
        *(f"D{n:02};2026-01-05;won;{cell}" for n, cell in enumerate(amounts)),
    )


SCALED = {
    "$342.09K": 342090.0,
    "$1,117.10K": 1117100.0,
    "$1.2M": 1200000.0,
    "$950": 950.0,
    "2.5 million": 2500000.0,
    "3 bn": 3e9,
    "USD 1.5k": 1500.0,
    "(2k)": None,
    "12 T€": 12000.0,
    "12 TEUR": 12000.0,
    "300 K€": 300000.0,
    "1.5M €": 1500000.0,
    "1.5 M$": 1500000.0,
    "K€ 300": 300000.0,
    "5 MIO": 5000000.0,
    "5 MRD €": 5e9,
    "5 TSD": 5000.0,
    "12 t": None,
    "20%": None,
    "5 lakh": 500000.0,
    "3億": 3e8,
    "2 apples": None,
}


def test_a_word_for_thousands_or_millions_behind_an_amount_multiplies_it(emptied: Warehouse) -> None:
    report = land_text(emptied, deals_of(*SCALED))
    wanted = [amount for amount in SCALED.values() if amount is not None]
    assert column(emptied, AMOUNTS) == wanted
    assert (report.rows.quarantined, "$1,117.10K" in warned(report, "scaled_numbers")) == (4, True)


def test_millions_with_a_decimal_comma_are_millions(emptied: Warehouse) -> None:
    land_text(emptied, deals_of("1,5 Mio. €", "250 Tsd. €", "2,25 Mrd. €", "1.250,50 €"))
    assert column(emptied, AMOUNTS) == [1.5e6, 250000.0, 2.25e9, 1250.5]


def test_an_amount_in_thousands_or_millions_keeps_its_currency(emptied: Warehouse) -> None:
    cells = {"12 TEUR": "EUR", "1,5 MEUR": "EUR", "MUSD 1,5": "USD", "300 K£": "GBP", "5 MIO CHF": "CHF"}
    land_text(emptied, deals_of(*cells))
    assert column(emptied, "select currency from facts.deals order by deal_id") == list(cells.values())


@pytest.mark.parametrize(
    ("heading", "factor"),
    [
        ("Amount (cents)", 0.01),
        ("amount_cents", 0.01),
        ("Amount in cents", 0.01),
        ("Amount (EUR cents)", 0.01),
        ("Revenue (k€)", 1e3),
        ("Deal value (in thousands)", 1e3),
        ("Amount (Mio. EUR)", 1e6),
        ("Amount (USD)", 1.0),
    ],
)
def test_a_heading_that_counts_in_cents_or_thousands_is_heard(
    emptied: Warehouse, heading: str, factor: float
) -> None:
    report = land_text(emptied, deals_of("10050", "20000", heading=heading))
    assert column(emptied, AMOUNTS) == [10050 * factor, 20000 * factor]
    assert any(one.code == "scaled_heading" for one in report.warnings) == (factor != 1.0)
    by_hand = {
        "template": "deals",
        "columns": {heading: "amount", "No": "deal_id", "Day": "created_at", "How": "stage"},
    }
    mapped = land_text(
        emptied, f"No;Day;How;{heading}\nM1;2026-01-05;won;300\n", name="m.csv", mapping=by_hand
    )
    assert "scaled_heading" in {one.code for one in mapped.warnings} or factor == 1.0
    assert column(emptied, "select amount from facts.deals where deal_id = 'M1'") == [300 * factor]


@pytest.mark.parametrize(
    ("heading", "currency", "factor"),
    [
        ("Wert in Tausend", None, "1e3"),
        ("Umsatz in Mio", None, "1e6"),
        ("Umsatz TEUR", "EUR", "1e3"),
        ("TEUR", "EUR", "1e3"),
        ("Amount, thousands", None, "1e3"),
        ("Amount (USD, thousands)", "USD", "1e3"),
        ("Amount (lakhs)", None, "1e5"),
        ("Amount (INR Cr)", "INR", "1e7"),
        ("Montant (k€ HT)", "EUR", "1e3"),
        ("Importe (miles de €)", "EUR", "1e3"),
        ("Сумма, тыс. руб.", "RUB", "1e3"),
        ("金額（千円）", "JPY", "1e3"),
        ("金额（万元）", "CNY", "1e4"),
        ("Valor (R$ mil)", "BRL", "1e3"),
        ("Beløb (tkr)", None, "1e3"),
        ("Umsatz in EUR", "EUR", "1"),
    ],
)
def test_a_heading_says_its_multiple_and_its_currency_in_the_words_of_many_languages(
    heading: str, currency: str | None, factor: str
) -> None:
    said = unit_of(fold(heading))
    assert said is not None
    assert (said.currency, said.factor) == (currency, factor)


@pytest.mark.parametrize(
    "heading",
    ["Amount", "Amount (Cr)", "Amount (kr)", "Amount m", "Total T", "Montant HT", "Cost (net)", "Cost per thousand",
     "Amount in company currency", "Value in use", "Umsatz 2000", "Amount EUR"],
)  # fmt: skip
def test_a_heading_that_may_say_something_else_says_no_unit(heading: str) -> None:
    assert unit_of(fold(heading)) is None


def test_a_mapped_amount_is_multiplied_as_its_heading_says(emptied: Warehouse) -> None:
    mapping = {
        "template": "deals",
        "columns": {"No": "deal_id", "Day": "created_at", "How": "stage", "Сумма, тыс. руб.": "amount"},
    }
    report = land_text(
        emptied, "No;Day;How;Сумма, тыс. руб.\nM1;2026-01-05;won;300\n", name="m.csv", mapping=mapping
    )
    assert "amount is its numbers times 1,000" in warned(report, "scaled_heading")
    assert emptied.select("select amount, currency from facts.deals") == [(300_000, "RUB")]


def test_the_sign_of_a_dollar_is_the_one_that_is_known_here_and_is_asked_where_several_are(
    emptied: Warehouse,
) -> None:
    currencies = "select currency from facts.deals order by deal_id"
    land_text(emptied, "deal_id,created_at,stage,amount,currency\nA1,2026-01-05,won,5,cad\n", name="cad.csv")
    report = land_text(emptied, deals_of("$5", "$6"), name="sign.csv")
    assert column(emptied, currencies) == ["CAD", "CAD", "CAD"]
    assert "read as CAD" in warned(report, "dollar_sign")
    aside = land_text(
        emptied, "deal_id,created_at,stage,amount\nC1,2026-01-05,open,7\nC2,soon,open,$8\n", name="aside.csv"
    )
    assert "dollar_sign" not in {one.code for one in aside.warnings}
    land_text(
        emptied, "deal_id,created_at,stage,amount,currency\nA2,2026-01-05,won,5,US dollars\n", name="usd.csv"
    )
    asked = land_text(emptied, deals_of("$5", "$6", "$7"), name="sign2.csv")
    assert [one.code for one in asked.questions] == ["which_dollar"]


def test_columns_that_stand_in_each_others_place_are_named(emptied: Warehouse) -> None:
    rows = [f"D{n},2026-03-{n:02},2026-01-{n:02},won" for n in range(1, 6)]
    report = land_text(emptied, lines("deal_id,created_at,Closed on,stage", *rows))
    assert report.code == "nothing_landed"
    assert "'Closed on: created_at'" in report.message
    assert "'created_at: closed_at'" in report.message
    mapping = {
        "template": "deals",
        "columns": {
            "deal_id": "deal_id",
            "Closed on": "created_at",
            "created_at": "closed_at",
            "stage": "stage",
        },
    }
    assert (
        land_text(emptied, lines("deal_id,created_at,Closed on,stage", *rows), mapping=mapping).rows.new == 5
    )


LASTING = {
    "1:30:00": 90.0,
    "00:17:30": 17.5,
    "26:00:00": 1560.0,
    "1 day, 2:00:00": 1560.0,
    "PT1H30M": 90.0,
    "PT45S": 0.75,
    "P1DT1H": 1500.0,
    "2h 5m": 125.0,
    "45 min": 45.0,
    "90s": 1.5,
    "1 Std. 5 Min.": 65.0,
    "2 heures": 120.0,
    "1.5 h": 90.0,
    "3 days 2 hours": 4440.0,
    "12": 12.0,
}
MINUTES_UNTIL = (
    "select date_diff('second', created_at, first_response_at) / 60 from facts.leads order by lead_id"
)


def lasting(*cells: str, unit: str = "minutes") -> str:
    return lines(
        f"lead_id;created_at;first_response_{unit}",
        *(f"L{n:02};2026-01-05;{cell}" for n, cell in enumerate(cells)),
    )


def test_a_duration_is_understood_as_it_is_written(emptied: Warehouse) -> None:
    report = land_text(emptied, lasting(*LASTING))
    assert dict(zip(LASTING, column(emptied, MINUTES_UNTIL), strict=True)) == LASTING
    assert "was read as" in warned(report, "durations")


@pytest.mark.parametrize("unit", ["seconds", "minutes", "hours"])
def test_a_duration_is_the_same_whatever_the_heading_counts_in(emptied: Warehouse, unit: str) -> None:
    land_text(emptied, lasting("1:30:00", "PT5M", unit=unit))
    assert column(emptied, MINUTES_UNTIL) == [90.0, 5.0]


def test_a_duration_of_two_parts_is_asked_and_a_mapping_answers(emptied: Warehouse) -> None:
    asked = land_text(emptied, lasting("1:30", "0:45"))
    assert [one.code for one in asked.questions] == ["ambiguous_durations"]
    said = {"template": "leads", "columns": {}, "durations": "m:ss"}
    assert land_text(emptied, lasting("1:30", "0:45"), mapping=said).state == "landed"
    assert column(emptied, MINUTES_UNTIL) == [1.5, 0.75]
    assert land_text(emptied, lasting("2:30", "0:45"), name="week2.csv").rows.updated == 1


def test_what_is_no_duration_is_set_aside(emptied: Warehouse) -> None:
    report = land_text(emptied, lasting("1:30:00", "soon", "1:75:00", "5 apples", "P", "-1:30:00"))
    assert (report.rows.new, report.rows.quarantined) == (1, 5)


SPEND = {
    "template": "spend",
    "columns": {"Jour": "spent_on", "Campagne": "campaign", "Dépense": "cost", "Clics": "clicks"},
}


def spend_of(*rows: str) -> str:
    return lines("Jour,Campagne,Plateforme,Dépense,Clics", *rows)


DAYS_OF_SPEND = ("2026-01-05,a,x,10.10,1", "2026-01-05,b,x,20.20,2", "2026-01-06,a,x,30.30,4")


@pytest.mark.parametrize("total", ["2026-01-05,,,60.60,7", ",,,60.60,7", "2026-01-05,,x,60.60,7"])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_total_without_a_word_for_it_is_skipped_first_or_last(
    emptied: Warehouse, total: str, is_first: bool
) -> None:
    rows = (total, *DAYS_OF_SPEND) if is_first else (*DAYS_OF_SPEND, total)
    report = land_text(emptied, spend_of(*rows), mapping=SPEND)
    assert (report.rows.new, report.rows.skipped, report.rows.quarantined) == (3, 1, 0), report
    assert [(one.reason, one.rows) for one in report.reasons] == [("totals_row", (2 if is_first else 5,))]
    assert column(emptied, "select round(sum(cost)::double, 6) from facts.spend") == [60.6]


@pytest.mark.parametrize(
    "row", ["2026-01-06,,x,60.80,7", "2026-01-06,c,x,60.60,7", "2026-01-06,,x,60.60,8", "2026-01-06,,x,0,0"]
)
def test_a_row_that_only_looks_like_a_total_stays(emptied: Warehouse, row: str) -> None:
    report = land_text(emptied, spend_of(*DAYS_OF_SPEND, row), mapping=SPEND)
    assert (report.rows.new, report.rows.skipped) == (4, 0)


@pytest.mark.parametrize(("name", "new"), [("D3", 3), ("Итого", 2), ("合計", 2)])
def test_an_open_deal_that_is_the_sum_of_those_above_is_a_deal_and_a_word_in_its_place_a_total(
    emptied: Warehouse, name: str, new: int
) -> None:
    rows = ("D1,2026-01-05,2026-02-01,won,100", "D2,2026-01-05,2026-02-03,won,200")
    report = land_text(
        emptied, deals(*rows, f"{name},2026-01-06,,open,300" if new == 3 else f"{name},,,,300")
    )
    assert (report.rows.new, report.rows.skipped, report.rows.quarantined) == (new, 3 - new, 0)


def test_a_total_of_deals_without_their_ids_is_skipped_on_the_template_s_path(emptied: Warehouse) -> None:
    report = land_text(
        emptied,
        deals("A,2026-01-05,2026-02-01,won,100", "B,2026-01-05,,open,50", "C,2026-01-06,,open,25", ",,,,175"),
    )
    assert (report.rows.new, report.rows.skipped, report.rows.quarantined) == (3, 1, 0)
