"""Every cache of the pages. What is kept depends on the workspace's folder, its data version, its files and the date.

Results are plain frozen values, so a session gets its own copy and can change nothing for another one.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from dashboard import reports
from dashboard.pictures.card import card_alt
from dashboard.pictures.theme import Mode
from data.errors import LeadlineError
from data.reports import FileReport
from data.warehouse import Warehouse
from data.workspace import SETTINGS, Workspace
from metrics.agreement.catalog import Metric, load_catalog
from metrics.agreement.charter import load_charters
from metrics.agreement.syncing import MACHINE, sync_alerts
from metrics.agreement.terms import Charter, digest
from metrics.coverage import SourceWeeks, source_weeks
from metrics.effects import Effect
from metrics.maturing import Maturing, workflow_maturing
from metrics.promises import RulePromise, rule_promises
from metrics.restatements import Restatement, restatements
from metrics.results import Review, WorkflowReview
from metrics.review import review

_log = logging.getLogger("leadline.dashboard")
Version = tuple[str, ...]
_MOST_RECKONED = 256


def version_of(workspace: Workspace, warehouse: Warehouse) -> Version:
    """What a review can depend on: the data version, and the files a person may edit by hand."""
    edited = [
        workspace.path / SETTINGS,
        workspace.path / "metrics.yaml",
        *sorted(workspace.charters.glob("*.y*ml")),
    ]
    return (warehouse.data_version(), *(_stamp(file) for file in edited))


def review_of(workspace: Workspace, warehouse: Warehouse, as_of: dt.date) -> Review:
    """The review as of the end of that day."""
    return _review(str(workspace.path), version_of(workspace, warehouse), as_of, workspace, warehouse)


def notice(workspace: Workspace, warehouse: Warehouse, newest: Review) -> None:
    """Records what the newest review shows: alerts raised, worse, resolved. Once for each state of the data."""
    key = (str(workspace.path), *version_of(workspace, warehouse), str(newest.as_of))
    noticed = _noticed()
    if key in noticed:
        return
    try:
        sync_alerts(warehouse, newest)
    except LeadlineError:
        # the review can be read all the same; 'leadline doctor' names what is wrong with the ledger
        _log.exception("What the review of %s shows could not be recorded.", newest.as_of)
        return
    if len(noticed) > _MOST_RECKONED:
        noticed.clear()
    noticed.add(key)


def catalog_of(workspace: Workspace) -> Mapping[str, Metric]:
    """The metrics of this workspace: the built-in ones and those of its `metrics.yaml`."""
    return _catalog(str(workspace.path), _stamp(workspace.path / "metrics.yaml"), workspace)


def workflows_of(workspace: Workspace) -> list[str]:
    """Identities of the workflows that have a charter; none where the charters can't be read."""
    try:
        return [charter.workflow for charter in load_charters(workspace, catalog_of(workspace))]
    except LeadlineError:
        return []


def coverage_of(workspace: Workspace, warehouse: Warehouse, as_of: dt.date) -> tuple[SourceWeeks, ...]:
    """Which weeks each source tells of."""
    return _coverage(str(workspace.path), warehouse.data_version(), as_of, warehouse)


def promises_of(
    workspace: Workspace, warehouse: Warehouse, charter: Charter, as_of: dt.date, *, ask: bool
) -> tuple[RulePromise, ...] | None:
    """What the rules of a charter, registered or not, can promise; None where nobody has asked for it yet.

    It takes seconds, so it is reckoned when asked for, and then kept for everybody.
    """
    key = (str(workspace.path), *version_of(workspace, warehouse), digest(charter.source), str(as_of))
    reckoned = _reckoned()
    if not ask and key not in reckoned:
        return None
    found = _promises(key, charter, as_of, workspace, warehouse)
    if len(reckoned) > _MOST_RECKONED:
        reckoned.clear()
    reckoned.add(key)
    return found


def maturing_of(
    workspace: Workspace, warehouse: Warehouse, metric: Metric, workflow: WorkflowReview
) -> Maturing | None:
    """How the cohorts of one outcome mature, as known at the end of the review's last complete week."""
    key = (
        warehouse.data_version(),
        workflow.workflow,
        str(workflow.baseline),
        str(workflow.complete_through),
    )
    return _maturing(str(workspace.path), key, repr(metric), metric, workflow, warehouse)


@dataclass(frozen=True)
class DrawnCard:
    """The alert card, and what it says for people who can't see it."""

    png: bytes
    alt: str


def card_of(
    workspace: Workspace,
    warehouse: Warehouse,
    review: Review,
    workflow: WorkflowReview,
    mode: str,
    evidence: str = "",
) -> DrawnCard:
    """The alert card of one workflow as that review shows it; the review is kept, so that its code finds it.

    `evidence`: under which it is kept already, '' for a review of today's data.
    """
    key = (*version_of(workspace, warehouse), str(review.as_of), workflow.workflow, evidence)
    return _card(str(workspace.path), key, mode, review, workflow, workspace, warehouse)


