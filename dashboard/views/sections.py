"""Pieces that several pages are built from: headings with their table's CSV, who somebody is, what a role may not."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import access, kit
from leadline.dashboard.views.access import ACT_WORDS, Act, able
from leadline.dashboard.views.page import Page
from leadline.dashboard.words.tables import Table, csv_text
from leadline.dashboard.words.verdicts import escape_markdown


def heading(words: str, table: Table | None = None, stem: str = "") -> None:
    """A section's heading; its table, where it has rows, as CSV at the right."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(words, anchor=False, width="content")
        if table is not None and table.rows:
            csv_button(table, stem)


def csv_button(table: Table, stem: str) -> None:
    """The table as CSV that no spreadsheet takes for formulas."""
    st.download_button(
        "CSV",
        lambda: csv_text(table).encode("utf-8-sig"),
        file_name=f"{kit.file_stem(stem)}.csv",
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key=f"csv {stem}",
        help="This table as a file for a spreadsheet",
    )


def section(words: str, table: Table, stem: str, empty: str, *, height: int | None = None) -> None:
    """A heading, its table and its CSV; where there is nothing, a sentence that says so."""
    heading(words, table, stem)
    if table.rows:
        kit.table(table, words, height=height)
    else:
        kit.quiet(empty)


def may(page: Page, act: Act) -> bool:
    """Whether the reader may do this; where not, why, in small."""
    who = access.person(page.workspace)
    if who.may(act):
        return True
    if who.signed_in is False:
        kit.quiet(f":material/lock: Sign in to {ACT_WORDS[act]}.")
    else:
        kit.quiet(
            f":material/lock: Your role here, “{who.role}”, may not {ACT_WORDS[act]}; "
            f"ask somebody with the role {able(act)}."
        )
    return False


def name_field(page: Page, key: str) -> str:
    """Who does this: what the login says, or what somebody types, remembered for the next time."""
    who = access.person(page.workspace)
    if who.name:
        kit.quiet(f"As **{escape_markdown(who.name)}**")
        return who.name
    field = f"name {key}"
    if not st.session_state.get(field):
        st.session_state[field] = st.session_state.get("my name", "")
    said = st.text_input(
        "Your name",
        max_chars=80,
        key=field,
        autocomplete="name",
        help="It stands in the ledger beside what you do.",
    )
    return str(said or "")


def remember_name(name: str) -> None:
    """Fills the next form's name field."""
    if name.strip():
        st.session_state["my name"] = name.strip()


def told_once(key: str) -> None:
    """What the last click has done, said once after the page was drawn anew."""
    if words := st.session_state.pop(key, None):
        st.success(words, icon=":material/check:")
