"""Decisions: breach → decision → checkpoint, overdue first, and whether the outcome came back. Below, the ledger."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import kit
from leadline.dashboard.views.decisions import decision
from leadline.dashboard.views.page import errors_told, open_page
from leadline.dashboard.words.decisions import came_back, decisions_sentence, overdue_table
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.verdicts import display_name
from leadline.metrics.agreement.alerts import alerts
from leadline.metrics.agreement.decisions import decisions, overdue

with errors_told():
    page = open_page()
    today = page.workspace.today()
    if (review := page.made_review()) is None:
        kit.heading("Decisions", None)
        kit.told_once("decided", again=True)
        decision.record(page, None)
        page.review(today)
        st.rerun()
    kit.heading("Decisions", review)
    kit.told_once("decided")
    taken = decisions(page.warehouse)
    charters = [workflow.charter for workflow in review.workflows if workflow.charter is not None]
    late = overdue(page.warehouse, charters, today)
    back = came_back(review.workflows)
    undecided = sum(alert.state in ("raised", "acknowledged") for alert in alerts(page.warehouse))
    said = decisions_sentence(taken, late, back, today, undecided)
    st.header(escape_markdown(said), anchor=False)
    names = {workflow.workflow: display_name(workflow) for workflow in review.workflows}
    if late:
        kit.section(
            "Overdue", overdue_table(late, names, today), "leadline-overdue", "",
        )  # fmt: skip
    if undecided:
        kit.link(kit.ALERTS, "Decide on an alert")
    decision.decided(page, review, taken)
    decision.record(page, review)
    decision.by_code(page)
    decision.closed(page, names)
    decision.ledger(page)
