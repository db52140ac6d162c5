"""The frame of every page: navigation, name, mark. The pages themselves are in views/."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

PICTURES = Path(__file__).with_name("pictures")

# the icon is a file of ours: Streamlit lets browsers fetch a :material: one from elsewhere
st.set_page_config(page_title="Leadline", page_icon=PICTURES / "icon.svg", layout="wide")
st.logo(PICTURES / "mark.svg", size="medium")
st.navigation(
    [
        st.Page("views/weekly_review.py", title="Weekly review", icon=":material/summarize:", default=True),
        st.Page("views/workflow.py", title="Workflow", icon=":material/show_chart:", url_path="workflow"),
        st.Page("views/alerts.py", title="Alerts", icon=":material/notifications:", url_path="alerts"),
        st.Page("views/upload.py", title="Upload", icon=":material/upload_file:", url_path="upload"),
        st.Page("views/charters.py", title="Charters", icon=":material/contract:", url_path="charters"),
        st.Page("views/decisions.py", title="Decisions", icon=":material/gavel:", url_path="decisions"),
        st.Page("views/data_page.py", title="Data", icon=":material/database:", url_path="data"),
    ],
    position="top",
).run()
