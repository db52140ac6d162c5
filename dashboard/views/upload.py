"""Upload: drop exports, see what would happen, land them with one button; below, every import and its undo."""

from __future__ import annotations

import streamlit as st

from dashboard import page as pages
from dashboard.views import landing_parts as landing
from dashboard.views import parts

with pages.page() as page:
    parts.quiet(
        "**Upload** · CSV or Excel exports; nothing is written before you have seen what would happen"
    )
    landing.show_landed(page)
    offers = landing.offers(page)
    ready = [offer for offer in offers if offer.report.state == "landed"]
    for offer in offers:
        landing.show_preview(offer)
    if offers and st.button(
        landing.button_words(ready),
        type="primary",
        disabled=not ready,
        icon=":material/anchor:",
    ):
        landing.land_all(page, ready)
    landing.show_imports(page)
