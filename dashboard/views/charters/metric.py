"""Making a metric without YAML: what it counts, its last half year, what it would say, what a rule could promise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from leadline.dashboard.drawings.metric_weeks import describe_metric_weeks, metric_weeks_chart
from leadline.dashboard.views import actions, caches, kit
from leadline.dashboard.views.charters import own_metrics
from leadline.dashboard.views.charters.drafts import Draft
from leadline.dashboard.views.charters.metric_fields import LESS, SEEN_EARLY, Fields
from leadline.dashboard.views.charters.own_metrics import Chosen
from leadline.dashboard.views.links import as_choice
from leadline.dashboard.views.page import Page, tell_error
from leadline.dashboard.words import charters, metrics
from leadline.dashboard.words.findings import fact_words
from leadline.dashboard.words.markdown import escape_markdown
from leadline.data.documents.read import read_document
from leadline.data.documents.splice import meaning
from leadline.data.errors import CharterError, LeadlineError
from leadline.metrics.agreement.catalog import LABEL_LETTERS, METRICS, Metric, is_cost, label_of, load_catalog
from leadline.metrics.agreement.contradictions import contradictions
from leadline.metrics.agreement.metric_form import (
    DraftedMetric,
    Form,
    beyond_a_form,
    draft_metric,
    made_name,
)
from leadline.metrics.charter_terms import Charter
from leadline.metrics.previews import DRAFTED, MetricPreview, alone

_ROLES = {"outcome": "an outcome", "proxy": "a proxy"}
_BETTER = {"higher": "more", "lower": "less"}
UNNAMED = "This metric"


def make(page: Page, chosen: Draft, charters: Sequence[Draft]) -> None:
    """The workspace's own metrics, and a form for one more or to change one."""
    kit.told_once("metric saved")
    own_metrics.table(page)
    if not kit.may(page, "agree"):
        return
    wanted = own_metrics.choose(page, charters)
    number = f"{st.session_state.get(own_metrics.FORM, 0)} {wanted.name}".rstrip()
    fields = Fields(page, number, chosen.charter, wanted.entry or {})
    left, right = st.columns([1, 1.15], gap="medium")
    with left.container(border=True):
        beyond = beyond_a_form(wanted.entry or {}) if not wanted.is_new else ()
        name, form = _as_text(fields, wanted, beyond) if beyond else _form(fields, wanted)
    known = page.catalog if wanted.is_new else load_catalog(None)
    draft = draft_metric(name or DRAFTED, form, known, replaces=not wanted.is_new)
    with right:
        _look(page, chosen, fields, wanted, name, form, draft)
        if not wanted.is_new:
            own_metrics.remove(page, wanted)


def _as_text(fields: Fields, wanted: Chosen, beyond: Sequence[str]) -> tuple[str, Form]:
    """An entry that says what no widget shows, in its own lines."""
    kit.quiet(
        escape_markdown(f"The form has no fields for this ({', '.join(beyond)}); here is its own text.")
    )
    lines = st.text_area("The metric as YAML", wanted.begun, height=220, key=fields.key("text"))
    fields.place()
    text = "\n".join([f"{wanted.name}:", *(f"  {line}" for line in lines.splitlines())])
    try:
        read_document(text, METRICS)
    except CharterError as error:
        tell_error(str(error))
    form = (meaning(text) or {}).get(wanted.name)
    return wanted.name, form if isinstance(form, Mapping) else {}


