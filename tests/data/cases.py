"""Exports as people bring them, one trouble each: the file, what becomes of it, and the facts that must come out."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.data.example_exports import lines
from tests.data.workbooks import Cell, Error, write_workbook

LEADS = "select lead_id, created_at::varchar, channel from facts.leads order by line"
DAYS = "select lead_id, created_at::date::varchar from facts.leads order by line"
TIMES = "select lead_id, created_at::varchar from facts.leads order by line"
DEALS = "select deal_id, stage, amount, currency from facts.deals order by line"
MAILINGS = "select campaign_id, recipients, delivered, unique_opens from facts.campaigns order by line"
RATES = "select campaign_id, round(open_rate, 6) from facts.campaigns order by line"
PASSED = "select item_id, passed from facts.reviews order by line"

HEAD = "lead_id,created_at,channel\n"
MAILING = "campaign_id,sent_at,recipients,delivered,unique_opens\n"
DEAL = "deal_id;created_at;stage;amount\n"
ANN, BO = ("L1", "2026-01-05 00:00:00", "email"), ("L2", "2026-01-06 00:00:00", "search")
TWO = "L1,2026-01-05,email\nL2,2026-01-06,search\n"


@dataclass(frozen=True)
class Case:
    """A file. `landed`, `aside` and `skipped` count rows and lines; `codes` are all that are told: reasons, warnings,
    questions, the refusal. `facts` are the rows of `query` afterwards."""

    content: str | bytes
    landed: int = 0
    aside: int = 0
    skipped: int = 0
    codes: str = ""
    query: str = LEADS
    facts: tuple[tuple[object, ...], ...] = ()
    state: str = "landed"
    says: str = ""
    """words of the message, a reason or a warning"""
    name: str = "export.csv"
    said: dict[str, Any] = field(default_factory=dict)


def asks(content: str | bytes, code: str, says: str, **more: Any) -> Case:
    return Case(content, codes=code, says=says, state="asks", **more)


def refused(content: str | bytes, code: str, says: str, **more: Any) -> Case:
    return Case(content, codes=code, says=says, state="refused", **more)


def book(sheets: dict[str, list[list[Cell]]], **how: Any) -> bytes:
    with TemporaryDirectory() as folder:
        return write_workbook(Path(folder) / "b.xlsx", sheets, **how).read_bytes()


def zipped(name: str, content: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


def deals(*cells: str) -> str:
    """One deal an amount."""
    return DEAL + "".join(f"D{n};2026-01-05;won;{cell}\n" for n, cell in enumerate(cells, start=1))


def leads_of(*cells: str) -> str:
    """One lead a time of creation."""
    return lines("lead_id;created_at", *(f"L{n};{cell}" for n, cell in enumerate(cells, start=1)))


def days(*wanted: str) -> tuple[tuple[str, str], ...]:
    return tuple((f"L{n}", day) for n, day in enumerate(wanted, start=1))


def money(*wanted: tuple[float | None, str | None]) -> tuple[tuple[object, ...], ...]:
    return tuple((f"D{n}", "won", amount, currency) for n, (amount, currency) in enumerate(wanted, start=1))


BERLIN = {"timezone": "Europe/Berlin"}
SHEET: list[list[Cell]] = [["lead_id", "created_at", "channel"], ["L1", dt.date(2026, 1, 5), "email"],
    ["L2", dt.date(2026, 1, 6), "search"]]  # fmt: skip

ENCODINGS = {
    "UTF-8 with a byte-order mark, a hint of a semicolon and quoted headings": Case(
        '\ufeffsep=;\r\n"lead_id";"created_at";"channel"\r\n"L1";"2026-01-05";"email"\r\n"L2";"2026-01-06";"search"\r\n',
        2, skipped=1, codes="preamble", facts=(ANN, BO)),
    "UTF-16 without a byte-order mark": Case((HEAD + TWO).encode("utf-16-le"), 2, facts=(ANN, BO)),
    "UTF-16 of the other byte order with semicolons": Case(
        "\ufeff".encode("utf-16-be") + (HEAD + TWO).replace(",", ";").replace("\n", "\r\n").encode("utf-16-be"),
        2, facts=(ANN, BO)),
    "UTF-16 that was cut in the middle of a letter": Case(
        (HEAD + TWO.rstrip("\n") + "é").encode("utf-16")[:-1], 2, codes="mojibake",
        facts=(ANN, (*BO[:2], "search\ufffd"))),
    "Windows-1252 with a euro sign in the amounts": Case(
        deals("1.234,50 €", "€ 12,00").encode("cp1252"), 2, query=DEALS, facts=money((1234.5, "EUR"), (12.0, "EUR"))),
    "UTF-8 in which one byte far down is none": Case(
        HEAD.encode() + b"".join(f"L{n},2026-01-05,caf\xc3\xa9\n".encode() for n in range(20_000))
        + b"X,2026-01-05,caf\xe9\n", 20_001, codes="mixed_encodings mojibake",
        query="select lead_id, channel from facts.leads where lead_id in ('L7', 'X') order by 1",
        facts=(("L7", "cafÃ©"), ("X", "café"))),
    "letters of many scripts, an emoji and marks that turn the direction of writing": Case(
        HEAD + "L1,2026-01-05,営業📈\nL2,2026-01-06,\u202egro.live\u202c مرحبا\n", 2,
        facts=((*ANN[:2], "営業📈"), (*BO[:2], "\u202egro.live\u202c مرحبا"))),
    "a letter written as two characters": Case(
        HEAD + "L1,2026-01-05,cafe\u0301\n", 1, facts=((*ANN[:2], "café"),)),
    "gzip of UTF-16 with tabs": Case(
        gzip.compress((HEAD + TWO).replace(",", "\t").encode("utf-16")), 2, facts=(ANN, BO), name="export.csv.gz"),
    "gzip of gzip": refused(gzip.compress(gzip.compress((HEAD + TWO).encode())), "not_a_table", "unpack",
        name="export.csv.gz.gz"),
    "gzip of a workbook": Case(gzip.compress(book({"Leads": SHEET})), 2, facts=(ANN, BO), name="export.xlsx.gz"),
    "a zip archive with a CSV inside": refused(zipped("leads.csv", HEAD + TWO), "not_a_table", "unpack",
        name="export.zip"),
    "a DOS mark of the end behind the last line": Case(HEAD + TWO + "\x1a", 2, facts=(ANN, BO)),
    "line separators of other alphabets inside a cell": Case(
        HEAD + "L1,2026-01-05,a\u2028b\nL2,2026-01-06,a\x0b\x0c\x85b\n", 2,
        codes="respelled_labels",
        facts=((*ANN[:2], "a\u2028b"), (*BO[:2], "a\x0b\x0c\x85b"))),
}  # fmt: skip

DELIMITERS = {
    "a hint of a caret": Case("sep=^\n" + (HEAD + TWO).replace(",", "^"), 2, skipped=1, codes="preamble",
        facts=(ANN, BO)),
    "more commas in the cells than semicolons between them": Case(
        'lead_id;created_at;channel\nL1;2026-01-05;"a, b, c, d"\nL2;2026-01-06;"e, f, g, h"\n', 2,
        facts=((*ANN[:2], "a, b, c, d"), (*BO[:2], "e, f, g, h"))),
    "bare commas in the cells of a file with pipes": Case(
        "lead_id|created_at|channel\nL1|2026-01-05|a, b\nL2|2026-01-06|c, d, e\n", 2,
        facts=((*ANN[:2], "a, b"), (*BO[:2], "c, d, e"))),
    "tabs with two empty columns behind": Case(
        "lead_id\tcreated_at\tchannel\t\t\nL1\t2026-01-05\temail\t\t\nL2\t2026-01-06\tsearch\t\t\n", 2,
        codes="blank_header", facts=(ANN, BO)),
    "a title with commas above a table with semicolons": Case(
        "Leads, all regions, this year\n\n" + (HEAD + TWO).replace(",", ";"), 2, skipped=2, codes="preamble",
        facts=(ANN, BO)),
    "a heading that is broken over two lines": Case(
        'lead_id,"created\nat",channel\n' + TWO, 2, facts=(ANN, BO)),
    "delimiters and quotes inside quoted cells": Case(
        HEAD + 'L1,2026-01-05,"say ""a, b"""\nL2,2026-01-06,search\n', 2,
        facts=((*ANN[:2], 'say "a, b"'), BO)),
}  # fmt: skip

