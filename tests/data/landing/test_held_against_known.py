"""An import is held against what is known before it lands: asked with numbers and two examples, or told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from leadline.data.exports.landing_report import FileReport
from leadline.data.landing.land import undo
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import clear, column, land_text, lines

Row = tuple[str, ...]
HEADER = "lead_id,created_at,channel,owner,first_response_at"
DEALS = "deal_id,lead_id,created_at,closed_at,stage,amount,currency"


def _leads(
    count: int = 12, change: Callable[[int, Row], Row] = lambda _, row: row, header: str = HEADER
) -> str:
    rows = (
        (
            f"L{n}",
            f"2026-01-{n:02} 09:15",
            ("web", "fair")[n % 2],
            ("Ann", "Bob", "Cy")[n % 3],
            f"2026-01-{n:02} 09:45",
        )
        for n in range(1, count + 1)
    )
    return lines(header, *(",".join(change(n, row)) for n, row in enumerate(rows, 1)))


def _deals(count: int = 12, change: Callable[[int, Row], Row] = lambda _, row: row) -> str:
    rows = (
        (f"D{n}", f"L{n}", f"2026-01-{n:02}", f"2026-02-{n:02}", ("won", "lost")[n % 2], f"{n}00.5", "EUR")
        for n in range(1, count + 1)
    )
    return lines(DEALS, *(",".join(change(n, row)) for n, row in enumerate(rows, 1)))


def _asked(warehouse: Warehouse, text: str, code: str, **options: object) -> str:
    """The one question that a file raises; nothing of it has landed, and it lands once that is accepted."""
    before = warehouse.select("select count(*), max(import_id) from landed.imports")
    report = land_text(warehouse, text, name="again.csv", **options)
    assert [question.code for question in report.questions] == [code], (report.message, report.warnings)
    assert (report.state, f"--accept {code}" in report.message) == ("asks", True)
    assert warehouse.select("select count(*), max(import_id) from landed.imports") == before
    landed = land_text(warehouse, text, name="again.csv", accept=(code,), **options)
    assert (landed.state, code in {warned.code for warned in landed.warnings}) == ("landed", True), (
        landed.message
    )
    undo(warehouse, landed.import_id or 0)
    return report.questions[0].message


def _told(report: FileReport, code: str) -> str:
    (said,) = [warned.message for warned in report.warnings if warned.code == code]
    assert report.state == "landed"
    return said


def _moved(hours: Callable[[int], int]) -> Callable[[int, Row], Row]:
    def change(n: int, row: Row) -> Row:
        def at(cell: str) -> str:
            return str(dt.datetime.fromisoformat(cell) + dt.timedelta(hours=hours(n)))

        return (row[0], at(row[1]), row[2], row[3], at(row[4]))

    return change


def test_creation_times_that_change_are_asked_with_numbers_and_two_examples(warehouse: Warehouse) -> None:
    land_text(warehouse, _leads())
    said = _asked(
        warehouse,
        _leads(change=lambda n, row: (row[0], f"2026-03-{n:02} 10:00", *row[2:])),
        "created_changes",
    )
    assert "created_at of 12 of the 12 leads that are known would change to another day" in said
    assert "created_at of L1: 2026-01-01 09:15:00 → 2026-03-01 10:00:00; created_at of L2: 2026-01-02" in said


def test_three_leads_of_which_all_creation_times_change_are_enough_to_ask(warehouse: Warehouse) -> None:
    land_text(warehouse, _leads(3))
    _asked(warehouse, _leads(3, lambda n, row: (row[0], f"2026-03-{n:02}", *row[2:])), "created_changes")


def test_a_creation_time_that_gains_its_hour_is_no_other_one(warehouse: Warehouse) -> None:
    days = [f"L{n},2026-01-0{n}" for n in range(1, 5)]
    land_text(warehouse, lines("lead_id,created_at", *days))
    report = land_text(
        warehouse, lines("lead_id,created_at", *(f"{day} 10:00" for day in days)), name="b.csv"
    )
    assert (report.state, report.rows.updated, report.warnings) == ("landed", 4, ())


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (lambda _: -6, "exactly 6 hours"),
        (lambda _: 1, "exactly 1 hour:"),
        (lambda n: 1 + n // 7, "1 hour or 2 hours"),
    ],
)
def test_times_that_all_move_by_the_hours_of_a_zone_are_told(
    warehouse: Warehouse, hours: Callable[[int], int], said: str
) -> None:
    land_text(warehouse, _leads())
    told = _told(land_text(warehouse, _leads(change=_moved(hours)), name="b.csv"), "shifted_times")
    assert said in told or said.replace("1 hour or 2 hours", "2 hours or 1 hour") in told
    assert ("All times of all 12 known leads", "--timezone ZONE" in told) == (told[:31], True)
    assert "created_at of L1: 2026-01-01 09:15:00 → " in told


def test_times_that_move_by_days_are_no_zone_but_another_creation(warehouse: Warehouse) -> None:
    land_text(warehouse, _leads())
    _asked(warehouse, _leads(change=_moved(lambda _: 72)), "created_changes")


def test_amounts_that_stay_in_another_currency_are_asked(warehouse: Warehouse) -> None:
    land_text(warehouse, _deals())
    said = _asked(warehouse, _deals(change=lambda _, row: (*row[:6], "USD")), "currency_changes")
    assert "12 of the 12 deals that are known would keep their amounts" in said
    assert "currency of D1: EUR → USD; currency of D2: EUR → USD" in said


def test_amounts_that_are_all_a_hundred_times_what_they_were_are_asked(warehouse: Warehouse) -> None:
    land_text(warehouse, _deals())
    said = _asked(
        warehouse,
        _deals(change=lambda _, row: (*row[:5], f"{float(row[5]) * 100:.0f}", row[6])),
        "rescaled_amounts",
    )
    assert "would be 100 times what it was (amount of D1: 100.5 → 10050.0" in said


def test_decided_deals_that_would_be_open_again_are_asked_and_a_single_one_is_told(
    warehouse: Warehouse,
) -> None:
    land_text(warehouse, _deals())
    said = _asked(warehouse, _deals(change=lambda _, row: (*row[:3], "", "open", *row[5:])), "reopened")
    assert "12 of 12 deals that were decided would be open again (stage of D1: lost → open" in said
    one = _deals(change=lambda n, row: (*row[:3], "", "open", *row[5:]) if n == 4 else row)
    assert "1 of 12 deals" in _told(land_text(warehouse, one, name="b.csv"), "reopened")


def test_appointments_that_were_held_and_would_only_be_booked_are_asked(warehouse: Warehouse) -> None:
    text = lines(
        "appointment_id,lead_id,held_at,status", *(f"A{n},L{n},2026-01-{n:02},held" for n in range(1, 7))
    )
    land_text(warehouse, text)
    _asked(warehouse, text.replace("held\n", "booked\n"), "reopened")


def test_an_older_export_is_asked_once_and_is_older_where_its_day_is_said(warehouse: Warehouse) -> None:
    first, second = _deals(change=lambda _, row: (*row[:3], "", "open", *row[5:])), _deals()
    land_text(warehouse, first, name="a.csv")
    land_text(warehouse, second, name="b.csv")
    older = first.replace("\nD", "\n\nD", 1)
    said = _asked(warehouse, older, "older_export")
    assert "in all 12 deals that would change, every changed cell goes back" in said
    assert "stage of D1: lost → open" in said or "closed_at of D1" in said
    late = land_text(warehouse, older, name="c.csv", exported_on=dt.date(2026, 2, 1))
    assert (late.state, late.rows.stale) == ("landed", 12)


def test_what_goes_back_in_some_rows_only_is_no_older_export(warehouse: Warehouse) -> None:
    land_text(warehouse, _leads(), name="a.csv")
    land_text(warehouse, _leads(change=lambda _, row: (*row[:2], "mail", *row[3:])), name="b.csv")
    mixed = _leads(change=lambda n, row: (*row[:2], "phone" if n == 5 else row[2], *row[3:]))
    report = land_text(warehouse, mixed, name="c.csv")
    assert "older_export" not in {one.code for one in (*report.questions, *report.warnings)}


def test_two_columns_that_have_changed_places_are_asked_and_one_that_is_new_is_told(
    warehouse: Warehouse,
) -> None:
    land_text(warehouse, _leads())
    said = _asked(
        warehouse, _leads(change=lambda _, row: (*row[:2], row[3], row[2], row[4])), "replaced_column"
    )
    assert "channel of all 12 known leads and owner of all 12 known leads would change (" in said
    one = land_text(
        warehouse, _leads(change=lambda _, row: (*row[:3], f"Team {row[3]}", row[4])), name="b.csv"
    )
    assert "owner of all 12 known leads would change (" in _told(one, "replaced_column")


def test_a_column_that_would_be_emptied_is_asked(warehouse: Warehouse) -> None:
    land_text(warehouse, _leads())
    said = _asked(warehouse, _leads(change=lambda _, row: (*row[:2], "", *row[3:])), "emptied_column")
    assert (
        "channel (12 rows) would be emptied of the 12 leads that are known (channel of L1: fair → blank"
        in said
    )


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("0{n:04}", "{n}.0"), ("L{n:02}", "l{n:02}"), ("{n:015}ABC", "{n:015}ABC"[:6]), ("{n:04}", "='{n:04}'")],
    ids=["zeros", "case", "salesforce", "formula"],
)
def test_links_that_join_nothing_for_their_spelling_are_asked_whichever_comes_first(
    warehouse: Warehouse, ours: str, theirs: str
) -> None:
    numbers = range(11, 20)
    if ours.endswith("ABC"):
        written = [(f"00Q5g00000Ab{n:03}", f"00Q5g00000Ab{n:03}QAB") for n in numbers]
    else:
        written = [(ours.format(n=n), theirs.format(n=n)) for n in numbers]
    leads = lines("lead_id,created_at", *(f"{lead},2026-01-05" for lead, _ in written))
    deals = lines(
        "deal_id,lead_id,created_at,stage", *(f"D{link},{link},2026-01-06,won" for _, link in written)
    )
    for first, second in ((leads, deals), (deals, leads)):
        landed = land_text(warehouse, first)
        report = land_text(warehouse, second, name="b.csv")
        if report.state == "landed":  # the spelling was brought to one form on the way
            assert warehouse.select(
                "select count(*) from facts.deals as deal semi join facts.leads as lead on deal.lead_id = lead.lead_id"
            ) == [(len(numbers),)]
            undo(warehouse, report.import_id or 0)
        else:
            said = _asked(warehouse, second, "unjoined_links")
            assert f"None of {len(numbers)} " in said
            assert written[0][0] in said or written[0][1] in said
        undo(warehouse, landed.import_id or 0)


def _many_deals(change: Callable[[int, Row], Row] = lambda _, row: row) -> str:
    """Forty deals, half of them won, each with days and an amount of its own."""
    numbers = range(1, 41)
    days = ((n, f"2026-01-{n % 20 + 1:02}", f"2026-02-{n % 5 + 5:02}") for n in numbers)
    rows = (
        (f"D{n}", f"L{n}", made, closed, ("won", "lost")[n % 2], f"{n * 100 + 1300}", "EUR")
        for n, made, closed in days
    )
    return lines(DEALS, *(",".join(change(n, row)) for n, row in enumerate(rows, 1)))


@pytest.mark.parametrize("day", ["2026-01-{n:02}", "{n:02}.01.2026", "{n:02}.01.26"])
def test_times_of_day_that_would_be_lost_are_asked(warehouse: Warehouse, day: str) -> None:
    header = "lead_id,created_at,first_response_at"
    known = [f"L{n},2026-01-{n:02} {n % 9 + 8:02}:01,2026-01-{n:02} 17:{n:02}" for n in range(1, 29)]
    land_text(warehouse, lines(header, *known))
    coarse = lines("lead_id,created_at", *(f"L{n},{day.format(n=n)}" for n in range(1, 29)))
    said = _asked(warehouse, coarse, "coarser_times", dates=None if day[0] == "2" else "dmy")
    assert (
        "created_at of 28 of the 28 known leads with a time of day would lose it (created_at of L1: " in said
    )
    some = [f"L{n},2026-01-{n:02}" for n in range(1, 5)]
    report = land_text(
        warehouse, lines("lead_id,created_at", *some, *(k[:-17] for k in known[4:])), name="c.csv"
    )
    assert "4 of the 28" in _told(report, "coarser_times")


def test_days_whose_figures_have_changed_places_are_asked(warehouse: Warehouse) -> None:
    land_text(warehouse, _many_deals())
    said = _asked(
        warehouse,
        _many_deals(lambda n, row: (*row[:3], f"2026-{row[3][8:]}-02", *row[4:]) if n < 9 else row),
        "swapped_dates",
    )
    assert "closed_at of 8 known deals would have day and month" in said


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda n, row: (*row[:4], ("lost", "won")[n % 2], *row[5:]), "stage of all 40 known deals would"),
        (
            lambda n, row: (*row[:5], f"{5400 - n * 100 + n % 7}", row[6]),
            "amount of all 20 known deals for which it counts would",
        ),
        (lambda n, row: (*row[:5], f"{n * 100 + 1200 + n % 9 * 40}", row[6]), "amount of "),
        (
            lambda n, row: (*row[:3], f"2026-02-{n % 5 + 4:02}", *row[4:]),
            "closed_at of all 40 known deals would",
        ),
        (lambda n, row: (*row[:3], "2026-03-01", *row[4:]), "closed_at of all 40 known deals would"),
    ],
    ids=["stages", "amounts", "amounts_of_others", "a_day_earlier", "one_day"],
)
def test_values_that_would_change_in_nearly_all_rows_are_asked(
    warehouse: Warehouse, change: Callable[[int, Row], Row], told: str
) -> None:
    land_text(warehouse, _many_deals())
    assert told in _asked(warehouse, _many_deals(change), "replaced_column")


def test_totals_that_fall_are_asked_and_those_that_grow_are_not(warehouse: Warehouse) -> None:
    def text(opens: int) -> str:
        rows = (f"C{n},2026-01-{n:02},1000,990,{opens + n}" for n in range(1, 13))
        return lines("campaign_id,sent_at,recipients,delivered,unique_opens", *rows)

    land_text(warehouse, text(200))
    assert "unique_opens (12 rows)" in _asked(warehouse, text(100), "fallen_totals")
    report = land_text(warehouse, text(230), name="c.csv")
    assert (report.state, report.rows.updated, report.warnings) == ("landed", 12, ())


def test_amounts_in_another_currency_of_which_the_export_says_nothing_are_asked(warehouse: Warehouse) -> None:
    land_text(warehouse, _many_deals())
    other = _many_deals(lambda _, row: (*row[:5], f"{round(float(row[5]) * 1.0837)}"))
    said = _asked(warehouse, other.replace(",currency", "", 1), "rescaled_amounts")
    assert "1.084 times" in said
    assert "of which this export says nothing" in said


def test_a_part_of_the_rows_that_changes_its_currency_is_asked_and_a_few_are_told(
    warehouse: Warehouse,
) -> None:
    land_text(warehouse, _many_deals())
    part = _many_deals(lambda n, row: (*row[:6], "USD") if n < 19 else row)
    assert "18 of the 40" in _asked(warehouse, part, "currency_changes")
    few = _many_deals(lambda n, row: (*row[:6], "USD") if n < 5 else row)
    assert "4 of the 40" in _told(land_text(warehouse, few, name="c.csv"), "currency_changes")


def test_progress_and_corrections_of_single_rows_are_no_question(warehouse: Warehouse) -> None:
    """Open deals slip and are valued anew, some are decided, one is corrected, days gain their hours."""
    land_text(warehouse, _many_deals(lambda n, row: row if n < 15 else (*row[:4], "open", *row[5:])))
    later = _many_deals(
        lambda n, row: (
            (*row[:3], "2026-02-20", "won", "77", "EUR")
            if n == 3
            else row
            if n < 25
            else (*row[:3], f"2026-04-{n % 9 + 1:02}", "open", f"{n * 90 + 7}", "EUR")
        )
    )
    report = land_text(warehouse, later, name="b.csv")
    assert (report.state, report.warnings) == ("landed", ())


SHORT_IDS = [f"00Q5g00000AbC{n:02}" for n in range(6)]


@pytest.mark.parametrize(
    "there",
    [
        [f"{one}EAI" for one in SHORT_IDS],
        [f"'{one}" for one in SHORT_IDS],
        [one.lower() for one in SHORT_IDS],
    ],
)
def test_rows_that_are_known_by_an_identity_written_otherwise_are_asked_about(
    warehouse: Warehouse, there: list[str]
) -> None:
    heading = "lead_id,created_at"
    land_text(warehouse, lines(heading, *(f"{one},2026-01-05" for one in SHORT_IDS)))
    again = lines(heading, *(f"{one},2026-01-05" for one in there))
    report = land_text(warehouse, again, name="again.csv")
    if report.state == "landed":  # the spelling was brought to one form on the way
        assert report.rows.new == 0
        return
    said = _asked(warehouse, again, "respelled_keys")
    assert "6 of 6 leads that would be new" in said
    assert SHORT_IDS[0] in said


def test_new_rows_of_a_week_are_not_taken_for_known_ones(warehouse: Warehouse) -> None:
    heading = "lead_id,created_at"
    land_text(warehouse, lines(heading, *(f"L-{n},2026-01-05" for n in range(90, 120))))
    report = land_text(
        warehouse, lines(heading, *(f"L-{n},2026-01-12" for n in range(120, 150))), name="b.csv"
    )
    assert (report.state, report.rows.new, report.warnings) == ("landed", 30, ())


def test_links_of_another_kind_are_told_however_few_of_them_join(warehouse: Warehouse) -> None:
    land_text(warehouse, _leads())
    for few in (0, 1, 5):
        other = _deals(change=lambda n, row, few=few: row if n <= few else (row[0], f"contact-{n}", *row[2:]))  # type: ignore[misc]
        report = land_text(warehouse, other, name="deals.csv")
        said = _told(report, "unjoined_links")
        many = {0: "None of 12 deals names", 1: "1 of 12 deals names", 5: "5 of 12 deals name"}[few]
        assert f"{many} a lead that is known: lead_id is contact-1" in said
        assert "there, lead_id is L1 and L10 here." in said
        undo(warehouse, report.import_id or 0)
    most = _deals(change=lambda n, row: row if n > 4 else (row[0], f"contact-{n}", *row[2:]))
    assert not land_text(warehouse, most, name="deals.csv").warnings


def _linked(first: int, last: int, link: Callable[[int], str], header: str = "lead_id") -> str:
    rows = (f"D{n},{link(n)},2026-01-05 10:{n % 60:02},open,{n}9" for n in range(first, last + 1))
    return lines(f"deal_id,{header},created_at,stage,amount", *rows)


def _hundred_leads() -> str:
    return lines(
        "lead_id,created_at", *(f"L{n},2026-01-05 {n % 9 + 8:02}:{n % 60:02}" for n in range(1, 101))
    )


@pytest.mark.parametrize(
    ("link", "told"),
    [
        (lambda n: f"L{n}" if n < 44 else f"contact-{n}", "They are written as no known lead is"),
        (lambda n: f"L{n}" if n < 44 else f"l{n}", "57 of them would, if they were written alike"),
        (lambda n: f"L{n}" if n < 44 else f"{n:03}", "57 of them would, if they were written alike"),
    ],
    ids=["others", "spelling", "numbers"],
)
def test_links_are_judged_by_how_many_joined_before(
    warehouse: Warehouse, link: Callable[[int], str], told: str
) -> None:
    """Three of sixty join, and of forty before all did."""
    land_text(warehouse, _hundred_leads())
    assert not land_text(warehouse, _linked(1, 40, lambda n: f"L{n}"), name="a.csv").warnings
    said = _asked(warehouse, _linked(41, 100, link), "unjoined_links")
    assert "3 of 60 deals name a lead that is known; of those before, 100% did: lead_id is " in said
    assert told in said
    facts = "select count(*) from facts.deals as deal semi join facts.leads as lead on deal.lead_id = lead.lead_id"
    assert warehouse.select(facts) == [(40,)]


def test_links_to_leads_that_are_still_to_come_are_told_and_not_asked(warehouse: Warehouse) -> None:
    land_text(warehouse, _hundred_leads())
    land_text(warehouse, _linked(1, 40, lambda n: f"L{n}"), name="a.csv")
    report = land_text(warehouse, _linked(41, 60, lambda n: f"L{n + 100}"), name="b.csv")
    assert "None of 20 deals names a lead that is known; of those before, 100% did" in _told(
        report, "unjoined_links"
    )
    report = land_text(
        warehouse, _linked(61, 80, lambda n: f"L{n}" if n % 2 else f"L{n + 100}"), name="c.csv"
    )
    assert report.state == "landed"


def test_links_of_known_rows_that_would_lead_to_none_any_more_are_asked(warehouse: Warehouse) -> None:
    land_text(warehouse, _hundred_leads())
    land_text(warehouse, _linked(1, 40, lambda n: f"L{n}"), name="a.csv")
    said = _asked(warehouse, _linked(1, 40, lambda n: f"L{n}" if n % 3 else f"L{n}00"), "unjoined_links")
    assert "27 of 40 deals name a lead that is known" in said
    assert "13 known deals that led to a lead would lead to none" in said


@pytest.mark.parametrize("header", ["lead_id", "note"])
def test_new_rows_without_the_link_that_those_before_had_are_told(warehouse: Warehouse, header: str) -> None:
    land_text(warehouse, _hundred_leads())
    land_text(warehouse, _linked(1, 40, lambda n: f"L{n}"), name="a.csv")
    report = land_text(warehouse, _linked(41, 60, lambda _: "", header), name="b.csv")
    said = _told(report, "unjoined_links")
    assert "None of the 20 deals that are new names a lead, of the 40 that are known 40" in said
    assert ("lead_id is blank in them" if header == "lead_id" else "the export has no lead_id") in said


def test_leads_of_which_few_known_deals_name_one_are_told_when_they_are_the_first(
    warehouse: Warehouse,
) -> None:
    land_text(warehouse, _linked(1, 40, lambda n: f"L{n}" if n < 4 else f"contact-{n}"), name="a.csv")
    report = land_text(warehouse, _hundred_leads(), name="b.csv")
    assert "3 of 40 known deals name a lead that is known" in _told(report, "unjoined_links")


def test_keys_written_otherwise_are_seen_beside_some_that_are_not(warehouse: Warehouse) -> None:
    """Three of forty come as ever; the known ones are written in two ways."""
    land_text(
        warehouse, lines("lead_id,created_at", *(f"L{n},2026-01-05" for n in range(40)), "l99,2026-01-05")
    )
    again = lines("lead_id,created_at", *(f"{'L' if n < 3 else 'l'}{n},2026-01-05" for n in range(40)))
    assert "37 of 37 leads that would be new" in _asked(warehouse, again, "respelled_keys")


@pytest.mark.parametrize("count", [1, 2, 6])
@pytest.mark.parametrize(
    "old",
    ["10{n}.0", "'10{n}", '="10{n}"', "{{AB10{n}CDE-0000-4000-8000-00000000000{n}}}"],
    ids=["pandas", "quoted", "formula", "guid"],
)
def test_rows_of_a_workspace_that_knows_identities_as_they_were_bent_are_not_doubled_in_silence(
    warehouse: Warehouse, old: str, count: int
) -> None:
    """Versions before this one stored an identity as its export bent it; exports come bent as ever."""
    bent = [old.format(n=n) for n in range(1, count + 1)]
    cells = ('"' + one.replace('"', '""') + '"' for one in bent)
    text = lines("lead_id,created_at", *(f"{cell},2026-01-0{n}" for n, cell in enumerate(cells, 1)))
    land_text(warehouse, text)
    with warehouse.transaction() as session:
        session.execute("update landed.leads set lead_id = $bent[line - 1]", {"bent": bent})
    report = land_text(warehouse, text + "\n", name="again.csv")
    if report.state == "landed":
        said = {one.code for one in report.warnings}
        assert report.rows.new == 0 or "respelled_keys" in said, (report.message, report.warnings)
    else:
        assert [one.code for one in report.questions] == ["respelled_keys"]
        assert column(warehouse, "select count(*) from facts.leads") == [count]


def test_long_numbers_that_begin_alike_are_others(warehouse: Warehouse) -> None:
    """Eighteen figures of which the last three count are no Salesforce identities; letters of any alphabet count."""
    for first, second in ((range(20), range(20, 40)), (range(20), range(300, 320))):
        for name in ("2026010500000{n:05}", "Лид-{n}", "リード{n}"):
            clear(warehouse)
            for numbers in (first, second):
                rows = (f"{name.format(n=n)},2026-01-{len(str(n)) + 5:02} 09:{n % 60:02}" for n in numbers)
                report = land_text(warehouse, lines("lead_id,created_at", *rows))
                assert (report.state, report.rows.new, report.warnings) == ("landed", 20, ())


def test_an_answer_is_of_this_file_alone(warehouse: Warehouse) -> None:
    land_text(warehouse, _leads())
    moved = _leads(change=lambda n, row: (row[0], f"2026-03-{n:02}", *row[2:]))
    assert land_text(warehouse, moved, name="b.csv", accept=("created_changes",)).state == "landed"
    again = _leads(change=lambda n, row: (row[0], f"2026-05-{n:02}", *row[2:]))
    assert land_text(warehouse, again, name="c.csv").state == "asks"


def test_the_week_after_is_no_question(warehouse: Warehouse) -> None:
    """Newcomers, decided deals, changed amounts: what every week brings."""
    land_text(warehouse, _leads())
    land_text(warehouse, _deals(change=lambda n, row: row if n % 3 else (*row[:3], "", "open", *row[5:])))
    leads = land_text(
        warehouse, _leads(20, lambda n, row: row if n % 4 else (*row[:3], "Dee", row[4])), name="b.csv"
    )
    deals = land_text(warehouse, _deals(20), name="c.csv")
    assert (leads.state, leads.warnings, deals.state, deals.warnings) == ("landed", (), "landed", ())


SALESFORCE = "Id,IsDeleted,StageName,Amount,CurrencyIsoCode,CloseDate,IsWon,IsClosed,CreatedDate"
THEIRS = "Nr,Day,End,State,Sum,Coin"
MAPPING = {
    "template": "deals",
    "columns": {
        "Nr": "deal_id",
        "Day": "created_at",
        "End": "closed_at",
        "State": "stage",
        "Sum": "amount",
        "Coin": "currency",
    },
}


def _on(path: str, stage: str, coin: str, month: int) -> str:
    """Six deals as an export of a path: a known system's, or one that a mapping explains."""
    rows = []
    for n in range(1, 7):
        day, end = f"2026-{month:02}-0{n}", "2026-06-01" if stage == "won" else ""
        if path == "recognised":
            flag = str(stage == "won").lower()
            rows.append(f"006{n},false,Some stage,{n}00,{coin},2026-06-01,{flag},{flag},{day}T08:00:00.000Z")
        else:
            rows.append(f"006{n},{day},{end},{stage},{n}00,{coin}")
    header = {"recognised": SALESFORCE, "template": "deal_id,created_at,closed_at,stage,amount,currency"}
    return lines(header.get(path, THEIRS), *rows)


