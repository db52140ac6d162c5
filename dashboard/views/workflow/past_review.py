"""A review as it was shown, opened by the code on a card: `/workflow?code=K7Q2-M4XT`."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.service import review_codes
from leadline.dashboard.views.kit import WORKFLOW
from leadline.dashboard.views.page import Page, tell_error
from leadline.dashboard.words.alert_card import spelled
from leadline.dashboard.words.formats import local, long_day
from leadline.dashboard.words.markdown import escape_markdown
from leadline.metrics.agreement.entries import LedgerError
from leadline.metrics.agreement.shown_evidence import Evidence


def asked(page: Page) -> Evidence | None:
    """The review that the link names by its code; None where it names none, or says so where none is kept."""
    code = st.query_params.get("code")
    if not code:
        return None
    try:
        return review_codes.find(page.warehouse, code)
    except LedgerError as error:
        tell_error(f"{error} What is known today is shown instead.")
        return None


def heading(page: Page, kept: Evidence) -> None:
    """That this is not today's review, whose it is, and the way back."""
    shown = kept.shown
    code = spelled(review_codes.code_of(shown))
    kept_on = local(kept.kept_at, page.zone).date()
    said, back = st.columns([3.4, 1], vertical_alignment="center")
    said.info(
        escape_markdown(
            f"Review {code}, as it was shown on {long_day(kept_on)}: as of {long_day(shown.as_of)}, data "
            f"complete through {long_day(shown.complete_through)}. What has landed since is not in it."
        ),
        icon=":material/history:",
    )
    back.page_link(
        WORKFLOW,
        label="Show what is known today",
        icon=":material/update:",
        query_params={"workflow": shown.workflow.workflow},
    )
