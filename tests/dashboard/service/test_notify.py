"""`leadline check --notify` against real receivers: content, once only, retries, the card, and no secret anywhere."""

from __future__ import annotations

import base64
import datetime as dt
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from leadline.dashboard.service import ledger_commands, notify
from leadline.dashboard.service.channels import VARIABLE, Channel, notifying
from leadline.dashboard.words.ledger import failure_words
from leadline.dashboard.words.notices import notice
from leadline.data.errors import WorkspaceError
from leadline.data.landing.land import IngestOptions, land
from leadline.data.samples.stories import CONTENT_AT_SCALE as STORY
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace, open_workspace
from leadline.metrics.agreement import outbox
from leadline.metrics.agreement.alerts import alerts, silence
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.agreement.charter_versions import register_charter
from leadline.metrics.agreement.entries import entries
from leadline.metrics.agreement.record_review import sync_alerts
from leadline.metrics.findings import AsTold
from leadline.metrics.results import Finding
from tests.dashboard.command_line import run
from tests.dashboard.receivers import Hook, hook, mailbox
from tests.dashboard.serving import free_port, serving
from tests.metrics.shown import CATALOG, SUNDAY, review, rule, workflow

EVE = STORY.changed_on - dt.timedelta(days=1)
SECRET = "s3cr3t-t0ken-of-the-team"
DRAWN = ledger_commands.draw_card
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels" * 20
AT = dt.datetime(2024, 7, 1, 7, 0)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(scope="module")
def drifting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a story in the middle of its drift; nothing was noticed yet."""
    folder = tmp_path_factory.mktemp("made") / "marketing"
    (folder / "charters").mkdir(parents=True)
    (folder / "charters" / "content-studio.yaml").write_text(STORY.charter, encoding="utf-8")
    (folder / "leadline.toml").write_text(f"as_of = {EVE}\n", encoding="utf-8")
    with open_warehouse(open_workspace(folder)) as warehouse:
        for file in STORY.write(folder.parent / "exports", EVE):
            assert land(warehouse, file, IngestOptions(exported_on=EVE)).state == "landed"
        register_charter(warehouse, parse_charter(STORY.charter, load_catalog(None), "c.yaml"), "CEO")
    return folder


@pytest.fixture
def team(drifting: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, with no channel, no waiting between attempts, and a card that is quickly drawn."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(notify, "RETRY_WAIT_SECONDS", 0.02)
    monkeypatch.setattr(
        ledger_commands, "draw_card", lambda *_: PNG
    )  # drawing takes longer than all the rest
    return Path(shutil.copytree(drifting, tmp_path / "marketing"))


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    with hook() as server:
        monkeypatch.setenv(VARIABLE, f"json://127.0.0.1:{server.port}/{SECRET}")
        yield server


def test_a_breach_reaches_the_webhook_once_with_all_that_a_meeting_needs(team: Path, web: Hook) -> None:
    (team / "leadline.toml").write_text(f'as_of = {EVE}\n[notify]\nlink = "https://leadline.example.com/"\n')
    ran = run("check", "--notify", workspace=team)
    assert ran.status == 3
    assert ran.err == "1 notification sent.\n"
    titles = [message["title"] for message in web.received]
    assert titles == [
        "◆ Content studio: rule “drifting” is breached",
    ]
    body = web.received[0]["message"]
    for words in (
        "Content studio is drifting.",
        "fewer assets",
        "”, agreed action: ",
        "Rule as agreed: Verdict “drifting”, then adjust.",
        "Agreed action: adjust. Owner: Head of Content.",
        "Breached since",
        "workspace marketing",
        "Review of 11 Aug 2024, data complete to 11 Aug 2024.",
        "https://leadline.example.com/workflow?code=",
    ):
        assert words in body
    again = run("check", "--notify", workspace=team)
    assert again.err == "No notification was due.\n"
    assert web.asked == 1


def test_a_message_is_written_in_the_workspaces_locale(team: Path, web: Hook) -> None:
    (team / "leadline.toml").write_text(f'as_of = {EVE}\nlocale = "fr"\n')
    run("check", "--notify", workspace=team)
    assert "Review of 11 août 2024, data complete to 11 août 2024." in web.received[0]["message"]


def test_check_without_notify_notices_and_sends_nothing(team: Path, web: Hook) -> None:
    assert run("check", workspace=team).status == 3
    assert web.asked == 0
    assert "raised" in run("alerts", workspace=team).out
    run("check", "--notify", workspace=team)
    assert len(web.received) == 1


def test_looking_back_notices_nothing(team: Path, web: Hook) -> None:
    ran = run("check", "--notify", "--as-of", (EVE - dt.timedelta(weeks=1)).isoformat(), workspace=team)
    assert ran.status == 3
    assert web.asked == 0
    assert "No alert was raised yet." in run("alerts", workspace=team).out


def test_what_is_refused_is_tried_again_told_and_sent_once(
    team: Path, web: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.status = 503
    ran = run("check", "--notify", workspace=team)
    assert ran.status == 3
    assert web.asked == 1 + notify.RETRIES
    assert "did not reach json 1 in LEADLINE_NOTIFY_URLS: " in ran.err
    assert "503" in ran.err
    assert "Not sent  alert raised" in run("alerts", workspace=team).out
    assert "not everything could be sent" in run("doctor", workspace=team).out
    assert SECRET not in ran.err + run("alerts", "--json", workspace=team).out

    web.status = 200
    assert (
        run("check", "--notify", workspace=team).err == "No notification was due.\n"
    )  # too soon after a refusal
    monkeypatch.setattr(outbox, "FIRST_PAUSE", dt.timedelta(0))
    assert run("check", "--notify", workspace=team).err == "1 notification sent.\n"
    assert len(web.received) == 1
    assert "Not sent" not in run("alerts", workspace=team).out
    assert run("ledger", "--verify", workspace=team).status == 0


def test_a_channel_that_refuses_does_not_keep_another_from_its_message(
    team: Path, web: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, f"json://127.0.0.1:{free_port()}/dead json://127.0.0.1:{web.port}/alive")
    ran = run("check", "--notify", workspace=team)
    assert ran.err.count("did not reach json 1") == 1
    assert "1 notification sent." in ran.err
    assert len(web.received) == 1


def test_a_mail_carries_the_message_and_the_card(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    address = f"mailto://127.0.0.1:{port}?from=leadline@example.com&to=team@example.com,ceo@example.com&mode=insecure"
    monkeypatch.setenv("LEADLINE_MAIL", address)
    (team / "leadline.toml").write_text(f'as_of = {EVE}\n[notify]\nchannels = ["LEADLINE_MAIL"]\n')
    with mailbox(port) as box:
        ran = run("check", "--notify", workspace=team)
        assert ran.err == "1 notification sent.\n"
    assert sorted(set(box.recipients)) == ["ceo@example.com", "team@example.com"]
    mail = box.mails[0]
    assert mail["subject"] == "◆ Content studio: rule “drifting” is breached"
    text = mail.get_body(("plain", "html"))
    assert text is not None
    assert "Content studio is drifting." in text.get_content()
    (card,) = list(mail.iter_attachments())
    assert (card.get_filename(), card.get_content_type()) == ("leadline-alert.png", "image/png")
    assert card.get_content() == PNG


def test_a_mail_server_that_refuses_is_told(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notify, "RETRIES", 0)  # several seconds lie between attempts by mail
    port = free_port()
    monkeypatch.setenv(
        VARIABLE, f"mailto://127.0.0.1:{port}?from=leadline@example.com&to=team@example.com&mode=insecure"
    )
    with mailbox(port) as box:
        box.answer = "554 no thanks"
        ran = run("check", "--notify", workspace=team)
    assert ran.err.count("did not reach mailto 1") == 1
    assert box.mails == []


def test_the_card_is_attached_to_the_webhook(team: Path, web: Hook) -> None:
    run("check", "--notify", workspace=team)
    (card,) = web.received[0]["attachments"]
    assert (card["filename"], card["mimetype"]) == ("leadline-alert.png", "image/png")
    assert base64.b64decode(card["base64"]) == PNG


def test_the_card_is_the_one_that_is_shown_in_meetings(
    team: Path, web: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_commands, "draw_card", DRAWN)
    run("check", "--notify", workspace=team)
    (card,) = web.received[0]["attachments"]
    content = base64.b64decode(card["base64"])
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(content[16:20], "big") == 1600
    assert b"Content studio is drifting" in content


def test_a_breach_is_told_even_where_its_card_cannot_be_drawn(
    team: Path, web: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise OSError("no fonts")

    monkeypatch.setattr(ledger_commands, "draw_card", fail)
    assert run("check", "--notify", workspace=team).err == "1 notification sent.\n"
    assert "attachments" not in web.received[0] or web.received[0]["attachments"] == []
    assert "no fonts" in (team / "leadline.log").read_text(encoding="utf-8")


def test_no_secret_is_written_into_the_workspace(team: Path, web: Hook) -> None:
    web.status = 500
    run("check", "--notify", workspace=team)
    web.status = 200
    for file in team.rglob("*"):
        if file.is_file():
            assert SECRET.encode() not in file.read_bytes(), file


@pytest.mark.parametrize(
    ("address", "secrets"),
    [
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", ("T1JJ3T3L2", "TIiajkdnlazkcOXrIdevi7FQ")),
        ("mailtos://team:hunter7@mail.example.com?to=ceo@example.com", ("hunter7", "mail.example.com")),
        (f"jsons://hooks.example.com/{SECRET * 4}", (SECRET * 4, "hooks.example.com")),
    ],
)
def test_a_service_that_repeats_a_part_of_its_address_tells_no_secret(
    address: str, secrets: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for secret in secrets:
        monkeypatch.setattr(
            "apprise.Apprise.notify", lambda *_, said=secret, **__: _Refusal(f"no such token {said} here")
        )
        assert notify.send(Channel("one", address), {"title": "t", "body": "b"}) == "no such token … here."


class _Refusal:
    """What a service answers that takes no message and says why."""

    def __init__(self, words: str) -> None:
        self._words = words

    def __bool__(self) -> bool:
        return False

    def logs(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(message=self._words)]


def test_while_a_dashboard_serves_the_addresses_of_the_command_count(team: Path, web: Hook) -> None:
    with serving(team):
        ran = run("check", "--notify", workspace=team)
    assert ran.err == "1 notification sent.\n"
    assert len(web.received) == 1


def test_the_end_of_a_breach_is_told_to_those_who_heard_of_it(team: Path, web: Hook, tmp_path: Path) -> None:
    run("check", "--notify", workspace=team)
    decided = run("decide", STORY.workflow, "adjust", "--reason", "x", "--next", "2024-09-02", workspace=team)
    assert decided.status == 0, decided.err
    later = STORY.changed_on + dt.timedelta(weeks=16, days=-1)
    (team / "leadline.toml").write_text(f"as_of = {later}\n", encoding="utf-8")
    files = STORY.write(tmp_path / "later", later)
    assert run("ingest", *files, "--exported-on", later.isoformat(), workspace=team).status == 0
    web.received.clear()
    run("check", "--notify", workspace=team)
    titles = sorted(message["title"] for message in web.received)
    assert "● Content studio: the breach of rule “drifting” is over" in titles
    assert any("something is overdue" in title for title in titles)
    told = run("check", workspace=team).out
    assert "Asset usage rate recovered on" in " ".join(told.split()), told


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"notify": 3}, "notify is no table"),
        ({"notify": {"channels": "LEADLINE_SLACK"}}, "no list of names"),
        ({"notify": {"channels": [True]}}, "no list of names"),
        ({"notify": {"chanels": [SECRET]}}, "did you mean channels?"),
        (
            {"notify": {"channels": [f"json://example.com/{SECRET}"]}},
            "not the name of an environment variable",
        ),
        ({"notify": {"link": "javascript:alert(1)"}}, "no web address"),
    ],
)
def test_settings_that_cannot_be_meant_are_told_without_what_they_hold(
    tmp_path: Path, settings: dict[str, object], problem: str
) -> None:
    with pytest.raises(WorkspaceError, match=problem) as told:
        notifying(Workspace(tmp_path, Settings(values=settings)), {})
    assert SECRET not in str(told.value)


def test_channels_are_known_by_where_they_stand_not_by_their_secrets(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, Settings(values={"notify": {"channels": ["MINE", "GONE"]}}))
    environment = {
        VARIABLE: "slack://a/b/c, jsons://x.example/1\njsons://x.example/2",
        "MINE": "mailtos://me:pw@mail.example?to=a@b.example,c@d.example",
    }
    told = notifying(workspace, environment)
    assert [channel.name for channel in told.channels] == [
        f"slack 1 in {VARIABLE}",
        f"jsons 1 in {VARIABLE}",
        f"jsons 2 in {VARIABLE}",
        "mailtos 1 in MINE",
    ]
    assert told.channels[3].address.endswith("a@b.example,c@d.example")
    assert told.missing == ("GONE",)
    assert "pw" not in repr(told)


def test_an_address_that_is_none_is_told_without_it(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, f"not-an-address-{SECRET}")
    ran = run("check", "--notify", workspace=team)
    assert (
        "did not reach address 1 in LEADLINE_NOTIFY_URLS: its address is not one that can be sent to"
        in ran.err
    )
    assert SECRET not in ran.err


def test_the_addresses_in_the_documentation_can_be_sent_to() -> None:
    import re

    import apprise

    page = (Path(__file__).resolve().parents[3] / "docs" / "decisions.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| [^|]+ \| `(\w+://[^`]+)` \|$", page, re.MULTILINE)
    assert len(shown) == 4
    for address in shown:
        assert apprise.Apprise().add(address), address


def _raised(warehouse: Warehouse) -> None:
    sync_alerts(warehouse, review(workflow(rule("breached"))), AT)


def test_a_delivery_that_was_begun_is_not_begun_twice(warehouse: Warehouse) -> None:
    _raised(warehouse)
    assert len(outbox.claim(warehouse, ["a", "b"], SUNDAY, AT)) == 2
    assert outbox.claim(warehouse, ["a", "b"], SUNDAY, AT) == ()
    assert outbox.failures(warehouse, AT) == ()


def test_a_delivery_that_never_ended_counts_as_failed(warehouse: Warehouse) -> None:
    _raised(warehouse)
    outbox.claim(warehouse, ["a"], SUNDAY, AT)
    later = AT + outbox.GIVEN_UP_AFTER
    assert [failure_words(failure) for failure in outbox.failures(warehouse, later)] == [
        "it was begun and never ended"
    ]
    (again,) = outbox.claim(warehouse, ["a"], SUNDAY, later)
    assert again.attempt == 2


def test_pauses_grow_and_end(warehouse: Warehouse) -> None:
    _raised(warehouse)
    at, gaps = AT, []
    for _ in range(outbox.MOST_ATTEMPTS):
        (delivery,) = outbox.claim(warehouse, ["a"], SUNDAY, at)
        outbox.delivered(warehouse, delivery.event.sequence, "a", problem="refused.", at=at)
        (failure,) = outbox.failures(warehouse, at)
        if failure.next_at is not None:
            gaps.append((failure.next_at - at).total_seconds() / 60)
            assert outbox.claim(warehouse, ["a"], SUNDAY, failure.next_at - dt.timedelta(seconds=1)) == ()
            at = failure.next_at
    assert gaps == [5, 10, 20, 40, 80, 160, 320]
    assert failure.next_at is None
    assert outbox.claim(warehouse, ["a"], SUNDAY, at + 1000 * HOUR) == ()


def test_what_arrived_is_not_sent_again_whatever_is_said_later(warehouse: Warehouse) -> None:
    _raised(warehouse)
    (delivery,) = outbox.claim(warehouse, ["a"], SUNDAY, AT)
    outbox.delivered(warehouse, delivery.event.sequence, "a", at=AT)
    outbox.delivered(warehouse, delivery.event.sequence, "a", problem="late refusal.", at=AT)
    assert outbox.failures(warehouse, AT + HOUR) == ()
    assert outbox.claim(warehouse, ["a"], SUNDAY, AT + 1000 * HOUR) == ()
    assert len(entries(warehouse, ("notification_failed",))) == 0


def test_a_new_channel_does_not_get_old_news(warehouse: Warehouse) -> None:
    _raised(warehouse)
    assert outbox.claim(warehouse, ["new"], SUNDAY, AT + dt.timedelta(days=32)) == ()
    assert len(outbox.claim(warehouse, ["new"], SUNDAY, AT + dt.timedelta(days=30))) == 1


def test_nothing_is_sent_about_a_silent_alert_until_it_gets_worse(warehouse: Warehouse) -> None:
    _raised(warehouse)
    name = alerts(warehouse)[0].id
    until = SUNDAY + dt.timedelta(days=30)
    silence(warehouse, name, by="CEO", until=until, reason="known", today=SUNDAY, at=AT)
    assert outbox.claim(warehouse, ["a"], SUNDAY, AT) == ()
    day = SUNDAY + dt.timedelta(days=7)
    sync_alerts(
        warehouse, review(workflow(rule("breached"), change=(-0.5, -0.6, -0.4)), as_of=day), AT + HOUR
    )
    told = [delivery.event.kind for delivery in outbox.claim(warehouse, ["a"], day, AT + HOUR)]
    assert "alert_worse" in told


def test_who_never_heard_of_an_alert_does_not_hear_of_its_end(warehouse: Warehouse) -> None:
    _raised(warehouse)
    (heard,) = outbox.claim(warehouse, ["heard"], SUNDAY, AT)
    outbox.delivered(warehouse, heard.event.sequence, "heard", at=AT)
    day = SUNDAY + dt.timedelta(days=7)
    sync_alerts(warehouse, review(workflow(rule("ok", since=day)), as_of=day), AT + HOUR)
    due = outbox.claim(warehouse, ["heard", "new"], day, AT + HOUR)
    assert [(delivery.event.kind, delivery.channel) for delivery in due] == [("alert_resolved", "heard")]


def test_data_that_cannot_be_judged_are_told_in_their_own_words(warehouse: Warehouse) -> None:
    why = "The newest entry of deals is of 1 May 2024, 60 days before the review."
    broken = workflow(
        rule("no_data"), verdict="data_problem", findings=(Finding(AsTold(why), blocks_verdict=True),)
    )
    (event,) = sync_alerts(warehouse, review(broken), AT)
    told = notice(event, None, None, CATALOG, "marketing")
    assert told.title == "✕ lead-routing: the data can't be judged"
    assert why in told.body
    assert "Review of 30 Jun 2024." in told.body


@pytest.mark.parametrize(
    "address", ["workflow://host.example.com/flow/sig", f"discord://{'1' * 18}/{'a' * 64}"]
)
def test_a_name_that_looks_like_a_link_is_none_and_calls_nobody_where_markdown_is_read(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    def take(url: str, **said: object) -> SimpleNamespace:
        sent.append(str(said.get("data") or said.get("json")))
        return SimpleNamespace(status_code=200, content=b"1", headers={}, text="1")

    monkeypatch.setattr("requests.post", take)
    monkeypatch.setattr("requests.Session.request", lambda self, method, url, **said: take(url, **said))
    trap = "[ck](https://evil.example) @everyone"
    told = notify.send(
        Channel("it", address), {"title": trap, "body": f"{trap} https://ours.example", "card": None}
    )
    assert told == ""
    assert len(sent) == 1
    assert not re.search(r"(?<!\\)\[ck", sent[0])
    if address.startswith("discord"):
        assert "@everyone" not in sent[0]
        assert "https://ours.example" in sent[0]
    assert "image" not in sent[0].lower()
    assert "avatar" not in sent[0].lower()
