"""The frame of every page: navigation, name, mark. The pages themselves are in views/."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from leadline.dashboard.views import access

DRAWINGS = Path(__file__).with_name("drawings")

# the icon is a file of ours: Streamlit lets browsers fetch a :material: one from elsewhere
st.set_page_config(page_title="Leadline", page_icon=DRAWINGS / "icon.svg", layout="wide")
st.logo(DRAWINGS / "mark.svg", size="medium")
shown = st.navigation(
    [
        st.Page("views/weekly/page.py", title="Weekly review", icon=":material/summarize:", default=True),
        st.Page("views/mine/page.py", title="Mine", icon=":material/person:", url_path="mine"),
        st.Page(
            "views/workflow/page.py", title="Workflow", icon=":material/show_chart:", url_path="workflow"
        ),
        st.Page("views/alerts/page.py", title="Alerts", icon=":material/notifications:", url_path="alerts"),
        st.Page("views/upload/page.py", title="Upload", icon=":material/upload_file:", url_path="upload"),
        st.Page("views/charters/page.py", title="Charters", icon=":material/contract:", url_path="charters"),
        st.Page("views/reviewing/page.py", title="Outputs", icon=":material/fact_check:", url_path="outputs"),
        st.Page("views/intent/page.py", title="Intent", icon=":material/flag:", url_path="intent"),
        st.Page("views/decisions/page.py", title="Decisions", icon=":material/gavel:", url_path="decisions"),
        st.Page("views/sources/page.py", title="Data", icon=":material/database:", url_path="data"),
        # linked from where terms stand
        st.Page("views/glossary/page.py", title="Words", url_path="words", visibility="hidden"),
        *access.sign_out_page(),
    ],
    position="top",
)
st.set_page_config(page_title=" · ".join([shown.title, *access.workspace_named(), "Leadline"]))
shown.run()
