"""Exports of known systems of which nothing can be judged: what their rows are, and what to export instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from leadline.data.documents.read import read_shipped
from leadline.data.documents.values import Section
from leadline.data.exports.landing_report import Question
from leadline.data.templates import fold

ENTRIES = ("name", "headings", "one_of", "none_of", "rows", "instead")


@dataclass(frozen=True)
class Unusable:
    """One kind of export. Headings are folded."""

    id: str
    name: str
    headings: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...]
    none_of: tuple[str, ...]
    rows: str
    """what its rows are, as the end of a sentence"""
    instead: str
    """what to export in its place, as the end of a sentence"""

    def question(self, file_name: str) -> Question:
        return Question(
            "unusable_export",
            f"{file_name} is a {self.name} export: its rows are {self.rows}. To have what is needed, {self.instead}.",
            "that export, or with --mapping FILE if a row is one of ours all the same",
        )


@cache
def unusable_exports() -> tuple[Unusable, ...]:
    """Every one of them, by name. Raises CharterError where the file that comes with Leadline is faulty."""
    text = (
        files("leadline.data.exports.recognition")
        .joinpath("unusable_exports.yaml")
        .read_text(encoding="utf-8")
    )
    root, faults = read_shipped(text, "unusable_exports.yaml")
    section = root.section(()) if root else None
    found = [
        Unusable(
            id=name,
            name=said.text("name"),
            headings=_headings(said, "headings"),
            one_of=_groups(said),
            none_of=_headings(said, "none_of"),
            rows=said.text("rows"),
            instead=said.text("instead"),
        )
        for name, value in (section.values.items() if section else ())
        if (said := value.section(ENTRIES)) is not None
    ]
    faults.raise_if_any()
    return tuple(sorted(found, key=lambda one: one.name))


def _headings(said: Section, entry: str) -> tuple[str, ...]:
    return tuple(fold(heading.text()) for heading in said.items(entry, "a list of headings"))


def _groups(said: Section) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(fold(heading.text()) for heading in group.items("a list of headings"))
        for group in said.items("one_of", "lists of headings")
    )


def find_unusable(header: Sequence[str]) -> Unusable | None:
    """The one whose headings these are."""
    folded = {fold(heading) for heading in header}
    for one in unusable_exports():
        fits = folded.issuperset(one.headings) and folded.isdisjoint(one.none_of)
        if fits and all(folded.intersection(group) for group in one.one_of):
            return one
    return None
