"""What a file can't say of itself, asked with widgets: the options of `leadline ingest`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from leadline.dashboard.views import caches
from leadline.dashboard.views.page import Page
from leadline.dashboard.words.conventions import current
from leadline.dashboard.words.markdown import escape_markdown
from leadline.data.exports.files.text_encoding import NAMES
from leadline.data.exports.landing_report import Doubt, Question
from leadline.data.templates import kind_words, templates

_DATES = {
    "dmy": "day first: 1 February",
    "mdy": "month first: 2 January",
    "ymd": "year first: 1 February 2003",
}
_PERCENT = {"fraction": "a fraction: 35 %", "percent": "in percent: 0.35 %"}
_NUMBERS = {"point": "a point: 1,234.5 is about a thousand", "comma": "a comma: 1.234,5 is about a thousand"}
Words = Callable[[str], str]


def answers(page: Page, key: str, asked: Mapping[str, Question], beside: DeltaGenerator) -> dict[str, Any]:
    """Every option that was answered. What the file asks stands in `beside`, in its own words; the rest here."""
    said: dict[str, Any] = {}
    for name, question in asked.items():
        said[name] = _asked(beside, name, question, key)
    columns = st.columns(4)
    others = {name: widget for name, widget in _WIDGETS.items() if name not in asked}
    for place, (name, widget) in enumerate(others.items()):
        said[name] = widget(page, columns[place % 4], key)
    return {name: value for name, value in said.items() if value not in (None, "", False)}


def meanings(key: str, question: Question) -> dict[str, str]:
    """Their words -> ours, for the words of one column that nobody knows; only those that were answered."""
    st.markdown(escape_markdown(question.message))
    columns = st.columns(4)
    found = {}
    for place, word in enumerate(question.about):
        meaning = columns[place % 4].selectbox(
            f"“{escape_markdown(word)}” means", question.choices, index=None, key=f"word {question.column} {word} {key}"
        )  # fmt: skip
        if meaning:
            found[word] = str(meaning)
    return found


def accepted(key: str, questions: Iterable[Question]) -> tuple[str, ...]:
    """Codes of doubts about what is known that somebody answered with yes, for this file's content alone."""
    said: tuple[str, ...] = st.session_state.get(f"accepted {key}", ())
    for question in questions:
        if question.code not in get_args(Doubt) or question.code in said:
            continue
        st.markdown(escape_markdown(question.message))
        if st.button("It is right: accept it for this file", key=f"accept {question.code} {key}"):
            said = (*said, question.code)
            st.session_state[f"accepted {key}"] = said
            st.rerun()
    return said


def _asked(place: DeltaGenerator, name: str, question: Question, key: str) -> Any:
    known: dict[str, dict[str, str]] = {
        "dates": _DATES,
        "percent": _PERCENT,
        "numbers": _NUMBERS,
        "template": {kind: kind_words(kind) for kind in question.choices},
    }
    words = known.get(name, {choice: NAMES.get(choice, choice) for choice in question.choices})
    format_words: Words = lambda choice: escape_markdown(words.get(choice, choice))  # noqa: E731
    return place.radio(
        escape_markdown(question.message), list(words), index=None, key=f"{name} {key}", format_func=format_words
    )  # fmt: skip


def _choice(label: str, name: str, words: Mapping[str, str]) -> Callable[[Page, DeltaGenerator, str], Any]:
    def widget(page: Page, place: DeltaGenerator, key: str) -> Any:
        return place.selectbox(
            label, list(words), index=None, key=f"{name} {key}", placeholder="as found", format_func=words.__getitem__
        )  # fmt: skip

    return widget


def _workflow(page: Page, place: DeltaGenerator, key: str) -> Any:
    return place.selectbox(
        "Every row belongs to workflow", caches.workflows_of(page.workspace), index=None, key=f"workflow {key}",
        accept_new_options=True, placeholder="as the rows say",
    )  # fmt: skip


def _text(label: str, name: str, placeholder: str) -> Callable[[Page, DeltaGenerator, str], Any]:
    def widget(page: Page, place: DeltaGenerator, key: str) -> Any:
        return place.text_input(label, key=f"{name} {key}", placeholder=placeholder)

    return widget


def _header_row(page: Page, place: DeltaGenerator, key: str) -> Any:
    return place.number_input(
        "Line of the headings", 1, 1000, None, key=f"header {key}", placeholder="as found"
    )


def _exported_on(page: Page, place: DeltaGenerator, key: str) -> Any:
    return place.date_input("Exported on", None, key=f"exported {key}", format=current().date_input)


def _complete(page: Page, place: DeltaGenerator, key: str) -> Any:
    return place.checkbox(
        "Holds every row of its span",
        key=f"complete {key}",
        help="Then rows that are known in that span and are not in the file are named. Nothing is deleted.",
    )


def _retire(page: Page, place: DeltaGenerator, key: str) -> Any:
    return place.checkbox(
        "Retire what is gone",
        key=f"retire {key}",
        help="Rows that are known in its span and are not in the file are facts no more, until the import is undone or "
        "a later export holds them again. Look at their names first.",
        disabled=not st.session_state.get(f"complete {key}"),
    )


_WIDGETS: dict[str, Callable[[Page, DeltaGenerator, str], Any]] = {
    "template": _choice("Kind of rows", "template", {name: kind_words(name) for name in templates()}),
    "workflow": _workflow,
    "dates": _choice("Dates such as 03/02/01", "dates", _DATES),
    "percent": _choice("Percent such as 0.35", "percent", _PERCENT),
    "numbers": _choice("Decimals are behind", "numbers", _NUMBERS),
    "timezone": _text("Time zone of its times", "zone", "the workspace's"),
    "encoding": _choice("Encoding, if not UTF-8", "encoding", NAMES),
    "sheet": _text("Sheet", "sheet", "the first with rows"),
    "header_row": _header_row,
    "exported_on": _exported_on,
    "complete": _complete,
    "retire": _retire,
}
