"""Data: how fresh each source is, what was kept aside, what can't be answered yet, every import and its undo."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.page import errors_told, open_page
from dashboard.pictures import coverage_chart, data_tables
from dashboard.pictures.wording import escape_markdown
from dashboard.views import import_parts, parts, sections
from dashboard.views.data_parts import show_quarantine
from data.landing import list_imports

with errors_told():
    page = open_page()
    today = page.workspace.today()
    review = page.review(today)
    parts.heading("Data", review)
    st.header(escape_markdown(data_tables.data_sentence(review)), anchor=False)
    if not review.data:
        st.markdown("Land the first export, and this page says how fresh it is and what is missing.")
        st.page_link(parts.UPLOAD, label="Upload exports", icon=":material/upload_file:")
    else:
        if any(source.state in ("stale", "empty") for source in review.data):
            parts.link(parts.UPLOAD, "Upload newer exports" if parts.has_data(review) else "Upload exports")
        sources = data_tables.sources_table(review.data, list_imports(page.warehouse), today, page.zone)
        sections.section("Freshness by source", sources, "leadline-sources", "")
        if parts.has_data(review):
            covered = session.coverage_of(page.workspace, page.warehouse, today)
            parts.quiet(
                "Weeks with rows: the stronger the colour, the more beside a usual week of that source. ✕ marks a gap."
            )
            figure = session.figure_of(
                covered, ("coverage", page.mode), lambda: coverage_chart.coverage_chart(covered, page.mode)
            )
            st.plotly_chart(
                figure, theme=None, config=parts.chart_config(),
                key="coverage", alt=escape_markdown(coverage_chart.describe_coverage(covered)),
            )  # fmt: skip
        open_questions = data_tables.unanswered_table(review, page.catalog)
        sections.section(
            "What can't be answered yet", open_questions, "leadline-open-questions",
            "Nothing is open: every agreed question can be answered with what has landed.",
        )  # fmt: skip
        findings = data_tables.findings_table(review, page.catalog)
        sections.heading("What the data say about themselves", findings, "leadline-findings")
        lines = data_tables.findings_lines(review, page.catalog)
        if lines:
            st.markdown("\n".join(f"- {line}" for line in lines))
        else:
            parts.quiet("No finding.")
    show_quarantine(page)
    if review.data:
        import_parts.show_restatements(page)
    import_parts.show_imports(page)