def preview_of(
    workspace: Workspace, warehouse: Warehouse, file_id: str, said: str, look: Callable[[], FileReport]
) -> FileReport:
    """What would happen to an uploaded file, looked at once for each answer and each state of the data."""
    return _preview(str(workspace.path), version_of(workspace, warehouse), file_id, said, look)


def effects_of(
    workspace: Workspace,
    warehouse: Warehouse,
    file_id: str,
    said: str,
    look: Callable[[], tuple[Effect, ...] | None],
) -> tuple[Effect, ...] | None:
    """What an uploaded file would change in this week's review; None where it can't land or is known already."""
    return _effects(str(workspace.path), version_of(workspace, warehouse), file_id, said, look)


def restatements_of(workspace: Workspace, warehouse: Warehouse) -> tuple[Restatement, ...]:
    """Numbers that a review showed, and that are others now."""
    return _restatements(str(workspace.path), version_of(workspace, warehouse), workspace, warehouse)


def _stamp(file: Path) -> str:
    try:
        state = file.stat()
    except OSError:
        return f"{file.name} is not there"
    return f"{file.name} {state.st_mtime_ns} {state.st_size}"


@st.cache_data(max_entries=64, ttl=dt.timedelta(hours=12), show_spinner="Reading the workspace …")
def _review(
    path: str, version: Version, as_of: dt.date, _workspace: Workspace, _warehouse: Warehouse
) -> Review:
    return review(_warehouse, _workspace, as_of)


@st.cache_data(max_entries=16, ttl=dt.timedelta(hours=12), show_spinner="Looking through the weeks …")
def _coverage(path: str, version: str, as_of: dt.date, _warehouse: Warehouse) -> tuple[SourceWeeks, ...]:
    return source_weeks(_warehouse, as_of)


@st.cache_data(max_entries=64, ttl=dt.timedelta(hours=12), show_spinner="Simulating two years, many times …")
def _promises(
    key: Version, _charter: Charter, _as_of: dt.date, _workspace: Workspace, _warehouse: Warehouse
) -> tuple[RulePromise, ...]:
    return rule_promises(_warehouse, _workspace, _charter, _as_of)


@st.cache_resource
def _noticed() -> set[Version]:
    """States of the data whose newest review has been recorded."""
    return set()


@st.cache_resource
def _reckoned() -> set[Version]:
    """Keys of the promises that somebody asked for."""
    return set()


@st.cache_data(max_entries=48, ttl=dt.timedelta(hours=12), show_spinner="Drawing the card …")
def _card(
    path: str,
    key: Version,
    mode: str,
    _review: Review,
    _workflow: WorkflowReview,
    _workspace: Workspace,
    _warehouse: Warehouse,
) -> DrawnCard:
    catalog = catalog_of(_workspace)
    theme: Mode = "dark" if mode == "dark" else "light"
    png = reports.card(_warehouse, _workspace, _review, _workflow, catalog, by=MACHINE, theme=theme, scale=1)
    return DrawnCard(png, card_alt(_review, _workflow, catalog))


@st.cache_data(max_entries=32, ttl=dt.timedelta(hours=12), show_spinner="Counting the cohorts …")
def _maturing(
    path: str, key: Version, counted: str, _metric: Metric, _workflow: WorkflowReview, _warehouse: Warehouse
) -> Maturing | None:
    return workflow_maturing(_warehouse, _metric, _workflow)


@st.cache_data(max_entries=8, ttl=dt.timedelta(hours=12), show_spinner=False)
def _catalog(path: str, stamp: str, _workspace: Workspace) -> dict[str, Metric]:
    return dict(load_catalog(_workspace))


@st.cache_data(max_entries=64, ttl=dt.timedelta(hours=1), show_spinner="Looking at the file …")
def _preview(
    path: str, version: Version, file_id: str, said: str, _look: Callable[[], FileReport]
) -> FileReport:
    return _look()


@st.cache_data(max_entries=32, ttl=dt.timedelta(hours=1), show_spinner="Rehearsing this week's review …")
def _effects(
    path: str, version: Version, file_id: str, said: str, _look: Callable[[], tuple[Effect, ...] | None]
) -> tuple[Effect, ...] | None:
    return _look()


@st.cache_data(max_entries=8, ttl=dt.timedelta(hours=12), show_spinner="Comparing with what was shown …")
def _restatements(
    path: str, version: Version, _workspace: Workspace, _warehouse: Warehouse
) -> tuple[Restatement, ...]:
    return restatements(_warehouse, _workspace)
