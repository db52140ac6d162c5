"""Columns that count and are fed by nothing are said where an unread column holds values of their kind."""

from __future__ import annotations

import pytest

from leadline.data.exports.landing_report import FileReport
from leadline.data.exports.recognition.questions import as_key
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import land_text, lines


def _deals(columns: dict[str, str]) -> str:
    said = {"deal_id": "X{n}", "created_at": "2026-01-0{n}", "stage": "won", **columns}
    return lines(";".join(said), *(";".join(said.values()).format(n=n) for n in range(1, 5)))


def _told(report: FileReport) -> list[str]:
    return [one.message for one in report.warnings if one.code == "unread_column"]


AMOUNT = {"amount": "1{n}00,50"}
CLOSED = {"closed_at": "2026-02-1{n}"}


@pytest.mark.parametrize(
    ("heading", "ours", "cell", "beside"),
    [
        ("Won time", "closed_at", "2026-02-1{n}", AMOUNT),
        ("Decision date", "closed_at", "2026-02-1{n}", AMOUNT),
        ("Total contract value", "amount", "1{n}00,50", CLOSED),
    ],
)
def test_a_column_that_counts_and_is_nearly_named_is_asked(
    warehouse: Warehouse, heading: str, ours: str, cell: str, beside: dict[str, str]
) -> None:
    text = _deals({heading: cell, **beside})
    report = land_text(warehouse, text, name="deals.csv")
    assert [one.code for one in report.questions] == ["unread_column"], (report.message, report.warnings)
    assert f"No column is read as {ours}, by which 4 deals should count; {heading!r}" in report.message
    assert f"--mapping FILE that says '{heading}: {ours}'" in report.message
    mapped = {"template": "deals", "columns": {heading: ours}}
    report = land_text(warehouse, text, name="deals.csv", mapping=mapped)
    assert (report.state, _told(report)) == ("landed", [])
    assert warehouse.select(f"select count({ours}) from facts.deals") == [(4,)]


@pytest.mark.parametrize(
    ("heading", "ours", "cell", "beside"),
    [
        ("Ende des Vertriebs", "closed_at", "2026-02-1{n}", AMOUNT),
        ("ARR", "amount", "1{n}00,50", CLOSED),
        ("Betrag: brutto", "amount", "1{n}00,50", CLOSED),
        ("Сумма сделки", "amount", "1{n}00", CLOSED),
        ("Deal size", "amount", "{n}900", CLOSED),
    ],
)
def test_a_column_that_counts_and_that_only_cells_speak_for_is_told(
    warehouse: Warehouse, heading: str, ours: str, cell: str, beside: dict[str, str]
) -> None:
    report = land_text(warehouse, _deals({heading: cell, **beside}), name="deals.csv")
    (told,) = _told(report)
    assert (report.state, f"says '{as_key(heading)}: {ours}'" in told) == ("landed", True), told


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Probability", "{n}0"),
        ("Last modified", "2026-03-0{n}"),
        ("Days open", "1{n}0"),
        ("Deal name", "N {n}"),
        ("Nr.", "101{n}"),
        ("Konto", "10040080{n}7"),
        ("Account number", "1{n}00"),
    ],
)
def test_what_is_known_to_be_something_else_is_not_told(
    warehouse: Warehouse, heading: str, cell: str
) -> None:
    assert _told(land_text(warehouse, _deals({heading: cell}), name="deals.csv")) == []


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        ("Abgeschlossen am", "Betrag"),
        ("Abschlussdatum", "Betrag (EUR)"),
        ("Date de clôture", "Montant (€)"),
        ("Data zamknięcia", "Kwota"),
        ("Fecha de cierre", "Importe"),
        ("成約日", "金額"),
    ],
)
def test_plain_headings_of_other_languages_are_read(warehouse: Warehouse, day: str, amount: str) -> None:
    report = land_text(
        warehouse, _deals({day: "2026-02-1{n}", amount: "1{n}00,50", "currency": "EUR"}), name="deals.csv"
    )
    assert report.state == "landed", report.message
    assert warehouse.select("select count(closed_at), sum(amount) from facts.deals") == [(4, 5002)]


def test_costs_in_millionths_are_told_and_not_mapped(warehouse: Warehouse) -> None:
    text = lines(
        "spent_on,campaign,clicks,cost_micros", *(f"2026-01-0{n},A,{n},{n}2500000" for n in range(1, 5))
    )
    (told,) = _told(land_text(warehouse, text, name="spend.csv"))
    assert "in whole units of its currency" in told


@pytest.mark.parametrize(
    ("header", "row", "told"),
    [
        ("Acquisition channel,Answered at", "web,2026-02-0{n}", ["channel", "first_response_at"]),
        ("Kanal der Anfrage,Beantwortet am", "web,2026-02-0{n}", ["channel", "first_response_at"]),
        ("channel,Source system", "web,crm", []),
        ("Region,Updated", "web,2026-02-0{n}", []),
    ],
)
def test_a_channel_or_an_answer_under_a_heading_that_is_not_known_is_told(
    warehouse: Warehouse, header: str, row: str, told: list[str]
) -> None:
    rows = (f"L{n},2026-01-05,{row.format(n=n)}" for n in range(1, 6))
    report = land_text(warehouse, lines(f"lead_id,created_at,{header}", *rows))
    assert report.state == "landed"
    assert [one.split(";")[0].rsplit(" ", 1)[1] for one in _told(report)] == told


@pytest.mark.parametrize(
    ("head", "cell", "ours"),
    [
        ("message_id,sent_at,Last opened at", "2026-01-0{n} 10:00", "opened_at"),
        ("message_id,sent_at,opened_at,Machine opens", "2026-01-0{n} 10:00,true", "machine_open"),
        ("message_id,sent_at,failed", "yes", "delivered_at"),
        ("campaign_id,sent_at,recipients,Total opens", "900,30{n}", "unique_opens"),
        ("appointment_id,held_at,lead_id,No-show", "L{n},yes", "status"),
        ("appointment_id,held_at,lead_id,Nicht erschienen", "L{n},ja", "status"),
        ("item_id,reviewed_at,failed", "no", "passed"),
    ],
)
def test_a_column_that_may_be_one_that_metrics_filter_by_is_told(
    emptied: Warehouse, head: str, cell: str, ours: str
) -> None:
    rows = [f"X{n},2026-01-0{n},{cell.format(n=n)}" for n in range(1, 6)]
    report = land_text(emptied, lines(head, *rows), name="export.csv")
    (told,) = _told(report)
    assert told.startswith(f"No column is read as {ours}; {head.rsplit(',', 1)[1]!r}"), told


def test_machine_opens_of_apple_are_read(emptied: Warehouse) -> None:
    text = lines(
        "message_id,sent_at,opened_at,Apple MPP open", "M1,2026-01-05,2026-01-06,true", "M2,2026-01-05,,false"
    )
    assert land_text(emptied, text, name="mails.csv").warnings == ()
    assert emptied.select("select message_id from facts.emails where machine_open") == [("M1",)]


def test_running_numbers_are_amounts_where_they_do_not_count_from_the_first_on(emptied: Warehouse) -> None:
    for first, told in ((1011, 1), (1, 0)):
        rows = [f"D{n},2026-01-05,2026-02-05,won,{first + n}" for n in range(8)]
        report = land_text(emptied, lines("deal_id,created_at,closed_at,stage,TCV", *rows), name="deals.csv")
        assert len(_told(report)) == told, report.warnings
