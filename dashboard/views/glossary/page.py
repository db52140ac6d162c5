"""Words: what each term on the pages means."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import kit
from leadline.dashboard.views.page import errors_told, open_page
from leadline.dashboard.words.glossary import glossary
from leadline.dashboard.words.tables import Table

with errors_told():
    open_page()
    kit.quiet("**Words** · what the terms on these pages mean")
    st.header("What the words mean", anchor=False)
    kit.table(Table(("Word", "What it means"), tuple(glossary())), "What the words mean")
