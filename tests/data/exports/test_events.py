"""Exports with one row an event are folded by message; files of which nothing lands say what their rows are."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

import pytest

from leadline.data.errors import ExportError
from leadline.data.landing.land import undo
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace
from tests.conftest import SMALL
from tests.data.example_exports import clear, column, land_text, lines

MESSAGES = (
    "select message_id, lead_id, strftime(sent_at, '%d %H:%M'), strftime(delivered_at, '%d %H:%M'), "
    "strftime(opened_at, '%d %H:%M'), strftime(clicked_at, '%d %H:%M'), machine_open from facts.emails order by 1"
)
HEAD = "message_id,recipient_id,event,event_at"
WEEK = (
    "m1,L1,processed,2026-01-05 09:00", "m1,L1,delivered,2026-01-05 09:01", "m1,L1,open,2026-01-05 10:00",
    "m1,L1,open,2026-01-05 09:30", "m1,L1,click,2026-01-06 09:30", "m2,L2,processed,2026-01-05 09:00",
    "m2,L2,bounce,2026-01-05 09:02", "m3,L3,processed,2026-01-05 09:00", "m3,L3,Loaded by proxy,2026-01-05 09:05",
)  # fmt: skip
FACTS = [
    ("m1", "L1", "05 09:00", "05 09:01", "05 09:30", "06 09:30", False),
    ("m2", "L2", "05 09:00", None, None, None, None),
    ("m3", "L3", "05 09:00", None, "05 09:05", None, True),
]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with open_warehouse(Workspace(tmp_path_factory.mktemp("events") / "w", SMALL)) as opened:
        yield opened


@pytest.fixture
def warehouse(shared: Warehouse) -> Warehouse:
    clear(shared)
    return shared


def test_events_of_a_message_are_one_row_whatever_order_they_come_in(warehouse: Warehouse) -> None:
    report = land_text(warehouse, lines(HEAD, *WEEK), name="events.csv")
    assert (report.state, report.template) == ("landed", "emails"), report.message
    assert (report.rows.read, report.rows.new, report.rows.skipped) == (9, 3, 6)
    assert [reason.reason for reason in report.reasons] == ["folded_event"]
    assert warehouse.select(MESSAGES) == FACTS
    again = land_text(warehouse, lines(HEAD, *reversed(WEEK)), name="again.csv")
    assert (again.rows.unchanged, again.rows.updated, again.rows.new) == (3, 0, 0)
    assert warehouse.select(MESSAGES) == FACTS


def test_the_week_after_adds_opens_to_messages_that_are_known(warehouse: Warehouse) -> None:
    land_text(warehouse, lines(HEAD, *WEEK), name="1.csv")
    later = (
        "m2,L2,open,2026-01-12 08:00", "m3,L3,open,2026-01-12 08:30", "m1,L1,open,2026-01-12 09:00",
        "m4,L4,sent,2026-01-12 09:00",
    )  # fmt: skip
    report = land_text(warehouse, lines(HEAD, *later), name="2.csv")
    assert (report.rows.new, report.rows.updated, report.rows.unchanged) == (1, 2, 1), report
    found = warehouse.select(MESSAGES)
    assert found[0] == FACTS[0]
    assert found[1] == ("m2", "L2", "05 09:00", None, "12 08:00", None, False)
    # a person opened what a program had opened first
    assert found[2] == ("m3", "L3", "05 09:00", None, "12 08:30", None, False)
    undo(warehouse, report.import_id or 0)
    assert warehouse.select(MESSAGES) == FACTS


def test_an_open_of_a_message_that_nobody_knows_is_set_aside_with_what_to_do(warehouse: Warehouse) -> None:
    report = land_text(warehouse, lines(HEAD, *WEEK, "m9,L9,open,2026-01-12 08:00"), name="1.csv")
    assert (report.rows.new, report.rows.quarantined) == (3, 1)
    aside = next(reason for reason in report.reasons if reason.reason == "unsent_message")
    assert "land that export first" in aside.example


def test_a_delivery_says_that_a_message_was_sent_only_with_its_sending(warehouse: Warehouse) -> None:
    rows = ("m1,L1,delivered,2026-01-05 09:01", "m2,L2,sent,2026-01-05 09:00", "m2,L2,delivered,soon")
    report = land_text(warehouse, lines(HEAD, *rows), name="1.csv")
    assert {reason.reason for reason in report.reasons} == {"unsent_message", "bad_date"}
    assert column(warehouse, "select message_id from facts.emails") == ["m2"]


def test_events_of_any_system_are_folded_through_a_mapping(warehouse: Warehouse) -> None:
    text = lines(
        "Kampagne;Empfänger;Was;Wann",
        "K1;P1;Versand;05.01.2026 09:00", "K1;P1;Gelesen;05.01.2026 10:00", "K1;P1;Gelesen;05.01.2026 09:45",
        "K1;P2;Versand;05.01.2026 09:00", "K2;P1;Versand;13.01.2026 09:00",
    )  # fmt: skip
    mapping = {
        "template": "emails",
        "columns": {"Empfänger": "lead_id", "Was": "event", "Wann": "event_at"},
        "values": {"event": {"Versand": "sent", "Gelesen": "opened"}},
        "generate_id": ["Kampagne", "Empfänger"],
    }
    report = land_text(warehouse, text, name="m.csv", mapping=mapping)
    assert (report.state, report.rows.new, report.rows.skipped) == ("landed", 3, 2), report.message
    found = warehouse.select(
        "select lead_id, strftime(opened_at, '%d %H:%M') from facts.emails order by lead_id, sent_at"
    )
    assert found == [("P1", "05 09:45"), ("P1", None), ("P2", None)]
    later = land_text(warehouse, text + "K1;P2;Gelesen;14.01.2026 09:45\n", name="later.csv")
    assert (later.rows.updated, later.rows.unchanged) == (1, 2)


REPLIES = (
    "select message_id, strftime(opened_at, '%d %H:%M'), strftime(replied_at, '%d %H:%M') "
    "from facts.emails order by 1"
)


def test_a_reply_is_an_event_of_its_own_and_an_automatic_one_is_none(warehouse: Warehouse) -> None:
    said = (
        "m1,L1,Replied,2026-01-07 08:00",
        "m1,L1,reply,2026-01-06 08:00",
        "m3,L3,out of office,2026-01-05 09:06",
    )
    report = land_text(warehouse, lines(HEAD, *WEEK, *said), name="1.csv")
    assert (report.state, report.rows.new) == ("landed", 3), report.message
    assert warehouse.select(REPLIES) == [
        ("m1", "05 09:30", "06 08:00"),
        ("m2", None, None),
        ("m3", "05 09:05", None),
    ]
    later = land_text(warehouse, lines(HEAD, "m3,L3,replied,2026-01-14 08:00"), name="2.csv")
    assert (later.rows.updated, warehouse.select(REPLIES)[2]) == (1, ("m3", "05 09:05", "14 08:00"))
    undo(warehouse, later.import_id or 0)
    assert warehouse.select(REPLIES)[2] == ("m3", "05 09:05", None)
    german = {"values": {"event": {"Antwort erhalten": "replied"}}, "template": "emails"}
    taught = land_text(
        warehouse, lines(HEAD, "m2,L2,Antwort erhalten,2026-01-09 08:00"), name="3.csv", mapping=german
    )
    assert (taught.rows.updated, warehouse.select(REPLIES)[1]) == (1, ("m2", None, "09 08:00"))


SHARED = (
    "m1,anna@example.com,sent,2026-01-05 09:00", "m1,ben@example.com,sent,2026-01-05 09:00",
    "m1,cleo@example.com,sent,2026-01-05 09:01", "m1,Ben <BEN@example.com>,open,2026-01-05 10:00",
    "m2,anna@example.com,sent,2026-01-12 09:00", "m2,ben@example.com,sent,2026-01-12 09:00",
)  # fmt: skip


@pytest.mark.parametrize(
    ("head", "mapping"),
    [
        ("message_id,recipient,event,event_at", None),
        ("message_id,recipient_id,event,event_at", None),
        ("message_id,E-Mail-Adresse,event,event_at", None),
        ("Nachricht,to,Was,Wann", {"Nachricht": "message_id", "Was": "event", "Wann": "event_at"}),
        ("message_id,email,event,timestamp,sg_event_id", None),
    ],
)
def test_messages_to_many_under_one_identity_keep_all_their_recipients(
    warehouse: Warehouse, head: str, mapping: dict[str, str] | None
) -> None:
    said = {"template": "emails", "columns": mapping} if mapping else None
    rows = [f"{row},e{n}" if head.count(",") > 3 else row for n, row in enumerate(SHARED)]
    report = land_text(warehouse, lines(head, *rows), name="shared.csv", mapping=said)
    assert (report.state, report.questions[0].code) == ("asks", "no_id_column"), report.message
    key, recipient, *_ = head.split(",")
    assert "2 of 2 messages" in report.message
    assert "'m1' to 3 of them" in report.message
    assert f"generate_id: [{key}, {recipient}]" in report.message
    assert warehouse.select("select count(*) from facts.emails") == [(0,)]
    columns = {theirs: ours for theirs, ours in (mapping or {}).items() if ours != "message_id"}
    answer = {"template": "emails", "columns": columns, "generate_id": [key, recipient]}
    if not mapping:
        answer = {key: value for key, value in answer.items() if key != "columns"}
    rows = [row.replace("Ben <BEN@example.com>", "ben@example.com") for row in rows]
    landed = land_text(warehouse, lines(head, *rows), name="shared.csv", mapping=answer)
    assert (landed.state, landed.rows.new, landed.rows.skipped) == ("landed", 5, 1), landed.message
    assert warehouse.select("select count(*), count(opened_at) from facts.emails") == [(5, 1)]
    week = [rows[2].replace("sent,2026-01-05", "open,2026-01-14")]
    later = land_text(warehouse, lines(head, *week), name="later.csv", mapping=answer)
    assert (later.state, later.rows.updated) == ("landed", 1), later.message
    assert warehouse.select("select count(*), count(opened_at) from facts.emails") == [(5, 2)]


def test_recipients_whose_names_are_not_told_are_asked_for(warehouse: Warehouse) -> None:
    rows = [",".join(row.split(",")[i] for i in (0, 2, 3)) for row in SHARED]
    report = land_text(warehouse, lines("message_id,event,event_at", *rows, rows[2]), name="x.csv")
    assert (report.state, report.questions[0].code) == ("asks", "no_id_column"), report.message
    assert "Export the recipients too" in report.message
    retried = [*(f"m{n},sent,2026-01-05 09:00" for n in range(9)), "m1,sent,2026-01-05 09:00"]
    report = land_text(warehouse, lines("message_id,event,event_at", *retried), name="retried.csv")
    assert (report.state, report.warnings) == ("landed", ()), report.message


def test_an_event_of_another_recipient_than_the_message_is_known_of_is_asked_about(
    warehouse: Warehouse,
) -> None:
    land_text(warehouse, lines(HEAD, *WEEK), name="1.csv")
    report = land_text(warehouse, lines(HEAD, "m2,L9,open,2026-01-12 08:00"), name="2.csv")
    assert (report.state, report.questions[0].code) == ("asks", "no_id_column"), report.message
    assert warehouse.select(MESSAGES) == FACTS


def test_one_message_in_hundreds_that_was_passed_on_is_told(warehouse: Warehouse) -> None:
    rows = [f"m{n},L{n},sent,2026-01-05 09:00" for n in range(200)]
    report = land_text(warehouse, lines(HEAD, *rows, "m7,L8,open,2026-01-05 09:30"), name="1.csv")
    assert (report.state, report.rows.new) == ("landed", 200), report.message
    assert [one.code for one in report.warnings] == ["several_recipients"]
    assert "1 of 200 messages" in report.warnings[0].message


def test_rows_of_one_message_to_several_that_look_alike_are_no_repetitions(warehouse: Warehouse) -> None:
    rows = [f"m{n},2026-01-05 09:00,p{n}@example.com" for n in range(9)]
    text = lines("message_id,sent_at,To", *rows, "m1,2026-01-05 09:00,other@example.com")
    report = land_text(warehouse, text, name="x.csv")
    assert (report.state, report.questions[0].code) == ("asks", "no_id_column"), report.message
    assert "generate_id: [message_id, To]" in report.message


def test_a_kind_of_event_that_is_not_known_is_asked_about(warehouse: Warehouse) -> None:
    rows = [f"m{number},L1,teleported,2026-01-05 09:00" for number in range(9)]
    report = land_text(warehouse, lines(HEAD, *WEEK, *rows), name="1.csv")
    assert report.state == "asks"
    assert "teleported" in report.message


def test_how_often_without_when_counts_from_the_sending_and_says_so(warehouse: Warehouse) -> None:
    text = lines(
        "campaign_id,contact_id,sends,opens,clicks,send_date",
        "1,901,1,2,0,2026-01-05", "2,901,1,0,0,2026-01-06", "1,902,1,1,1,2026-01-05", "2,902,1,1,0,2026-01-06",
    )  # fmt: skip
    asked = land_text(warehouse, text, name="mail.csv")
    assert asked.state == "asks"
    assert "one row a mailing" in asked.message
    assert asked.suggestion is not None
    landed = land_text(warehouse, text, name="mail.csv", mapping=asked.suggestion)
    assert (landed.rows.new, [one.code for one in landed.warnings]) == (
        4,
        ["moment_unknown", "moment_unknown"],
    )
    assert warehouse.select("select count(opened_at), count(clicked_at) from facts.emails") == [(3, 1)]


@pytest.mark.parametrize("template", ["leads", "campaigns"])
def test_an_identity_that_stands_in_most_rows_with_other_contents_is_asked_about(
    warehouse: Warehouse, template: str
) -> None:
    key, moment = {"leads": ("lead_id", "created_at"), "campaigns": ("campaign_id", "sent_at")}[template]
    rows = [f"{number % 3},2026-01-0{number % 7 + 1},s{number // 3}" for number in range(9)]
    report = land_text(warehouse, lines(f"{key},{moment},Shop no", *rows), name="x.csv")
    assert (report.state, report.questions[0].code) == ("asks", "no_id_column"), report.message
    assert "9 of 9" in report.message
    assert f"'{key}' and 'Shop no' together tell them apart" in report.message
    assert warehouse.select(f"select count(*) from facts.{template}") == [(0,)]


def test_a_file_of_which_nothing_lands_is_refused_and_says_why(warehouse: Warehouse) -> None:
    text = lines("lead_id,created_at", "L1,soon", "L2,later", "L3,one day")
    report = land_text(warehouse, text, name="x.csv")
    assert (report.state, report.code) == ("refused", "nothing_landed")
    assert "all 3 rows would be set aside" in report.message
    assert "'soon', which can't be read as a date" in report.message
    assert warehouse.select("select count(*) from landed.imports") == [(0,)]


def test_two_rows_of_which_none_lands_are_refused_too(warehouse: Warehouse) -> None:
    report = land_text(warehouse, lines("lead_id,created_at", "L1,soon", "L2,later"), name="x.csv")
    assert (report.state, report.code) == ("refused", "nothing_landed")


@pytest.mark.parametrize(
    ("header", "row", "says"),
    [
        ("Nth week,Sessions", "0000,5", "add the dimension 'Date'"),
        (
            "First Name,Email,Email Status,Apollo Contact Id",
            "A,a@example.com,Verified,1",
            "export them from the CRM",
        ),
        ("Record ID,Company name,Company owner,Create Date", "1,A,B,2026-01-05", "export contacts or deals"),
        ("date,requests,delivered,unique_opens,unique_clicks", "2026-01-05,9,9,3,1", "export the activity"),
        ("Ticket ID,First Response Time in Business Hours", "1,3", "calendar hours"),
        ("Ticket group,AVG(First reply time (hrs))", "A,3", "a row of its own"),
    ],
)
def test_an_export_that_holds_nothing_to_judge_says_what_to_export_instead(
    warehouse: Warehouse, header: str, row: str, says: str
) -> None:
    report = land_text(warehouse, lines(header, row, row), name="x.csv")
    assert (report.state, report.questions[0].code) == ("asks", "unusable_export"), report.message
    assert says in report.message


@pytest.mark.parametrize(
    "text",
    [
        '"lead_id,created_at,channel"\n"L1,2026-01-05,web"\n"L2,2026-01-06,""Paid, search"""\n',
        '"lead_id,created_at,channel",,\r\n"L1,2026-01-05,web",,\r\n"L2,2026-01-06,""Paid, search""",,\r\n',
        '\ufeff"lead_id;created_at;channel"\n"L1;2026-01-05;web"\n"L2;2026-01-06;""Paid, search"""\n',
        '"lead_id\tcreated_at\tchannel"\n"L1\t2026-01-05\tweb"\n"L2\t2026-01-06\tPaid, search"',
    ],
)
def test_lines_that_are_quoted_whole_are_read(warehouse: Warehouse, text: str) -> None:
    report = land_text(warehouse, text, name="x.csv")
    assert (report.state, report.rows.new) == ("landed", 2), report.message
    assert "quoted_lines" in [one.code for one in report.warnings]
    assert column(warehouse, "select channel from facts.leads order by lead_id") == ["web", "Paid, search"]
    assert list(warehouse.intake.iterdir()) == []


