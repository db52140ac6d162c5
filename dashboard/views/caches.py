"""Every cache of the pages. What is kept depends on the workspace's folder, its data version, its files and the date.

Results are plain frozen values, so that sessions can share them and change nothing for one another.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from plotly.graph_objects import Figure

from leadline.dashboard.drawings.alert_card_png import card_alt
from leadline.dashboard.service import charter_files, gates, ready, report, review_codes
from leadline.dashboard.views.shared_cache import Kept
from leadline.dashboard.words.conventions import current
from leadline.dashboard.words.theme import Mode
from leadline.data.engines.engine import facts_version
from leadline.data.errors import LeadlineError
from leadline.data.exports.landing_report import FileReport
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.settings import SETTINGS
from leadline.data.workspace.workspace import Workspace
from leadline.metrics import review as reviewing
from leadline.metrics.agreement.catalog import Metric, load_catalog
from leadline.metrics.agreement.charter import read_charters
from leadline.metrics.agreement.charters_in_force import charters_in_force
from leadline.metrics.agreement.entries import ledger_version
from leadline.metrics.agreement.intent_gaps import Gap
from leadline.metrics.agreement.record_review import MACHINE, sync_alerts
from leadline.metrics.agreement.shown_evidence import read_evidence
from leadline.metrics.charter_terms import Charter, Reviewing, digest
from leadline.metrics.coverage import SourceWeeks, source_weeks
from leadline.metrics.effects import Effect
from leadline.metrics.landed_words import Mismatch, charter_gaps, landed_words, mismatches, unknown_codes
from leadline.metrics.maturing import Maturing, workflow_maturing
from leadline.metrics.outputs.briefs import Unbriefed, unbriefed
from leadline.metrics.outputs.comparisons import OutputsCompared, compared
from leadline.metrics.previews import MetricPreview, preview_metric
from leadline.metrics.promises import RulePromise, rule_promises
from leadline.metrics.readiness import OUTPUT_WEEKS, Readiness
from leadline.metrics.restatements import Restatement, restatements
from leadline.metrics.results import Review, WorkflowReview
from leadline.metrics.reviewing.coding import DEFAULT, Note, planned_notes
from leadline.metrics.reviewing.queue import DrawnOutputs
from leadline.metrics.verdict_cache import Judgements

_log = logging.getLogger("leadline.dashboard")
Version = tuple[str, ...]
Drawn = TypeVar("Drawn", Figure, list[Figure])
_MOST_NOTICED = 256


@dataclass(frozen=True)
class DrawnCard:
    """The alert card, and what it says for people who can't see it."""

    png: bytes
    alt: str


_reviews: Kept[Review] = Kept(64, "Reading the workspace …")
_judgements = Judgements()
review = partial(reviewing.review, judged=_judgements)
_coverages: Kept[tuple[SourceWeeks, ...]] = Kept(16, "Looking through the weeks …")
_promises: Kept[tuple[RulePromise, ...]] = Kept(64, "Simulating years, many times …")
_maturings: Kept[Maturing | None] = Kept(32, "Counting the cohorts …")
_metrics: Kept[MetricPreview] = Kept(16, "Counting the weeks …")
_words: Kept[tuple[str, ...]] = Kept(40)
_mismatches: Kept[tuple[Mismatch, ...]] = Kept(8)
_notes: Kept[tuple[Note, ...]] = Kept(16, "Drawing what is to be read …")
_outputs: Kept[DrawnOutputs] = Kept(16, "Drawing what is to be looked at …")
_catalogs: Kept[Mapping[str, Metric]] = Kept(8)
_gaps: Kept[tuple[Gap, ...]] = Kept(16)
_readiness: Kept[Readiness] = Kept(16, "Asking …")
_compared: Kept[OutputsCompared] = Kept(16, "Comparing …")
_unbriefed: Kept[tuple[Unbriefed, ...]] = Kept(16)
_previews: Kept[FileReport] = Kept(64, "Looking at the file …")
_effects: Kept[tuple[Effect, ...] | None] = Kept(32, "Rehearsing this week's review …")
_restatements: Kept[tuple[Restatement, ...]] = Kept(8, "Comparing with what was shown …")
_evidences: Kept[WorkflowReview] = Kept(256)
_cards: Kept[DrawnCard] = Kept(48, "Drawing the card …")
_figures: Kept[tuple[object, Any]] = Kept(96)
_noticed: set[Version] = set()
"""states of the data whose newest review has been recorded"""
_ALL: dict[str, Kept[Any]] = {
    "reviews": _reviews,
    "coverages": _coverages,
    "promises": _promises,
    "maturings": _maturings,
    "metrics": _metrics,
    "words": _words,
    "mismatches": _mismatches,
    "outputs": _outputs,
    "notes": _notes,
    "catalogs": _catalogs,
    "gaps": _gaps,
    "readiness": _readiness,
    "compared": _compared,
    "unbriefed": _unbriefed,
    "previews": _previews,
    "effects": _effects,
    "restatements": _restatements,
    "evidences": _evidences,
    "cards": _cards,
    "figures": _figures,
}


