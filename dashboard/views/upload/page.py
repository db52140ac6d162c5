"""Upload: drop exports, see what would happen, land them with one button; below, every import and its undo."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import access, kit
from leadline.dashboard.views.page import errors_told, open_page
from leadline.dashboard.views.sources import imports
from leadline.dashboard.views.upload import inbox, kinds, landing

with errors_told():
    page = open_page()
    kit.quiet("**Upload** · nothing is written before you have seen what would happen")
    if work := landing.under_way():
        # in the place of the container below, all of which would else stay in grey until the work is over
        st.empty()
        place = st.empty()
        imports.show_imports(page)
        landing.follow(work, place)
    with st.container():
        lands = access.person(page.workspace).may("land")
        st.header("Drop exports here" if lands else "What can be landed, and what has landed", anchor=False)
        offers = landing.offers(page) if kit.may(page, "land") else []
        ready = [offer for offer in offers if offer.report.state == "landed"]
        words = landing.button_words(ready)
        if offers and st.button(words, type="primary", disabled=not ready, icon=":material/anchor:"):
            landing.land_all(page, ready)
        inbox.show_waiting(page)
        if not offers:
            landing.show_landed(page)
            kinds.show_kinds()
        imports.show_imports(page)
