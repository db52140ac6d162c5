"""What the data hold and what they can't answer yet: results in, sentences and tables out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import PurePath
from zoneinfo import ZoneInfo

from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.codes import source_words
from leadline.dashboard.words.findings import fact_words, source_note
from leadline.dashboard.words.formats import (
    counted,
    day,
    listed,
    local,
    number,
    one_line,
    sentence_case,
    within_a_sentence,
)
from leadline.dashboard.words.landings import reason_words
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.rules import rule_called
from leadline.dashboard.words.tables import Cell, Table, label_of, without_empty_columns
from leadline.dashboard.words.verdicts import display_name
from leadline.data.exports.landing_report import BY_HAND, ImportRecord
from leadline.data.landing.quarantine import Quarantined
from leadline.data.templates import kind_words
from leadline.metrics.agreement.undefined import without_data
from leadline.metrics.findings import SourceBehind
from leadline.metrics.results import Pair, Review, RuleState, SourceState, WorkflowReview
from leadline.metrics.verdicts import TOO_EARLY


def data_sentence(review: Review) -> str:
    """'All 7 sources are fresh, newest row 15 Nov 2026.' or which are not."""
    if not review.data:
        return "No data landed yet."
    wrong = [source for source in review.data if source.state != "fresh"]
    newest = max((source.newest for source in review.data if source.newest), default=None)
    if newest is None and all(source.state == "empty" for source in review.data):
        kinds = listed([one_line(kind_words(source.source)) for source in review.data], 9)
        return f"No data landed yet; the charters rest on {kinds}."
    reach = f", newest row {day(newest)}" if newest else ""
    if not wrong:
        several = {1: "The only source is", 2: "Both sources are"}
        every = several.get(len(review.data), f"All {number(len(review.data))} sources are")
        return f"{every} fresh{reach}."
    told = [f"{one_line(kind_words(source.source))} {source_words(source.state).word}" for source in wrong]
    return f"{number(len(wrong))} of {counted(len(review.data), 'source')} not fresh: {listed(told)}{reach}."


def sources_table(
    sources: Sequence[SourceState], imports: Sequence[ImportRecord], as_of: dt.date, zone: ZoneInfo
) -> Table:
    """One row a source, the ones that are not fresh first: newest row, its age, what landed last."""
    rows: list[tuple[Cell, ...]] = []
    for source in sorted(sources, key=lambda s: (source_words(s.state).rank, s.source)):
        own = [
            record
            for record in imports
            if record.template == source.source and record.undone_at is None and record.source != BY_HAND
        ]
        last = max(own, key=lambda record: record.landed_at, default=None)
        rows.append(
            (
                kind_words(source.source),
                source_words(source.state).in_table,
                source.newest,
                _age(source.newest, as_of),
                local(last.landed_at, zone).date() if last else None,
                PurePath(last.file).name if last else "",
                len(own),
                sentence_case(source_note(source)),
            )
        )
    headings = ("Source", "State", "Newest row", "Age", "Last landed", "From file", "Imports in use", "Note")
    return without_empty_columns(Table(headings, tuple(rows)))


def _age(newest: dt.date | None, as_of: dt.date) -> str:
    if newest is None:
        return ""
    days = (as_of - newest).days
    return "today" if days <= 0 else counted(days, "day")


def quarantine_table(found: Sequence[Quarantined], zone: ZoneInfo) -> Table:
    """One row a reason, most rows first."""
    rows = tuple(
        (
            reason_words(one.reason),
            one.rows,
            len(one.imports),
            PurePath(one.newest_file).name,
            local(one.newest_at, zone).date(),
            one.example,
        )
        for one in found
    )
    return Table(("Reason", "Rows", "Imports", "Newest in", "Landed", "For example"), rows)


def unanswered_table(review: Review, catalog: Catalog) -> Table:
    """One row a question that can't be answered: of which workflow, why, and from when it can."""
    rows: list[tuple[Cell, ...]] = []
    for workflow in review.workflows:
        rows += [(display_name(workflow), *row) for row in _open_questions(workflow, catalog)]
    rows += [
        (one_line(name), "Everything", "It has rows but no charter.", "once its charter is registered")
        for name in review.uncharted
    ]
    return Table(("Workflow", "What can't be answered", "Why", "From when"), tuple(rows))


