"""Under the divergence chart: where the change comes from, whether the proxy still predicts, how cohorts mature."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from leadline.dashboard.drawings import linkage, marks, maturing, waterfall
from leadline.dashboard.views import caches, kit
from leadline.dashboard.views.page import Page
from leadline.dashboard.words.formats import one_line
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.metrics import whole_sentence
from leadline.dashboard.words.review_card import currency_of
from leadline.metrics.agreement.chart_notes import annotations_of
from leadline.metrics.agreement.charter_versions import charter_history
from leadline.metrics.agreement.decisions import decisions
from leadline.metrics.results import Pair, WorkflowReview


def marks_of(page: Page, workflow: WorkflowReview, as_of: dt.date) -> list[marks.Mark]:
    """Decisions, changes of the charter, versions and people's own notes up to that day; the first registration is
    none."""
    taken = [
        marks.decision_mark(one) for one in decisions(page.warehouse, workflow.workflow) if one.on <= as_of
    ]
    changed = []
    for version in charter_history(page.warehouse, workflow.workflow)[1:]:
        on = version.registered_at.replace(tzinfo=dt.UTC).astimezone(page.zone).date()
        if on <= as_of:
            changed.append(marks.charter_mark(version.version, on, version.author))
    came = workflow.causes.versions
    noted = [
        marks.note_mark(one) for one in annotations_of(page.warehouse, workflow.workflow) if one.on <= as_of
    ]
    return [*taken, *changed, *noted, *(marks.version_mark(one.what, one.name, one.since) for one in came)]


def under_the_chart(page: Page, workflow: WorkflowReview, place: int) -> None:
    """What belongs to the pair that is shown."""
    if not workflow.pairs:
        return
    pair = workflow.pairs[place]
    left, right = st.columns(2, gap="large")
    with left:
        where_from(page, workflow, pair)
    with right:
        still_predicts(page, workflow, pair)
    matures(page, workflow, pair)


def where_from(page: Page, workflow: WorkflowReview, pair: Pair) -> None:
    """The change by segment: inside each, and by another mix."""
    found = {one.dimension: one for one in workflow.breakdowns if one.outcome == pair.outcome}
    metric = page.catalog.get(pair.outcome)
    table, chosen = None, None
    if found and metric is not None:
        dimension = st.session_state.get(f"dimension {workflow.workflow}")
        chosen = found.get(str(dimension)) or next(iter(found.values()))
        table = waterfall.breakdown_table(chosen, metric, currency_of(workflow, pair.outcome))
    kit.subheading("Where it comes from", table, f"{workflow.workflow}-{pair.outcome}-segments", "mix")
    if metric is None or chosen is None or table is None:
        segments = workflow.charter.segments if workflow.charter else ()
        kit.quiet(
            "The charter names no segments to look into, so the change can't be told apart." if not segments
            else escape_markdown(whole_sentence([metric])) if metric is not None and not metric.has_segments
            else "Not known yet for this outcome."
        )  # fmt: skip
        return
    if len(found) > 1:
        st.selectbox(
            "By", list(found), format_func=one_line, key=f"dimension {workflow.workflow}",
            label_visibility="collapsed",
        )  # fmt: skip
    currency = currency_of(workflow, pair.outcome)
    words = escape_markdown(waterfall.breakdown_sentence(chosen, metric, currency))
    st.markdown(words)
    figure = caches.figure_of(
        chosen,
        ("waterfall", metric.id, page.mode, currency),
        lambda: waterfall.waterfall_chart(chosen, metric, page.mode, currency),
    )
    st.plotly_chart(
        figure, theme=None, config=kit.chart_config(),
        key=f"waterfall {pair.outcome}", alt=words,
    )  # fmt: skip
    whole = "" if metric.has_segments else f" {escape_markdown(whole_sentence([metric]))}"
    kit.quiet(f"Solid: clear beyond noise, all segments considered. Hatched: within noise.{whole}")
    with st.expander("By segment, in numbers", icon=":material/table:"):
        kit.table(table, "By segment, in numbers")


def still_predicts(page: Page, workflow: WorkflowReview, pair: Pair) -> None:
    """The link between proxy and outcome, lead by lead at equal age."""
    links = workflow.linkages
    chosen = next((one for one in links if (one.proxy, one.outcome) == (pair.proxy, pair.outcome)), None)
    table = linkage.linkages_table(links, page.catalog)
    kit.subheading("Does the proxy still predict", table, f"{workflow.workflow}-links", "link")
    if chosen is None:
        kit.quiet(
            "Proxy and outcome are not counted on the same one thing each, so whether one predicts the other is not "
            "known."
        )
    else:
        st.markdown(escape_markdown(linkage.linkage_sentence(chosen, page.catalog)))
        figure = caches.figure_of(
            chosen,
            ("linkage", workflow.deployed_on, page.mode),
            lambda: linkage.linkage_chart(chosen, workflow.deployed_on, page.mode),
        )
        st.plotly_chart(
            figure, theme=None,
            config=kit.chart_config(), key=f"link {pair.proxy} {pair.outcome}",
            alt=escape_markdown(linkage.describe_linkage(chosen, page.catalog)),
        )  # fmt: skip
        kit.quiet(
            "Each quarter with its likely range; where the range holds “no link”, the proxy told nothing."
        )
    if len(links) > (chosen is not None):
        with st.expander("Every link", icon=":material/table:"):
            kit.table(table, "Every link")


def matures(page: Page, workflow: WorkflowReview, pair: Pair) -> None:
    """Cohort × age, counted when it is opened."""
    metric = page.catalog.get(pair.outcome)
    if metric is None:
        return
    key = f"matures {workflow.workflow} {pair.outcome}"
    words = f"How cohorts mature: {one_line(metric.label).lower()} by age"
    with st.expander(words, icon=":material/grid_on:", key=key, on_change="rerun") as shown:
        if not shown.open:
            return
        found = caches.maturing_of(page.workspace, page.warehouse, metric, workflow)
        if found is None:
            kit.quiet("This outcome comes at once, so there is nothing to wait for.")
            return
        currency = currency_of(workflow, pair.outcome)
        sentence = escape_markdown(maturing.maturing_sentence(found, metric, currency))
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(sentence, width="content")
            kit.csv_button(maturing.maturing_table(found), f"{workflow.workflow}-{pair.outcome}-cohorts")
        figure = caches.figure_of(
            found,
            ("maturing", metric.id, page.mode, currency),
            lambda: maturing.maturing_chart(found, metric, page.mode, currency),
        )
        st.plotly_chart(
            figure, theme=None, config=kit.chart_config(),
            key=f"{key} map", alt=sentence,
        )  # fmt: skip
        kit.quiet(
            "One row a week of entry, one column an age; the stronger the colour, the more. Empty: not known yet."
        )