def _form(fields: Fields, wanted: Chosen) -> tuple[str, Form]:
    """Its name in charters and what the widgets say."""
    was = fields.was("label") or (label_of(wanted.name) if wanted.name else "")
    label = st.text_input(
        "What it is called", str(was), key=fields.key("label"), max_chars=LABEL_LETTERS, placeholder="Renewal rate",
    )  # fmt: skip
    fields.place("label")
    name = wanted.name or _named(fields, label)
    declared = fields.declared()
    usual = "proxy" if any(key in declared for key in SEEN_EARLY) else "outcome"
    role = _one_of(fields, "It is watched as", _ROLES, "role", str(fields.was("role") or usual))
    summed = declared.get("sum", {})
    of_cost = is_cost(summed.get("template", ""), summed.get("column", ""))
    usual = "lower" if of_cost or any(key in declared for key in LESS) else "higher"
    usual = str(fields.was("better") or "higher") if wanted.name else usual
    better = _one_of(fields, "What is better", _BETTER, "better", usual)
    form: dict[str, Any] = {"label": label.strip() or UNNAMED, "role": role, **declared}
    if better == "lower" or (of_cost and role == "outcome"):
        form["better"] = better
    with st.expander("Words of its own", icon=":material/edit_note:"):
        form |= _words(fields)
    return name, form


def _named(fields: Fields, label: str) -> str:
    """What charters and rules call a new metric; '' as long as it is called nothing."""
    if not label.strip():
        return ""
    made = made_name(label, fields.page.catalog)
    name = st.text_input(
        "In charters and rules", made, key=fields.key("name", made), max_chars=64,
        help="Small letters a to z, digits and _, beginning with a letter.",
    )  # fmt: skip
    fields.place()
    return str(name).strip()


def _one_of(fields: Fields, label: str, options: dict[str, str], key: str, default: str) -> str:
    chosen = st.segmented_control(
        label, list(options), format_func=lambda each: as_choice(options[each]), default=default, required=True,
        key=fields.key(key, default),
    )  # fmt: skip
    fields.place(key)
    return str(chosen)


def _words(fields: Fields) -> dict[str, str]:
    """What is said of it, where good words can't be made from what it counts."""
    labels = {
        "description": ("How it is counted, in a sentence", "Share of tickets whose customer renews"),
        "entity": ("What one unit is, plural", "tickets"),
        "worse_words": ("Where it is worse", "{change} fewer tickets renew"),
        "better_words": ("Where it is better", "{change} more tickets renew"),
        "steady_words": ("Where it is as before", "as many tickets renew as before"),
    }
    said = {}
    for key, (label, hint) in labels.items():
        begun = str(fields.was(key) or "")
        said[key] = st.text_input(label, begun, key=fields.key(key), placeholder=hint, max_chars=200)
        fields.place(key)
    return {key: words.strip() for key, words in said.items() if words.strip()}


def _look(
    page: Page, chosen: Draft, fields: Fields, wanted: Chosen, name: str, form: Form, draft: DraftedMetric
) -> None:
    """What is wrong beside its field, else what the metric shows and says; then it is saved."""
    for path, sentence in draft.faults.items():
        place = next(
            fields.places[path[:end]] for end in range(len(path), -1, -1) if path[:end] in fields.places
        )
        place.markdown(f":red[:material/error: {escape_markdown(sentence)}]")
    if draft.metric is None:
        kit.quiet("Its last half year is shown here once nothing is wrong.")
        return
    st.markdown(f"**{escape_markdown(metrics.counted_words(draft.metric))}**")
    preview = _preview(page, chosen.charter, draft.metric) if chosen.charter else None
    if preview is None:
        kit.quiet("Choose a charter above to see its last half year in that workflow.")
    elif preview.too_short:
        place = fields.places.get(("within_weeks",)) or fields.places[()]
        place.markdown(
            f":red[:material/error: {escape_markdown(metrics.short_history_sentence(preview.too_short))}]"
        )
        return
    if not wanted.is_new:
        _save_change(page, wanted, form, draft.metric)
    elif name:
        _save(page, name, form, draft.metric)
    else:
        kit.quiet("Give it a name to save it.")