STRUCTURE = {
    "subtotals between the groups and a total below": Case(
        MAILING + "C1,2026-01-05,100,98,30\nSubtotal,,100,98,30\nC2,2026-01-06,50,49,9\nSubtotal,,50,49,9\n"
        "Grand total,,150,147,39\n", 2, skipped=3, codes="totals_row", query=MAILINGS,
        facts=(("C1", 100, 98, 30), ("C2", 50, 49, 9))),
    "a total above the rows and one in the middle, in other languages": Case(
        MAILING + "Gesamtsumme,,150,147,39\nC1,2026-01-05,100,98,30\nTotal général,,150,147,39\n"
        "C2,2026-01-06,50,49,9\n", 2, skipped=2, codes="totals_row", query=MAILINGS,
        facts=(("C1", 100, 98, 30), ("C2", 50, 49, 9))),
    "a total that counts its records": Case(
        HEAD + TWO + '"Grand Totals (2 records)"\n', 2, skipped=1, codes="totals_row", facts=(ANN, BO)),
    "a customer whose name begins like a total": Case(
        HEAD + "Total-1,2026-01-05,Total Energies\nL2,2026-01-06,search\n", 2,
        facts=(("Total-1", ANN[1], "Total Energies"), BO)),
    "a lead that is called Total, with all its cells": Case(
        HEAD + "Total,2026-01-05,email\nL2,2026-01-06,search\n", 2, facts=(("Total", *ANN[1:]), BO)),
    "the headings again after a page": Case(
        HEAD + "L1,2026-01-05,email\n" + HEAD + "L2,2026-01-06,search\n", 2, skipped=1, codes="repeated_header",
        facts=(ANN, BO)),
    "a footer of a report, two blank lines below": Case(
        HEAD + TWO + '\n\n"Leads of January"\n"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n'
        '"Confidential Information - Do Not Distribute"\n"Generated By: Ann 9/8/2026 11:22 AM"\n"Acme"\n', 2,
        skipped=7, codes="footer", facts=(ANN, BO)),
    "a second table with other headings below": Case(
        HEAD + TWO + "\nchannel,leads\nemail,1\nsearch,1\n", 2, aside=3, codes="wrong_field_count", facts=(ANN, BO)),
    "a dash below the rows": Case(HEAD + TWO + "-\n", 2, aside=1, codes="wrong_field_count", facts=(ANN, BO)),
    "the report of one mailing instead of the list of all": refused(
        'Email Campaign Report\n"Title:","Spring"\n"Delivery Date/Time:","11/7/23 09:00"\n\n"Overall Stats"\n'
        '"Total Recipients:","1,750"\n"Bounces:","8 (0.5%)"\n', "not_a_table", "list of all campaigns"),
    "traffic by channel without a day": refused(
        "# Start date: 20260105\n# End date: 20260111\nSession primary channel group (Default Channel Group),Sessions,"
        "Engaged sessions,Key events\nDirect,50,20,1\nPaid,10,5,0\n", "missing_column", "add the dimension 'Date'"),
    "a table of events below a table of traffic": Case(
        "# Traffic\nDate,Session source / medium,Sessions,Key events\n20260105,google / organic,100,3\n"
        "20260106,google / organic,50,1\n\n# Events\nEvent name,Event count,Total users,Total revenue\n"
        "page_view,900,100,0\n", 2, aside=2, skipped=2, codes="comment_lines bad_date bad_number",
        query="select spent_on::date::varchar, visits from facts.spend order by 1",
        facts=(("2026-01-05", 100), ("2026-01-06", 50))),
    "subtotals whose word stands in the second column": Case(
        '"Stage","Opportunity Name","Amount","Close Date","Created Date","Opportunity ID"\n'
        '"Closed Won","A","USD 1,000.00","1/25/2026","1/5/2026","0061"\n"","Subtotal","USD 1,000.00","","",""\n'
        '"Closed Lost","B","USD 500.00","2/7/2026","1/6/2026","0062"\n"Total","","USD 1,500.00","","",""\n',
        2, skipped=2, codes="totals_row", query=DEALS,
        facts=(("0061", "won", 1000.0, "USD"), ("0062", "lost", 500.0, "USD"))),
    "eleven comments above": Case(
        "# made by a script\n" * 11 + HEAD + TWO, 2, skipped=11, codes="comment_lines", facts=(ANN, BO)),
    "a title whose cells are as many as the table's": Case(
        "Report,January,2026\n" + HEAD + TWO, 2, skipped=1, codes="preamble", facts=(ANN, BO),
        said={"header_row": 2}),
    "a heading that comes twice and is not needed": Case(
        "lead_id,created_at,Note,Note\nL1,2026-01-05,a,b\n", 1,
        query="select lead_id, attributes['Note'], attributes['Note (2)'] from facts.leads", facts=(("L1", "a", "b"),)),
    "a heading that comes twice and is needed": asks(
        "lead_id,Date,Date\nL1,2026-01-05,2026-01-06\n", "duplicate_header", "'Date (2): created_at'"),
    "a needed heading that comes twice": asks(
        "lead_id,created_at,created_at\nL1,2026-01-05,2026-01-06\n", "duplicate_header",
        "'created_at (2): created_at'"),
    "headings that differ in capital letters alone": asks(
        "lead_id,Created_At,CREATED_AT\nL1,2026-01-05,2026-01-06\n", "duplicate_header",
        "'CREATED_AT (2): created_at'"),
    "headings that differ in capital letters alone, with the answer": Case(
        "lead_id,Created_At,CREATED_AT\nL1,2026-01-05,2026-01-06\n", 1, query=DAYS, facts=days("2026-01-06"),
        said={"mapping": {"template": "leads", "columns": {"CREATED_AT (2)": "created_at"}}}),
    "a heading of no importance that comes twice": Case(
        "lead_id,created_at,channel,Channel\nL1,2026-01-05,email,web\n", 1, codes="duplicate_header", facts=(ANN,)),
    "columns without a heading": Case(
        ",lead_id,,created_at,channel,\n1,L1,,2026-01-05,email,\n2,L2,,2026-01-06,search,\n", 2, codes="blank_header",
        facts=(ANN, BO)),
    "a row too short in the middle and a row too long at the end": Case(
        HEAD + "L1,2026-01-05,email\nL9,2026-01-05\nL2,2026-01-06,search\nL8,2026-01-06,search,more,cells\n", 2,
        aside=2, codes="wrong_field_count", facts=(ANN, BO)),
    "a quote that opens in the first row and never closes": Case(
        "lead_id,created_at,channel,owner\nL1,2026-01-05,\"email,Ann\nL2,2026-01-06,search,Bo\nL3,2026-01-07,web,Cy\n",
        2, aside=1, codes="bad_quote", facts=(BO, ("L3", "2026-01-07 00:00:00", "web"))),
    "inches": Case(HEAD + 'L1,2026-01-05,5" nails\nL2,2026-01-06,search\n', 2, facts=((*ANN[:2], '5" nails'), BO)),
    "a NUL inside a cell": Case(
        HEAD + "L1,2026-01-05,em\x00ail\nL2,2026-01-06,search\n", 2, codes="nul_characters", facts=(ANN, BO)),
    "lines that end as on old Macs, one broken inside quotes": Case(
        HEAD.replace("\n", "\r") + 'L1,2026-01-05,"e\rmail"\rL2,2026-01-06,search\r', 2,
        facts=((*ANN[:2], "e\nmail"), BO)),
    "every line ended twice": Case((HEAD + TWO).replace("\n", "\r\r\n"), 2, facts=(ANN, BO)),
    "blank lines between all rows": Case((HEAD + TWO).replace("\n", "\n\n"), 2, skipped=0, facts=(ANN, BO)),
    "a cell of a hundred thousand letters, and one of one more": Case(
        HEAD + f"L1,2026-01-05,{'x' * 100_000}\nL2,2026-01-06,{'x' * 100_001}\n", 1, aside=1, codes="cell_too_long",
        query="select lead_id, length(channel) from facts.leads", facts=(("L1", 100_000),)),
    "more columns than can be read": refused(
        "lead_id,created_at" + "".join(f",p{n}" for n in range(4_999)) + "\nL1,2026-01-05" + "," * 4_999 + "\n",
        "too_many_columns", "5,001 columns"),
    "headings and blank lines": refused(HEAD + "\n\n\n", "no_rows", "no rows"),
    "headings and a footer": refused(HEAD + "\n\nCopyright (c) 2026 Acme\nConfidential Information\n", "no_rows",
        "no rows"),
    "an error page of a proxy instead of the export": refused(
        "<!doctype html>\n<html><body><h1>502 Bad Gateway</h1></body></html>", "html_not_xlsx", "web page"),
    "an answer of a programming interface instead of the export": refused(
        '{"results":[{"id":"1","properties":{"amount":"5"}}]}', "not_a_table", "JSON"),
    "one JSON object a line": refused(
        '{"lead_id": "L1", "created_at": "2026-01-05"}\n{"lead_id": "L2", "created_at": "2026-01-06"}\n',
        "not_a_table", "JSON"),
}  # fmt: skip

