"""Imports, newest first, taking one back, and the rows that were kept aside: on the upload and on the data page."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import actions, caches, kit
from leadline.dashboard.views.page import Page, tell_error
from leadline.dashboard.words.formats import counted
from leadline.dashboard.words.landings import (
    COUNT_HELP,
    import_words,
    imports_csv_table,
    imports_table,
    reason_words,
)
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.previews import restatements_table
from leadline.dashboard.words.sources import quarantine_table
from leadline.data.errors import LeadlineError
from leadline.data.exports.landing_report import FileReport, ImportRecord
from leadline.data.landing.land import correction_csv, is_correctable, list_imports, rejected_rows_csv
from leadline.data.landing.quarantine import quarantined, quarantined_csv
from leadline.data.landing.retire import LONGEST_REASON
from leadline.data.templates import kind_words, templates


def show_imports(page: Page) -> None:
    """Every import, newest first; each can be taken back as if it had never been."""
    records = list_imports(page.warehouse)
    kit.subheading("Imports", imports_csv_table(records), "leadline-imports")
    if undone := st.session_state.pop("undone", None):
        st.success(undone, icon=":material/undo:")
    if not records:
        kit.quiet("Nothing landed yet.")
        return
    _one_import(page, sorted(records, key=lambda record: record.import_id, reverse=True))
    kit.table(imports_table(records, page.zone), "Imports", height=380 if len(records) > 9 else None)
    with st.expander("What the counts mean", icon=":material/help:"):
        st.markdown("\n".join(f"- **{name}**: {words}" for name, words in COUNT_HELP.items()))


def rejected_rows_button(page: Page, import_id: int, key: str) -> None:
    """The rows of an import that were kept aside, as a file."""
    st.download_button(
        "Rejected rows as CSV",
        lambda: rejected_rows_csv(page.warehouse, import_id).encode("utf-8-sig"),
        file_name=f"rejected-rows-of-import-{import_id}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"rejected {key}",
    )


def rejected_rows_buttons(page: Page, import_id: int, key: str) -> None:
    """The rows of an import that were kept aside: as a list with reasons, and as a file to correct and land."""
    with st.container(horizontal=True):
        rejected_rows_button(page, import_id, key)
        correctable = is_correctable(page.warehouse, import_id)
        if correctable:
            correction_button(page, import_id, key)
    if not correctable:
        return
    kit.quiet(
        "To correct them here: download the rows to correct, put right what the last column says, and drop the file "
        "above. It is recognised by that column."
    )


def correction_button(page: Page, import_id: int, key: str) -> None:
    """The same rows with the headings they came with: corrected, the file is dropped like any other."""
    st.download_button(
        "Rows to correct",
        lambda: correction_csv(page.warehouse, import_id).encode("utf-8-sig"),
        file_name=f"rows-to-correct-of-import-{import_id}.csv",
        mime="text/csv",
        icon=":material/edit_note:",
        on_click="ignore",
        key=f"to correct {key}",
        help="Correct the cells in a spreadsheet, then drop the file here like any other export.",
    )


def show_retiring(page: Page) -> None:
    """Takes rows out of the facts by their identities; the import that does so stands in the list, with its undo."""
    if told := st.session_state.pop("retired", None):
        st.success(told, icon=":material/block:")
    kinds = [name for name, template in templates().items() if len(template.key) == 1]
    with (
        st.expander("Retire rows that are no facts", icon=":material/block:"),
        st.form("retire", border=False),
    ):
        kit.quiet(
            "A test deal, a lead that is a colleague: they leave every number, and come back when this is undone "
            "below, or when a later export holds them."
        )
        kind, named, why = st.columns([1, 2, 2])
        template = kind.selectbox("Kind of rows", kinds, format_func=kind_words, key="retire kind")
        identities = named.text_area("Identities, one a line", key="retire rows", height=68)
        reason = why.text_input("Why", key="retire reason", max_chars=LONGEST_REASON)
        if st.form_submit_button("Retire", icon=":material/block:", disabled=not kit.may(page, "undo")):
            try:
                record = actions.retire(page, str(template), identities.splitlines(), reason)
            except LeadlineError as error:
                tell_error(str(error))
                return
            st.session_state["retired"] = (
                f"{counted(record.rows.updated, 'row')} retired, as import {record.import_id}; undo it below to have "
                "them back."
            )
            st.rerun()


def show_restatements(page: Page) -> None:
    """Numbers that a review has shown and that are others now, because of what landed or was taken back since."""
    found = caches.restatements_of(page.workspace, page.warehouse)
    kit.section(
        "Restated numbers", restatements_table(found), "leadline-restatements",
        "Every number that a review has shown still stands as it was shown.",
        height=380 if len(found) > 9 else None,
    )  # fmt: skip


def show_quarantine(page: Page) -> None:
    """Rows that were kept aside, by reason; all of them, or those of one reason, as a file."""
    found = quarantined(page.warehouse)
    kit.section(
        "Quarantine", quarantine_table(found, page.zone), "leadline-quarantine",
        "No row of any import in use had to be kept aside.",
    )  # fmt: skip
    if not found:
        return
    choice, button = st.columns([2, 1.4], vertical_alignment="bottom")
    reason = choice.selectbox(
        "Rows to take along",
        [one.reason for one in found],
        index=None,
        placeholder="rows of every reason",
        format_func=reason_words,
    )
    button.download_button(
        "Quarantined rows as CSV",
        lambda: quarantined_csv(page.warehouse, reason).encode("utf-8-sig"),
        file_name=f"quarantined-{kit.file_stem(reason or 'rows')}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
    kit.quiet("Correct the rows in their source and land the export again: what was kept aside then lands.")


def _one_import(page: Page, records: list[ImportRecord]) -> None:
    choice, rejected, back = st.columns([2, 1, 1], vertical_alignment="bottom")
    known = {record.import_id: record for record in records}
    words = {number: import_words(record, page.zone) for number, record in known.items()}
    picked = choice.selectbox(
        "One import",
        list(known),
        format_func=words.__getitem__,
        index=None,
        placeholder="choose an import, to take it back or for its rejected rows",
    )
    if picked not in known:
        return
    chosen = known[picked]
    if chosen.rows.quarantined:
        with rejected:
            rejected_rows_button(page, chosen.import_id, "chosen")
            if chosen.undone_at is None and is_correctable(page.warehouse, chosen.import_id):
                correction_button(page, chosen.import_id, "chosen")
    if chosen.undone_at is None:
        with back:
            undo_button(page, chosen, "list")


def undo_button(page: Page, chosen: ImportRecord | FileReport, where: str) -> None:
    """What an undo does, told before the button that does it. `where` on the page, for both may stand there."""
    if not kit.may(page, "undo"):
        return
    if chosen.import_id is None:
        return
    key = f"undo {where} {chosen.import_id}"
    words = "Take it back …" if where == "landed" else f"Undo import {chosen.import_id} …"
    with st.popover(words, icon=":material/undo:", key=f"{key} …"):
        st.markdown(
            f"**{escape_markdown(chosen.file)}** is taken back as if it had never been: its "
            f"{counted(chosen.rows.new, 'new row')} go, and of its {counted(chosen.rows.updated, 'updated row')} the "
            "earlier versions are back. Every review changes accordingly. The file can be landed again."
        )
        if st.button(f"Undo import {chosen.import_id}", type="primary", icon=":material/undo:", key=key):
            try:
                record = actions.take_back(page, chosen.import_id)
            except LeadlineError as error:
                tell_error(str(error))
                return
            name = escape_markdown(record.file)
            st.session_state["undone"] = (
                f"Import {record.import_id} ({name}) is undone; earlier versions are back."
            )
            st.session_state.pop("landed", None)
            st.rerun()
