"""Data: how fresh each source is, what was kept aside, what can't be answered yet, every import and its undo."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.drawings import coverage
from leadline.dashboard.views import caches, kit
from leadline.dashboard.views.page import errors_told, open_page
from leadline.dashboard.views.sources import imports
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.sources import (
    data_sentence,
    findings_lines,
    findings_table,
    sources_table,
    unanswered_table,
)
from leadline.data.landing.land import list_imports

with errors_told():
    page = open_page()
    today = page.workspace.today()
    review = page.review(today)
    kit.heading("Data", review)
    st.header(escape_markdown(data_sentence(review)), anchor=False)
    if not review.data:
        st.markdown("Land the first export, and this page says how fresh it is and what is missing.")
        st.page_link(kit.UPLOAD, label="Upload exports", icon=":material/upload_file:")
    else:
        if any(source.state in ("stale", "empty") for source in review.data):
            kit.link(kit.UPLOAD, "Upload newer exports" if kit.has_data(review) else "Upload exports")
        sources = sources_table(review.data, list_imports(page.warehouse), today, page.zone)
        kit.section("Freshness by source", sources, "leadline-sources", "")
        if kit.has_data(review):
            covered = caches.coverage_of(page.workspace, page.warehouse, today)
            kit.quiet(
                "Weeks with rows: the stronger the colour, the more beside a usual week of that source. ✕ marks a gap."
            )
            figure = caches.figure_of(
                covered, ("coverage", page.mode), lambda: coverage.coverage_chart(covered, page.mode)
            )
            st.plotly_chart(
                figure, theme=None, config=kit.chart_config(),
                key="coverage", alt=escape_markdown(coverage.describe_coverage(covered)),
            )  # fmt: skip
        open_questions = unanswered_table(review, page.catalog)
        kit.section(
            "What can't be answered yet", open_questions, "leadline-open-questions",
            "Nothing is open: every agreed question can be answered with what has landed.",
        )  # fmt: skip
        findings = findings_table(review, page.catalog)
        kit.subheading("What the data say about themselves", findings, "leadline-findings")
        lines = findings_lines(review, page.catalog)
        if lines:
            st.markdown("\n".join(f"- {line}" for line in lines))
        else:
            kit.quiet("No finding.")
    imports.show_quarantine(page)
    if review.data:
        imports.show_restatements(page)
        imports.show_retiring(page)
    imports.show_imports(page)
