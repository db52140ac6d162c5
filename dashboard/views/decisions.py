"""Decisions: breach → decision → checkpoint, overdue first, and whether the outcome came back. Below, the ledger."""

from __future__ import annotations

import streamlit as st

from dashboard.page import errors_told, open_page
from dashboard.pictures import decision_words
from dashboard.pictures.wording import display_name, escape_markdown
from dashboard.views import decision_parts, parts, sections
from metrics.agreement.alerts import alerts
from metrics.agreement.decisions import decisions, overdue

with errors_told():
    page = open_page()
    today = page.workspace.today()
    review = page.review(today)
    parts.heading("Decisions", review)
    sections.told_once("decided")
    taken = decisions(page.warehouse)
    charters = [workflow.charter for workflow in review.workflows if workflow.charter is not None]
    late = overdue(page.warehouse, charters, today)
    back = decision_words.came_back(review.workflows)
    undecided = sum(alert.state in ("raised", "acknowledged") for alert in alerts(page.warehouse))
    said = decision_words.decisions_sentence(taken, late, back, today, undecided)
    st.header(escape_markdown(said), anchor=False)
    names = {workflow.workflow: display_name(workflow) for workflow in review.workflows}
    if late:
        sections.section(
            "Overdue", decision_words.overdue_table(late, names, today), "leadline-overdue", "",
        )  # fmt: skip
    if undecided:
        parts.link(parts.ALERTS, "Decide on an alert")
    decision_parts.decided(page, review, taken)
    decision_parts.record(page, review)
    decision_parts.closed(page, names)
    decision_parts.ledger(page)
