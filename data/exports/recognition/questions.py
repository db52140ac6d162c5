"""What is asked, or said, of a file that does not show by itself what it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from leadline.data.errors import ExportError
from leadline.data.exports.files.text_encoding import NAMES, Reading
from leadline.data.exports.files.text_layout import Layout
from leadline.data.exports.landing_report import AskError, Question
from leadline.data.exports.recognition.segments import listed, quoted
from leadline.data.exports.recognition.vendors import Match, missing_of
from leadline.data.templates import Column, Template, kind_words

MOST_WORDS = 60
"""words that are not known, so many of which are listed; more are hardly words"""


_PLAIN_KEY = re.compile(r"[^\W\d_][\w ./()%&+-]*")
_MEANS_ELSE = frozenset(("yes", "no", "true", "false", "on", "off", "null", "y", "n", "none", "~"))


def as_key(text: str) -> str:
    """A heading or word as a mapping writes it: in quotes where YAML would take it for something else."""
    if _PLAIN_KEY.fullmatch(text) and text.lower() not in _MEANS_ELSE and text == text.strip():
        return text
    return f'"{text}"' if '"' not in text and "\\" not in text else "'" + text.replace("'", "''") + "'"


def unknown_export(header: Sequence[str], name: str) -> Question:
    """Of a file whose headings are no template's."""
    return Question(
        "unknown_export",
        f"{name} is no export that is known; its columns are {listed(header)}. Which of them is which?",
        "--mapping FILE (their column: ours), or --template NAME if its columns are a template's",
    )


def which_template(name: str, possible: Sequence[Template], why: str | None = None) -> Question:
    """Of a file that could be of several templates, or seems to be of none. `why`: what speaks against the last."""
    kinds = " or ".join(kind_words(template.name) for template in possible)
    alone = (
        f"The rows of {name} could be {kinds}, but its headings are too few and too general to say. Are they?"
    )
    return Question(
        "which_template",
        (f"{name} could be {kinds}: which is it?" if len(possible) > 1 else alone)
        if why is None
        else f"In {name} {why}. Are its rows {kinds}?",
        " or ".join(f"--template {template.name}" for template in possible),
        choices=tuple(template.name for template in possible),
    )


def which_encoding(name: str, rivals: Sequence[Reading]) -> Question:
    """Of a file whose letters make sense in several encodings: one line of it in each."""
    told = [f"'{' '.join(_differing(one, rivals).split())[:40]}' in {NAMES[one.encoding]}" for one in rivals]
    return Question(
        "which_encoding",
        f"{name} is not in UTF-8, and its letters don't show in which encoding it is: is it {' or '.join(told)}?",
        " or ".join(f"--encoding {one.encoding}" for one in rivals) + ", or export it in UTF-8",
        choices=tuple(one.encoding for one in rivals),
    )


def _differing(one: Reading, rivals: Sequence[Reading]) -> str:
    """The first cell that not all readings read alike, as this one reads it."""
    for place, text in enumerate(one.texts):
        if len({other.texts[place] for other in rivals}) == len(rivals):
            return text
    return next(
        (t for p, t in enumerate(one.texts) if any(other.texts[p] != t for other in rivals)), one.texts[0]
    )


def which_unit(name: str, heading: str) -> Question:
    """Of a file with a response time that says no unit."""
    return Question(
        "missing_unit",
        f"{heading!r} of {name} says no unit: are its cells minutes, hours or seconds until the answer, or the moment "
        "of it?",
        f"--mapping FILE that says '{as_key(heading)}: first_response_minutes' (or first_response_hours, "
        "first_response_seconds, first_response_at); or name the unit in the heading, such as 'Response time (hours)'",
        about=(heading,),
    )


def which_of_repeated(layout: Layout, name: str, ours: str) -> Question:
    """Of a file with repeated headings, one of which may be a column that is missing."""
    told_apart = [
        other
        for other in layout.header
        if any(other == heading or other.startswith(f"{heading} (") for heading in layout.repeated_headings)
    ]
    first = [other for other in told_apart if other.startswith(layout.repeated_headings[0])]
    return Question(
        "duplicate_header",
        f"{name} repeats the heading {quoted(layout.repeated_headings)} and has no column for {ours}: is it one of "
        f"{quoted(told_apart)}?",
        f"--mapping FILE that says which, such as '{first[-1]}: {ours}'",
    )


def unknown_words(
    column: Column, found: Sequence[tuple[str, int]], known_as: str | None, template: str
) -> Question:
    """Of a column whose cells hold words of a company's own. `found`: each with the number of its rows."""
    listed_words = ", ".join(
        f"{word[:60]!r} ({count:,} row{'s' if count > 1 else ''})" for word, count in found[:MOST_WORDS]
    )
    if len(found) > MOST_WORDS:
        more = sum(count for _, count in found[MOST_WORDS:])
        listed_words += f" and {len(found) - MOST_WORDS:,} more ({more:,} rows; is it the right column?)"
    meanings = sorted(set(column.words.values()) - {"expected"}) or ["no", "yes"]
    example = found[0][0][:60]
    said = "" if known_as else f"'template: {template}' and "
    rest = next((word for word in ("open", "booked") if word in meanings), meanings[0])
    return Question(
        "unknown_words",
        f"{column.name} holds words of your own: {listed_words}. Does each mean {' or '.join(meanings)}?",
        f"--mapping FILE that says {said}'values: {{{column.name}: {{{as_key(example)}: {rest}, …}}}}', or "
        f"'otherwise: {{{column.name}: {rest}}}' for all the rest",
        column=column.name,
        about=tuple(word for word, _ in found[:MOST_WORDS]),
        choices=tuple(meanings),
    )


def missing_in_export(name: str, match: Match, template: Template, ours: str) -> Exception:
    """What a known system's export lacks, and what to do there about it."""
    advice = missing_of(match, ours) or f"add the column that holds it and export again ({ours})"
    if (
        ours != template.key[0] or template.columns[0].type == "time"
    ):  # no identity can be made of other columns
        return ExportError(
            f"{name} is a {match.format.name} export without anything for {ours}: {advice}.", "missing_column"
        )
    return AskError(
        [
            Question(
                "no_id_column",
                f"{name} is a {match.format.name} export without a column that identifies a row: {advice}. Or which "
                "columns together identify one?",
                "--mapping FILE that says 'generate_id: [Their column, Another]'",
            )
        ],
        template.name,
        match.format.name,
    )


def missing_columns(
    header: Sequence[str], name: str, template: Template, missing: Sequence[str]
) -> ExportError:
    """What a file of a template lacks, and what to do about it."""
    headings = [heading for heading in header if heading]
    return ExportError(
        f"{name} looks like {kind_words(template.name)} but has no column for {', '.join(missing)}; its columns are "
        f"{listed(headings)}. Rename the heading, or say which column it is in a mapping, such as 'Their column: "
        f"{missing[0]}'.",
        "missing_column",
        template.name,
    )
