"""A row that is no more (deleted, gone, merged, retired by hand) leaves the facts as a version that can be undone."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import pytest

from leadline.data.errors import ExportError
from leadline.data.exports.landing_report import FileReport
from leadline.data.landing.land import undo
from leadline.data.landing.retire import retire
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import clear, column, everything_landed, land_text, lines

DEALS = lines(
    "deal_id,lead_id,created_at,closed_at,stage,amount",
    "D1,L1,2026-01-01,2026-02-01,won,100",
    "D2,L2,2026-01-02,,open,200",
    "D3,L3,2026-01-03,2026-02-03,lost,300",
)
LEADS = lines("lead_id,created_at,channel", *(f"L{n},2026-01-0{n},web" for n in range(1, 5)))


def _deals(warehouse: Warehouse) -> list[str]:
    return column(warehouse, "select deal_id from facts.deals order by 1")


def _codes(report: FileReport) -> set[str]:
    assert report.state == "landed", report.message
    return {warned.code for warned in report.warnings}


@pytest.mark.parametrize(
    ("heading", "flag", "live"),
    [
        ("IsDeleted", "true", "false"),
        ("deleted", "yes", "no"),
        ("Deleted At", "2026-03-01 10:00", ""),
        ("archived", "1", "0"),
        ("Gelöscht", "ja", "nein"),
        ("is_deleted", "deleted", ""),
        ("Usunięty", "tak", "nie"),
        ("Удалено", "да", "нет"),
        ("Löschkennzeichen", "X", ""),
        ("Record Status", "Deleted", "Active"),
        ("In recycle bin", "yes", "no"),
        ("Void", "TRUE", ""),
        ("Test record", "yes", ""),
        ("Deal state", "gelöscht", "aktiv"),
    ],
)
def test_a_deal_that_its_source_marks_as_deleted_is_no_fact_until_that_is_undone(
    warehouse: Warehouse, heading: str, flag: str, live: str
) -> None:
    land_text(warehouse, DEALS)
    before = everything_landed(warehouse)
    first, *rows = DEALS.splitlines()
    text = lines(f"{first},{heading}", *(f"{row},{flag if row.startswith('D1') else live}" for row in rows))
    report = land_text(warehouse, text, name="b.csv")
    assert (_deals(warehouse), report.rows.skipped, "retired_rows" in _codes(report)) == (
        ["D2", "D3"],
        1,
        True,
    )
    assert report.reasons[0].reason == "deleted_row"
    undo(warehouse, report.import_id or 0)
    assert (_deals(warehouse), everything_landed(warehouse)) == (["D1", "D2", "D3"], before)


def test_a_deal_that_is_a_duplicate_of_another_counts_once(warehouse: Warehouse) -> None:
    first, *rows = DEALS.splitlines()
    for said, standing in (("D2", ["D2", "D3"]), ("no", ["D1", "D2", "D3"])):
        clear(warehouse)
        text = lines(f"{first},Duplicate of", *(f"{row},{said if row[:2] == 'D1' else ''}" for row in rows))
        land_text(warehouse, text)
        assert _deals(warehouse) == standing


@pytest.mark.parametrize(
    ("named", "last", "standing", "told"),
    [
        ({"L1": "L4"}, "", ["L2", "L3", "L4"], "(L1 is L4 now)"),
        ({"L1": "L2", "L2": "L3"}, "L3", ["L3", "L4"], "(L1 is L2 now, L2 is L3 now)"),
        ({"L1": "L1"}, "", ["L1", "L2", "L3", "L4"], ""),
        ({"L1": '="L1"'}, "", ["L1", "L2", "L3", "L4"], ""),
        (
            {"L1": "Z9"},
            "",
            ["L1", "L2", "L3", "L4"],
            "1 lead names under 'Merged into' no lead that is known and",
        ),
        ({"L1": "Ann Lee"}, "", ["L1", "L2", "L3", "L4"], "stands by itself (on line 2), so it counts"),
        ({"L1": "L2", "L2": "L1"}, "", ["L1", "L2", "L3", "L4"], "2 leads name under 'Merged into'"),
    ],
    ids=["known", "chain", "itself", "itself_spelt_otherwise", "unknown", "words", "circle"],
)
def test_a_row_is_merged_into_one_that_is_known_alone(
    warehouse: Warehouse, named: dict[str, str], last: str, standing: list[str], told: str
) -> None:
    land_text(warehouse, lines("lead_id,created_at", *(f"L{n},2026-01-0{n}" for n in range(1, 5))))
    rows = (f"{one},2026-01-0{one[1]},{named.get(one, '')}" for one in (*named, *filter(None, [last])))
    report = land_text(warehouse, lines("lead_id,created_at,Merged into", *rows), name="b.csv")
    assert column(warehouse, "select lead_id from facts.leads order by 1") == standing
    said = " ".join(one.message for one in report.warnings)
    assert (told in said, "Ann" in said, bool(said)) == (True, False, bool(told)), said


def test_a_row_that_is_not_active_counts_and_is_told(warehouse: Warehouse) -> None:
    first, *rows = DEALS.splitlines()
    text = lines(f"{first},Active", *(f"{row},{str(row[:2] != 'D1').lower()}" for row in rows))
    assert "inactive_rows" in _codes(land_text(warehouse, text))
    assert _deals(warehouse) == ["D1", "D2", "D3"]


def test_a_row_of_nothing_but_its_identity_and_the_flag_is_enough(warehouse: Warehouse) -> None:
    land_text(warehouse, DEALS)
    text = lines("deal_id,created_at,stage,deleted", "D1,,,true", "D2,2026-01-02,open,false")
    assert _codes(land_text(warehouse, text, name="b.csv")) >= {"retired_rows"}
    assert _deals(warehouse) == ["D2", "D3"]


def test_a_stage_that_says_deleted_retires_where_no_mapping_says_otherwise(warehouse: Warehouse) -> None:
    land_text(warehouse, DEALS)
    text = DEALS.replace("2026-02-01,won", ",Deleted")
    land_text(warehouse, text, name="b.csv")
    assert _deals(warehouse) == ["D2", "D3"]
    mapping = {"template": "deals", "values": {"stage": {"deleted": "lost"}}}
    land_text(warehouse, text, name="c.csv", mapping=mapping)
    assert _deals(warehouse) == ["D1", "D2", "D3"]


def test_an_archived_asset_was_published_all_the_same(warehouse: Warehouse) -> None:
    land_text(warehouse, lines("asset_id,published_at,archived", "A1,2026-01-05,true", "A2,2026-01-06,false"))
    assert column(warehouse, "select count(*) from facts.assets") == [2]


def test_what_was_deleted_and_is_exported_again_is_back_with_all_that_was_known(warehouse: Warehouse) -> None:
    land_text(warehouse, DEALS)
    gone = "deal_id,created_at,stage,deleted\nD1,2026-01-01,won,{}\n"
    land_text(warehouse, gone.format("true"), name="b.csv")
    report = land_text(warehouse, gone.format("false"), name="c.csv")
    assert _codes(report) >= {"returned_rows"}
    assert warehouse.select("select lead_id, amount from facts.deals where deal_id = 'D1'") == [("L1", 100)]


def test_the_day_of_an_export_decides_whichever_lands_first(warehouse: Warehouse) -> None:
    gone = DEALS.replace("amount", "amount,deleted").replace("won,100", "won,100,true")
    gone = gone.replace(",200", ",200,false").replace(",300", ",300,false")
    files = (("a.csv", DEALS, 1), ("b.csv", gone, 8))
    for order in permutations(files):
        clear(warehouse)
        for name, text, day in order:
            land_text(warehouse, text, name=name, exported_on=dt.date(2026, 3, day))
        assert _deals(warehouse) == ["D2", "D3"]


def test_rows_gone_from_a_full_export_are_named_and_retired_only_where_that_is_said(
    warehouse: Warehouse,
) -> None:
    land_text(warehouse, DEALS)
    full = DEALS.replace("D2,L2,2026-01-02,,open,200\n", "")
    named = land_text(warehouse, full, name="b.csv", complete=True)
    assert (_deals(warehouse), _codes(named)) == (["D1", "D2", "D3"], {"vanished_rows"})
    undo(warehouse, named.import_id or 0)
    before = everything_landed(warehouse)
    retired = land_text(warehouse, full, name="b.csv", complete=True, retire=True)
    assert (_deals(warehouse), _codes(retired)) == (["D1", "D3"], {"vanished_rows"})
    assert "(D2); they are retired" in retired.warnings[0].message
    back = land_text(warehouse, DEALS + "\n", name="c.csv")
    assert (_deals(warehouse), _codes(back)) == (["D1", "D2", "D3"], {"returned_rows"})
    undo(warehouse, back.import_id or 0)
    undo(warehouse, retired.import_id or 0)
    assert everything_landed(warehouse) == before


def test_many_rows_that_are_gone_are_asked_about_before_they_are_retired(warehouse: Warehouse) -> None:
    rows = [f"L{n},2026-01-{n:02}" for n in range(1, 29)]
    land_text(warehouse, lines("lead_id,created_at", *rows))
    part = lines("lead_id,created_at", rows[0], *rows[12:])
    said = {"name": "b.csv", "complete": True, "retire": True}
    report = land_text(warehouse, part, **said)
    assert [one.code for one in report.questions] == ["many_gone"]
    assert "11 of the 28 rows of leads" in report.message
    assert land_text(warehouse, part, **said, accept=("many_gone",)).state == "landed"
    assert column(warehouse, "select count(*) from facts.leads") == [17]


@pytest.mark.parametrize(
    ("known", "gone", "is_asked"),
    [
        (9, 6, True),
        (9, 3, True),
        (9, 1, False),
        (20, 4, False),
        (20, 5, True),
        (3, 1, False),
        (4, 2, False),
        (5, 3, True),
    ],
)
def test_few_rows_of_few_that_are_gone_are_asked_about_too(
    warehouse: Warehouse, known: int, gone: int, is_asked: bool
) -> None:
    """The first and the last stay, so that the span is the same."""
    rows = [f"D{n:02},2026-01-{n:02},,open,{n}00" for n in range(1, known + 1)]
    header = "deal_id,created_at,closed_at,stage,amount"
    land_text(warehouse, lines(header, *rows))
    part = lines(header, rows[0], *rows[gone + 1 :])
    said = {"name": "b.csv", "complete": True, "retire": True}
    report = land_text(warehouse, part, **said)
    assert [one.code for one in report.questions] == ["many_gone"] * is_asked, report.message
    assert column(warehouse, "select count(*) from facts.deals") == [known if is_asked else known - gone]
    if is_asked:
        assert f"{gone} of the {known} rows of deals" in report.message
        assert "(D02, D03" in report.message
        landed = land_text(warehouse, part, **said, accept=("many_gone",))
        assert column(warehouse, "select count(*) from facts.deals") == [known - gone]
        undo(warehouse, landed.import_id or 0)
        assert column(warehouse, "select count(*) from facts.deals") == [known]


def test_only_a_complete_export_retires(warehouse: Warehouse) -> None:
    report = land_text(warehouse, DEALS, retire=True)
    assert (report.state, report.code) == ("refused", "not_complete")


def test_an_older_full_export_retires_nothing_of_which_something_newer_is_known(warehouse: Warehouse) -> None:
    land_text(warehouse, DEALS, exported_on=dt.date(2026, 3, 8))
    full = DEALS.replace("D2,L2,2026-01-02,,open,200\n", "")
    land_text(warehouse, full, name="b.csv", complete=True, retire=True, exported_on=dt.date(2026, 3, 1))
    assert _deals(warehouse) == ["D1", "D2", "D3"]


@pytest.mark.parametrize("order", list(permutations(("leads", "deals", "merge"))), ids="-".join)
def test_a_merged_lead_becomes_the_other_one_for_every_link(
    warehouse: Warehouse, order: tuple[str, ...]
) -> None:
    texts = {
        "leads": LEADS,
        "deals": DEALS,
        "merge": lines("lead_id,created_at,channel,Merged record IDs", "L4,2026-01-04,web,L1;L2"),
    }
    numbers = {kind: land_text(warehouse, texts[kind], name=f"{kind}.csv").import_id or 0 for kind in order}
    links = "select deal_id, lead_id from facts.deals order by 1"
    assert warehouse.select(links) == [("D1", "L4"), ("D2", "L4"), ("D3", "L3")]
    assert column(warehouse, "select lead_id from facts.leads order by 1") == ["L3", "L4"]
    undo(warehouse, numbers["merge"])
    assert warehouse.select(links) == [("D1", "L1"), ("D2", "L2"), ("D3", "L3")]
    left = column(warehouse, "select lead_id from facts.leads order by 1")
    assert left == ["L1", "L2", "L3", "L4"]


def test_leads_that_were_merged_twice_lead_to_the_last_one(warehouse: Warehouse) -> None:
    land_text(warehouse, LEADS)
    land_text(warehouse, DEALS, name="deals.csv")
    header = "lead_id,created_at,channel,Merged record IDs"
    land_text(warehouse, lines(header, "L2,2026-01-02,web,L1"), name="a.csv")
    last = land_text(warehouse, lines(header, "L3,2026-01-03,web,L2"), name="b.csv")
    assert _codes(last) >= {"merged_rows"}
    assert column(warehouse, "select distinct lead_id from facts.deals") == ["L3"]
    undo(warehouse, last.import_id or 0)
    assert column(warehouse, "select lead_id from facts.deals order by deal_id") == ["L2", "L2", "L3"]


def test_a_record_that_names_its_master_has_become_it(warehouse: Warehouse) -> None:
    land_text(warehouse, DEALS)
    text = lines(
        "lead_id,created_at,IsDeleted,MasterRecordId", "L1,2026-01-01,true,L4", "L4,2026-01-04,false,"
    )
    land_text(warehouse, text, name="leads.csv")
    assert column(warehouse, "select lead_id from facts.leads") == ["L4"]
    assert column(warehouse, "select lead_id from facts.deals where deal_id = 'D1'") == ["L4"]


def test_merges_in_a_circle_become_what_was_said_last_and_nothing_where_that_was_at_once(
    warehouse: Warehouse,
) -> None:
    header = "lead_id,created_at,Merged record IDs"
    land_text(warehouse, lines(header, "L1,2026-01-01,L2", "L2,2026-01-02,L1"), name="a.csv")
    land_text(warehouse, lines(header, "L3,2026-01-01,L4;L3"), name="b.csv")
    land_text(warehouse, lines(header, "L4,2026-01-01,L3"), name="c.csv")
    assert column(warehouse, "select lead_id from facts.leads order by 1") == ["L1", "L2", "L4"]
    land_text(warehouse, lines(header, "L5,2026-01-01,L4"), name="d.csv")
    land_text(warehouse, lines(header, "L3,2026-01-01,L5"), name="e.csv")
    assert column(warehouse, "select lead_id from facts.leads order by 1") == ["L1", "L2", "L3"]


def test_rows_retired_by_hand_are_an_import_that_is_listed_and_undone(warehouse: Warehouse) -> None:
    land_text(warehouse, DEALS)
    before = everything_landed(warehouse)
    record = retire(warehouse, "deals", ["D1", " D3 ", "D1"], "Test  deals")
    assert (record.file, record.rows.read, _deals(warehouse)) == ("retired: Test deals", 2, ["D2"])
    undo(warehouse, record.import_id)
    assert everything_landed(warehouse) == before


def test_what_was_retired_by_hand_comes_back_with_a_later_export_and_is_told(warehouse: Warehouse) -> None:
    land_text(warehouse, DEALS)
    retire(warehouse, "deals", ["D1"], "a test")
    report = land_text(warehouse, DEALS.replace("300", "310"), name="b.csv")
    assert (_deals(warehouse), _codes(report)) == (["D1", "D2", "D3"], {"returned_rows"})


@pytest.mark.parametrize(
    ("template", "rows", "reason", "told"),
    [
        (
            "deals",
            ["D1", "D9"],
            "x",
            r"1 of 2 deal_id is none of a deal in force \('D9'\); nothing was retired",
        ),
        ("deals", ["D1"], " ", "Say why"),
        ("deals", [" "], "x", "Name the deal_id"),
        ("spend", ["x"], "x", "told apart by"),
    ],
)
def test_what_can_t_be_retired_is_told_and_nothing_is(
    warehouse: Warehouse, template: str, rows: list[str], reason: str, told: str
) -> None:
    land_text(warehouse, DEALS)
    with pytest.raises(ExportError, match=told):
        retire(warehouse, template, rows, reason)
    assert _deals(warehouse) == ["D1", "D2", "D3"]


def test_undoing_what_came_before_leaves_a_retired_row_retired(warehouse: Warehouse) -> None:
    first = land_text(warehouse, DEALS)
    second = land_text(warehouse, DEALS.replace("100", "150"), name="b.csv")
    hand = retire(warehouse, "deals", ["D1"], "a test")
    undo(warehouse, second.import_id or 0)
    assert _deals(warehouse) == ["D2", "D3"]
    undo(warehouse, hand.import_id)
    assert warehouse.select("select amount from facts.deals where deal_id = 'D1'") == [(100,)]
    undo(warehouse, first.import_id or 0)
    assert _deals(warehouse) == []


@pytest.mark.parametrize("head", ["Merged record IDs", "Merged into"])
def test_rows_that_name_each_other_have_become_none_and_are_told(warehouse: Warehouse, head: str) -> None:
    circle = ("L1,2026-01-01,web,L2", "L2,2026-01-02,web,L3", "L3,2026-01-03,web,L1", "L4,2026-01-04,web,")
    report = land_text(warehouse, lines(f"lead_id,created_at,channel,{head}", *circle))
    assert column(warehouse, "select lead_id from facts.leads order by 1") == ["L1", "L2", "L3", "L4"]
    assert column(warehouse, "select old_id from landed.aliases") == []
    assert "unknown_survivor" in _codes(report)
    assert "merged_rows" not in _codes(report)