@pytest.mark.parametrize("path", ["template", "recognised", "mapping", "taught"])
@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("reopened", {"stage": "open"}),
        ("currency_changes", {"coin": "USD"}),
        ("created_changes", {"month": 4}),
    ],
)
def test_what_is_asked_is_asked_on_every_path(
    warehouse: Warehouse, path: str, code: str, other: dict[str, object]
) -> None:
    usual: dict[str, object] = {"stage": "won", "coin": "EUR", "month": 1}
    said = {"mapping": MAPPING} if path in ("mapping", "taught") else {}
    assert land_text(warehouse, _on(path, **usual), name="a.csv", **said).rows.new == 6  # type: ignore[arg-type]
    again = said if path == "mapping" else {}
    _asked(warehouse, _on(path, **{**usual, **other}), code, **again)  # type: ignore[arg-type]


NEWER = "lead_id,created_at,channel\nL1,2026-01-04,partner\nL2,2026-01-05,partner\nL3,2026-01-06,web\n"
OLDER = "lead_id,created_at,channel\nL1,2026-01-04,web\nL2,2026-01-05,web\nL3,2026-01-06,web\n"


@pytest.mark.parametrize(("first", "second"), [("2026-03-01", "2026-02-01"), ("01.03.2026", "01.02.2026")])
def test_a_name_that_says_an_earlier_day_is_asked_about_before_newer_facts_change(
    warehouse: Warehouse, first: str, second: str
) -> None:
    land_text(warehouse, NEWER, f"leads-{first}.csv")
    asked = land_text(warehouse, OLDER, f"leads-{second}.csv")
    assert [question.code for question in asked.questions] == ["older_export"]
    assert "2 of the leads" in asked.questions[0].message
    kept = land_text(warehouse, OLDER, f"leads-{second}.csv", exported_on=dt.date(2026, 2, 1))
    assert (kept.rows.updated, kept.rows.stale) == (0, 2)
    told = land_text(warehouse, OLDER, f"leads-{second}.csv", accept=("older_export",))
    assert told.state == "landed"


def test_a_name_that_says_the_span_of_its_rows_is_no_older_export(warehouse: Warehouse) -> None:
    land_text(warehouse, OLDER, "leads-2026-01-01.csv")
    land_text(warehouse, NEWER.replace("L", "M").replace("-01-", "-02-"), "leads-2026-02-01.csv")
    assert land_text(warehouse, NEWER, "leads-2026-01-01.csv").rows.updated == 2