MOMENTS = {
    "a day above twelve in one column tells the order in the other": Case(
        "deal_id,created_at,closed_at,stage\nD1,03/04/2026,25/04/2026,won\nD2,05/04/2026,,open\n", 2,
        query="select deal_id, created_at::date::varchar from facts.deals order by line",
        facts=(("D1", "2026-04-03"), ("D2", "2026-04-05"))),
    "month first with years of two digits": Case(leads_of("1/25/26", "2/3/26"), 2, query=DAYS,
        facts=days("2026-01-25", "2026-02-03")),
    "days of which none is above twelve": asks(leads_of("03/04/2026", "05/04/2026"), "ambiguous_dates", "03/04/2026"),
    "the same, with the answer": Case(leads_of("03/04/2026", "05/04/2026"), 2, query=DAYS,
        facts=days("2026-03-04", "2026-05-04"), said={"dates": "mdy"}),
    "both orders in one column": asks(leads_of("13/01/2026", "01/14/2026"), "contradictory_dates", "01/14/2026"),
    "both orders in one column, with the answer": Case(leads_of("13/01/2026", "01/14/2026"), 1, aside=1,
        codes="bad_date", query=DAYS, facts=days("2026-01-13"), said={"dates": "dmy"}),
    "an hour that the clock leaves out": Case(leads_of("2026-03-29 02:30", "2026-03-30 12:00"), 2,
        codes="clock_change", query=TIMES, facts=days("2026-03-29 01:30:00", "2026-03-30 10:00:00"), said=BERLIN),
    "an hour that the clock has twice, told apart by its offset": Case(
        leads_of("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"), 2, query=TIMES,
        facts=days("2026-10-25 00:30:00", "2026-10-25 01:30:00"), said=BERLIN),
    "offsets of half an hour and across the year": Case(
        leads_of("2026-01-01T00:15:00+05:30", "2025-12-31T19:00:00-08:00", "2026-01-01T03:00:00Z"), 3, query=TIMES,
        facts=days("2025-12-31 18:45:00", "2026-01-01 03:00:00", "2026-01-01 03:00:00")),
    "day numbers of a spreadsheet with a time of day": Case(leads_of("46027", "46042.75"), 2, codes="excel_serial",
        query=TIMES, facts=days("2026-01-05 00:00:00", "2026-01-20 18:00:00"), says="46027"),
    "seconds since 1970 with thousandths": Case(leads_of("1767571200123", "1767657600000"), 2, codes="epoch_time",
        query=TIMES, facts=days("2026-01-05 00:00:00.123", "2026-01-06 00:00:00")),
    "a day number among days": Case(leads_of("2026-01-05", "46028", "2026-01-07"), 3, codes="excel_serial",
        query=DAYS, facts=days("2026-01-05", "2026-01-06", "2026-01-07"), says="46028 was read as 2026-01-06"),
    "a leap day, and one in a year that has none": Case(leads_of("2024-02-29", "2025-02-29"), 1, aside=1,
        codes="bad_date", query=DAYS, facts=days("2024-02-29"), says="2025-02-29"),
    "midnight as 24:00": Case(leads_of("2026-01-05 24:00", "2026-01-05 12:00"), 2,
        query=TIMES, facts=days("2026-01-06 00:00:00", "2026-01-05 12:00:00")),
    "a minute that no hour has": Case(leads_of("2026-01-05 12:60", "2026-01-05 12:00"), 1, aside=1, codes="bad_date",
        query=TIMES, facts=(("L2", "2026-01-05 12:00:00"),)),
    "months in words of four languages": Case(
        leads_of("5. März 2026", "10 de dez. de 2025", "5 mars 2026 à 14h30", "Jun 09, 2025 09:30 pm"), 4,
        codes="mixed_date_formats", query=TIMES,
        facts=days("2026-03-05 00:00:00", "2025-12-10 00:00:00", "2026-03-05 14:30:00", "2025-06-09 21:30:00")),
    "a week instead of a day": Case(leads_of("2026-W03", "2026-01-05"), 1, aside=1, codes="bad_date", query=DAYS,
        facts=(("L2", "2026-01-05"),)),
    "a day after the export was made": Case(leads_of("2026-01-05", "2026-03-02"), 1, aside=1, codes="future_date",
        query=DAYS, facts=days("2026-01-05"), said={"exported_on": dt.date(2026, 3, 1)}),
    "days at midnight of a zone": Case(leads_of("2026-01-05", "2026-07-05"), 2, query=TIMES,
        facts=days("2026-01-05 05:00:00", "2026-07-05 04:00:00"), said={"timezone": "America/New_York"}),
}  # fmt: skip

