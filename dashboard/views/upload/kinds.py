"""What can be landed as it is: headings, systems, and empty templates to fill."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import kit
from leadline.dashboard.words.formats import sentence_case
from leadline.dashboard.words.landings import systems_table, templates_table
from leadline.data.exports.recognition.vendor_format import formats
from leadline.data.exports.safe_csv import safe_csv
from leadline.data.templates import kind_words, templates


def show_kinds() -> None:
    """The templates and their headings; the systems whose exports need none."""
    known = templates()
    with st.expander("Which headings are recognised", icon=":material/view_column:"):
        kit.quiet("In any order; further columns are kept and can be used as segments. Times are ISO 8601.")
        kit.table(templates_table(known.values()), "Headings that are recognised")
    systems = systems_table(formats())
    with st.expander(
        f"Which systems' exports are recognised as they are ({len(systems.rows)})",
        icon=":material/view_column:",
    ):
        kit.table(systems, "Exports that are recognised")
    blank = st.expander("Empty templates, to fill in a spreadsheet", icon=":material/download:")
    with blank, st.container(horizontal=True):
        for one in known.values():
            headings = [column.name for column in one.columns if not column.helper]
            st.download_button(
                sentence_case(kind_words(one.name)), safe_csv([], headings), file_name=f"{one.name}.csv",
                mime="text/csv", on_click="ignore", key=f"template {one.name}",
            )  # fmt: skip
