"""Words: what each term on the pages means."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import kit
from leadline.dashboard.views.page import errors_told, open_page
from leadline.dashboard.words.glossary import glossary
from leadline.dashboard.words.markdown import escape_markdown

with errors_told():
    open_page()
    kit.quiet("**Words** · what the terms on these pages mean")
    st.header("What the words mean", anchor=False)
    told = glossary()
    for column, words in zip(
        st.columns(2, gap="large"), (told[: len(told) // 2], told[len(told) // 2 :]), strict=True
    ):
        column.markdown(
            "\n\n".join(f"**{escape_markdown(word)}**  \n{escape_markdown(means)}" for word, means in words)
        )
