"""Sends the weekly message to who follows: people by mail, channels of notifications with text and one card."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from leadline.dashboard.service import client, mail, notify
from leadline.dashboard.service.channels import VARIABLE, Channel, Notifying, notifying
from leadline.dashboard.service.report import workspace_name
from leadline.dashboard.words.formats import counted
from leadline.dashboard.words.weekly_message import test_message
from leadline.data.workspace.lock import PRIVATE_FOLDER, alone
from leadline.data.workspace.workspace import Workspace


def deliver_week(workspace: Workspace, *, again: bool = False, test: bool = False) -> tuple[list[str], bool]:
    """What there is to say about it, a sentence each, and whether all that was due got through.

    One process at a time, so that nobody has it twice. Raises InUseError while another sends.
    """
    with alone(workspace.path / PRIVATE_FOLDER / "weekly.lock", "Sending the weekly message"):
        return _delivered(workspace, again=again, test=test)


def _delivered(workspace: Workspace, *, again: bool, test: bool) -> tuple[list[str], bool]:
    told, server = notifying(workspace), os.environ.get(mail.VARIABLE, "").strip()
    said = []
    if told.people and not server:
        said.append(
            f"{counted(len(told.people), 'person')} of leadline.toml got no mail: put the mail server's address into "
            f"the environment variable {mail.VARIABLE}."
        )
    people = told.people if server else {}
    if not people and not told.channels:
        said.append(
            "Nothing was sent: nobody follows yet; name people under [notify.people] in leadline.toml, or put a "
            f"channel's address into {VARIABLE}."
        )
        return said, False
    sent, problems, notes = 0, [], []
    for message in _tests(workspace, told, people) if test else _messages(workspace, told, people, again):
        if problem := _sent(message, told, server):
            problems.append(f"The weekly message did not reach {message['to']}: {problem}")
            continue
        sent += 1
        if astray := message.get("astray"):
            notes.append(f"{message['to']}: {astray}; correct it in leadline.toml.")
        if not test:
            list(client.run(workspace, "weekly_sent", {"key": message["key"], "week": message["week"]}))
    kind = "test message" if test else "weekly message"
    done = (
        f"{counted(sent, kind)} sent." if sent else f"No {kind} was due; all who follow have had this week's."
    )
    return [*said, *problems, *notes, *([] if problems and not sent else [done])], not (said or problems)


def _messages(workspace: Workspace, told: Notifying, people: Mapping[str, Any], again: bool) -> Any:
    to = [{"address": each.name, "only": None} for each in told.channels]
    to += [{"address": address, "only": only} for address, only in people.items()]
    return list(client.run(workspace, "weekly", {"to": to, "link": told.link, "again": again}))


def _tests(workspace: Workspace, told: Notifying, people: Mapping[str, Any]) -> Any:
    subject, text = test_message(workspace_name(workspace))
    names = [*(each.name for each in told.channels), *people]
    return [{"to": name, "subject": subject, "text": text, "cards": []} for name in names]


def _sent(message: Mapping[str, Any], told: Notifying, server: str) -> str:
    channel: Channel | None = next((each for each in told.channels if each.name == message["to"]), None)
    if channel is None:
        return mail.send(server, message)
    card = message["cards"][0]["png"] if message["cards"] else None
    return notify.send(channel, {"title": message["subject"], "body": message["text"], "card": card})