def version_of(workspace: Workspace, warehouse: Warehouse) -> Version:
    """What a review can depend on: the data version, and the files a person may edit by hand."""
    edited = [
        workspace.path / SETTINGS,
        workspace.path / "metrics.yaml",
        *sorted(workspace.charters.glob("*.y*ml")),
    ]
    return (facts_version(warehouse), *(_stamp(file) for file in edited))


def review_of(workspace: Workspace, warehouse: Warehouse, as_of: dt.date) -> Review:
    """The review as of the end of that day."""
    key = (str(workspace.path), version_of(workspace, warehouse), as_of)
    return _reviews.get(key, lambda: review(warehouse, workspace, as_of))


def made_review_of(workspace: Workspace, warehouse: Warehouse, as_of: dt.date) -> Review | None:
    """The review as of the end of that day where nobody has to wait for it."""
    return _reviews.made((str(workspace.path), version_of(workspace, warehouse), as_of))


def notice(workspace: Workspace, warehouse: Warehouse, newest: Review) -> None:
    """Records what the newest review shows: alerts raised, worse, resolved. Once for each state of the data.

    While somebody else writes, nothing is recorded: no reader waits for a long import, and the next page does it.
    """
    key = (str(workspace.path), *version_of(workspace, warehouse), str(newest.as_of))
    if key in _noticed or warehouse.is_being_written():
        return
    try:
        sync_alerts(warehouse, newest)
        gates.recorded(warehouse, workspace, newest)
    except LeadlineError:
        # the review can be read all the same; 'leadline doctor' names what is wrong with the ledger
        _log.exception("What the review of %s shows could not be recorded.", newest.as_of)
        return
    if len(_noticed) > _MOST_NOTICED:
        _noticed.clear()
    _noticed.add(key)


def looked(workspace: Workspace, warehouse: Warehouse, as_of: dt.date) -> None:
    """Notes for the gates that somebody has looked at the weekly page; a past week is none of them."""
    if as_of != workspace.today() or warehouse.is_being_written():
        return
    try:
        gates.looked_today(warehouse, workspace)
    except LeadlineError:
        _log.exception("That the review of %s was looked at could not be noted.", as_of)


def catalog_of(workspace: Workspace) -> Mapping[str, Metric]:
    """The metrics of this workspace: the built-in ones and those of its `metrics.yaml`."""
    key = (str(workspace.path), _stamp(workspace.path / "metrics.yaml"))
    return _catalogs.get(key, lambda: load_catalog(workspace))


def workflows_of(workspace: Workspace) -> list[str]:
    """Identities of the workflows that have a charter that can be read."""
    with suppress(LeadlineError):
        return [charter.workflow for charter in read_charters(workspace, catalog_of(workspace))[0]]
    return []


def charter_faults_of(workspace: Workspace, warehouse: Warehouse) -> tuple[str, ...]:
    """What is wrong with charters where others count in place of them; nothing where none does, which pages tell."""
    key = (str(workspace.path), *version_of(workspace, warehouse), "faults of charters")

    def look() -> tuple[str, ...]:
        with suppress(LeadlineError):
            found = charters_in_force(warehouse, workspace, catalog_of(workspace))
            return tuple(charter_files.unread_notes(found))
        return ()

    return _words.get(key, look)


def coverage_of(workspace: Workspace, warehouse: Warehouse, as_of: dt.date) -> tuple[SourceWeeks, ...]:
    """Which weeks each source tells of."""
    key = (str(workspace.path), facts_version(warehouse), as_of)
    return _coverages.get(key, lambda: source_weeks(warehouse, as_of))


def promises_of(
    workspace: Workspace,
    warehouse: Warehouse,
    charter: Charter,
    as_of: dt.date,
    *,
    ask: bool,
    catalog: Mapping[str, Metric] | None = None,
) -> tuple[RulePromise, ...] | None:
    """What the rules of a charter, registered or not, can promise; None where nobody has asked for it yet. `catalog`:
    with metrics that the workspace does not have yet.

    It takes a few seconds, so it is reckoned when asked for, and then kept: here, and in the workspace.
    """
    key = (str(workspace.path), *version_of(workspace, warehouse), digest(charter.source), str(as_of))
    if not ask and key not in _promises:
        return None
    return _promises.get(key, lambda: rule_promises(warehouse, workspace, charter, as_of, catalog=catalog))


