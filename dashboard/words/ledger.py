"""The ledger's rows by name, and what of it is no longer as it was written, a sentence each."""

from __future__ import annotations

from typing import assert_never

from leadline.dashboard.words.codes import entry_words
from leadline.dashboard.words.formats import counted, listed, long_day, number, one_line
from leadline.data.landing.digests import Altered, Compared
from leadline.data.templates import kind_words as rows_of
from leadline.metrics.agreement.charter_versions import CharterVersion
from leadline.metrics.agreement.entries import KINDS, Entry
from leadline.metrics.agreement.outbox import Failure
from leadline.metrics.agreement.verification import (
    Broken,
    BrokenFacts,
    ChangedNote,
    ChangedRow,
    ChangedVersion,
    DetachedRow,
    DetachedVersion,
    LostCharter,
    LostNotes,
    MissingHead,
    MissingRows,
    MovedRow,
    OrphanedVersion,
)

HASH_LETTERS = 12
"""of a hash that was noted down, as many as tell it from others"""


def kind_words(kind: str) -> str:
    """What a row tells of; a kind that this version doesn't know is its own word."""
    return entry_words(kind) if kind in KINDS else one_line(kind)


def failure_words(failure: Failure) -> str:
    """Why a notification did not reach its channel."""
    return failure.problem or "it was begun and never ended"


def broken_words(broken: Broken) -> str:
    """One sentence that names the row or the version; names that somebody wrote stand in it unescaped."""
    match broken:
        case MissingRows():
            one = broken.first == broken.last
            rows = f"Row {broken.first} is" if one else f"Rows {broken.first} to {broken.last} are"
            return f"{rows} missing: removed after it was written."
        case MovedRow():
            return f"{_row(broken.row)} stands out of order: it was written as row {broken.written_as}."
        case ChangedRow():
            return f"{_row(broken.row)} was changed after it was written."
        case DetachedRow():
            return f"{_row(broken.row)} does not follow from the row before it: one was exchanged."
        case MissingHead():
            noted = broken.hash[:HASH_LETTERS]
            return f"No row has the hash {noted}… that was noted down: rows were removed from the end."
        case LostCharter():
            return f"{_row(broken.row)} tells of version {broken.version} of the charter, which is not kept any more."
        case OrphanedVersion():
            return f"{_version(broken.version)} has no version right before it: one was removed."
        case DetachedVersion():
            return f"{_version(broken.version)} does not follow from the version before it: one of the two was changed."
        case ChangedVersion():
            return f"{_version(broken.version)} was changed after it was registered."
        case _:
            assert_never(broken)


def facts_words(broken: BrokenFacts) -> str:
    """One sentence that names what was changed outside of Leadline; names of files stand in it unescaped."""
    match broken:
        case Altered(noted=None):
            return (
                f"{counted(broken.found, 'row')} of {rows_of(broken.template)} {_stand(broken.found)} under import "
                f"{broken.import_id}, which Leadline did not write."
            )
        case Altered():
            file = (
                f" ({one_line(broken.file)})"
                if broken.file is not None
                else ", which the list no longer knows,"
            )
            return f"Import {broken.import_id}{file} is not as Leadline wrote it: {_how(broken)}."
        case ChangedNote():
            return f"Note {broken.place} of what the rows of imports add up to was changed or removed."
        case LostNotes():
            return (
                f"{_row(broken.row)} names a note of what the rows of imports add up to that is not there any more: "
                "notes were removed or written anew."
            )
        case _:
            assert_never(broken)


FACTS_ASK = "Restore a backup from before, or undo those imports and land their files again."
"""what to do where rows were changed outside"""


def _how(altered: Altered) -> str:
    noted = altered.noted or 0
    rows = f"{counted(noted, 'row')} of {rows_of(altered.template)}"
    if altered.found == noted:
        return f"it has {rows} as before, and cells of some were changed"
    return f"it had {rows} and has {number(altered.found)} now"


def _stand(count: int) -> str:
    return "stands" if count == 1 else "stand"


def compared_words(compared: Compared) -> str:
    """What could be held against its digest, and what couldn't, and why."""
    told = [f"The rows of {counted(compared.compared, 'import')} were held against their digests."]
    if not compared.compared:
        told = [] if compared.undigested or compared.unreadable else ["Nothing has landed yet."]
    for numbers, why in (
        (compared.undigested, "landed before digests were noted"),
        (compared.unreadable, "have digests of another release of DuckDB"),
    ):
        if numbers:
            word = "Import" if len(numbers) == 1 else "Imports"
            one_why = why.replace("have ", "has ") if len(numbers) == 1 else why
            named = listed([str(number) for number in numbers])
            told.append(f"{word} {named} {one_why}: changes of their cells can't be seen.")
    return " ".join(told)


def _row(row: Entry) -> str:
    """'Row 7 (decision on lead-routing, 12 February 2024)'."""
    about = f" on {row.workflow}" if row.workflow else ""
    return f"Row {row.sequence} ({kind_words(row.kind)}{about}, {long_day(row.at.date())})"


def _version(version: CharterVersion) -> str:
    return f"Version {version.version} of the charter of {version.workflow}"
