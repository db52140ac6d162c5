"""Charters: what was agreed for each workflow, what its rules can promise, how it came to be so, and changing it."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import links
from leadline.dashboard.views.charters import charter, drafts, editor, metric, retire
from leadline.dashboard.views.page import errors_told, open_page

TABS = {
    "agreed": "As agreed",
    "form": "Edit in a form",
    "yaml": "Edit as YAML",
    "versions": "Versions",
    "metrics": "Metrics",
}

with errors_told():
    page = open_page()
    found = drafts.kept(page.workspace, page.catalog)
    said, choice = st.columns([4, 1.3], vertical_alignment="center")
    with choice:
        chosen = charter.choose(found)
    with said:
        charter.above(found)
    reviewed = charter.reviewed(page, found, chosen)
    charter.title(page, chosen, reviewed)
    tab = links.choose_tab(TABS, "charters tab")
    if tab == "form":
        editor.form(page, chosen)
    elif tab == "yaml":
        editor.yaml(page, chosen)
    elif tab == "metrics":
        metric.make(page, chosen, found)
    elif chosen.charter is None:
        charter.unreadable(chosen)
    elif tab == "versions":
        charter.versions(page, chosen.charter)
    else:
        charter.agreed(page, chosen.charter, reviewed)
        retire.offer(page, chosen.charter.workflow)
    retire.listed(page, [draft.charter.workflow for draft in found if draft.charter])
