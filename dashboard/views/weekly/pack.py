"""The weekly pack to take away, made when somebody asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from leadline.dashboard.service import report
from leadline.dashboard.views.kit import file_stem
from leadline.dashboard.views.page import Page
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.agreement.record_review import MACHINE
from leadline.metrics.results import Review

_KINDS = {
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


def downloads(page: Page, review: Review) -> None:
    """A button for each kind of pack; nothing is drawn before it is clicked."""
    catalog = page.catalog
    with st.container(horizontal=True, vertical_alignment="center"):
        for form, (label, icon, mime, help_text) in _KINDS.items():
            st.download_button(
                label,
                partial(_made, page, review, catalog, form),
                file_name=f"{file_stem(page.workspace.path.name)}-review-{review.as_of}.{form}",
                mime=mime,
                icon=icon,
                help=help_text,
                on_click="ignore",
                key=f"pack {form}",
            )


def _made(page: Page, review: Review, catalog: Mapping[str, Metric], form: str) -> bytes:
    return report.pack(page.warehouse, page.workspace, review, catalog, form, by=MACHINE)
