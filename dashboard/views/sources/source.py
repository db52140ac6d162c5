"""Pieces of the data page."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import kit, sections
from leadline.dashboard.views.page import Page
from leadline.dashboard.words.landings import reason_words
from leadline.dashboard.words.sources import quarantine_table
from leadline.data.landing.quarantine import quarantined, quarantined_csv


def show_quarantine(page: Page) -> None:
    """Rows that were kept aside, by reason; all of them, or those of one reason, as a file."""
    found = quarantined(page.warehouse)
    sections.section(
        "Quarantine", quarantine_table(found, page.zone), "leadline-quarantine",
        "No row of any import in use had to be kept aside.",
    )  # fmt: skip
    if not found:
        return
    choice, button = st.columns([2, 1.4], vertical_alignment="bottom")
    reason = choice.selectbox(
        "Rows to take along",
        [one.reason for one in found],
        index=None,
        placeholder="rows of every reason",
        format_func=reason_words,
    )
    button.download_button(
        "Quarantined rows as CSV",
        lambda: quarantined_csv(page.warehouse, reason).encode("utf-8-sig"),
        file_name=f"quarantined-{kit.file_stem(reason or 'rows')}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
    kit.quiet("Correct the rows in their source and land the export again: what was kept aside then lands.")
