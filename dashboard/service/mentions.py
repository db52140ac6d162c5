"""People who are named on an alert, in a comment as @name or as whom it is assigned to, hear of it by mail.

Only people whom leadline.toml names are ever written to, so that no comment sends mail into the world.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from leadline.dashboard.service import mail
from leadline.dashboard.service.access import named_people
from leadline.dashboard.service.channels import notifying
from leadline.dashboard.service.report import workspace_name
from leadline.dashboard.service.weekly import key_of
from leadline.dashboard.words.mentions import mention_message
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.alerts import Alert
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.agreement.entries import Entry, Kind, append
from leadline.metrics.agreement.record_review import MACHINE

_MENTION = re.compile(r"(?<![\w@.])@([\w.+-]+(?:@[\w-]+(?:\.[\w-]+)+)?)")
MOST = 10
"""people told of one comment"""


@dataclass(frozen=True)
class Told:
    """What became of the mentions of one comment."""

    mailed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """names that leadline.toml doesn't know, or that fit several people"""
    problem: str = ""
    """why somebody was not reached; without any secret"""


def people(workspace: Workspace) -> tuple[str, ...]:
    """Addresses of all whom leadline.toml names, as they are written there. Raises WorkspaceError."""
    return tuple(dict.fromkeys([*notifying(workspace).people, *named_people(workspace)]))


def named_in(text: str, known: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Addresses that a text names as '@ana' or '@ana@example.com', and names that are nobody's or several people's."""
    found: list[str] = []
    unknown: list[str] = []
    for name in dict.fromkeys(_MENTION.findall(text)):
        said = name.rstrip(".").lower()
        meant = [a for a in known if said in (a.lower(), a.lower().partition("@")[0])]
        (found if len(meant) == 1 else unknown).append(meant[0] if len(meant) == 1 else name)
    return tuple(dict.fromkeys(found))[:MOST], tuple(unknown)


def tell(
    warehouse: Warehouse, workspace: Workspace, event: Entry, alert: Alert, catalog: Mapping[str, Metric]
) -> Told:
    """Mails whom a comment or an assignment names; that it was sent, or not, is in the ledger."""
    known = people(workspace)
    unknown: tuple[str, ...] = ()
    if event.kind == "alert_assigned":
        # somebody who signs in is known as 'Ana Lund (ana@example.com)'
        said = str(event.payload["to"]).lower()
        to = tuple(a for a in known if a.lower() in (said, said.rpartition("(")[2].rstrip(")")))
    else:
        to, unknown = named_in(str(event.payload["text"]), known)
    if not to:
        return Told(unknown=unknown)
    server = os.environ.get(mail.VARIABLE, "").strip()
    base = notifying(workspace).link
    at = f"{base}/alerts?{urlencode({'alert': alert.id})}" if base else ""
    subject, text = mention_message(event, alert, catalog, workspace_name(workspace), at)
    mailed: list[str] = []
    problem = "" if server else f"no mail server is set in {mail.VARIABLE}."
    for address in to:
        failed = problem or mail.send(server, {"to": address, "subject": subject, "text": text})
        _note(warehouse, event, address, failed)
        if failed:
            problem = failed
        else:
            mailed.append(address)
    return Told(tuple(mailed), unknown, problem)


def _note(warehouse: Warehouse, event: Entry, address: str, problem: str) -> None:
    payload = {"event": event.sequence, "to": key_of(warehouse, address)}
    kind: Kind = "mention_failed" if problem else "mention_sent"
    append(
        warehouse, kind, {**payload, "problem": problem} if problem else payload, by=MACHINE,
        workflow=event.workflow, subject=event.subject,
    )  # fmt: skip