def _preview(page: Page, charter: Charter, metric: Metric) -> MetricPreview:
    today = page.workspace.today()
    preview = caches.preview_of_metric(page.workspace, page.warehouse, charter, metric, today)
    for sentence in _contradictions(page, charter, metric):
        st.warning(escape_markdown(sentence), icon=":material/link_off:")
    for found in preview.mismatches:
        st.warning(escape_markdown(metrics.mismatch_sentence(found)), icon=":material/filter_alt_off:")
    st.plotly_chart(
        metric_weeks_chart(metric, preview, page.mode),
        theme=None,
        config=kit.chart_config(),
        key=f"metric weeks {metric.id}",
        alt=describe_metric_weeks(metric, preview),
    )
    if preview.weeks:
        st.markdown(escape_markdown(metrics.volume_sentence(metric, preview)))
        _open_weeks(preview)
    if preview.no_baseline:
        st.warning(escape_markdown(fact_words(preview.no_baseline)), icon=":material/info:")
    _sentences(metric, preview)
    _promise(page, charter, metric, preview)
    return preview


def _contradictions(page: Page, charter: Charter, metric: Metric) -> tuple[str, ...]:
    """Why the charter would be refused with the metric in it."""
    if metric.role == "outcome":
        watched = replace(charter, outcomes=tuple(dict.fromkeys((*charter.outcomes, metric.id))))
    else:
        watched = replace(charter, proxies=tuple(dict.fromkeys((*charter.proxies, metric.id))))
    whole = {**page.catalog, metric.id: metric}
    known = contradictions(charter, page.catalog)
    return tuple(sentence for sentence in contradictions(watched, whole) if sentence not in known)


def _open_weeks(preview: MetricPreview) -> None:
    if any(preview.is_open):
        kit.quiet(
            "○ open dots: weeks of which more can still come; the line is where they can be expected to end."
        )


def _sentences(metric: Metric, preview: MetricPreview) -> None:
    worse, better = metrics.example_sentences(metric)
    today = metrics.today_sentence(metric, preview)
    st.markdown("##### What a review says", anchors=False)
    lines = [f"- Today: “{escape_markdown(today)}”"] if today else []
    lines += [
        f"- A fifth worse: “{escape_markdown(worse)}”",
        f"- A fifth better: “{escape_markdown(better)}”",
    ]
    st.markdown("\n".join(lines))


def _promise(page: Page, charter: Charter, metric: Metric, preview: MetricPreview) -> None:
    """How soon a rule on it would notice a fall, and how often it would cry wolf."""
    if metric.role != "outcome" or preview.no_baseline or not preview.weeks:
        return
    whole = {**page.catalog, metric.id: metric}
    watched = alone(charter, metric, page.catalog)
    reckon = caches.promises_of
    today = page.workspace.today()
    told = reckon(page.workspace, page.warehouse, watched, today, ask=False, catalog=whole)
    st.markdown("##### What a rule on it could promise", anchors=False)
    if told is None:
        if st.button("Reckon it", icon=":material/science:", help="By simulation, for this workflow's own volume; "
                     "takes a few seconds."):  # fmt: skip
            reckon(page.workspace, page.warehouse, watched, today, ask=True, catalog=whole)
            st.rerun()
        return
    lines = (escape_markdown(charters.rule_promise_line(one, whole)) for one in told)
    st.markdown("\n".join(f"- {line}" for line in lines))
    kit.quiet(
        "As the only outcome: others beside it share one limit, so that a fall is noticed somewhat later."
    )


def _save(page: Page, name: str, form: Form, metric: Metric) -> None:
    if not st.button("Save the metric", type="primary", icon=":material/save:"):
        return
    try:
        actions.add_metric(page, name, form)
    except LeadlineError as error:
        tell_error(str(error))
        return
    role = "outcomes" if metric.role == "outcome" else "proxies"
    own_metrics.begin_anew(
        f"{escape_markdown(metric.label)} is saved as `{name}`. Choose it among the {role} under **Edit in a form**."
    )


def _save_change(page: Page, wanted: Chosen, form: Form, metric: Metric) -> None:
    """Changes it, once whoever does so knows who is judged by it."""
    if metric == page.catalog[wanted.name]:
        kit.quiet("Nothing is changed so far.")
        return
    knows = own_metrics.may_save(wanted)
    if st.button("Save the change", type="primary", icon=":material/save:", disabled=not knows):
        own_metrics.done(page, wanted, form, f"{metric.label} is changed.")