def preview_of_metric(
    workspace: Workspace, warehouse: Warehouse, charter: Charter, metric: Metric, as_of: dt.date
) -> MetricPreview:
    """A metric that is not there yet, in the workflow of a charter."""
    key = (
        str(workspace.path),
        *version_of(workspace, warehouse),
        digest(charter.source),
        str(metric),
        str(as_of),
    )
    catalog = catalog_of(workspace)
    return _metrics.get(key, lambda: preview_metric(warehouse, workspace, charter, metric, catalog, as_of))


def mismatches_of(
    workspace: Workspace, warehouse: Warehouse, metrics: tuple[Metric, ...], workflow: str
) -> tuple[Mismatch, ...]:
    """What of some metrics does not go with what has landed of a workflow."""
    key = (str(workspace.path), facts_version(warehouse), str(metrics), workflow)
    return _mismatches.get(
        key, lambda: tuple(each for one in metrics for each in mismatches(warehouse, one, workflow))
    )


def words_of(workspace: Workspace, warehouse: Warehouse, template: str, column: str) -> tuple[str, ...]:
    """The words in a column of what has landed, the commonest first."""
    key = (str(workspace.path), facts_version(warehouse), template, column)
    return _words.get(key, lambda: landed_words(warehouse, template, column))


def unknown_codes_of(workspace: Workspace, warehouse: Warehouse, charter: Charter) -> tuple[str, ...]:
    """What coders have marked that the charter's positioning does not know."""
    key = (str(workspace.path), facts_version(warehouse), charter.workflow, str(charter.positioning))
    return _words.get(key, lambda: unknown_codes(warehouse, charter))


def outputs_of(
    workspace: Workspace, warehouse: Warehouse, charter: Charter, agreed: Reviewing, today: dt.date
) -> DrawnOutputs:
    """The outputs of a workflow that are to be looked at, and what was said of them."""
    key = (str(workspace.path), facts_version(warehouse), charter.workflow, str(agreed), today)
    return _outputs.get(key, lambda: DrawnOutputs.of(warehouse, charter.workflow, agreed, today))


def notes_of(
    workspace: Workspace, warehouse: Warehouse, charter: Charter, today: dt.date
) -> tuple[Note, ...]:
    """The conversations of a workflow that are to be coded."""
    agreed = charter.reviewing or DEFAULT
    key = (str(workspace.path), facts_version(warehouse), charter.workflow, str(agreed), today)
    return _notes.get(key, lambda: planned_notes(warehouse, charter.workflow, agreed, today))


def gaps_of(workspace: Workspace, warehouse: Warehouse, workflow: WorkflowReview) -> tuple[Gap, ...]:
    """What of a workflow's intent nobody holds, as reviewed today."""
    charter = workflow.charter
    if charter is None:
        return ()
    key = (str(workspace.path), *version_of(workspace, warehouse), workflow.workflow, str(workspace.today()))
    return _gaps.get(key, lambda: charter_gaps(warehouse, charter, workflow.linkages))


def readiness_of(
    workspace: Workspace, warehouse: Warehouse, review: Review, workflow: WorkflowReview
) -> Readiness:
    """Whether a workflow of today's review is ready to be expanded; its rules' promises are reckoned for it."""
    key = (
        str(workspace.path),
        *version_of(workspace, warehouse),
        str(ledger_version(warehouse)),
        workflow.workflow,
        str(review.as_of),
    )

    def promised(charter: Charter) -> tuple[RulePromise, ...]:
        return promises_of(workspace, warehouse, charter, review.as_of, ask=True) or ()

    def ask() -> Readiness:
        (found,) = ready.of_review(warehouse, workspace, review, workflow.workflow, promised)
        return found

    return _readiness.get(key, ask)


def compared_of(workspace: Workspace, warehouse: Warehouse, charter: Charter) -> OutputsCompared:
    """The outputs of a workflow by what they were told."""
    catalog, today = catalog_of(workspace), workspace.today()
    key = (str(workspace.path), *version_of(workspace, warehouse), charter.workflow, str(today))
    return _compared.get(key, lambda: compared(warehouse, charter, catalog, today))


