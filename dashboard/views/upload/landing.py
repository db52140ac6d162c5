"""Pieces of the upload page: files dropped, what they can't say of themselves, preview, landing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, get_args

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from leadline.dashboard.service.unjudged import with_unjudged
from leadline.dashboard.views import access, caches, kit
from leadline.dashboard.views.page import Page
from leadline.dashboard.views.sources.imports import rejected_rows_buttons, undo_button
from leadline.dashboard.views.upload import background_landing, columns_form
from leadline.dashboard.views.upload.background_landing import LandingWork
from leadline.dashboard.views.upload.inbox import InboxFile, chosen
from leadline.dashboard.views.upload.questions import accepted, answers, meanings
from leadline.dashboard.views.upload.taught_columns import ASKED_BY, options_asked, with_words
from leadline.dashboard.words.formats import counted
from leadline.dashboard.words.landings import (
    known_system,
    reasons_table,
    report_sentence,
    system_sentence,
)
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.previews import changes_sentence, changes_table, effects_sentence, effects_table
from leadline.data.errors import LeadlineError
from leadline.data.exports.landing_report import Doubt, FileReport, IngestOptions, Question
from leadline.data.landing.land import Tell, land
from leadline.metrics.effects import Effect, rehearsed_effects

_COPIED_AT_ONCE = 1 << 20
_LOOK_SECONDS = 0.25
_REHEARSED_AT_ONCE = 20 << 20
"""bytes of a file up to which its effect on the review is worked out without being asked for"""


Given = UploadedFile | InboxFile


@dataclass(frozen=True)
class Said:
    """What was said of a file."""

    options: dict[str, Any]
    mapping: UploadedFile | dict[str, Any] | None
    """a YAML file, or what the page's own widgets made"""

    def words(self) -> str:
        """The same text for the same answers."""
        mapping = self.mapping.file_id if isinstance(self.mapping, UploadedFile) else self.mapping
        return repr((sorted(self.options.items()), mapping))


@dataclass(frozen=True)
class Offer:
    """A file dropped here or into the inbox, what was said of it, and what would happen to it."""

    file: Given
    said: Said
    report: FileReport


def offers(page: Page) -> list[Offer]:
    """The files dropped, each with its preview. Questions a file asks are answered beside it."""
    access.allow_uploads()
    kit.quiet(
        "From a CRM, a mail or an advertising tool, or a spreadsheet of your own: CSV or Excel, one file or many. "
        "Each is recognised, its columns are matched with examples beside them, and a preview comes first."
    )
    files = st.file_uploader(
        "Exports to land",
        accept_multiple_files=True,
        key=f"exports {st.session_state.get('round', 0)}",
        help="CSV or Excel. Several at once are independent: one that is refused does not hold up the others.",
    )
    given: list[Given] = [*chosen(page), *files]
    return [_offer(page, file) for file in given]


def _offer(page: Page, file: Given) -> Offer:
    """One file's preview above its questions, columns and options, though these are read first."""
    key = file.file_id
    with st.container(border=True):
        preview, questions, columns = st.container(), st.container(), st.container()
        with st.expander("What the file can't say of itself", icon=":material/tune:"):
            options = answers(page, key, _asked(key), questions)
            uploaded = st.file_uploader(
                "Mapping (YAML), for other headings", key=f"mapping {key}", type=["yaml", "yml"]
            )
        with questions:
            mapping = _mapping(key)
            if said_right := accepted(key, st.session_state.get(f"asked {key}", ())):
                options["accept"] = said_right
        said = Said(options, uploaded or mapping)
        report = _look(page, file, said)
        with preview:
            _show_report(report, preview=True)
        with columns:
            columns_form.columns_of(
                page, key, report, lambda kind: _look(page, file, Said({**options, "template": kind}, None))
            )
            if report.state == "landed":
                _show_effect(page, file, said, report)
    _remember_questions(key, report)
    return Offer(file, said, report)


def _asked(key: str) -> dict[str, Question]:
    """Option -> the question that this file asked; it stays beside the file once it is answered."""
    return options_asked(st.session_state.get(f"asked {key}", ()))


def _mapping(key: str) -> dict[str, Any] | None:
    """What somebody said of the columns, and of words that nobody knew."""
    lesson = columns_form.lesson_of(key)
    template = st.session_state.get(f"asked template {key}")
    words: dict[str, dict[str, str]] = {}
    for question in st.session_state.get(f"asked {key}", ()):
        if question.code == "unknown_words" and question.column:
            words[question.column] = meanings(key, question)
    return with_words(lesson, template, words) if template else lesson


def _remember_questions(key: str, report: FileReport) -> None:
    """Keeps what was asked, and draws the page anew with its widgets."""
    known: tuple[Question, ...] = st.session_state.get(f"asked {key}", ())
    told = {(question.code, question.column) for question in known}
    fresh = tuple(one for one in report.questions if (one.code, one.column) not in told)
    if fresh:
        st.session_state[f"asked {key}"] = (*known, *fresh)
        st.session_state[f"asked template {key}"] = report.template
        st.rerun()


def _look(page: Page, file: Given, said: Said) -> FileReport:
    """What would happen, looked at once for each answer and each state of the data."""
    return caches.preview_of(
        page.workspace, page.warehouse, file.file_id, said.words(), lambda: _land(page, file, said, dry_run=True)
    )  # fmt: skip


