"""The charters that count: those in `charters/`, and for a file that can't be read the version registered last.

A stray line in one file, or in `metrics.yaml`, must not take the review of every other workflow away, nor keep anybody
from stopping one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from leadline.data.documents.faults import faults_error
from leadline.data.documents.plain_files import read_plain
from leadline.data.errors import CharterError
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import Metric, catalog_faults, load_catalog
from leadline.metrics.agreement.charter import agreed_terms, parse_charter, read_charters
from leadline.metrics.agreement.charter_versions import CharterVersion, all_charters
from leadline.metrics.charter_terms import Charter

_NAMED = re.compile(rb"^workflow:\s*[\"']?([A-Za-z0-9._-]{1,64})", re.MULTILINE)
_LARGEST = 1_000_000


@dataclass(frozen=True)
class InForce:
    """What counts, and what is wrong with the files."""

    charters: tuple[Charter, ...]
    faults: tuple[str, ...] = ()
    """of files that can't be read, and of metrics, a sentence each"""
    instead: tuple[tuple[str, int], ...] = ()
    """workflow and version that counts in place of such a file"""


def charters_in_force(warehouse: Warehouse, workspace: Workspace, catalog: Mapping[str, Metric]) -> InForce:
    """Raises CharterError with every fault where files can't be read and no charter is left that counts."""
    read, unread = read_charters(workspace, catalog)
    metrics = catalog_faults(workspace)
    if not unread:
        return InForce(read, metrics)
    found, instead = list(read), []
    for workflow, kept in _registered(warehouse, read, unread).items():
        with suppress(CharterError):
            found.append(parse_charter(kept.content, catalog, f"version {kept.version}"))
            instead.append((workflow, kept.version))
    faults = (*metrics, *chain(*unread.values()))
    if not found:
        raise faults_error(f"The folder {workspace.charters.name}", faults)
    return InForce(tuple(found), faults, tuple(instead))


def charters_to_stop(warehouse: Warehouse, workspace: Workspace) -> tuple[Charter, ...]:
    """Every workflow that can be paused and stopped: also one whose charter or metrics can't be read, by what it agrees
    on that (`charter.agreed_terms`)."""
    try:
        catalog = load_catalog(workspace)
    except CharterError:
        catalog = load_catalog(None)
    read, unread = read_charters(workspace, catalog)
    registered = _registered(warehouse, read, unread).values()
    terms = (agreed_terms(kept.content, catalog) for kept in registered)
    return (*read, *(each for each in terms if each))


def _registered(
    warehouse: Warehouse, read: Sequence[Charter], unread: Iterable[Path]
) -> dict[str, CharterVersion]:
    """The versions registered last of the workflows whose files can't be read."""
    meant = set(chain(*map(_workflows_meant, unread))) - {charter.workflow for charter in read}
    return (
        {kept.workflow: kept for kept in all_charters(warehouse) if kept.workflow in meant} if meant else {}
    )


def _workflows_meant(file: Path) -> set[str]:
    """Those that a file which can't be read may be the charter of: by its name, and by what it still says."""
    names = {file.stem}
    with suppress(OSError):
        names |= {name.decode("ascii") for name in _NAMED.findall(read_plain(file, _LARGEST))}
    return names
