"""Outputs: the next one, its brief beside it, pass or fail on what was agreed; then how well reviewers agree."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import kit, links
from leadline.dashboard.views.page import errors_told, open_page
from leadline.dashboard.views.reviewing import found, item
from leadline.dashboard.words.verdicts import display_name

with errors_told():
    page = open_page()
    review = page.review(page.workspace.today())
    kit.heading("Outputs", review)
    kit.told_once("reviews landed")
    agreed = {
        workflow.workflow: workflow
        for workflow in review.workflows
        if workflow.charter is not None and workflow.charter.reviewing is not None
    }
    if not agreed:
        st.header("No charter agrees how outputs are reviewed.", anchor=False)
        st.markdown("Add to a charter what each output is judged on, and how many a week:")
        st.code("reviewing: {dimensions: [accuracy, brand], a_week: 20, second_review: 20%}", language="yaml")
        kit.link(kit.CHARTERS, "Charters")
    else:
        names = {key: display_name(workflow) for key, workflow in agreed.items()}
        chosen = links.choose_named("workflow", "Workflow", names, next(iter(names)))
        charter = agreed[chosen].charter
        assert charter is not None  # noqa: S101 (only those are offered)
        item.next_output(page, charter)
        found.what_was_found(page, charter)