NUMBERS = {
    "points between thousands and decimal commas": Case(deals("1.234,56", "12,5", "1.000.000,00"), 3, query=DEALS,
        facts=money((1234.56, None), (12.5, None), (1_000_000.0, None))),
    "commas between thousands and decimal points": Case(deals("1,234.56", "12.5"), 2, query=DEALS,
        facts=money((1234.56, None), (12.5, None))),
    "both ways to write decimals": asks(deals("1.234,56", "1,234.56"), "contradictory_numbers", "1,234.56"),
    "a thousand or one and a bit": asks(deals("1.234", "2.345"), "ambiguous_numbers", "1.234"),
    "a thousand, with the answer": Case(deals("1.234", "2.345"), 2, query=DEALS,
        facts=money((1234.0, None), (2345.0, None)), said={"numbers": "comma"}),
    "amounts in parentheses and with a minus behind": Case(deals("(1,234.50)", "1,234.50-", "−3.25", "7.00"), 4,
        query=DEALS, facts=money((-1234.5, None), (-1234.5, None), (-3.25, None), (7.0, None))),
    "narrow spaces and apostrophes between thousands": Case(deals("1\u202f234,50 €", "2\u00a0000,00 €"), 2, query=DEALS,
        facts=money((1234.5, "EUR"), (2000.0, "EUR"))),
    "currencies side by side": Case(deals("USD 1,234.00", "EUR 5.50", "£12.00", "$3.00"), 4, query=DEALS,
        codes="dollar_sign", facts=money((1234.0, "USD"), (5.5, "EUR"), (12.0, "GBP"), (3.0, "USD"))),
    "a currency in its own column": Case(
        "deal_id,created_at,stage,amount,currency\nD1,2026-01-05,won,5.5,eur\nD2,2026-01-05,won,6.5,USD\n", 2,
        query=DEALS, facts=(("D1", "won", 5.5, "EUR"), ("D2", "won", 6.5, "USD"))),
    "a currency in the heading": Case(
        "deal_id,created_at,stage,Amount (EUR)\nD1,2026-01-05,won,5.5\nD2,2026-01-05,won,6.5\n", 2, query=DEALS,
        facts=(("D1", "won", 5.5, "EUR"), ("D2", "won", 6.5, "EUR"))),
    "a heading in brackets that is no currency": asks(
        "deal_id,created_at,stage,Amount (net),currency\nD1,2026-01-05,won,5.5,EUR\n", "unread_column",
        "Amount (net): amount"),
    "words where an amount should be": Case(deals("about 5k", "100"), 1, aside=1, codes="bad_number", query=DEALS,
        facts=(("D2", "won", 100.0, None),), says="about 5k"),
    "numbers that no number may be": Case(deals("Infinity", "1e999", "1_000", "100"), 1, aside=3, codes="bad_number",
        query=DEALS, facts=(("D4", "won", 100.0, None),)),
    "errors of a spreadsheet instead of amounts": Case(deals("#REF!", "#DIV/0!", "100"), 3, query=DEALS,
        facts=money((None, None), (None, None), (100.0, None))),
    "counts with separators and as decimals": Case(
        MAILING.replace(",", ";") + "C1;2026-01-05;1,200;1,190;300.0\nC2;2026-01-06;1e3;980;0\n", 2, query=MAILINGS,
        facts=(("C1", 1200, 1190, 300), ("C2", 1000, 980, 0))),
    "half a recipient": Case(MAILING + "C1,2026-01-05,99.5,98,3\nC2,2026-01-06,50,49,9\n", 1, aside=1,
        codes="bad_number", query=MAILINGS, facts=(("C2", 50, 49, 9),)),
    "minus one recipient": Case(MAILING + "C1,2026-01-05,-1,98,3\nC2,2026-01-06,50,49,9\n", 1, aside=1,
        codes="negative_count", query=MAILINGS, facts=(("C2", 50, 49, 9),)),
    "shares with a sign, a comma and a space": Case(
        "campaign_id;sent_at;open_rate\nC1;2026-01-05;12.5%\nC2;2026-01-05;12,5 %\nC3;2026-01-05;0.5%\n"
        "C4;2026-01-05;--\n", 4, codes="rates_alone", query=RATES,
        facts=(("C1", 0.125), ("C2", 0.125), ("C3", 0.005), ("C4", None))),
    "shares without a sign on two scales": asks(
        "campaign_id,sent_at,open_rate\nC1,2026-01-05,0.125\nC2,2026-01-05,12.5\n", "mixed_percent_scale", "0.125"),
    "shares without a sign, with the answer": Case(
        "campaign_id,sent_at,open_rate\nC1,2026-01-05,0.125\nC2,2026-01-05,12.5\n", 2, codes="rates_alone", query=RATES,
        facts=(("C1", 0.00125), ("C2", 0.125)), said={"percent": "percent"}),
    "more than all of them": Case("campaign_id,sent_at,open_rate\nC1,2026-01-05,135%\nC2,2026-01-05,35%\n", 1, aside=1,
        codes="rate_over_100 rates_alone", query=RATES, facts=(("C2", 0.35),)),
}  # fmt: skip