def unbriefed_of(workspace: Workspace, warehouse: Warehouse, workflow: str) -> tuple[Unbriefed, ...]:
    """Its outputs of the last weeks without a brief that is known."""
    today = workspace.today()
    first = today - dt.timedelta(weeks=OUTPUT_WEEKS)
    key = (str(workspace.path), facts_version(warehouse), workflow, str(today))
    return _unbriefed.get(key, lambda: unbriefed(warehouse, workflow, first, today))


def maturing_of(
    workspace: Workspace, warehouse: Warehouse, metric: Metric, workflow: WorkflowReview
) -> Maturing | None:
    """How the cohorts of one outcome mature, as known at the end of the review's last complete week."""
    key = (
        str(workspace.path),
        facts_version(warehouse),
        workflow.workflow,
        workflow.baseline,
        workflow.complete_through,
        repr(metric),
    )
    return _maturings.get(key, lambda: workflow_maturing(warehouse, metric, workflow))


def card_of(
    workspace: Workspace,
    warehouse: Warehouse,
    review: Review,
    workflow: WorkflowReview,
    mode: str,
    evidence: str = "",
) -> DrawnCard | None:
    """The alert card of one workflow as that review shows it; the review is kept, so that its code finds it.

    `evidence`: under which it is kept already, '' for a review of today's data. None while it has to be kept first
    and somebody else writes, which may take as long as a large import.
    """
    key = (
        str(workspace.path),
        *version_of(workspace, warehouse),
        str(review.as_of),
        workflow.workflow,
        evidence,
        mode,
    )
    if (
        key not in _cards
        and warehouse.is_being_written()
        and not review_codes.is_kept(warehouse, review, workflow)
    ):
        return None

    def draw() -> DrawnCard:
        catalog = catalog_of(workspace)
        theme: Mode = "dark" if mode == "dark" else "light"
        png = report.card(warehouse, workspace, review, workflow, catalog, by=MACHINE, theme=theme, scale=1)
        return DrawnCard(png, card_alt(review, workflow, catalog))

    return _cards.get(key, draw)


def evidence_of(workspace: Workspace, warehouse: Warehouse, evidence: str) -> WorkflowReview:
    """A workflow as it was shown, by the evidence's id; what is kept under it never changes."""
    return _evidences.get(
        (str(workspace.path), evidence), lambda: read_evidence(warehouse, evidence).shown.workflow
    )


def preview_of(
    workspace: Workspace, warehouse: Warehouse, file_id: str, said: str, look: Callable[[], FileReport]
) -> FileReport:
    """What would happen to an uploaded file, looked at once for each answer and each state of the data."""
    return _previews.get((str(workspace.path), version_of(workspace, warehouse), file_id, said), look)


def effects_of(
    workspace: Workspace,
    warehouse: Warehouse,
    file_id: str,
    said: str,
    look: Callable[[], tuple[Effect, ...] | None],
) -> tuple[Effect, ...] | None:
    """What an uploaded file would change in this week's review; None where it can't land or is known already."""
    return _effects.get((str(workspace.path), version_of(workspace, warehouse), file_id, said), look)


def restatements_of(workspace: Workspace, warehouse: Warehouse) -> tuple[Restatement, ...]:
    """Numbers that a review showed, and that are others now."""
    key = (str(workspace.path), version_of(workspace, warehouse))
    return _restatements.get(key, lambda: restatements(warehouse, workspace))


def figure_of(of: object, how: tuple[Hashable, ...], draw: Callable[[], Drawn]) -> Drawn:
    """A chart, or several that stand together, of a frozen result that is kept here, drawn once for everybody who looks
    at it in the same way.

    Drawing takes most of a page's time. It is shared, so it must not be changed. `how`: which chart, and what else it
    depends on; the locale is minded here.
    """
    # what is kept holds the result, so that no other one can have its number meanwhile
    drawn: Drawn = _figures.get((id(of), current().tag, how), lambda: (of, draw()))[1]
    return drawn


def reckoned() -> dict[str, int]:
    """How many results of each kind have been worked out, rather than found, since the process began."""
    return {"workflows": _judgements.reckoned, **{name: each.reckoned for name, each in _ALL.items()}}


def kept() -> Mapping[str, Kept[Any]]:
    """Every kind of result that is kept, by name."""
    return _ALL


def forget() -> None:
    """Keeps nothing any more: the next page works everything out."""
    for each in _ALL.values():
        each.forget()
    _judgements.forget()
    _noticed.clear()


def _stamp(file: Path) -> str:
    try:
        state = file.stat()
    except OSError:
        return f"{file.name} is not there"
    return f"{file.name} {state.st_mtime_ns} {state.st_size}"
