"""What stands on the workflow page: the statement, the chart, and under it why we say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import plotly.graph_objects as go
import streamlit as st

from leadline.dashboard.drawings import marks
from leadline.dashboard.drawings.divergence import evidence_chart, panel_charts
from leadline.dashboard.drawings.divergence_scene import NOTHING_TO_DRAW, describe_panels
from leadline.dashboard.service import gate_files
from leadline.dashboard.views import caches, kit
from leadline.dashboard.views.decisions.dues import decide_button, dues, kept, tell
from leadline.dashboard.views.page import Page
from leadline.dashboard.views.workflow import take_along
from leadline.dashboard.words import review_card, tables
from leadline.dashboard.words.changes import change_sentence, counted_sentence
from leadline.dashboard.words.costs import cost_sentence
from leadline.dashboard.words.findings import OF_INTENT, fact_words
from leadline.dashboard.words.gate import gate_sentence
from leadline.dashboard.words.glossary import meaning_of
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.reviewing import failed_sentences, validation_sentences
from leadline.dashboard.words.rules import rule_called
from leadline.dashboard.words.verdicts import evidence_sentence, mechanism_sentence, total_sentence
from leadline.dashboard.words.versions import cause_sentences
from leadline.metrics.agreement.catalog import Metric, Role
from leadline.metrics.agreement.gate import answer
from leadline.metrics.results import Change, Pair, Review, WorkflowReview

Catalog = Mapping[str, Metric]


def verdict(page: Page, review: Review | None, workflow: WorkflowReview, as_of: dt.date) -> None:
    """The badge, the sentence, what is due with its button, the figures. `review`: None where it was kept long ago."""
    found = dues(page, review)[workflow.workflow] if review else kept(page, workflow, as_of)
    card = review_card.card(workflow, page.catalog, found.then)
    kit.badge(workflow.verdict)
    st.header(card.statement, anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        tell(found, "content")
        if review:
            decide_button(page, review, workflow, found)
            take_along.button(page, review, workflow)
    kit.figures(card.figures)


def pair_words(pair: Pair, catalog: Catalog) -> str:
    """'◆ Response time and close rate (drifting)'."""
    proxy, outcome = tables.label_of(pair.proxy, catalog), tables.label_of(pair.outcome, catalog)
    return review_card.option(pair.verdict, f"{proxy} and {outcome[:1].lower()}{outcome[1:]}")


def chart(workflow: WorkflowReview, catalog: Catalog, mode: str, marked: Sequence[marks.Mark] = ()) -> int:
    """The divergence chart of the pair chosen, a panel beside the other; the pair's place."""
    if not workflow.pairs:
        kit.quiet("No pair of a proxy and an outcome is agreed in the charter.")
        return 0
    place = 0
    if len(workflow.pairs) > 1:
        place = st.selectbox(
            "Pair",
            range(len(workflow.pairs)),
            format_func=lambda at: pair_words(workflow.pairs[at], catalog),
            key=f"pair of {workflow.workflow}",
            label_visibility="collapsed",
        )
    pair = workflow.pairs[place]

    def drawn() -> list[go.Figure]:
        figures = panel_charts(workflow, pair, mode, catalog=catalog)
        return [*figures[:-1], *(marks.add_marks(last, marked, mode) for last in figures[-1:])]

    figures = caches.figure_of(workflow, ("divergence panels", place, mode, tuple(marked)), drawn)
    if not figures:
        kit.quiet(NOTHING_TO_DRAW)
        return place
    told = describe_panels(workflow, pair, catalog)
    told[-1] = f"{told[-1]} {marks.describe_marks(marked)}".strip()
    columns = st.columns(len(figures), gap="medium")
    for at, (column, figure, words) in enumerate(zip(columns, figures, told, strict=True)):
        with column:
            kit.chart(figure, f"divergence {workflow.workflow} {place} {at}", words)
    if told_marks := marks.legend(figures[-1], marked):
        kit.quiet(escape_markdown(told_marks))
    return place


