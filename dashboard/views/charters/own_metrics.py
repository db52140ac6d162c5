"""The metrics of a workspace's own: which there are, who watches them, and changing or removing one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from leadline.dashboard.service.metrics_file import read_metrics
from leadline.dashboard.views import actions, kit
from leadline.dashboard.views.charters.drafts import Draft
from leadline.dashboard.views.page import Page, tell_error
from leadline.dashboard.words import metrics
from leadline.dashboard.words.formats import one_line
from leadline.dashboard.words.markdown import escape_markdown
from leadline.data.documents.splice import meaning
from leadline.data.errors import LeadlineError
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.metric_form import Form, entry_of, text_of

FORM = "metric form"
"""counts the forms that were saved: the next one begins anew"""


@dataclass(frozen=True)
class Chosen:
    """The metric that is made or changed. begun: the lines of its entry; empty for a new one."""

    name: str = ""
    entry: Form | None = None
    begun: str = ""
    watched: tuple[str, ...] = ()
    """names of the charters that watch it"""

    @property
    def is_new(self) -> bool:
        return not self.name


def table(page: Page) -> None:
    """What there is."""
    built_in = load_catalog(None)
    own = [metric for name, metric in page.catalog.items() if built_in.get(name) != metric]
    if own:
        kit.section("Metrics of this workspace's own", metrics.own_metrics_table(own), "metrics", "")


def choose(page: Page, charters: Sequence[Draft]) -> Chosen:
    """A new one, or one that the file holds."""
    text = read_metrics(page.workspace)
    named = [name for name in meaning(text) or {} if name in page.catalog]
    labels = {"": "+ A new metric", **{name: f"Change {page.catalog[name].label} ({name})" for name in named}}
    st.subheader("Make or change a metric" if named else "A new metric", anchor=False)
    name = ""
    if named:
        name = st.selectbox(
            "Make or change", list(labels), format_func=lambda each: one_line(labels[each]),
            key=f"{FORM} of {st.session_state.get(FORM, 0)}", label_visibility="collapsed",
        )  # fmt: skip
    if not name:
        return Chosen()
    watching = (draft.charter for draft in charters if draft.charter is not None)
    watched = tuple(one.name for one in watching if name in (*one.proxies, *one.outcomes))
    return Chosen(name, entry_of(text, name), text_of(text, name), watched)


def may_save(chosen: Chosen) -> bool:
    """Whether whoever changes it knows who is judged by it."""
    if not chosen.watched:
        return True
    return st.checkbox(
        escape_markdown(metrics.judged_by_sentence(chosen.watched)), key=f"{FORM} knows {chosen.name}"
    )


def remove(page: Page, chosen: Chosen) -> None:
    """Takes it out of the file, where no charter would be left without it."""
    falls_back = chosen.name in load_catalog(None)
    label = page.catalog[chosen.name].label
    with st.popover("Remove …", icon=":material/delete:"):
        st.markdown(escape_markdown(metrics.removal_sentence(label, chosen.watched, falls_back)))
        if chosen.watched and not falls_back:
            return
        if st.button("Remove the metric", type="primary", icon=":material/delete:"):
            done(page, chosen, None, f"{label} is removed.")


def done(page: Page, chosen: Chosen, form: Form | None, told: str) -> None:
    """Writes the change; the page begins anew with what it has done."""
    try:
        actions.change_metric(page, chosen.name, form, chosen.begun)
    except LeadlineError as error:
        tell_error(str(error))
        return
    begin_anew(escape_markdown(told))


def begin_anew(told: str) -> None:
    st.session_state[FORM] = st.session_state.get(FORM, 0) + 1
    st.session_state["metric saved"] = told
    st.rerun()
