"""Pieces of the upload page: files dropped, what they can't say of themselves, preview, landing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard import access, session
from dashboard.options import TEMPLATES
from dashboard.page import Page
from dashboard.pictures.formats import counted
from dashboard.pictures.landings import reasons_table, report_sentence, templates_table
from dashboard.pictures.previews import (
    changes_sentence,
    changes_table,
    columns_table,
    effects_sentence,
    effects_table,
)
from dashboard.pictures.wording import escape_markdown
from dashboard.views import parts
from dashboard.views.import_parts import correction_button, rejected_rows_button
from data.errors import LeadlineError
from data.exports.templates import templates
from data.landing import is_correctable, land
from data.reports import FileReport, IngestOptions
from metrics.effects import rehearsed_effects

_COPIED_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class Offer:
    """A file dropped, what was said of it, and what would happen to it."""

    file: UploadedFile
    options: dict[str, Any]
    mapping: UploadedFile | None
    report: FileReport


def offers(page: Page) -> list[Offer]:
    """The files dropped, each with its preview. Questions a file asks are answered beside it."""
    files = st.file_uploader(
        "Exports to land",
        accept_multiple_files=True,
        key=f"exports {st.session_state.get('round', 0)}",
        help="CSV or Excel. Several at once are independent: one that is refused does not hold up the others.",
    )
    return [_offer(page, file) for file in files]


def _offer(page: Page, file: UploadedFile) -> Offer:
    """One file's preview above its options, though the options are read first."""
    with st.container(border=True):
        preview = st.container()
        asks = f"asks {file.file_id}"
        with st.expander(
            "What the file can't say of itself",
            icon=":material/tune:",
            expanded=st.session_state.get(asks, False),
        ):
            options, mapping = _ask(page, file.file_id)
        said = repr((sorted(options.items()), mapping.file_id if mapping else None))
        with preview:
            report = session.preview_of(
                page.workspace,
                page.warehouse,
                file.file_id,
                said,
                lambda: _land(page, file, options, mapping, dry_run=True),
            )
            _show_report(report, preview=True)
            _show_preview(page, file, options, mapping, report)
    if report.state == "asks" and asks not in st.session_state:
        # opened once, so that whoever closes it has the last word
        st.session_state[asks] = True
        st.rerun()
    return Offer(file, options, mapping, report)


def _ask(page: Page, key: str) -> tuple[dict[str, Any], UploadedFile | None]:
    """The options of `leadline ingest`, as widgets. Only what was answered is returned."""
    one, two, three, four = st.columns(4)
    answers: dict[str, Any] = {
        "template": one.selectbox("Kind of rows", TEMPLATES, index=None, key=f"template {key}", placeholder="as found"),
        "workflow": two.selectbox(
            "Every row belongs to workflow", session.workflows_of(page.workspace), index=None, key=f"workflow {key}",
            accept_new_options=True, placeholder="as the rows say",
        ),
        "dates": three.selectbox(
            "Dates such as 01/02/2026", ("dmy", "mdy"), index=None, key=f"dates {key}", placeholder="as found",
            format_func={"dmy": "day first: 1 February", "mdy": "month first: 2 January"}.__getitem__,
        ),
        "percent": four.selectbox(
            "Percent such as 0.35", ("fraction", "percent"), index=None, key=f"percent {key}", placeholder="as found",
            format_func={"fraction": "a fraction: 35 %", "percent": "in percent: 0.35 %"}.__getitem__,
        ),
        "timezone": one.text_input("Time zone of its times", key=f"zone {key}", placeholder="the workspace's") or None,
        "sheet": two.text_input("Sheet", key=f"sheet {key}", placeholder="the first with rows") or None,
        "header_row": three.number_input(
            "Line of the headings", 1, 1000, None, key=f"header {key}", placeholder="as found"
        ),
        "exported_on": four.date_input("Exported on", None, key=f"exported {key}", format="YYYY-MM-DD"),
        "numbers": one.selectbox(
            "Numbers such as 1.234", ("point", "comma"), index=None, key=f"numbers {key}", placeholder="as found",
            format_func={"point": "a point before decimals", "comma": "a comma before decimals"}.__getitem__,
        ),
        "complete": two.selectbox(
            "Rows of its span", (True,), index=None, key=f"complete {key}", placeholder="as found",
            format_func={True: "every one is in the file"}.__getitem__,
            help="Then rows known there that the file does not hold are named. They are kept.",
        ),
    }  # fmt: skip
    mapping = st.file_uploader(
        "Mapping (YAML), for other headings", key=f"mapping {key}", type=["yaml", "yml"]
    )
    return {name: value for name, value in answers.items() if value is not None}, mapping


