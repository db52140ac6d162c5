"""`leadline pull`: what has changed in a vendor's portal lands through the inbox; what is gone is retired.

Runs in the process of the command: its environment holds the token, which a dashboard's may not.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from leadline.dashboard.service import client
from leadline.data.errors import WorkspaceError
from leadline.data.portals.hubspot import HubSpot
from leadline.data.portals.pipedrive import Pipedrive
from leadline.data.portals.portal import Portal
from leadline.data.portals.spool import Spool, as_csv
from leadline.data.portals.vendor import Vendor
from leadline.data.workspace import inbox_folder
from leadline.data.workspace.lock import PRIVATE_FOLDER, alone
from leadline.data.workspace.settings import table_of
from leadline.data.workspace.workspace import Workspace

VENDORS: dict[str, type[HubSpot | Pipedrive]] = {"hubspot": HubSpot, "pipedrive": Pipedrive}
NOT_ASKED = (
    *("older_export", "created_changes", "shifted_times", "coarser_times", "swapped_dates", "reopened"),
    *("unjoined_links", "doubled_rows"),
)
"""doubts about how a file was exported or what a person typed: a portal tells its values with their types"""
Json = dict[str, Any]
_ADDRESS = re.compile(r"https?://[^\s<>\"?#@]+")
_WORKFLOW = re.compile(r"[^\s].{0,119}")


@dataclass(frozen=True)
class Pulled:
    """What came of it."""

    rows: dict[str, int]
    """kind -> objects read"""
    reports: list[Json]
    """of landing, as `ingest` has them"""
    retired: dict[str, int]


def pull(workspace: Workspace, name: str, since: dt.date | None, tell: Callable[[str], None]) -> Pulled:
    """Pulls from one vendor. Raises LeadlineError; what was read until then is kept, and the next pull goes on."""
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    if since is not None and since > now.date():
        raise WorkspaceError(f"--since is {since}, which is still to come; name a day up to {now.date()}.")
    base_url, workflow, version = _said(workspace, name)
    vendor: Vendor = VENDORS[name](version) if version else VENDORS[name]()
    portal = Portal(vendor.name, base_url or vendor.base_url, vendor.variable, vendor.header)
    folder = inbox_folder.made_ready(workspace)
    with alone(workspace.path / PRIVATE_FOLDER / "pull" / f"{name}.lock", f"Another pull from {vendor.name}"):
        spool = Spool.opened(workspace.path / PRIVATE_FOLDER / "pull" / name, portal.base_url)
        start = spool.begin(since, now)
        rows: dict[str, int] = {}
        gone: dict[str, list[str]] = {}
        written: list[str] = []
        for kind in vendor.kinds:
            tell(kind.name)
            for count in spool.read(portal, vendor, kind, start):
                tell(f"{kind.name}, {count:,} read")
            found = vendor.whole(portal, kind, spool.rows(kind), start)
            rows[kind.name] = len(found)
            gone[kind.template] = list(vendor.gone(portal, kind))
            left = set(gone[kind.template])
            found = [row for row in found if row["_id"] not in left]
            if found:
                begun = dt.datetime.fromisoformat(spool.state["running"]["begun"])
                file = f"{name}-{kind.name.replace(' ', '-')}-{begun:%Y-%m-%dT%H%M%S}.csv"
                written.append(_put(folder, file, as_csv(kind, found, workflow)))
        tell("landing")
        reports = _landed(workspace, folder, written)
        retired = {
            template: _retired(workspace, vendor.name, template, ids) for template, ids in gone.items()
        }
        spool.end()
    return Pulled(rows, reports, {template: count for template, count in retired.items() if count})


def _put(folder: Path, name: str, content: bytes) -> str:
    """Under a name that the inbox leaves alone, then under its own. Raises WorkspaceError."""
    part = folder / f".{name}.part"
    try:
        with part.open("wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        part.replace(folder / name)
    except OSError as e:
        part.unlink(missing_ok=True)
        raise WorkspaceError(
            f"{folder} can't be written to ({e.strerror or e}); make room there, or check it."
        ) from e
    return name


def _landed(workspace: Workspace, folder: Path, names: list[str]) -> list[Json]:
    rested = {each.name: each.stamp for each in inbox_folder.look(folder) if each.name in names}
    if not rested:
        return []
    arguments = {"rested": rested, "names": names, "accept": NOT_ASKED}
    return list(client.run(workspace, "inbox", arguments))


def _retired(workspace: Workspace, vendor: str, template: str, identities: list[str]) -> int:
    """How many rows in force were taken out of the facts."""
    if not identities:
        return 0
    reason = f"Archived or deleted in {vendor}"
    arguments = {"template": template, "identities": identities, "reason": reason, "known_only": True}
    return sum(each["rows"]["updated"] for each in client.run(workspace, "retire", arguments))


def _said(workspace: Workspace, name: str) -> tuple[str, str, str]:
    """`base_url`, `workflow` and `version` of `[pull.NAME]`; '' where nothing is said. Raises WorkspaceError."""
    table = workspace.settings.table(
        "pull", tuple(VENDORS), "write '[pull.hubspot]' and its settings below it"
    )
    value = table.values.get(name) if table is not None else None
    if table is None or value is None:
        if table is not None:
            table.faults.raise_if_any()
        return "", "", ""
    section = table_of(
        value, ("base_url", "workflow", "version"), f"write '[pull.{name}]' and its settings below it"
    )
    base_url, workflow, version = (section.text(each) for each in ("base_url", "workflow", "version"))
    if base_url and not _is_address(base_url):
        section.values["base_url"].fault(
            f'pull.{name}.base_url is no web address; write such as "https://api.example.com".'
        )
    if workflow and not _WORKFLOW.fullmatch(workflow):
        section.values["workflow"].fault(
            f'pull.{name}.workflow is no workflow; write such as "lead-routing".'
        )
    if version and not re.fullmatch(VENDORS[name].versions, version):
        section.values["version"].fault(
            f"pull.{name}.version is none that Leadline speaks; leave it out, or see docs/connectors.md."
        )
    table.faults.raise_if_any()
    return base_url.rstrip("/"), workflow, version


def _is_address(text: str) -> bool:
    """A web address without a name and password in it: they would stand in leadline.toml."""
    try:
        url = urlsplit(text)
        return bool(_ADDRESS.fullmatch(text) and url.hostname and (url.port is None or url.port > 0))
    except ValueError:
        return False