def _open_questions(workflow: WorkflowReview, catalog: Catalog) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    blocked = {finding.metric: finding.about for finding in workflow.findings if finding.blocks_verdict}
    for metric, fact in blocked.items():
        what = label_of(metric, catalog) if metric else "Every verdict"
        found.append((what, fact_words(fact), "once the data are put right"))
    for pair in workflow.pairs:
        if pair.verdict == TOO_EARLY and pair.outcome not in blocked:
            found.append((_question(pair, catalog), _why_early(pair, catalog), _from(pair.answer_expected)))
    soonest = min((p.answer_expected for p in workflow.pairs if p.answer_expected), default=None)
    found += [_rule_question(rule, catalog, soonest) for rule in workflow.rules if rule.state == "no_data"]
    if workflow.charter is not None:
        told = set(blocked.values())
        for point in without_data(workflow.charter, catalog, workflow):
            if point not in told:
                found.append(("A metric without data", fact_words(point), "once its exports are landed"))
    return found


def _question(pair: Pair, catalog: Catalog) -> str:
    outcome, proxy = (label_of(name, catalog) for name in (pair.outcome, pair.proxy))
    return f"Whether {within_a_sentence(outcome)} follows {within_a_sentence(proxy)}"


def _why_early(pair: Pair, catalog: Catalog) -> str:
    return (
        fact_words(pair.note)
        or f"Too little of {within_a_sentence(label_of(pair.outcome, catalog))} is known yet."
    )


def _rule_question(rule: RuleState, catalog: Catalog, soonest: dt.date | None) -> tuple[str, str, str]:
    reason = sentence_case(fact_words(rule.reason)) or "It can't be judged"
    return (
        f"Whether rule “{rule_called(rule.when, rule.id, catalog)}” is kept",
        f"{reason.rstrip('.')}.",
        _from(soonest),
    )


def _from(date: dt.date | None) -> str:
    return day(date) if date else ""


def findings_table(review: Review, catalog: Catalog) -> Table:
    """One row a finding about the data; those that keep a verdict from being given come first."""
    rows: list[tuple[Cell, ...]] = [
        (
            "✕ no verdict" if finding.blocks_verdict else "◐ to know",
            display_name(workflow),
            label_of(finding.metric, catalog) if finding.metric else "",
            fact_words(finding.about),
        )
        for workflow in review.workflows
        for finding in workflow.findings
    ]
    rows.sort(key=lambda row: str(row[0]) != "✕ no verdict")
    return Table(("Weight", "Workflow", "Metric", "Finding"), tuple(rows))


def findings_lines(review: Review, catalog: Catalog) -> list[str]:
    """The same as Markdown to read: sentences that a column of a table would break."""
    return [
        f"{escape_markdown(str(weight))} · **{escape_markdown(str(workflow))}**"
        f"{f', {escape_markdown(within_a_sentence(str(metric)))}' if metric else ''}: {escape_markdown(str(finding))}"
        for weight, workflow, metric, finding in findings_table(review, catalog).rows
    ]


def late_sentence(review: Review) -> str:
    """'Late, so bring newer exports: appointments (18 days old), deals and leads (21 days old), for Lead routing
    agent.': one sentence for all that are; '' for none."""
    behind = [(source.source, source.note) for source in review.data if isinstance(source.note, SourceBehind)]
    if not behind:
        return ""
    by_age: dict[int, list[str]] = {}
    for source, note in behind:
        by_age.setdefault(note.days, []).append(one_line(kind_words(source)))
    told = [
        f"{listed(names, len(names))} ({counted(days, 'day')} old)" for days, names in sorted(by_age.items())
    ]
    names = {each.workflow: display_name(each) for each in review.workflows}
    waiting = dict.fromkeys(names.get(each, one_line(each)) for _, note in behind for each in note.late_for)
    whom = f", for {listed(list(waiting))}" if waiting else ""
    return f"Late, so bring newer exports: {', '.join(told)}{whom}."
