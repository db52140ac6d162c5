"""Outputs and conversations, as people look at them: the next one, what was found, and how well they agree."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import kit, links
from leadline.dashboard.views.page import errors_told, open_page
from leadline.dashboard.views.reviewing import conversation, desk, found, item
from leadline.dashboard.words.charters import charter_name
from leadline.data.engines.engine import refuse_landing

EXAMPLE = """\
reviewing: {dimensions: [accuracy, brand], a_week: 20, second_review: 20%}
positioning:
  - {id: one-source, says: One place for every invoice}
"""

with errors_told():
    page = open_page()
    review = page.review(page.workspace.today())
    kit.heading("Outputs", review)
    kit.told_once(desk.LANDED)
    refuse_landing(page.workspace.settings)
    charters = [workflow.charter for workflow in review.workflows if workflow.charter is not None]
    agreed = {one.workflow: one for one in charters if one.reviewing is not None or one.positioning}
    if not agreed:
        st.header("No charter agrees how outputs are reviewed.", anchor=False)
        st.markdown(
            "Add to a charter what outputs are judged on, how many a week, and what buyers should be able to say:"
        )
        st.code(EXAMPLE, language="yaml")
        kit.link(kit.CHARTERS, "Charters")
    else:
        names = {key: charter_name(charter) for key, charter in agreed.items()}
        chosen = agreed[links.choose_named("workflow", "Workflow", names, next(iter(names)))]
        parts = {"outputs": "Outputs"} if chosen.reviewing is not None else {}
        parts |= {"conversations": "Conversations"} if chosen.positioning else {}
        part = links.choose_tab(parts, "part of reviewing") if len(parts) > 1 else next(iter(parts))
        if part == "outputs":
            item.next_output(page, chosen)
            found.what_was_found(page, chosen)
        else:
            conversation.next_conversation(page, chosen)
