"""Sends what is due through Apprise: Slack, Teams, e-mail, webhooks and whatever else it knows.

`send` takes one message to one channel and says what went wrong, without any secret. `deliver` is what
`leadline check --notify` runs: it asks the workspace what is due, sends it from this process (whose environment
holds the addresses, which a dashboard's may not) and has the results recorded.
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from leadline.dashboard.service import client, webhooks
from leadline.dashboard.service.channels import VARIABLE, Channel, Notifying, notifying
from leadline.dashboard.words.formats import counted, one_line
from leadline.dashboard.words.markdown import escape_markdown
from leadline.data.workspace.workspace import Workspace

RETRIES = 2
"""within a run, after the first refusal"""
RETRY_WAIT_SECONDS = 1.0
TIMEOUT_SECONDS = 60.0
_LONGEST_REASON = 200
_MARKDOWN_TITLES = ("workflow", "workflows", "msteams", "discord")
"""kinds of channels of which Apprise hands the title on as Markdown"""

Json = Mapping[str, Any]


def deliver(workspace: Workspace, send_one: Callable[[Channel, Json], str] | None = None) -> list[str]:
    """Sends what is due and records it; what there is to say about it, a sentence each."""
    told = notifying(workspace)
    said = [
        f"The variable {name}, which leadline.toml names for notifications, is not set here."
        for name in told.missing
    ]
    if not told.channels and not told.webhooks:
        return [
            *said,
            "Nothing was sent: no notification channel is configured for this workspace; "
            f"put its address into the environment variable {VARIABLE}.",
        ]
    sent, problems = _delivered(workspace, told, send_one or send)
    return [
        *said,
        *problems,
        f"{counted(sent, 'notification')} sent." if sent else "No notification was due.",
    ]


def deliver_turns(workspace: Workspace) -> list[str]:
    """Tells signed webhooks of gates that have turned, at once; what did not get through, a sentence each."""
    told = notifying(workspace)
    if not told.webhooks:
        return []
    return _delivered(workspace, replace(told, channels=()), send)[1]


def _delivered(
    workspace: Workspace, told: Notifying, send_one: Callable[[Channel, Json], str]
) -> tuple[int, list[str]]:
    """How many got through, and a sentence for each that didn't."""
    by_name = {channel.name: channel for channel in (*told.channels, *told.webhooks)}
    arguments = {
        "channels": [channel.name for channel in told.channels],
        "machines": [channel.name for channel in told.webhooks],
        "link": told.link,
    }
    sent, said = 0, []
    for message in list(client.run(workspace, "outbox", arguments)):
        to = by_name[message["channel"]]
        problem = webhooks.send(to.address, message) if "content" in message else send_one(to, message)
        for event in (message["event"], *message.get("also", ())):
            result = {"event": event, "channel": message["channel"], "problem": problem}
            list(client.run(workspace, "delivered", result))
        if problem:
            said.append(f"“{one_line(message['title'])}” did not reach {message['channel']}: {problem}")
        else:
            sent += 1
    return sent, said


def send(channel: Channel, message: Json) -> str:
    """'' where the channel took the message, else one sentence on what went wrong.

    `message`: title, body (plain text) and card, a PNG as base64 or None.
    """
    # loaded only where something is sent: it knows more than a hundred services
    import apprise
    from apprise.attachment.memory import AttachMemory

    asset = apprise.AppriseAsset(
        app_id="Leadline",
        app_desc="Leadline",
        app_url="",
        # else messages show a picture that their readers' machines fetch from somebody else
        image_url_mask="",
        image_url_logo="",
        async_mode=False,
        default_service_retry=RETRIES,
        default_service_wait=RETRY_WAIT_SECONDS,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
    sender = apprise.Apprise(asset=asset)
    with _quiet("apprise"):
        if not sender.add(channel.address):
            return "its address is not one that can be sent to; docs/decisions.md shows how it is written."
        card = message.get("card")
        attached = [_png(AttachMemory, base64.b64decode(card))] if card else None
        title, body = _plain(channel.address.partition("://")[0].lower(), message)
        result = sender.notify(
            body=body,
            title=title,
            body_format=apprise.NotifyFormat.TEXT.value,
            attach=attached,
            timeout=TIMEOUT_SECONDS,
        )
        if result:
            return ""
        reasons = [str(entry.message) for entry in result.logs()]
    return _without_secrets(reasons[-1] if reasons else "it gave no reason", channel.address)


def _plain(kind: str, message: Json) -> tuple[str, str]:
    """Title and body such that a channel that reads Markdown in them shows them as they stand, and calls nobody."""
    title, body = str(message["title"]), str(message["body"])
    if kind in _MARKDOWN_TITLES:
        title = escape_markdown(title)
    if kind == "discord":
        # links to the dashboard stay links; names that look like links, and calls to everybody, don't
        body = body.replace("[", "\\[").replace("@", "@\u2060")
    return title, body


def _png(memory: Any, content: bytes) -> Any:
    return memory(content=content, name="leadline-alert.png", mimetype="image/png")


class _quiet:  # noqa: N801
    """Keeps a library's own log off the terminal, where it would stand beside our one sentence."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def __enter__(self) -> None:
        self._before = (self._logger.propagate, list(self._logger.handlers))
        self._logger.propagate = False
        self._logger.handlers = [logging.NullHandler()]

    def __exit__(self, *_: object) -> None:
        self._logger.propagate, self._logger.handlers = self._before


def _without_secrets(reason: str, address: str) -> str:
    """A service's complaint, on one line, with every part of the address and every other address taken out."""
    told = re.sub(r"[A-Za-z][A-Za-z0-9+.-]*://\S+", "(address)", one_line(reason))
    for part in sorted(set(re.split(r"[/:@?&=,]+", address.partition("://")[2])), key=len, reverse=True):
        if len(part) >= 6:
            told = told.replace(part, "…")
    told = told[:_LONGEST_REASON].rstrip(". ,")
    return f"{told}."
