"""What a person says of a file's columns, as the mapping that landing understands. Pure: no widgets, no files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from leadline.data.exports.landing_report import ColumnMatch, Question
from leadline.data.templates import Template

ASKED_BY: Mapping[str, str] = {
    "ambiguous_dates": "dates",
    "converted_dates": "dates",
    "contradictory_dates": "dates",
    "mixed_percent_scale": "percent",
    "ambiguous_numbers": "numbers",
    "contradictory_numbers": "numbers",
    "ambiguous_zone": "timezone",
    "which_encoding": "encoding",
    "which_sheet": "sheet",
    "which_template": "template",
}
"""code of a question -> the option that answers it"""
ABOUT_COLUMNS = (
    "unknown_export",
    "missing_column",
    "duplicate_header",
    "no_id_column",
    "no_stage",
    "which_template",
    "missing_unit",
    "unusable_export",
)
"""codes of questions and refusals that the columns answer"""


@dataclass(frozen=True)
class WorkflowRule:
    """Which workflow a row belongs to, by the words of one column."""

    column: str
    values: Mapping[str, str] = field(default_factory=dict)
    """their word -> our workflow; empty: their words are the workflows' own"""
    otherwise: str | None = None
    """the workflow of rows with any other word; None: they belong to none"""


@dataclass(frozen=True)
class Lesson:
    """One file's columns, as a person sees them."""

    template: str
    columns: Mapping[str, str] = field(default_factory=dict)
    """our column -> their heading"""
    segments: tuple[str, ...] = ()
    """headings to keep and split by"""
    workflow: WorkflowRule | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """our column -> their word -> ours"""
    constants: Mapping[str, str] = field(default_factory=dict)
    identity: tuple[str, ...] = ()
    """headings that together identify a row, where no column does"""


def taught_before(columns: Iterable[ColumnMatch]) -> dict[str, str]:
    """Our column -> the heading that it is taken from, or, where nobody has said so, may be taken from."""
    found: dict[str, str] = {}
    for column in columns:
        for ours in column.ours or ((column.suggested,) if column.suggested else ()):
            found.setdefault(ours, column.heading)
    return found


def proposed(columns: Iterable[ColumnMatch]) -> dict[str, str]:
    """Our column -> why a heading is proposed for it; of those alone of which nobody has said so."""
    found: dict[str, str] = {}
    for column in columns:
        if column.suggested and not column.ours:
            found.setdefault(column.suggested, column.why or "by its name")
    return found


def segments_before(columns: Iterable[ColumnMatch]) -> tuple[str, ...]:
    """Headings that are kept to split by."""
    return tuple(column.heading for column in columns if column.is_segment)


def missing(template: Template, lesson: Lesson) -> tuple[str, ...]:
    """Columns that rows of this kind must have, and that nobody has named yet."""
    given = {*lesson.columns, *lesson.constants}
    if lesson.identity:
        given.add(template.key[0])
    return tuple(name for name in template.needed(given) if name not in given)


def mapping_of(lesson: Lesson) -> dict[str, Any]:
    """The mapping, as `--mapping` would read it from a file."""
    columns: dict[str, list[str]] = {}
    for ours, heading in lesson.columns.items():
        if ours != "workflow" or lesson.workflow is None:
            columns.setdefault(heading, []).append(ours)
    said: dict[str, Any] = {"template": lesson.template, "columns": columns}
    if lesson.workflow is not None:
        rule: dict[str, Any] = {"column": lesson.workflow.column}
        if lesson.workflow.values:
            rule |= {"values": dict(lesson.workflow.values), "otherwise": lesson.workflow.otherwise}
        said["workflow"] = rule
    if lesson.values:
        said["values"] = {ours: dict(words) for ours, words in lesson.values.items() if words}
    if lesson.constants:
        said["constants"] = dict(lesson.constants)
    if lesson.identity:
        said["generate_id"] = list(lesson.identity)
    return said | {"attributes": list(lesson.segments)}


def with_words(
    mapping: Mapping[str, Any] | None, template: str, words: Mapping[str, Mapping[str, str]]
) -> dict[str, Any] | None:
    """A mapping that also says what their words mean; None where nothing is said at all."""
    if not any(words.values()):
        return dict(mapping) if mapping else None
    said = dict(mapping or {"template": template, "columns": {}})
    known = said.get("values") or {}
    said["values"] = {
        **known,
        **{ours: {**known.get(ours, {}), **told} for ours, told in words.items() if told},
    }
    return said


def options_asked(questions: Sequence[Question]) -> dict[str, Question]:
    """Option -> the question that it answers; what several columns ask is one question."""
    found: dict[str, Question] = {}
    for one in questions:
        if (option := ASKED_BY.get(one.code)) is not None:
            before = found.get(option)
            found[option] = replace(one, message=f"{before.message} {one.message}") if before else one
    return found


def asks_for_columns(codes: Iterable[str | None]) -> bool:
    """Whether the columns answer what is asked, or lacking."""
    return any(code in ABOUT_COLUMNS for code in codes)
