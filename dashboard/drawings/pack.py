"""The weekly pack's content, before it becomes a page or slides: the portfolio, then a part for each workflow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from leadline.dashboard.drawings.divergence_scene import describe
from leadline.dashboard.words import tables
from leadline.dashboard.words.alert_card import CardWords, card_words
from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.codes import source_words
from leadline.dashboard.words.costs import cost_sentence
from leadline.dashboard.words.findings import fact_words, source_note
from leadline.dashboard.words.formats import day, day_span, listed, one_line
from leadline.dashboard.words.reviewing import failed_sentences
from leadline.dashboard.words.tables import Table
from leadline.dashboard.words.verdicts import (
    evidence_sentence,
    freshness_sentence,
    mechanism_sentence,
    note_words,
    portfolio_sentence,
)
from leadline.dashboard.words.versions import cause_sentences
from leadline.data.templates import kind_words
from leadline.metrics.results import Review, WorkflowReview
from leadline.metrics.verdicts import meaning


@dataclass(frozen=True)
class PackPart:
    """One workflow."""

    workflow: WorkflowReview
    catalog: Catalog
    words: CardWords
    chart_alt: str
    why: tuple[str, ...]
    """sentences"""
    findings: tuple[str, ...]
    pairs: Table
    rules: Table


@dataclass(frozen=True)
class Pack:
    """One weekly review."""

    title: str
    week: str
    portfolio: str
    workspace: str
    data: str
    parts: tuple[PackPart, ...]
    overview: Table
    """one row a workflow, worst first"""
    sources: Table
    notes: tuple[str, ...]


def pack_of(
    review: Review, catalog: Catalog, *, workspace_name: str, codes: Mapping[str, str], link: str = ""
) -> Pack:
    """The pack of a review; `codes`: workflow -> the code under which its review is kept."""
    parts = tuple(
        _part(review, workflow, catalog, workspace_name, codes.get(workflow.workflow, ""), link)
        for workflow in review.workflows
    )
    last = review.complete_through
    week = f"Week of {day_span(last - dt.timedelta(days=6), last)}" if review.data else "No data landed yet"
    notes = []
    if review.uncharted:
        names = listed([f"“{one_line(name)}”" for name in review.uncharted])
        notes.append(f"Rows have landed for {names}, but no charter says what is expected there.")
    return Pack(
        title="Weekly review",
        week=f"{week}, as of {day(review.as_of)}",
        portfolio=portfolio_sentence(review),
        workspace=one_line(workspace_name),
        data=freshness_sentence(review.data),
        parts=parts,
        overview=_overview(parts),
        sources=_sources(review),
        notes=tuple(one_line(note) for note in notes),
    )


def _part(
    review: Review, workflow: WorkflowReview, catalog: Catalog, workspace_name: str, code: str, link: str
) -> PackPart:
    words = card_words(review, workflow, catalog, workspace_name=workspace_name, code=code, link=link)
    pair = workflow.lead_pair
    why: list[str] = []
    if pair is not None and meaning(workflow.verdict).is_judged:
        why = [
            evidence_sentence(pair.evidence),
            mechanism_sentence(pair, catalog),
            cost_sentence(workflow.cost, catalog),
            *(sentence for _, sentence in cause_sentences(workflow.causes, catalog)),
            *failed_sentences(workflow.validation),
        ]
    why.append(note_words(workflow, words.statement))
    findings = dict.fromkeys(
        message
        for finding in workflow.findings
        if (message := fact_words(finding.about)) not in words.statement
    )
    return PackPart(
        workflow=workflow,
        catalog=catalog,
        words=words,
        chart_alt=describe(workflow, pair, catalog) if pair else "",
        why=tuple(sentence for sentence in why if sentence),
        findings=tuple(findings),
        pairs=tables.pairs_table(workflow, catalog),
        rules=tables.without_empty_columns(tables.rules_table(workflow, catalog)),
    )


def _overview(parts: tuple[PackPart, ...]) -> Table:
    rows = []
    for part in parts:
        proxy, outcome = (side.text() for side in part.words.sides) if part.words.sides else ("", "")
        rows.append((part.words.badge, part.words.name, proxy, outcome, part.words.cells[0].words))
    return Table(("State", "Workflow", "Proxy", "Outcome", "Due"), tuple(rows))


def _sources(review: Review) -> Table:
    rows = tuple(
        (
            one_line(kind_words(source.source)),
            day(source.newest),
            source_words(source.state).in_table,
            source_note(source),
        )
        for source in review.data
    )
    return tables.without_empty_columns(Table(("Source", "Newest row", "State", "Note"), rows))