WORDS = {
    "yes and no in six languages": Case(
        "item_id,reviewed_at,passed\nA,2026-01-05,Ja\nB,2026-01-05,Nein\nC,2026-01-05,VRAI\nD,2026-01-05,faux\n"
        "E,2026-01-05,Sí\nF,2026-01-05,verdadeiro\nG,2026-01-05,onwaar\nH,2026-01-05,WAHR\n", 8, query=PASSED,
        facts=(("A", True), ("B", False), ("C", True), ("D", False), ("E", True), ("F", True), ("G", False),
            ("H", True))),
    "perhaps": asks("item_id,reviewed_at,passed\nA,2026-01-05,yes\nB,2026-01-05,perhaps\n", "unknown_words", "perhaps"),
    "pass and fail": Case(
        "item_id,reviewed_at,passed\nA,2026-01-05,Pass\nB,2026-01-05,FAIL\nC,2026-01-05,passed\nD,2026-01-05,rejected\n"
        "E,2026-01-05,nicht bestanden\nF,2026-01-05,bestanden\nG,2026-01-05,no\n", 7, query=PASSED,
        facts=(("A", True), ("B", False), ("C", True), ("D", False), ("E", False), ("F", True), ("G", False))),
    "a verdict of pass and fail": Case(
        "item_id,reviewed_at,verdict\nA,2026-01-05,pass\nB,2026-01-05,fail\n", 2, query=PASSED,
        facts=(("A", True), ("B", False))),
    "yen of a Japanese system, whose sign has the backslash's byte": Case(
        ("deal_id,created_at,stage,amount,備考\nD1,2026-01-05,won,\\1200,紹介のお客様です\n"
        "D2,2026-01-05,won,-\\300,展示会で会った方\n")
        .encode("cp932"), 2, codes="encoding", query=DEALS,
        facts=(("D1", "won", 1200, "JPY"), ("D2", "won", -300, "JPY"))),
    "machine openings in words of one's own": asks(
        "message_id,sent_at,machine_open\nM1,2026-01-05,bot\nM2,2026-01-05,human\n", "unknown_words", "'bot'"),
    "ways to write 'missing'": Case(
        HEAD + "".join(f"L{n},2026-01-05,{word}\n" for n, word in enumerate(
            ("n/a", "--", "(not set)", "NULL", "#N/A", "—", "- None -", "(blank)", " "), start=1))
        + "L0,2026-01-05,web\n",
        10, query="select count(*), count(channel) from facts.leads", facts=((10, 1),)),
    "own ways to write 'missing', taught": Case(
        "lead_id,created_at,channel,score\nL1,2026-01-05,Select,999\nL2,2026-01-05,999,-1\nL3,2026-01-06,unknown,5\n",
        3, query="select channel, score from facts.leads order by line",
        facts=((None, None), ("999", None), (None, 5.0)),
        said={"mapping": {"template": "leads", "missing": {"channel": ["select", "Unknown"], "score": ["999", "-1"]}}}),
    "words of an own list, taught": Case(
        "No,When,State\n1,2026-01-05,Signed\n2,2026-01-06,Talking\n3,2026-01-06,Gone\n", 3,
        query="select deal_id, stage from facts.deals order by line",
        facts=(("1", "won"), ("2", "open"), ("3", "lost")),
        said={"mapping": {"template": "deals", "columns": {"No": "deal_id", "When": "created_at", "State": "stage"},
            "values": {"stage": {"Signed": "won", "Gone": "lost"}}, "otherwise": {"stage": "open"}}}),
    "spaces of all kinds around cells and headings": Case(
        "\u200blead_id\u00a0, created_at ,channel\n\u00a0L1\u200b, 2026-01-05 ,\u2009email\n", 1,
        query="select lead_id, created_at::varchar from facts.leads", facts=(ANN[:2],)),
    "a workflow by the words of a column": Case(
        "lead_id,created_at,Pipeline\nL1,2026-01-05,Inbound\nL2,2026-01-06,Partner\n", 2,
        query="select lead_id, workflow from facts.leads order by line", facts=(("L1", "routing"), ("L2", "rest")),
        said={"mapping": {"template": "leads", "workflow": {"column": "Pipeline", "values": {"Inbound": "routing"},
            "otherwise": "rest"}}}),
}  # fmt: skip

