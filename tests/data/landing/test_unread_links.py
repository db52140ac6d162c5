"""A deal that names its contact in a column that is not read is nobody's: asked where its ids are known, else told."""

from __future__ import annotations

import pytest

from leadline.data.exports.landing_report import FileReport
from leadline.data.landing.land import undo
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import land_text, lines

OWN = ("deal_id,created_at,closed_at,stage,amount,currency", "{n},2026-01-0{n},2026-02-1{n},won,{n}00,EUR")
SALESFORCE = (
    "Opportunity ID,Opportunity Name,Stage,Amount,Close Date,Created Date,Account ID",
    "006{n},Name {n},Closed Won,{n}00,2026-02-1{n},2026-01-0{n},001{n}",
)
PIPEDRIVE = (
    "Deal - ID,Deal - Title,Deal - Status,Deal - Value,Deal - Currency of value,Deal - Deal created,Deal - Won time",
    "{n},Title {n},Won,{n}00,EUR,2026-01-0{n} 10:00:00,2026-02-1{n} 10:00:00",
)
HUBSPOT = (
    "Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date",
    "9{n},Name {n},Closed won,{n}00,2026-02-1{n} 10:00,2026-01-0{n} 10:00",
)
MAPPED = ("Nr,Day,State,Sum", "{n},2026-01-0{n},won,{n}00")
MAPPING = {
    "template": "deals",
    "columns": {"Nr": "deal_id", "Day": "created_at", "State": "stage", "Sum": "amount"},
}


def _deals(form: tuple[str, str], heading: str, link: str = "C{n}x") -> str:
    header, row = form
    return lines(f"{header},{heading}", *(f"{row},{link}".format(n=n) for n in range(1, 7)))


def _leads() -> str:
    return lines("lead_id,created_at", *(f"C{n}x,2026-01-01 0{n}:07" for n in range(1, 9)))


def _told(report: FileReport) -> list[str]:
    return [one.message for one in report.warnings if one.code == "unread_link"]


@pytest.mark.parametrize(
    ("form", "heading"),
    [
        (OWN, "contact_person_id"),
        (OWN, "Kontakt-ID"),
        (OWN, "Primary Contact ID"),
        (OWN, "Reference"),
        (SALESFORCE, "Contact ID"),
        (PIPEDRIVE, "Deal - Person ID"),
        (HUBSPOT, "Contact IDs"),
        (MAPPED, "Who"),
    ],
)
def test_a_column_with_the_ids_of_known_leads_that_is_not_read_is_asked(
    warehouse: Warehouse, form: tuple[str, str], heading: str
) -> None:
    land_text(warehouse, _leads())
    said = {"mapping": MAPPING} if form is MAPPED else {}
    text = _deals(form, heading)
    report = land_text(warehouse, text, name="deals.csv", **said)
    assert [one.code for one in report.questions] == ["unread_link"], (report.message, report.warnings)
    assert (
        f"{heading!r} is not read, and 6 of 6 identities in it are those of known leads (C1x, C2x)"
        in report.message
    )
    assert f"--mapping FILE that says '{heading}: lead_id'" in report.message
    nobodys = land_text(warehouse, text, name="deals.csv", accept=("unread_link",), **said)
    assert (nobodys.state, len(_told(nobodys))) == ("landed", 1)
    undo(warehouse, nobodys.import_id or 0)
    columns = MAPPING["columns"] if form is MAPPED else {}
    linked = {"template": "deals", "columns": {**columns, heading: "lead_id"}}  # type: ignore[dict-item]
    report = land_text(warehouse, text, name="deals.csv", mapping=linked)
    assert (report.state, _told(report)) == ("landed", [])
    joined = "select count(*) from facts.deals as deal semi join facts.leads as lead on deal.lead_id = lead.lead_id"
    assert warehouse.select(joined) == [(6,)]


@pytest.mark.parametrize(
    ("form", "heading", "said"),
    [
        (OWN, "Kontakt-ID", "'Kontakt-ID' (003N1, 003N2) is not read as the lead of a deal"),
        (SALESFORCE, "Contact ID", "a mapping with 'Contact ID: lead_id' says so"),
        (PIPEDRIVE, "Deal - Contact person", "'Deal - Contact person' says by name"),
        (HUBSPOT, "Associated Contact", "export the column with its id, too"),
    ],
)
@pytest.mark.parametrize("are_known", [True, False])
def test_contacts_that_no_lead_is_known_by_are_told(
    warehouse: Warehouse, form: tuple[str, str], heading: str, said: str, are_known: bool
) -> None:
    if are_known:
        land_text(warehouse, _leads())
    report = land_text(warehouse, _deals(form, heading, "003N{n}"), name="deals.csv")
    (told,) = _told(report)
    assert (report.state, said in told) == ("landed", True), told
    if are_known and "by name" not in told:
        assert "lead_id of known leads is C1x and C2x" in told


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Probability", "{n}0"),
        ("Lead Source", "Web"),
        ("Account ID", "A{n}"),
        ("Days open", "{n}"),
        ("Note", "C{n}x fell"),
    ],
)
def test_columns_that_say_something_else_are_not_taken_for_links(
    warehouse: Warehouse, heading: str, cell: str
) -> None:
    """Even where numbers happen to be those of leads."""
    land_text(warehouse, lines("lead_id,created_at", *(f"{n},2026-01-01 07:{n}" for n in range(10, 70))))
    report = land_text(warehouse, _deals(OWN, heading, cell), name="deals.csv")
    assert (report.state, _told(report)) == ("landed", [])


@pytest.mark.parametrize("sheet", ["plain", "rewritten"])
@pytest.mark.parametrize(("every", "count"), [(1, 600), (40, 15)], ids=["later", "seldom"])
def test_all_of_a_long_file_is_looked_at(warehouse: Warehouse, sheet: str, every: int, count: int) -> None:
    """Deals that are older than the column have none."""
    rows = (
        f"D{n},2026-01-01,open,{f'C{n}x' if n > 300 and n % every == 0 else ''}{'  ' if sheet == 'rewritten' else ''}"
        for n in range(1, 901)
    )
    text = lines("deal_id,created_at,stage,Whose", *rows)
    text += "Total,,,\n" if sheet == "rewritten" else ""
    land_text(warehouse, lines("lead_id,created_at", *(f"C{n}x,2026-01-01" for n in range(1, 901))))
    report = land_text(warehouse, text, name="deals.csv")
    assert [one.code for one in report.questions] == ["unread_link"], (report.message, report.warnings)
    assert f"'Whose' is not read, and {count} of {count} identities in it" in report.message


def test_a_long_file_whose_numbers_are_no_leads_is_no_question(warehouse: Warehouse) -> None:
    land_text(warehouse, lines("lead_id,created_at", *(f"{n},2026-01-01" for n in range(1, 901))))
    rows = (f"D{n},2026-01-01,open,{n % 97 if n > 300 else ''},A{n}" for n in range(1, 901))
    report = land_text(warehouse, lines("deal_id,created_at,stage,Days,Account", *rows), name="deals.csv")
    assert (report.state, _told(report)) == ("landed", []), report.message
