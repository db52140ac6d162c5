"""What is set aside, told and kept beside the facts is masked as what lands is; and there is never too much of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from leadline.data.exports.files.clean_copy import MOST_KEPT
from leadline.data.exports.recognition.segments import choose_segments, is_address, is_personal
from leadline.data.exports.rows import discretion
from leadline.data.landing.land import FileReport, correction_csv, rejected_rows_csv, undo
from leadline.data.landing.quarantine import quarantined, quarantined_csv
from leadline.data.warehouse import Warehouse
from leadline.metrics.sql import read_sql as cohort_sql
from tests.data.example_exports import column, everything_landed, land_text, lines

CONTACTS = (
    "Record ID,First Name,Last Name,Email,Phone Number,Lead Status,Create Date,Country/Region,Contact owner,"
    "Date of birth,WhatsApp"
)
FINE = "601,Ann,Alpha,ann@alpha.example,+49 30 5557771,NEW,2026-01-05 10:00,Germany,Sam Poe,1980-01-01,+49 171 1112223"
SECRETS = ("Yan", "Rho", "beta.example", "5557772", "1981", "171 223")
_WHO, _CALL = "602,Yan,Rho,yan@beta.example,+49 30 5557772,NEW,", "1981-01-01,+49 171 2233445"
BROKEN = {
    "an open quote": f'{_WHO}2026-01-05 10:00,"Acme,Germany,Sam Poe,{_CALL}',
    "an open quote at the name": f'602,"{_WHO[4:]}2026-01-05 10:00,Acme,Sam Poe,{_CALL}',
    "a line that is too short": f"{_WHO}1981-01-01",
    "a line that lacks its first cell": f"{_WHO[4:]}2026-01-05,Germany,Sam Poe,{_CALL}",
    "a line that is too long": f"{_WHO}2026-01-05,Germany,Sam Poe,{_CALL},Rho,Yan",
    "a date that is none": f"{_WHO}ask yan@beta.example,Germany,Sam Poe,{_CALL}",
    "another delimiter": f"{_WHO}2026-01-05,Germany,Sam Poe,{_CALL}".replace(",", ";"),
    "a comment": "# asked for by yan@beta.example (+49 30 5557772)",
}


def _said(warehouse: Warehouse, report: FileReport) -> str:
    """All that is kept and told, but for what hashing needs."""
    kept = {table: rows for table, rows in everything_landed(warehouse).items() if table != "landed.secrets"}
    downloads = [quarantined_csv(warehouse)]
    if report.import_id:
        downloads.append(rejected_rows_csv(warehouse, report.import_id))
    return repr(kept) + repr(report) + json.dumps(report.to_dict()) + "".join(downloads)


@pytest.mark.parametrize("line", BROKEN.values(), ids=BROKEN.keys())
def test_of_a_contact_that_is_set_aside_no_more_is_kept_than_of_one_that_lands(
    emptied: Warehouse, line: str
) -> None:
    report = land_text(emptied, lines(CONTACTS, FINE, line, FINE.replace("601", "603")), name="contacts.csv")
    assert report.state == "landed", report.message
    assert report.rows.quarantined + report.rows.skipped == 1
    said = _said(emptied, report)
    assert not [secret for secret in (*SECRETS, "Ann", "Alpha", "alpha.example", "5557771") if secret in said]


def test_cells_of_a_row_set_aside_are_kept_as_they_would_have_landed(emptied: Warehouse) -> None:
    text = lines(
        "lead_id,created_at,comment,customer_phone",
        "P1,2026-01-05,ring p1@example.com,0160 998001",
        "P2,soon,ring p2@example.com or +49 160 12345678,0160 998002",
    )
    land_text(emptied, text)
    ((cells,),) = emptied.select("select cells from landed.quarantine")
    ((attributes,),) = emptied.select("select attributes from facts.leads")
    assert attributes["comment"] == "ring [e-mail]"
    assert cells[:3] == ["P2", "soon", "ring [e-mail] or [phone]"]
    assert cells[3].startswith("hashed:")
    corrected = correction_csv(emptied, 1 + len(column(emptied, "select 1 from landed.imports")) - 1)
    assert land_text(emptied, corrected.replace("soon", "2026-01-06"), name="corrected.csv").rows.new == 1
    both = dict(emptied.select("select lead_id, attributes['customer_phone'] from facts.leads"))
    assert both["P2"] == cells[3] != both["P1"]


def test_a_question_quotes_no_address(emptied: Warehouse) -> None:
    report = land_text(
        emptied, "ann@example.com;+49 160 12345678\nbo@example.com;+49 160 12345679\n", name="x.csv"
    )
    assert report.state in ("asks", "refused")
    said = report.message + repr(report.questions) + repr([one.examples for one in report.columns])
    assert not [secret for secret in ("@example", "1234567") if secret in said]
    assert "[e-mail]" in said


def test_yes_and_no_under_a_heading_of_addresses_are_no_address(emptied: Warehouse) -> None:
    land_text(
        emptied,
        lines(
            "lead_id,created_at,Phone verified,Email opt out,Mobile,E-mail,Fax",
            "L1,2026-01-05,yes,no,yes,false,0160 99800123",
            "L2,2026-01-05,no,no,no,true,",
        ),
    )
    ((attributes,),) = emptied.select("select attributes from facts.leads where lead_id = 'L1'")
    assert attributes.pop("Fax").startswith("hashed:")
    assert attributes == {"Phone verified": "yes", "Email opt out": "no", "Mobile": "yes", "E-mail": "false"}


PERSONAL = (
    "First Name", "Nachname", "Twitter", "LinkedIn URL", "Person Linkedin Url", "twitter_handle", "Facebook ID",
    "Skype", "Username", "User name", "Handle", "Home address", "Street", "Straße", "Adresse", "Mailing Street",
    "Address line 1", "Website", "Personal page", "Blog", "Date of birth", "Geburtsdatum", "Birthday",
    "Delivery address", "Lieferadresse", "Business address 1", "Passport no",
    "Deal Name", "Opportunity Name", "Potential Name", "Deal - Title", "IP address",
)  # fmt: skip
USEFUL = (
    "Channel", "Plan", "Medium", "Title", "Landing page", "LinkedIn clicks", "Facebook Ads campaign",
    "Twitter followers count", "Email status", "Phone type", "Address validated", "Has website", "Street type",
    "Product name", "Campaign Name", "City", "Country", "Line of business", "Email opt out", "Signal", "X",
    "Postal code", "Page views", "Industry",
)  # fmt: skip


@pytest.mark.parametrize("heading", PERSONAL)
def test_columns_that_name_people_and_their_pages_are_not_kept(heading: str) -> None:
    assert is_personal(heading, "leads")


@pytest.mark.parametrize("heading", USEFUL)
def test_columns_that_say_something_else_are(heading: str) -> None:
    assert not is_personal(heading, "leads")
    assert not is_address(heading)


def test_what_a_loading_program_writes_of_its_runs_is_not_kept_and_told() -> None:
    header = ["lead_id", "_dlt_load_id", "_FIVETRAN_SYNCED", "_sdc_deleted_at", "channel"]
    kept, (warning,) = choose_segments(header, "leads.csv", {0}, None)
    assert [one.heading for one in kept] == ["_sdc_deleted_at", "channel"]
    assert "_dlt_load_id, _FIVETRAN_SYNCED" in warning.message


def test_titles_of_deals_are_kept_where_a_mapping_asks_for_them(emptied: Warehouse) -> None:
    text = "deal_id,created_at,stage,Deal Name,Title\nD1,2026-01-05,won,Acme (Jo Bloggs),Roof of Jo Bloggs\n"
    report = land_text(emptied, text, name="deals.csv")
    assert "Bloggs" not in _said(emptied, report)
    assert [one.code for one in report.warnings] == ["personal_columns"]
    undo(emptied, report.import_id or 0)
    mapping = {"template": "deals", "attributes": ["Deal Name"]}
    land_text(emptied, text, name="deals.csv", mapping=mapping)
    assert column(emptied, "select attributes['Deal Name'] from facts.deals") == ["Acme (Jo Bloggs)"]


def test_cells_that_are_accounts_pages_or_streets_decide_whatever_their_heading(emptied: Warehouse) -> None:
    rows = [
        f"L{n},2026-01-05,@jo_{n},https://www.linkedin.com/in/jo-{n},{n} Main Street,Hauptstraße {n},(555) 010-99{n:02}"
        for n in range(10, 30)
    ]
    land_text(emptied, lines("lead_id,created_at,One,Two,Three,Four,Five", *rows))
    kept = column(emptied, "select attributes from facts.leads")
    assert all(value.startswith("hashed:") for one in kept for value in one.values())
    assert all(len(one) == 5 for one in kept)


def _leads(header: str, cells: Callable[[int], str]) -> str:
    return lines(f"lead_id,created_at,{header}", *(f"L{n},2026-01-05,{cells(n)}" for n in range(10, 30)))


PRIVATE: dict[str, Callable[[int], str]] = {
    "numbers": lambda n: f"0170 12345{n}",
    "American numbers": lambda n: f"(555) 010-99{n}",
    "numbers with a word": lambda n: f"Tel. 0170-12345{n}",
    "streets": lambda n: f"{n} Main Street",
    "Dutch streets": lambda n: f"Kerkstraat {n}",
    "Italian streets": lambda n: f'"Via Roma, {n}"',
}


@pytest.mark.parametrize("kind", PRIVATE)
def test_a_column_of_words_that_holds_numbers_or_streets_is_kept_as_pseudonyms_and_told(
    emptied: Warehouse, kind: str
) -> None:
    cells = PRIVATE[kind]
    report = land_text(emptied, _leads("source,Further", lambda n: f"{cells(n)},{cells(n)}"))
    assert [one.code for one in report.warnings] == ["personal_cells"]
    assert "channel holds" in report.warnings[0].message
    kept = emptied.select("select channel, attributes['Further'] from facts.leads")
    assert all(cell.startswith("hashed:") for row in kept for cell in row)


def test_what_stands_for_words_of_a_mapping_is_as_discreet(emptied: Warehouse) -> None:
    mapping = {"template": "leads", "values": {"channel": {"g": "Google"}}}
    text = _leads("channel", lambda n: "g" if n > 10 else "ann@x.example")
    assert land_text(emptied, text, mapping=mapping).state == "landed"
    channels = column(emptied, "select distinct channel from facts.leads order by 1")
    assert channels[0] == "Google"
    assert channels[1].startswith("hashed:")


def test_what_systems_number_and_what_campaigns_are_called_is_no_telephone_number_or_street(
    emptied: Warehouse,
) -> None:
    header = "Customer ID,Google Ads account,Campaign ID,Kundennummer,Season,Detail,Number"
    cells = (
        "123-456-78{n}",
        "123-456-78{n}",
        "20740000{n}",
        "00123456{n}",
        "Spring {n}",
        "via Ads {n}",
        "55501{n}",
    )
    land_text(emptied, _leads(header, lambda n: ",".join(cells).format(n=n)))
    (kept, *_) = column(emptied, "select attributes from facts.leads order by lead_id")
    assert list(kept.values()) == [
        cell.format(n=10) for _, cell in sorted(zip(header.split(","), cells, strict=True))
    ]


def test_figures_alone_are_a_telephone_number_where_the_heading_says_so_and_in_free_text(
    emptied: Warehouse,
) -> None:
    header = "Telefonnummer,Handynummer,Rufnummer,携帯電話,Notes"
    land_text(
        emptied, _leads(header, lambda n: f"170123{n},170123{n},170123{n},090123{n},ring 0170 12345{n} at 5")
    )
    (kept, *_) = column(emptied, "select attributes from facts.leads")
    assert kept.pop("Notes") == "ring [phone] at 5"
    assert all(cell.startswith("hashed:") for cell in kept.values())


def test_a_link_that_is_made_of_several_cells_holds_no_address_whatever_the_first_holds(
    emptied: Warehouse,
) -> None:
    header = (
        "Record ID,Deal Name,Deal Stage,Create Date,Associated Contact IDs,Associated Contact IDs (Primary)"
    )
    land_text(emptied, lines(header, "1,A,closed lost,2026-01-05,,ann@x.example"), name="deals.csv")
    (lead,) = column(emptied, "select lead_id from facts.deals")
    assert lead.startswith("hashed:")


def test_a_telephone_number_in_a_column_of_words_is_masked(emptied: Warehouse) -> None:
    rows = [f"L{n},2026-01-05,web" for n in range(30)]
    land_text(emptied, lines("lead_id,created_at,channel", *rows, "M,2026-01-05,call +49 160 12345678"))
    assert column(emptied, "select channel from facts.leads where lead_id = 'M'") == ["call [phone]"]


PERSONAL = (
    "Write to ada@example.com or call +49 170 1234567", "0049 170 1234567", "(555) 010-9912", "555-010-9912",
    "030/5557772 12", "0171 223 4455", "é@example.com x", "tel 0171-2233445", "06 12 34 56 78", "at jo%40x.example",
    "jo＠x.example", "to иван@почта.рф", "card 4111 1111 1111 1111", "card 4111111111111111",
    "5500005555555559 and 340000000000009 too", "DE89 3704 0044 0532 0130 00",
)  # fmt: skip
IMPERSONAL = (
    "2026-01-05 09:00", "05/01/2026 10:00", "1,234,567", "order 4711-0815", "00123", "a+b", "Mobile 2026-03",
    "5 000 000", "Call 20260105 10", "ORD 4711 0815", "9781234567897", "192.168.10.12", "INV-2026-00123",
    "5000 3000 20", "01.02.2026", "Q3 (2026) 100-200",
    "order 4111111111111112", "4111111111111111", "ad_4111111111111111",
)  # fmt: skip


def test_what_masks_sentences_masks_as_the_engine_does(emptied: Warehouse) -> None:
    with emptied.session() as session:
        for text in (*PERSONAL, *IMPERSONAL):
            ((masked, kept),) = session.select(
                "select cells.masked($text), cells.discreet($text, 's')", {"text": text}
            )
            assert discretion.masked(text) == masked
            assert discretion.discreet(text) == kept or kept.startswith("hashed:")
    assert [text for text in PERSONAL if discretion.masked(text) == text] == []
    assert [text for text in IMPERSONAL if discretion.masked(text) != text] == []


def test_numbers_and_addresses_that_are_surely_a_persons_are_masked_in_words_that_are_kept(
    emptied: Warehouse,
) -> None:
    may_be_ids = ("0049 170 1234567", "555-010-9912", "030/5557772 12", "0171 223 4455")
    sure = [text for text in PERSONAL if text not in may_be_ids]
    rows = [f"L{n},2026-01-05,{text}" for n, text in enumerate((*sure, *IMPERSONAL[3:9]))]
    web = [f"W{n},2026-01-05,web" for n in range(40)]
    land_text(emptied, lines("lead_id,created_at,channel", *rows, *web))
    kept = column(emptied, "select channel from facts.leads where lead_id like 'L%' order by line")
    assert [text for text, cell in zip(sure, kept, strict=False) if text in cell] == []
    assert kept[len(sure) :] == list(IMPERSONAL[3:9])


EMPTY = 300_000


def test_rows_without_anything_are_one_sentence_and_their_number(emptied: Warehouse) -> None:
    began = time.process_time()
    report = land_text(
        emptied,
        "lead_id,created_at,channel\nL1,2026-01-05,web\n" + "-,-,-\n" * EMPTY + ",,web\n",
        name="empty.csv",
    )
    assert (report.rows.new, report.rows.quarantined, report.rows.read) == (1, EMPTY + 1, EMPTY + 2)
    assert column(emptied, "select distinct line from landed.quarantine order by 1") == [0, EMPTY + 3]
    told = rejected_rows_csv(emptied, report.import_id or 0)
    assert len(told) < 2_000
    assert f"{EMPTY:,} more with this reason are not kept here" in told
    counts = {one.reason: one.rows for one in quarantined(emptied)}
    assert counts == {"missing_id": EMPTY + 1, "missing_value": EMPTY + 1}
    assert {one.reason: one.count for one in report.reasons} == counts
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("L{n},soon,web", "bad_date"),
        ("L{n},2026-01-05,a,b", "wrong_field_count"),
        ('L{n},2026-01-05,"a', "bad_quote"),
    ],
)
def test_of_very_many_rows_with_one_fault_the_first_are_kept_and_all_are_counted(
    emptied: Warehouse, bad: str, reason: str
) -> None:
    many = MOST_KEPT + 25
    fine = [f"G{n},2026-01-05,web" for n in range(600)]  # so many that the bad ones don't look like the table
    rows = [bad.format(n=n) for n in range(many)]
    report = land_text(emptied, lines("lead_id,created_at,channel", *fine, *rows), name="many.csv")
    assert (report.rows.new, report.rows.quarantined, report.rows.read) == (600, many, many + 600)
    assert [(one.reason, one.count) for one in report.reasons] == [(reason, many)]
    assert [(one.reason, one.rows) for one in quarantined(emptied)] == [(reason, many)]
    assert column(emptied, "select count(*) from landed.quarantine where line > 0") == [MOST_KEPT]
    assert column(emptied, "select value from landed.quarantine where line = 0") == ["25"]


def test_rows_that_stand_twice_are_counted_where_they_are_too_many_to_keep(emptied: Warehouse) -> None:
    many = MOST_KEPT + 7
    report = land_text(
        emptied, "lead_id,created_at,channel\n" + "L1,2026-01-05,web\n" * (many + 1), name="twice.csv"
    )
    assert (report.rows.new, report.rows.skipped) == (1, many)
    assert column(emptied, "select count(*) from landed.skipped where line > 0") == [MOST_KEPT]
    ((doubled,),) = emptied.select(f"select count_doubled from ({cohort_sql('fitness/imports.sql')})")
    assert doubled == many
    undo(emptied, report.import_id or 0)
    assert column(emptied, "select count(*) from landed.skipped") == [0]


SPELLINGS = (
    "hans@x.example", "Hans Muster <HANS@x.example>", "mailto:hans@x.example", "<hans@x.example>", "'hans@x.example'",
    "hans@x.example (Hans)", "MAILTO:hans@x.example?subject=Hello", "Muster, Hans [hans@x.example]",
)  # fmt: skip
NUMBERS = (
    "+49 170 1234567",
    "0049 170 1234567",
    "+49 (0)170/1234567",
    "tel:+491701234567",
    "whatsapp:+491701234567",
)
LISTS = ("a@x.example;b@x.example", "B@x.example, a@x.example", "Bo <b@x.example>, Al <a@x.example>")
HIDDEN = (
    "Hans +49 170 1234567",
    "0170 1234567",
    "(555) 010-9912",
    "order 17 of a@x.example",
    "17 a@x.example",
)
PLAIN = (
    "491701234567", "00491701234567", "1234567890123", "48768760000001200001", "0012-3456-789", "2026-01-05-17",
    "2026-01-05 17:00", "00123", "A+12345678", "550e8400-e29b-41d4-a716-446655440000", "12 345 678", "ord-2026/000123",
    "4711/0815/22", "a+b", "@jo",
)  # fmt: skip


def test_an_address_or_a_number_as_identity_is_one_pseudonym_however_it_is_written(
    emptied: Warehouse,
) -> None:
    with emptied.session() as session:

        def told(*texts: str) -> list[str]:
            return [session.select("select cells.identity($text, 's')", {"text": one})[0][0] for one in texts]

        for alike in (SPELLINGS, NUMBERS, LISTS):
            (pseudonym,) = set(told(*alike))
            assert pseudonym.startswith("hashed:")
        assert len({one for one in told(*HIDDEN) if one.startswith("hashed:")}) == len(HIDDEN)
        assert tuple(told(*PLAIN)) == PLAIN


def test_leads_and_their_links_join_by_an_address_in_any_spelling(emptied: Warehouse) -> None:
    land_text(emptied, lines("lead_id,created_at", "Hans Muster <hans@x.example>,2026-01-05"))
    land_text(
        emptied,
        lines(
            "deal_id,lead_id,created_at,stage,amount,currency",
            "D1,mailto:Hans@x.example,2026-01-06,won,5,EUR",
        ),
        name="deals.csv",
    )
    (lead,) = column(emptied, "select lead_id from facts.leads")
    assert column(emptied, "select lead_id from facts.deals") == [lead]


def test_words_that_are_asked_about_hold_no_address_and_are_answered_as_they_are_shown(
    emptied: Warehouse,
) -> None:
    text = lines(
        "deal_id,created_at,stage,amount,currency",
        "D1,2026-01-05,won,5,EUR",
        "D2,2026-01-05,Ring +49 170 1234567,5,EUR",
        "D3,2026-01-05,Ring +49 170 7654321,5,EUR",
        "D4,2026-01-05,jo@x.example,5,EUR",
    )
    report = land_text(emptied, text, name="deals.csv")
    (asked,) = report.questions
    assert asked.about == ("Ring [phone]", "[e-mail]")
    assert not [secret for secret in ("1234567", "x.example") if secret in repr(report)]
    values = {"stage": dict.fromkeys(asked.about, "open")}
    landed = land_text(emptied, text, name="deals.csv", mapping={"template": "deals", "values": values})
    assert landed.rows.new == 4
    undo(emptied, landed.import_id or 0)
    values = {
        "stage": {"Ring +49 170 1234567": "open", "Ring +49 170 7654321": "lost", "jo@x.example": "open"}
    }
    landed = land_text(emptied, text, name="deals.csv", mapping={"template": "deals", "values": values})
    assert landed.rows.new == 4