IDENTITIES = {
    "leading zeros, eighteen digits, and a letter that differs": Case(
        HEAD + "007,2026-01-05,a\n7,2026-01-05,a\n123456789012345678,2026-01-05,a\n0065g00000AbCdE,2026-01-05,a\n"
        "0065g00000abcde,2026-01-05,a\n", 5, codes="similar_ids", query="select lead_id from facts.leads order by line",
        facts=(("007",), ("7",), ("123456789012345678",), ("0065g00000AbCdE",), ("0065g00000abcde",))),
    "an id that a spreadsheet has rounded": Case(
        HEAD + "1.2E+17,2026-01-05,a\n\"1,20253E+17\",2026-01-05,a\nL2,2026-01-06,search\n", 1, aside=2,
        codes="damaged_id", facts=(BO,), says="rounded"),
    "ids of campaigns that a spreadsheet has rounded": Case(
        "Reporting starts,Reporting ends,Campaign name,Campaign ID,Amount spent (USD),Impressions,Link clicks,Results\n"
        "2026-01-05,2026-01-05,,,30.00,300,3,0\n2026-01-05,2026-01-05,A,1.20253E+17,10.00,100,1,0\n"
        "2026-01-05,2026-01-05,B,120253000000000001,20.00,200,2,0\n", 1, aside=1, skipped=1,
        codes="damaged_id spend_levels totals_row", query="select campaign, cost, currency from facts.spend",
        facts=(("120253000000000001", 20.0, "USD"),), says="rounded"),
    "several contacts of a deal, joined in two ways": Case(
        "Record ID,Deal Name,Deal Stage,Amount,Create Date,Associated Contact IDs\n"
        "1,A,Closed won,100,2026-01-05 09:14,501;502\n2,B,Closed lost,50,2026-01-06 09:14,\"503,504\"\n"
        "3,C,Closed lost,50,2026-01-06 09:14,\n", 3,
        query="select deal_id, lead_id from facts.deals order by line",
        facts=(("1", "501"), ("2", "503"), ("3", None))),
    "no id at all": Case(HEAD + ",2026-01-05,a\nN/A,2026-01-05,a\n\u00a0,2026-01-05,a\nL2,2026-01-06,search\n", 1,
        aside=3, codes="missing_id", facts=(BO,)),
    "the same row three times": Case(HEAD + "L1,2026-01-05,email\n" * 3, 1, skipped=2, codes="exact_duplicate",
        facts=(ANN,)),
    "one id with two meanings": Case(HEAD + "L1,2026-01-05,email\nL1,2026-01-05,web\nL2,2026-01-06,search\n", 1,
        aside=2, codes="duplicate_id_conflict", facts=(BO,)),
    "one id with two meanings, one of them newer": Case(
        "lead_id,created_at,channel,last_modified\nL1,2026-01-05,web,2026-02-01\nL1,2026-01-05,email,2026-02-02\n", 1,
        skipped=1, codes="older_version", facts=(ANN,)),
    "clicks that are alike are several clicks": Case(
        "At,Lead\n2026-01-05 10:00,L1\n2026-01-05 10:00,L1\n2026-01-05 10:00,L1\n", 3,
        query="select count(*), count(distinct click_id) from facts.clicks", facts=((3, 3),),
        said={"mapping": {"template": "clicks", "columns": {"At": "clicked_at", "Lead": "lead_id"},
            "generate_id": "true"}}),
}  # fmt: skip

