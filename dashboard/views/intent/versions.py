"""Versions: did what entered since do better, did one come with the drift, and was it the agent at all?"""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import kit
from leadline.dashboard.views.page import Page
from leadline.dashboard.words import versions as words
from leadline.dashboard.words.markdown import escape_markdown
from leadline.metrics.results import WorkflowReview


def show(page: Page, workflow: WorkflowReview) -> None:
    """The answers, the versions, and what was left to people."""
    if workflow.charter is None:
        kit.quiet("This workflow has no charter.")
        return
    found = workflow.causes
    st.subheader("Did it help?", anchor=False)
    if found.redefined:
        st.info(escape_markdown(words.redefined_sentence(found.redefined)), icon=":material/flag:")
    for said in words.coincidence_sentences(found.coincidences, page.catalog):
        st.warning(escape_markdown(said), icon=":material/event:")
    if found.effects:
        told = words.effect_sentences(found.effects, page.catalog)
        st.markdown("\n".join(f"- {escape_markdown(each)}" for each in told))
    elif found.versions:
        kit.quiet("No version has come since the deployment, so there is nothing to compare.")
    kit.section(
        "Versions", words.versions_table(found.versions), f"{workflow.workflow}-versions-in-use",
        "None has landed. Export since when each prompt, model or brief template is in use, with the columns of the "
        "template versions.",
    )  # fmt: skip
    people(page, workflow)


def people(page: Page, workflow: WorkflowReview) -> None:
    """Whether it was the agent, as far as units were left to people."""
    beside = workflow.causes.people
    st.subheader("Did the agent cause it?", anchor=False)
    for one in beside:
        st.markdown(escape_markdown(words.people_sentence(one, page.catalog)))
        kit.quiet(escape_markdown(words.notice_sentence(one)))
    if not beside:
        kit.quiet(
            "Nothing was left to people, or nobody recorded it: a gate leaves a share to them where the charter says "
            "so, and a column “handled by” in the export says who handled what."
        )
