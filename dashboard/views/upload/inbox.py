"""Files of the inbox that wait: listed with their question, looked at on demand, answered as an upload is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import streamlit as st

from leadline.dashboard.service.inbox import noted, settled
from leadline.dashboard.views import access, kit
from leadline.dashboard.views.page import Page
from leadline.dashboard.words.formats import NAME_LETTERS, one_line, shortened
from leadline.dashboard.words.landings import more_waiting_sentence, waiting_sentence
from leadline.dashboard.words.markdown import escape_markdown
from leadline.data.documents.plain_files import open_plain
from leadline.data.errors import LeadlineError
from leadline.data.exports.landing_report import FileReport
from leadline.data.workspace import inbox_folder
from leadline.data.workspace.inbox_folder import Entry

_SHOWN = 20
_CHOSEN = "chosen from the inbox"


@dataclass(frozen=True)
class InboxFile:
    """A file in the inbox, offered as one that was dropped on the page."""

    folder: Path
    entry: Entry

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def file_id(self) -> str:
        return f"inbox {self.entry.name} {self.entry.stamp}"

    @property
    def size(self) -> int:
        return self.entry.stamp[0]

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Its bytes. Raises LeadlineError where it can't be read."""
        try:
            with open_plain(self.folder / self.entry.name) as source:
                yield source
        except OSError as e:
            raise LeadlineError(
                f"{one_line(self.name)} can't be read from the inbox ({e.strerror or e}); load the page again."
            ) from e

    def landed(self, page: Page, report: FileReport) -> FileReport:
        """Moves it to where landed files are; whoever changed it meanwhile has it landed anew."""
        return settled(page.warehouse, self.folder, self.entry, report)


def chosen(page: Page) -> list[InboxFile]:
    """The waiting files that somebody wants to answer for; those that have landed or changed are dropped."""
    names: set[str] = st.session_state.get(_CHOSEN, set())
    return [
        file
        for file in _waiting(page, noted(page.workspace.path))
        if file.name in names and not file.entry.problem
    ]


def show_waiting(page: Page) -> None:
    """What waits, oldest first, each with why, and what can be done about it."""
    told = noted(page.workspace.path)
    files = _waiting(page, told)
    names: set[str] = st.session_state.get(_CHOSEN, set())
    files = [file for file in files if file.name not in names]
    if not files:
        return
    st.subheader(waiting_sentence(len(files)), anchor=False)
    lands = access.person(page.workspace).may("land")
    for file in files[:_SHOWN]:
        with st.container(border=True):
            name, message = shortened(one_line(file.name), NAME_LETTERS), one_line(told[file.name]["message"])
            if name not in message:
                st.markdown(f"**{escape_markdown(name)}**")
            st.markdown(escape_markdown(message))
            if lands:
                _buttons(page, file)
    if len(files) > _SHOWN:
        kit.quiet(more_waiting_sentence(len(files) - _SHOWN))


def _buttons(page: Page, file: InboxFile) -> None:
    with st.container(horizontal=True):
        if not file.entry.problem and st.button(
            "Look at it and answer", key=f"answer {file.file_id}", icon=":material/help:"
        ):
            st.session_state[_CHOSEN] = {*st.session_state.get(_CHOSEN, set()), file.name}
            st.rerun()
        if st.button("Put it aside", key=f"aside {file.file_id}", icon=":material/archive:"):
            access.require(page.workspace, "land")
            _put_aside(file)
            st.rerun()


def _put_aside(file: InboxFile) -> None:
    try:
        inbox_folder.move(file.folder, file.name, inbox_folder.ASIDE)
    except OSError as e:
        raise LeadlineError(
            f"{one_line(file.name)} can't be moved to '{inbox_folder.ASIDE}' ({e.strerror or e}); check the "
            "permissions of the inbox."
        ) from e


def _waiting(page: Page, known: Mapping[str, Any]) -> list[InboxFile]:
    if not known:
        return []
    folder = inbox_folder.inbox_of(page.workspace)
    try:
        there = inbox_folder.look(folder)
    except OSError:
        return []
    return [InboxFile(folder, each) for each in there if each.name in known]