HOSTILE = {
    "formulas in headings and cells": Case(
        "lead_id,created_at,channel,=1+1\nL1,2026-01-05,\"=HYPERLINK(\"\"http://x.example\"\",\"\"go\"\")\",+2\n", 1,
        query="select channel, attributes::varchar from facts.leads",
        facts=(("go", "{'=1+1'=+2}"),)),  # what a spreadsheet shows
    "markup and template text in headings and cells": Case(
        'lead_id,created_at,channel,<b>x</b>\nL1,2026-01-05,<script>alert(1)</script>,{{7*7}}\n', 1,
        query="select channel, attributes['<b>x</b>'] from facts.leads",
        facts=(("<script>alert(1)</script>", "{{7*7}}"),)),
    "SQL in headings and cells": Case(
        "lead_id,created_at,channel,\"x\"\"; drop table landed.leads; --\"\nL1,2026-01-05,'; drop schema facts; --,1\n",
        1, query="select channel, len(map_keys(attributes)) from facts.leads",
        facts=(("'; drop schema facts; --", 1),)),
    "a name of a file that climbs and calls": Case(HEAD + TWO, 2, facts=(ANN, BO), name="..;$(x) `y` leads'.csv"),
    "an address inside a sentence that is kept": Case(
        "lead_id,created_at,channel,Note\nL1,2026-01-05,via jo@x.example,ask a@x.example or b@x.example\n", 1,
        query="select channel, attributes['Note'] from facts.leads",
        facts=(("via [e-mail]", "ask [e-mail] or [e-mail]"),)),
    "addresses and phone numbers where none should be": Case(
        "lead_id,created_at,channel,E-mail,Phone,Full name\njo@x.example,2026-01-05,ann@x.example,a@x.example,"
        "+49 170 1234567,Jo Bloggs\n", 1, codes="personal_columns personal_cells",
        query="select lead_id like 'hashed:%', channel like 'hashed:%', map_keys(attributes)::varchar, "
        "regexp_matches(attributes::varchar, 'x.example|1234567|Bloggs') from facts.leads",
        facts=((True, True, "[E-mail, Phone]", False),)),
}  # fmt: skip