def test_a_table_with_all_cells_quoted_is_not_taken_for_quoted_lines(warehouse: Warehouse) -> None:
    report = land_text(warehouse, '"lead_id","created_at"\n"L1","2026-01-05"\n', name="x.csv")
    assert (report.rows.new, report.warnings) == (1, ())


def test_what_later_events_carry_is_taken_back_before_or_not_at_all(warehouse: Warehouse) -> None:
    """Random weeks of events, taken back in a random order: the facts are those of the weeks that stand, or the refusal
    says which must go first."""
    chance = random.Random(5)
    refused = 0
    for _ in range(2):
        clear(warehouse)
        weeks = [
            [row for number in chance.sample(range(5), 2) for row in _week(number, chance)] for _ in range(4)
        ]
        standing = {land_text(warehouse, lines(HEAD, *week)).import_id or 0: week for week in weeks}
        order = chance.sample(sorted(standing), 3)
        while order:
            spoken = {row[:2] for row in standing[order[0]]}
            carrying = [
                n for n, week in standing.items() if n > order[0] and spoken & {row[:2] for row in week}
            ]
            if carrying:
                with pytest.raises(
                    ExportError, match=r"Take (it|them, the newest first,) back before"
                ) as told:
                    undo(warehouse, order[0])
                assert [n for n in standing if f" {n} (" in str(told.value)] == [order[0], *carrying]
                order = [*reversed(carrying), *(n for n in order if n not in carrying)]
                refused += 1
                continue
            undo(warehouse, order[0])
            del standing[order.pop(0)]
            assert warehouse.select(MESSAGES) == _folded(standing.values())
    assert refused


def _week(number: int, chance: random.Random) -> tuple[str, str]:
    event, day, hour = chance.choice(("open", "click")), chance.randint(6, 28), chance.randint(8, 17)
    return (
        f"m{number},L{number},sent,2026-01-05 08:00",
        f"m{number},L{number},{event},2026-01-{day:02} {hour:02}:00",
    )


def _folded(weeks: Iterable[list[str]]) -> list[tuple[object, ...]]:
    """The same rows as `MESSAGES`, by hand."""
    found: dict[str, dict[str, str]] = {}
    for message, _, event, at in (row.split(",") for week in weeks for row in week):
        said = found.setdefault(message, {})
        said[event] = min(said.get(event, at), at)
    return [
        (
            message,
            f"L{message[1:]}",
            *(said[k][8:] if k in said else None for k in ("sent", "delivered", "open", "click")),
        )
        + ((False,) if "open" in said else (None,))
        for message, said in sorted(found.items())
    ]
