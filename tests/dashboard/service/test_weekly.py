"""The weekly message against a real mail server and web receiver: to whom, what, once a week, and how it ends."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadline.dashboard.service import mail, weekly
from leadline.dashboard.service.channels import VARIABLE
from leadline.dashboard.service.command import Command
from leadline.dashboard.service.commands import COMMANDS
from leadline.data.workspace.lock import PRIVATE_FOLDER, alone
from leadline.metrics.agreement.entries import LedgerError
from tests.dashboard.command_line import assert_one_sentence, run
from tests.dashboard.receivers import Mailbox, mailbox
from tests.dashboard.service.test_notify import EVE, PNG, drifting, team, web
from tests.dashboard.serving import free_port

__all__ = ["drifting", "team", "web"]
PEOPLE = """[notify]
link = "https://leadline.example.com"
[notify.people]
"ana@example.com" = "all"
"ben@example.com" = ["Head of Content"]
"eve@example.com" = ["another-workflow"]
"""


@pytest.fixture
def post(team: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    monkeypatch.setattr(weekly, "card", lambda *_, **__: PNG)
    monkeypatch.setattr(weekly, "pack", lambda *_, **__: b"<!doctype html>the pack")
    (team / "leadline.toml").write_text(f"as_of = {EVE}\n{PEOPLE}")
    with mailbox(free_port()) as box:
        monkeypatch.setenv(mail.VARIABLE, f"smtp://127.0.0.1:{box.port}?from=leadline@example.com")
        yield box


def test_each_follower_gets_what_it_follows_once_a_week(team: Path, post: Mailbox) -> None:
    ran = run("weekly", workspace=team)
    noted, sent = ran.out.splitlines()
    assert (ran.status, sent) == (0, "3 weekly messages sent.")
    assert "eve@example.com: “another-workflow” is the name of no watched workflow" in noted
    assert post.recipients == ["ana@example.com", "ben@example.com", "eve@example.com"]
    due = run("check", "--json", workspace=team).json["workflows"][0]["due"]["text"]
    ana, ben, eve = post.mails
    for one in (ana, ben):
        text, html = (one.get_body((kind,)) for kind in ("plain", "html"))
        assert text is not None
        assert html is not None
        for part in (text, html):
            for words in (
                "Content studio is drifting.",
                due,
                "Cost so far",
                "leadline.example.com/workflow?code=",
            ):
                assert words in part.get_content().replace("\xa0", " ")
        assert "<script" not in html.get_content()
        picture = next(part for part in one.walk() if part.get_content_type() == "image/png")
        assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in html.get_content()
        (attached,) = one.iter_attachments()
        assert attached.get_filename() == "weekly-review-2024-08-11.html"
    assert "drifting" in ana["Subject"]
    assert ana["Message-ID"] != ben["Message-ID"]
    assert "follows Head of Content" in ben.as_string()
    assert "Content studio" not in eve.as_string(), "nothing that is not followed"
    assert "Nothing that this address follows is watched" in eve["Subject"], "not that nothing has a charter"
    assert run("weekly", workspace=team).out.startswith("No weekly message was due")
    assert len(post.mails) == 3


def test_who_was_not_reached_is_told_and_tried_again_alone(team: Path, post: Mailbox) -> None:
    post.answer = "550 no"
    ran = run("weekly", workspace=team)
    assert ran.status == 2
    assert ran.err.count("did not reach") == 3
    post.answer, post.unknown = "250 OK", {"ben@example.com"}
    ran = run("weekly", workspace=team)
    assert ran.status == 2
    assert "2 weekly messages sent." in ran.err
    post.unknown = set()
    assert run("weekly", workspace=team).out == "1 weekly message sent.\n"
    assert post.recipients == ["ana@example.com", "eve@example.com", "ben@example.com"]


def test_two_at_the_same_time_send_it_once(team: Path, post: Mailbox) -> None:
    with alone(team / PRIVATE_FOLDER / "weekly.lock", "Sending the weekly message"):
        assert_one_sentence(run("weekly", workspace=team))
    assert post.recipients == []


def test_a_message_that_was_taken_and_not_noted_comes_again_as_the_same(
    team: Path, post: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> list[object]:
        raise LedgerError("The machine died.")

    with monkeypatch.context() as patched:
        patched.setitem(COMMANDS, "weekly_sent", Command(dies))
        assert_one_sentence(run("weekly", workspace=team))
    run("weekly", workspace=team)
    assert post.recipients == ["ana@example.com", "ana@example.com", "ben@example.com", "eve@example.com"]
    first, again = (each["Message-ID"] for each in post.mails[:2])
    assert first == again
    run("weekly", "--again", workspace=team)
    assert post.mails[4]["Message-ID"] != first, "what somebody wants again is not dropped as known"


def test_an_address_that_has_ended_it_gets_none_until_it_begins_again(team: Path, post: Mailbox) -> None:
    assert_one_sentence(run("weekly", "--unsubscribe", "anna@example.com", workspace=team))
    run("weekly", "--unsubscribe", "Ana@example.com", workspace=team)
    run("weekly", workspace=team)
    assert post.recipients == ["ben@example.com", "eve@example.com"]
    run("weekly", "--resubscribe", "ana@example.com", workspace=team)
    run("weekly", workspace=team)
    assert post.recipients[2:] == ["ana@example.com"]
    assert "ana@example.com" not in run("ledger", "--csv", workspace=team).out, "the ledger holds no address"


def test_a_test_message_says_so_and_counts_for_nothing(team: Path, post: Mailbox) -> None:
    assert run("weekly", "--test", workspace=team).out == "3 test messages sent.\n"
    assert "This is a test." in post.mails[0].get_content()
    assert run("weekly", workspace=team).out.endswith("3 weekly messages sent.\n")


def test_without_followers_or_server_it_says_what_to_do(
    team: Path, post: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(mail.VARIABLE)
    ran = run("weekly", workspace=team)
    assert ran.status == 2
    assert mail.VARIABLE in ran.err
    (team / "leadline.toml").write_text('[notify.people]\n"no address" = "all"\n')
    assert_one_sentence(run("weekly", workspace=team))


def test_channels_get_the_text_and_a_card(team: Path, post: Mailbox, web: object) -> None:
    run("weekly", workspace=team)
    (told,) = web.received  # type: ignore[attr-defined]
    assert "this channel follows everything" in told["message"]
    assert VARIABLE not in told["message"]
    assert "unsubscribe" not in told["message"]
    assert len(told["attachments"]) == 1


def test_the_schedule_names_every_job_and_survives_odd_folders(team: Path, tmp_path: Path) -> None:
    odd = Path(team).rename(team.with_name("100% market ing"))
    (odd / "leadline.toml").write_text('timezone = "Pacific/Auckland"\n')
    cron = run("schedule", workspace=odd).out
    assert "CRON_TZ=Pacific/Auckland\n" in cron
    assert "0 7-9 * * 1" in cron
    assert "100\\% market ing'" in cron
    units = run("schedule", "--as", "systemd", workspace=odd).out
    assert units.count("OnCalendar=") == 3
    assert '100%% market ing"' in units
    if (program := shutil.which("systemd-analyze")) is None:
        return
    named = re.split(r"^# (leadline-\w+\.(?:service|timer))\n", units, flags=re.MULTILINE)[1:]
    files = [tmp_path / name for name in named[::2]]
    for file, text in zip(files, named[1::2], strict=True):
        file.write_text(text)
    verified = subprocess.run(
        [program, "--user", "verify", "--man=no", *files], capture_output=True, text=True, check=False
    )
    assert "leadline" not in verified.stderr
