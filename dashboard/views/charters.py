"""Charters: what was agreed for each workflow, what its rules can promise, how it came to be so, and changing it."""

from __future__ import annotations

import streamlit as st

from dashboard import choices, drafts
from dashboard.page import errors_told, open_page
from dashboard.views import charter_editing, charter_parts

TABS = {
    "agreed": "As agreed",
    "form": "Edit in a form",
    "yaml": "Edit as YAML",
    "versions": "Versions",
}

with errors_told():
    page = open_page()
    found = drafts.kept(page.workspace, page.catalog)
    said, choice = st.columns([4, 1.3], vertical_alignment="center")
    with choice:
        chosen = charter_parts.choose(found)
    with said:
        charter_parts.above(found)
    reviewed = charter_parts.reviewed(page, found, chosen)
    charter_parts.title(page, chosen, reviewed)
    tab = choices.choose_tab(TABS, "charters tab")
    if tab == "form":
        charter_editing.form(page, chosen)
    elif tab == "yaml":
        charter_editing.yaml(page, chosen)
    elif chosen.charter is None:
        charter_parts.unreadable(chosen)
    elif tab == "versions":
        charter_parts.versions(page, chosen.charter)
    else:
        charter_parts.agreed(page, chosen.charter, reviewed)