WORKBOOKS = {
    "days of a workbook that counts from 1904": Case(
        book({"Leads": [SHEET[0], ["L1", 44565, "email"], ["L2", 44566.5, "search"]]}, from_1904=True), 2,
        codes="excel_serial", facts=(ANN, ("L2", "2026-01-06 12:00:00", "search")), name="export.xlsx"),
    "an error in a cell that is needed and in one that is not": Case(
        book({"Leads": [*SHEET, ["L3", Error("#VALUE!"), "web"], ["L4", dt.date(2026, 1, 8), Error()]]}), 3, aside=1,
        codes="missing_value error_cells", facts=(ANN, BO, ("L4", "2026-01-08 00:00:00", None)), name="export.xlsx"),
    "two sheets with tables": asks(book({"Leads": SHEET, "Old": SHEET}), "which_sheet", "--sheet Leads or --sheet Old",
        name="export.xlsx"),
    "two sheets with tables, one of them named": Case(book({"Leads": SHEET, "Old": SHEET[:2]}), 1, facts=(ANN,),
        name="export.xlsx", said={"sheet": "Old"}),
    "hidden rows, a title and a total": Case(
        book({"Leads": [["All leads"], [], *SHEET, ["Total", None, 2]]}, hidden=[4]), 2, skipped=3,
        codes="preamble totals_row hidden_rows", facts=(ANN, BO), name="export.xlsx"),
    "an id of eighteen digits that the workbook keeps as a number": Case(
        book({"Leads": [SHEET[0], [120253123456789012, dt.date(2026, 1, 5), "a"], [7, dt.date(2026, 1, 5), "a"]]}), 1,
        aside=1, codes="damaged_id", query="select lead_id from facts.leads", facts=(("7",),), name="export.xlsx"),
    "a workbook named as CSV": Case(book({"Leads": SHEET}), 2, facts=(ANN, BO)),
    "a workbook whose sheet is empty": refused(book({"Leads": []}), "empty_file", "", name="export.xlsx"),
}  # fmt: skip

CASES: dict[str, Case] = {
    **ENCODINGS, **DELIMITERS, **STRUCTURE, **MOMENTS, **NUMBERS, **WORDS, **IDENTITIES, **HOSTILE, **WORKBOOKS,
}  # fmt: skip
