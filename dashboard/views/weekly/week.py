"""Pieces of the weekly review about the week itself: what changed, and taking it along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial

import streamlit as st

from leadline.dashboard.service import report
from leadline.dashboard.views import kit
from leadline.dashboard.views.page import Page
from leadline.dashboard.views.weekly import present
from leadline.dashboard.words import week
from leadline.dashboard.words.markdown import escape_markdown
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.agreement.record_review import MACHINE
from leadline.metrics.results import Review

ONE_WEEK = dt.timedelta(weeks=1)
_KINDS = {
    "pdf": (
        "PDF",
        ":material/picture_as_pdf:",
        "application/pdf",
        "The review as a file to send or print: one page for all, then the card of each workflow.",
    ),
    "pptx": (
        "Slides",
        ":material/slideshow:",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "The review as slides, one for each workflow; texts and tables can be edited.",
    ),
    "html": (
        "Page to print or send",
        ":material/print:",
        "text/html",
        "The review as one file that opens anywhere and prints a page for each workflow.",
    ),
}


def since_last_week(page: Page, review: Review) -> None:
    """One line: what is different from the week before."""
    if not review.workflows or not review.data:
        return
    changes = week.changes_since(page.review(review.as_of - ONE_WEEK), review, page.catalog)
    kit.quiet(escape_markdown(week.since_sentence(changes, is_past=review.as_of != page.workspace.today())))


def take_along(page: Page, review: Review) -> None:
    """The weekly pack: slides, or a page to print or send."""
    if review.workflows:
        with st.popover("Take along", icon=":material/download:"):
            present.button(review)
            st.markdown("This review for people who are not here, made when you click.")
            _pack_buttons(page, review)


def _pack_buttons(page: Page, review: Review) -> None:
    """A button for each kind of pack; nothing is drawn before it is clicked."""
    catalog = page.catalog
    with st.container(horizontal=True, vertical_alignment="center"):
        for form, (label, icon, mime, help_text) in _KINDS.items():
            st.download_button(
                label,
                partial(_made, page, review, catalog, form),
                file_name=f"{kit.file_stem(page.workspace.path.name)}-review-{review.as_of}.{form}",
                mime=mime,
                icon=icon,
                help=help_text,
                on_click="ignore",
                key=f"pack {form}",
            )


def _made(page: Page, review: Review, catalog: Mapping[str, Metric], form: str) -> bytes:
    return report.pack(page.warehouse, page.workspace, review, catalog, form, by=MACHINE)