def _show_report(report: FileReport, *, preview: bool) -> None:
    sentence = escape_markdown(report_sentence(report, preview=preview))
    if report.state == "refused":
        st.error(sentence, icon=":material/block:")
    elif report.state == "asks":
        st.warning(sentence, icon=":material/help:")
    else:
        mark = ":yellow[◐]" if report.rows.quarantined else ":green[●]"
        st.markdown(f"{mark} {sentence}")
        if preview and (system := known_system(report)):
            kit.quiet(escape_markdown(system_sentence(system)))
    for question in report.questions:
        if question.code not in {*ASKED_BY, *get_args(Doubt), "unknown_words"}:
            st.markdown(f"- {escape_markdown(question.message)}")
    for warned in report.warnings:
        st.warning(escape_markdown(warned.message), icon=":material/warning:")
    if report.reasons:
        kit.table(reasons_table(report.reasons), "Rows kept aside, by reason")


def _show_effect(page: Page, file: Given, said: Said, report: FileReport) -> None:
    """Values that would be replaced, and what this week's review would say after it."""
    if report.changes:
        with st.expander("What would be replaced", icon=":material/difference:"):
            kit.quiet(changes_sentence(report))
            kit.table(
                changes_table(report.changes),
                "Cells that would be replaced",
                height=380 if len(report.changes) > 9 else None,
            )
    if not (report.rows.new or report.rows.updated) or not caches.workflows_of(page.workspace):
        return
    key = f"effect {file.file_id}"
    if file.size > _REHEARSED_AT_ONCE and not st.session_state.get(key):
        if st.button(
            "What would it change in this week's review?", key=f"ask {key}", icon=":material/balance:"
        ):
            st.session_state[key] = True
            st.rerun()
        return
    found = caches.effects_of(
        page.workspace, page.warehouse, file.file_id, said.words(), lambda: _rehearsed(page, file, said)
    )
    if found is None:
        return
    kit.quiet(effects_sentence(found, page.catalog))
    table = effects_table(found, page.catalog)
    if table.rows:
        kit.table(
            table, "What would change in this week's review", height=380 if len(table.rows) > 9 else None
        )


def button_words(ready: list[Offer]) -> str:
    """'Land 2 files'."""
    return f"Land {counted(len(ready), 'file')}" if ready else "Nothing can be landed yet"


def land_all(page: Page, ready: list[Offer]) -> None:
    """Begins to land every file that can be, each on its own."""
    access.require(page.workspace, "land")
    st.session_state["landing"] = background_landing.begin(
        [background_landing.ToLand(offer.file.name, _landing(page, offer)) for offer in ready]
    )
    st.session_state["round"] = st.session_state.get("round", 0) + 1
    st.rerun()


def under_way() -> LandingWork | None:
    """What this session is landing, begun on this page or before it was left and opened again."""
    return st.session_state.get("landing")


def follow(work: LandingWork, place: DeltaGenerator) -> None:
    """Shows how far it has come until it is over, then what became of the files."""
    with place.container(border=True):
        kit.quiet("You can leave this page meanwhile: landing goes on, and this page tells how it ended.")
        bar = st.progress(work.share())
        with st.spinner("Landing …", show_time=True):
            while not work.over.wait(_LOOK_SECONDS):
                bar.progress(work.share(), text=f"{escape_markdown(work.words())} …")
    st.session_state["landed"] = work.reports
    del st.session_state["landing"]
    st.rerun()


def _landing(page: Page, offer: Offer) -> Callable[[Tell], FileReport]:
    return lambda tell: _land(page, offer.file, offer.said, dry_run=False, tell=tell)


def _land(page: Page, file: Given, said: Said, *, dry_run: bool, tell: Tell = lambda _: None) -> FileReport:
    try:
        with _given(file, said, dry_run=dry_run) as (copy, options):
            report = with_unjudged(land(page.warehouse, copy, options, tell), page.workspace)
        return file.landed(page, report) if isinstance(file, InboxFile) and not dry_run else report
    except LeadlineError as error:
        return FileReport(file.name, "refused", message=str(error), code=getattr(error, "code", None))


def _rehearsed(page: Page, file: Given, said: Said) -> tuple[Effect, ...] | None:
    today = page.workspace.today()
    with _given(file, said, dry_run=True) as (copy, options):
        _, found = rehearsed_effects(
            page.warehouse, page.workspace, copy, options, today, before=page.review(today)
        )
    return found


@contextmanager
def _given(file: Given, said: Said, *, dry_run: bool) -> Iterator[tuple[Path, IngestOptions]]:
    """The file on disk, and what was said of it."""
    with (
        _copied(file) as copy,
        _copied(said.mapping if isinstance(said.mapping, UploadedFile) else None) as map_file,
    ):
        mapping = map_file if isinstance(said.mapping, UploadedFile) else said.mapping
        yield copy, IngestOptions(**said.options, mapping=mapping, dry_run=dry_run)


@contextmanager
def _copied(file: Given | None) -> Iterator[Any]:
    """A copy on disk under the file's own name, without any folder that the name may hold."""
    if file is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="leadline-") as folder:
        copy = Path(folder) / _bare_name(file.name)
        with _read(file) as source, copy.open("wb") as out:
            shutil.copyfileobj(source, out, _COPIED_AT_ONCE)
        yield copy


@contextmanager
def _read(file: Given) -> Iterator[IO[bytes]]:
    if isinstance(file, InboxFile):
        with file.opened() as source:
            yield source
        return
    file.seek(0)
    yield file


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
                rejected_rows_buttons(page, report.import_id, f"landed {report.import_id}")
            if report.import_id is not None and report.state == "landed":
                undo_button(page, report, "landed")
    if reports:
        st.page_link(kit.WEEKLY_REVIEW, label="See what it changes", icon=":material/arrow_forward:")
