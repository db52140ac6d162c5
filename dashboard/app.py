"""The frame of every page: navigation, name, mark. The pages themselves are in views/."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

st.set_page_config(page_title="Leadline", page_icon=":material/straighten:", layout="wide")
st.logo(Path(__file__).with_name("pictures") / "mark.svg", size="medium")
st.navigation(
    [
        st.Page("views/weekly_review.py", title="Weekly review", icon=":material/summarize:", default=True),
        st.Page("views/workflow.py", title="Workflow", icon=":material/show_chart:", url_path="workflow"),
        st.Page("views/upload.py", title="Upload", icon=":material/upload_file:", url_path="upload"),
    ],
    position="top",
).run()
