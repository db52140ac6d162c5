"""Ready to be expanded? Each question with its answer, its number and its link, and one sentence that closes them."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import caches, kit
from leadline.dashboard.views.page import Page
from leadline.dashboard.words import readiness as words
from leadline.dashboard.words.formats import day
from leadline.dashboard.words.markdown import escape_markdown
from leadline.metrics.readiness import Answer
from leadline.metrics.results import Review, WorkflowReview

_HUES = {"yes": "green", "partly": "orange", "no": "red", "cant_say": "gray"}
_VIEWS = {
    "charters": kit.CHARTERS,
    "workflow": kit.WORKFLOW,
    "alerts": kit.ALERTS,
    "decisions": kit.DECISIONS,
    "data": kit.SOURCES,
    "intent": kit.INTENT,
    "outputs": kit.OUTPUTS,
}


def show(page: Page, review: Review, workflow: WorkflowReview) -> None:
    """The sentence, the questions group by group, the sheet to print."""
    found = caches.readiness_of(page.workspace, page.warehouse, review, workflow)
    st.header(escape_markdown(words.sentence(found, page.catalog)), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        kit.quiet(f"As of {day(found.as_of)}; reckoned from what was agreed, landed, seen and decided.")
        st.download_button(
            "Sheet to print",
            lambda: words.sheet_html(found, page.catalog).encode(),
            file_name=f"ready-{kit.file_stem(workflow.workflow)}.html",
            mime="text/html",
            icon=":material/print:",
            on_click="ignore",
        )
        kit.csv_button(words.answers_table(found, page.catalog), f"{workflow.workflow}-readiness")
    for group, title in words.GROUP_WORDS.items():
        of_group = [each for each in found.answers if each.group == group]
        if not of_group:
            continue
        with st.container(border=True):
            st.markdown(f"##### {title}", anchors=False)
            for each in of_group:
                _answer(page, workflow, each)


def _answer(page: Page, workflow: WorkflowReview, each: Answer) -> None:
    shape, word = words.ANSWER_WORDS[each.answer]
    mark, told, more = st.columns([0.9, 5, 1], vertical_alignment="center")
    mark.markdown(f":{_HUES[each.answer]}-badge[{shape} {word}]")
    with told:
        st.markdown(f"**{words.QUESTIONS[each.asks]}**")
        kit.quiet(escape_markdown(words.because(each, page.catalog)))
    with more:
        target, query = words.place_of(each, workflow.workflow)
        kit.link(_VIEWS[target], "Look", **query)