def _show_report(report: FileReport, *, preview: bool) -> None:
    sentence = escape_markdown(report_sentence(report, preview=preview))
    if report.state == "refused":
        st.error(sentence, icon=":material/block:")
    elif report.state == "asks":
        st.warning(sentence, icon=":material/help:")
    else:
        mark = ":yellow[◐]" if report.rows.quarantined else ":green[●]"
        st.markdown(f"{mark} {sentence}")
    for question in report.questions:
        st.markdown(f"- {escape_markdown(question.message)}")
    for warned in report.warnings:
        st.warning(escape_markdown(warned.message), icon=":material/warning:")
    if report.reasons:
        parts.table(reasons_table(report.reasons))


def _show_preview(
    page: Page, file: UploadedFile, options: dict[str, Any], mapping: UploadedFile | None, report: FileReport
) -> None:
    """What is behind the counts: cells replaced, columns, and on demand what the review would say."""
    if report.changes:
        with st.expander("What would be replaced", icon=":material/difference:"):
            parts.quiet(changes_sentence(report))
            parts.table(changes_table(report.changes), height=380 if len(report.changes) > 9 else None)
    if report.columns:
        with st.expander("Its columns, and what they are taken for", icon=":material/view_column:"):
            parts.table(columns_table(report.columns))
    if report.state == "landed" and report.import_id is None:
        _show_effects(page, file, options, mapping)


def _show_effects(
    page: Page, file: UploadedFile, options: dict[str, Any], mapping: UploadedFile | None
) -> None:
    """The import rehearsed, when asked for: a review of everything takes its time on long files."""
    wanted = st.toggle("Show what it would change in this week's review", key=f"effects {file.file_id}")
    if not wanted:
        return
    as_of = page.workspace.today()
    with (
        st.spinner("Trying the import, without landing it …"),
        _copied(file) as copy,
        _copied(mapping) as map_file,
    ):
        _, effects = rehearsed_effects(
            page.warehouse,
            page.workspace,
            copy,
            IngestOptions(**options, mapping=map_file, dry_run=True),
            as_of,
            page.review(as_of),
        )
    if effects is None:
        return
    parts.quiet(effects_sentence(effects, page.catalog))
    table = effects_table(effects, page.catalog)
    if table.rows:
        parts.table(table, height=380 if len(table.rows) > 9 else None)


def button_words(ready: list[Offer]) -> str:
    """'Land 2 files'."""
    return f"Land {counted(len(ready), 'file')}" if ready else "Nothing can be landed yet"


def land_all(page: Page, ready: list[Offer]) -> None:
    """Lands every file that can be, each on its own, and shows what became of them."""
    access.require(page.workspace, "land")
    landed: list[FileReport] = []
    for offer in ready:
        with st.spinner(f"Landing {escape_markdown(offer.file.name)} …"):
            landed.append(_land(page, offer.file, offer.options, offer.mapping, dry_run=False))
    st.session_state["landed"] = landed
    st.session_state["round"] = st.session_state.get("round", 0) + 1
    st.rerun()


def _land(
    page: Page, file: UploadedFile, options: dict[str, Any], mapping: UploadedFile | None, *, dry_run: bool
) -> FileReport:
    with _copied(file) as copy, _copied(mapping) as map_file:
        try:
            return land(page.warehouse, copy, IngestOptions(**options, mapping=map_file, dry_run=dry_run))
        except LeadlineError as error:
            return FileReport(file.name, "refused", message=str(error), code=getattr(error, "code", None))


@contextmanager
def _copied(file: UploadedFile | None) -> Iterator[Any]:
    """A copy on disk under the file's own name, without any folder that the name may hold."""
    if file is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="leadline-") as folder:
        copy = Path(folder) / _bare_name(file.name)
        file.seek(0)
        with copy.open("wb") as out:
            while piece := file.read(_COPIED_AT_ONCE):
                out.write(piece)
        yield copy


def _bare_name(name: str) -> str:
    """A file's name without folders, short enough for every file system."""
    bare = PurePosixPath(name.replace("\\", "/").replace("\0", ""))
    return f"{bare.stem.strip('.')[:60] or 'upload'}{bare.suffix[:12]}"


def show_landed(page: Page) -> None:
    """What became of the files just landed, with their rejected rows."""
    reports: list[FileReport] = st.session_state.get("landed", [])
    for report in reports:
        with st.container(border=True):
            _show_report(report, preview=False)
            if report.import_id is not None and report.rows.quarantined:
                with st.container(horizontal=True):
                    rejected_rows_button(page, report.import_id, f"landed {report.import_id}")
                    if is_correctable(page.warehouse, report.import_id):
                        correction_button(page, report.import_id, f"landed {report.import_id}")
    if reports:
        st.page_link(parts.WEEKLY_REVIEW, label="See what it changes", icon=":material/arrow_forward:")


def show_kinds() -> None:
    """What can be landed as it is: the templates and their headings."""
    with st.expander("Which headings are recognised", icon=":material/view_column:"):
        parts.quiet("In any order; further columns are kept and can be used as segments. Times are ISO 8601.")
        parts.table(templates_table(templates().values()))
