"""The card of a workflow, to take along: as a picture, as PDF, as a link to this very review."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from leadline.dashboard.service import report
from leadline.dashboard.service.channels import notifying
from leadline.dashboard.views import caches, kit
from leadline.dashboard.views.page import Page
from leadline.dashboard.words.markdown import escape_markdown
from leadline.metrics.agreement.record_review import MACHINE
from leadline.metrics.results import Review, WorkflowReview


def button(page: Page, review: Review, workflow: WorkflowReview) -> None:
    """Opens the card over the page; nothing is drawn before."""
    if st.button(
        "Card", icon=":material/slideshow:", key="take along", help="The card of it, to show or to send"
    ):
        _dialog(page, review, workflow)


def _dialog(page: Page, review: Review, workflow: WorkflowReview) -> None:
    @st.dialog("Card", width="large", icon=":material/slideshow:")
    def shown() -> None:
        card = caches.card_of(page.workspace, page.warehouse, review, workflow, page.mode)
        if card is None:
            kit.quiet("◌ An import is being landed; the card is drawn once it is in. Open it again then.")
            return
        st.image(card.png, width="stretch", alt=escape_markdown(card.alt))
        name = f"{kit.file_stem(workflow.workflow)}-{review.as_of.isoformat()}"
        alone = replace(review, workflows=(workflow,))
        with st.container(horizontal=True):
            st.download_button(
                "Picture", card.png, file_name=f"{name}.png", mime="image/png", icon=":material/image:",
                on_click="ignore",
            )  # fmt: skip
            st.download_button(
                "PDF",
                lambda: report.pack(
                    page.warehouse, page.workspace, alone, page.catalog, "pdf", by=MACHINE, dark=page.mode == "dark"
                ),
                file_name=f"{name}.pdf", mime="application/pdf", icon=":material/picture_as_pdf:", on_click="ignore",
            )  # fmt: skip
        kit.quiet("A link that shows this week of it again; the sign at its end copies it.")
        st.code(link(page, review, workflow), language=None, wrap_lines=True)

    shown()


def link(page: Page, review: Review, workflow: WorkflowReview) -> str:
    """The address as others reach it where the workspace names one, else as this browser does."""
    base = (
        notifying(page.workspace).link or (st.context.url or "").partition("/workflow")[0].partition("?")[0]
    )
    return f"{base.rstrip('/')}/workflow?workflow={workflow.workflow}&week={review.as_of.isoformat()}"