def why(workflow: WorkflowReview, place: int, catalog: Catalog, mode: str) -> None:
    """Plain words first; the evidence by week against its limit one click below."""
    if not workflow.pairs:
        return
    pair = workflow.pairs[place]
    st.subheader("Why we say this", anchor=False, help=meaning_of("evidence"))
    sides: tuple[tuple[str, Role, Change], ...] = (
        (pair.proxy, "proxy", pair.proxy_change),
        (pair.outcome, "outcome", pair.outcome_change),
    )
    reasons = [
        f"{change_sentence(replace(metric, role=role), change, review_card.currency_of(workflow, metric_id))} "
        f"{counted_sentence(metric, change)}".rstrip()
        for metric_id, role, change in sides
        if (metric := catalog.get(metric_id))
    ]
    reasons += [total_sentence(pair, catalog), mechanism_sentence(pair, catalog)]
    reasons += [evidence_sentence(pair.evidence), fact_words(pair.note)]
    reasons += [cost_sentence(workflow.cost, catalog)] if place == 0 else []
    reasons += [sentence for _, sentence in cause_sentences(workflow.causes, catalog)]
    st.markdown("\n".join(f"- {escape_markdown(reason)}" for reason in reasons if reason))
    if pair.evidence and pair.evidence.weeks:
        with st.expander("Evidence by week, against its limit", icon=":material/balance:"):
            kit.quiet(
                "Each week weighs what happened against what leads of the same age did in the baseline. The line "
                "rises while outcomes stay away, and falls back when they come as before."
            )
            told = pair.evidence
            figure = caches.figure_of(told, ("evidence", mode), lambda: evidence_chart(told, mode))
            st.plotly_chart(
                figure, theme=None, config=kit.chart_config(), key=f"evidence {place}",
                alt=escape_markdown(evidence_sentence(pair.evidence)),
            )  # fmt: skip


def pairs(workflow: WorkflowReview, catalog: Catalog) -> None:
    """Every proxy beside every outcome."""
    if workflow.pairs:
        st.subheader("Every proxy beside every outcome", anchor=False, help=meaning_of("pair"))
        kit.table(tables.pairs_table(workflow, catalog), "Every proxy beside every outcome")


def reviewed(workflow: WorkflowReview) -> None:
    """What reviewers found, how sure they are, and the newest outputs that failed, with why."""
    found = workflow.validation
    if not found.seen:
        return
    st.subheader("What reviewers found", anchor=False)
    agreed = workflow.charter.reviewing if workflow.charter else None
    told = validation_sentences(found, agreed.agreement if agreed else None)
    st.markdown("\n".join(f"- {escape_markdown(each)}" for each in (*told, *failed_sentences(found))))
    if agreed:
        kit.link(kit.OUTPUTS, "Every output that failed", workflow=workflow.workflow)


def rules(workflow: WorkflowReview, catalog: Catalog) -> None:
    """The stopping rules as signed, beside where they stand."""
    st.subheader("Stopping rules", anchor=False, help=meaning_of("stopping rule"))
    if workflow.rules:
        kit.table(tables.rules_table(workflow, catalog), "Stopping rules")
    else:
        kit.quiet("The charter agrees no stopping rule, so nothing will ask for a decision.")


def gate(page: Page, workflow: WorkflowReview, as_of: dt.date) -> None:
    """What the machine itself is told by now; the past is answered no more."""
    if as_of != page.workspace.today():
        return
    state = gate_files.read_state(page.workspace, workflow.workflow)
    if state is not None:
        said = answer(state, as_of)
        rule = next((each for each in workflow.rules if each.id == said.rule), None)
        called = rule_called(rule.when, rule.id, page.catalog) if rule else ""
        kit.quiet(escape_markdown(gate_sentence(said, called)))


def findings(workflow: WorkflowReview) -> None:
    """What the data have to say about themselves, and before that what the intent has lost on its way."""
    of_intent = [each for each in workflow.findings if each.code in OF_INTENT]
    for finding in of_intent:
        st.warning(escape_markdown(fact_words(finding.about)), icon=":material/flag:")
    rest = [each for each in workflow.findings if each not in of_intent]
    if rest:
        st.subheader("About the data", anchor=False)
    for finding in rest:
        show = st.warning if finding.blocks_verdict else st.info
        show(escape_markdown(fact_words(finding.about)), icon=":material/database:")


def numbers(workflow: WorkflowReview) -> None:
    """The numbers behind the chart: to read, and to download. Thousands of cells, which a browser draws when asked."""
    if not workflow.series:
        return
    key = f"numbers {workflow.workflow}"
    with st.expander("The numbers behind", icon=":material/table:", key=key, on_change="rerun") as shown:
        if not shown.open:
            return
        st.download_button(
            "Download as CSV",
            lambda: tables.csv_text(tables.weeks_csv_table(workflow.series)).encode("utf-8-sig"),
            file_name=f"{kit.file_stem(workflow.workflow)}-weeks.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        kit.table(tables.weeks_table(workflow.series), "The numbers behind", height=360)
