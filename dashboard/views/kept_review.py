"""A review as it was shown, opened by the code on a card: `/workflow?code=K7Q2-M4XT`."""

from __future__ import annotations

import streamlit as st

from dashboard import frozen_reviews
from dashboard.page import Page, tell_error
from dashboard.pictures.card_words import spelled
from dashboard.pictures.formats import local, long_day
from dashboard.pictures.wording import escape_markdown
from dashboard.views.parts import WORKFLOW
from metrics.agreement.entries import LedgerError
from metrics.agreement.frozen import Evidence


def asked(page: Page) -> Evidence | None:
    """The review that the link names by its code; None where it names none, or says so where none is kept."""
    code = st.query_params.get("code")
    if not code:
        return None
    try:
        return frozen_reviews.find(page.warehouse, code)
    except LedgerError as error:
        tell_error(f"{error} What is known today is shown instead.")
        return None


def heading(page: Page, kept: Evidence) -> None:
    """That this is not today's review, whose it is, and the way back."""
    shown = kept.shown
    code = spelled(frozen_reviews.code_of(shown))
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
