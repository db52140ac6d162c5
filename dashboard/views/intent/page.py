"""Intent: from the objective to the instruction, what briefs did, and whether a workflow is ready to be expanded."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import kit, links
from leadline.dashboard.views.intent import briefs, cascade, readiness, versions
from leadline.dashboard.views.page import errors_told, open_page

TABS = {
    "cascade": "Objective to instruction",
    "briefs": "Briefs",
    "versions": "Versions",
    "readiness": "Ready to be expanded?",
}

with errors_told():
    page = open_page()
    kit.told_once("brief written")
    said, which = st.columns([3, 1.3], vertical_alignment="center")
    review = page.review(page.workspace.today())
    with said:
        kit.heading("Intent", review)
    if not review.workflows:
        kit.how_to_begin(page.workspace, review)
        st.stop()
    with which:
        workflow = links.choose_workflow(review)
    tab = links.choose_tab(TABS, "intent tab")
    if tab == "briefs":
        briefs.show(page, workflow)
    elif tab == "versions":
        versions.show(page, workflow)
    elif tab == "readiness":
        readiness.show(page, review, workflow)
    else:
        cascade.show(page, workflow)
