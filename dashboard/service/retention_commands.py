"""What is older than `[retention]` keeps: looked at first, deleted where somebody says so, noted in the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from leadline.dashboard.service.command import Arguments, Command, CutOff, Json
from leadline.dashboard.words.erasure import baselines_sentence
from leadline.data.errors import ExportError
from leadline.data.landing import digests
from leadline.data.landing.retention import expired, kept_since
from leadline.data.plain_json import to_plain
from leadline.data.workspace.backup import noted_backups
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charters_in_force import charters_in_force
from leadline.metrics.agreement.entries import Kind, append, entries

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse

_KIND: Kind = "expired"


def run(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`delete`, `baselines` (rows of them may go too) and `by` -> what is older than agreed, and whether it is gone."""
    since = kept_since(workspace.settings, workspace.today())
    ends = _baselines(warehouse, workspace)
    found = expired(warehouse, since, ends)
    delete = bool(arguments.get("delete")) and any(each.rows for each in found)
    if delete and any(each.of_baselines for each in found) and not arguments.get("baselines"):
        raise ExportError(baselines_sentence(found), "of_baselines")
    if delete:
        with warehouse.joined():
            found = expired(warehouse, since, ends, delete=True)
            told = {"expired": to_plain(found), "facts": digests.head(warehouse)}
            append(warehouse, _KIND, told, by=arguments["by"])
        warehouse.execute("checkpoint")
    yield {
        "is_agreed": bool(since),
        "expired": to_plain(found),
        "deleted": delete,
        "backups": _backups(workspace),
    }


def _begun(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, cut_off: CutOff
) -> Iterator[Json]:
    done = [entry for entry in entries(warehouse, [_KIND]) if entry.at >= cut_off.begun]
    if not done:
        yield from run(warehouse, workspace, arguments)
        return
    found = done[-1].payload["expired"]
    yield {"is_agreed": True, "expired": found, "deleted": True, "backups": _backups(workspace)}


def _baselines(warehouse: Warehouse, workspace: Workspace) -> dict[str, dt.date]:
    """Template -> the last day of the newest baseline of a charter whose metrics count its rows."""
    catalog = load_catalog(workspace)
    ends: dict[str, dt.date] = {}
    for charter in charters_in_force(warehouse, workspace, catalog).charters:
        for metric in (*charter.proxies, *charter.outcomes):
            for source in catalog[metric].sources:
                ends[source] = max(charter.baseline.last, ends.get(source, dt.date.min))
    return ends


def _backups(workspace: Workspace) -> list[str]:
    return [str(file) for file in noted_backups(workspace.path)]


RETENTION_COMMANDS = {"retention": Command(run, _begun)}
