"""Where notifications go: addresses from environment variables, never from the workspace.

LEADLINE_WEBHOOKS holds those of signed webhooks, which hear of gates that turn, with the secret that each is signed
with behind a '#'. LEADLINE_NOTIFY_URLS holds one or more addresses, parted by spaces or commas; `[notify] channels`
in leadline.toml may name further variables. An address is written as Apprise reads it (docs/decisions.md). A channel
is known by the variable it stands in and its place there, so that no secret is ever written down.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from leadline.data.documents.values import Value
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace

VARIABLE = "LEADLINE_NOTIFY_URLS"
WEBHOOKS = "LEADLINE_WEBHOOKS"
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_LINK = re.compile(r"(https?://[^\s<>\"]+)?")
_ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\"]+")
_ADDRESS_START = re.compile(r"(?:^|[\s,]+)(?=[A-Za-z][A-Za-z0-9+.-]{1,20}://)")


@dataclass(frozen=True)
class Channel:
    """One address."""

    name: str
    """'slack 1 in LEADLINE_NOTIFY_URLS': stays when the address's secrets are renewed"""
    address: str = field(repr=False)


@dataclass(frozen=True)
class Notifying:
    """What leadline.toml and the environment say."""

    channels: tuple[Channel, ...]
    missing: tuple[str, ...]
    """variables that leadline.toml names and that are not set here"""
    link: str
    """the dashboard's address as others reach it, '' where it is not told"""
    webhooks: tuple[Channel, ...] = ()
    people: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    """mail address -> the workflows and owners that this person follows; None: all"""


def notifying(workspace: Workspace, environment: Mapping[str, str] | None = None) -> Notifying:
    """The channels of this workspace in this environment. Raises WorkspaceError where the settings are wrong."""
    environment = os.environ if environment is None else environment
    named, link, people = _said(workspace.settings)
    names = list(dict.fromkeys([VARIABLE, *named]))
    found = [channel for name in names for channel in _channels(name, environment.get(name, ""))]
    missing = tuple(name for name in named if not environment.get(name, "").strip())
    signed = tuple(_channels(WEBHOOKS, environment.get(WEBHOOKS, "")))
    return Notifying(tuple(found), missing, link.rstrip("/"), signed, people)


def _said(settings: Settings) -> tuple[list[str], str, dict[str, tuple[str, ...] | None]]:
    """The variables that `[notify]` names, the dashboard's address, who follows; no secret is ever told."""
    table = settings.table(
        "notify", ("channels", "link", "people"), "write '[notify]' and its settings below it"
    )
    if table is None:
        return [], "", {}
    channels, link = table.values.get("channels"), table.values.get("link")
    named = channels.items("names") if channels is not None and channels.is_list else ()
    if channels is not None and not (channels.is_list and all(name.is_quoted for name in named)):
        channels.fault('notify.channels is no list of names; write such as channels = ["LEADLINE_SLACK"].')
    elif not all(_VARIABLE_NAME.fullmatch(name.text()) for name in named):
        table.values["channels"].fault(
            "notify.channels holds something that is not the name of an environment variable; "
            'put the address into a variable and write its name here, such as "LEADLINE_SLACK".'
        )
    address = settings.values["notify"].get("link", "")
    if link is not None and not (isinstance(address, str) and re.fullmatch(_LINK, address)):
        link.fault('notify.link is no web address; write such as link = "https://leadline.example.com".')
    people = _people(table.values.get("people"), settings.values["notify"].get("people"))
    table.faults.raise_if_any()
    return [name.text() for name in named], str(address), people


def _people(value: Value | None, said: Any) -> dict[str, tuple[str, ...] | None]:
    """`[notify.people]`: an address and "all", or the names of workflows and owners."""
    if value is None:
        return {}
    if not isinstance(said, dict):
        value.fault(
            'notify.people is no table; write [notify.people] and "ana@example.com" = "all" below it.'
        )
        return {}
    found: dict[str, tuple[str, ...] | None] = {}
    for address, follows in said.items():
        is_list = isinstance(follows, list) and follows and all(isinstance(each, str) for each in follows)
        if not _ADDRESS.fullmatch(address) or not (follows == "all" or is_list):
            value.fault(
                'notify.people holds an entry that is none; write an address and "all", or a list of workflows and '
                'owners, such as "ana@example.com" = ["lead-routing", "Head of Content"].'
            )
            continue
        found[address] = None if follows == "all" else tuple(follows)
    if len({each.lower() for each in found}) < len(found):
        value.fault(
            "notify.people names an address twice (capitals make no other one); name each person once."
        )
    return found


def _channels(variable: str, text: str) -> list[Channel]:
    """The addresses that stand in a variable. A comma inside an address (several recipients) parts nothing."""
    found: list[Channel] = []
    counts: dict[str, int] = {}
    for address in _ADDRESS_START.split(text.strip()):
        if not (address := address.strip().strip(",")):
            continue
        kind = address.partition("://")[0].lower() if "://" in address else "address"
        counts[kind] = counts.get(kind, 0) + 1
        found.append(Channel(f"{kind} {counts[kind]} in {variable}", address))
    return found
