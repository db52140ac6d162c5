"""Is the ledger as it was written, and every charter as it was registered: what is not, as codes with values.

`dashboard/words/ledger.py` words them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from leadline.data.landing import digests
from leadline.data.landing.digests import Altered, Compared
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.charter_versions import CharterVersion, all_charters
from leadline.metrics.agreement.entries import Entry, entries


@dataclass(frozen=True)
class MissingRows:
    """Rows that were removed from between others."""

    first: int
    last: int


@dataclass(frozen=True)
class MovedRow:
    """A row that stands in another's place."""

    row: Entry
    written_as: int
    """the place in which it was written"""


@dataclass(frozen=True)
class ChangedRow:
    row: Entry


@dataclass(frozen=True)
class DetachedRow:
    """A row as it was written that does not follow from the one before it: one of the two was exchanged."""

    row: Entry


@dataclass(frozen=True)
class MissingHead:
    """No row has a hash that was noted down: rows were removed from the end."""

    hash: str
    """as somebody noted it"""


@dataclass(frozen=True)
class LostCharter:
    """A row tells of the registration of a version that is not kept any more."""

    row: Entry
    version: object
    """as the row tells it"""


@dataclass(frozen=True)
class OrphanedVersion:
    """A version of a charter without the one before it, which was removed."""

    version: CharterVersion


@dataclass(frozen=True)
class DetachedVersion:
    """A version that does not follow from the one before it: one of the two was changed."""

    version: CharterVersion


@dataclass(frozen=True)
class ChangedVersion:
    version: CharterVersion


@dataclass(frozen=True)
class ChangedNote:
    """A note of what an import's rows add up to that was changed, or does not follow from the one before it."""

    place: int


@dataclass(frozen=True)
class LostNotes:
    """A row of the ledger names a note of what rows add up to that is not there any more."""

    row: Entry


BrokenFacts = Altered | ChangedNote | LostNotes
BrokenRow = MissingRows | MovedRow | ChangedRow | DetachedRow
BrokenVersion = OrphanedVersion | DetachedVersion | ChangedVersion
Broken = BrokenRow | BrokenVersion | MissingHead | LostCharter


def verify(warehouse: Warehouse, head: str | None = None) -> tuple[Broken, ...]:
    """What is no longer as it was written, anywhere; () where all is whole.

    `head`: a hash that was noted down earlier; a ledger that doesn't hold it has lost rows at its end.
    """
    rows, versions = entries(warehouse), all_charters(warehouse)
    broken: list[Broken] = [*broken_rows(rows), *broken_versions(versions), *_lost_charters(rows, versions)]
    if head is not None and head.strip().lower() not in {row.hash for row in rows}:
        broken.append(MissingHead(head.strip()))
    return tuple(broken)


def verify_facts(warehouse: Warehouse) -> tuple[Compared, tuple[BrokenFacts, ...]]:
    """Landed rows held against what was noted when they were written, and those notes against the ledger.

    Reads every row. Rows that were changed, added or deleted by other means than Leadline are found.
    """
    compared = digests.compare(warehouse)
    broken: list[BrokenFacts] = list(compared.altered)
    if compared.first_broken is not None:
        broken.append(ChangedNote(compared.first_broken))
    for row in entries(warehouse, ("review", "erased", "expired")):
        match row.payload.get("facts"):
            case [int(place), str(sealed)] if not digests.holds(warehouse, place, sealed):
                broken.append(LostNotes(row))
                break
    return compared, tuple(broken)


def broken_rows(rows: Sequence[Entry]) -> tuple[BrokenRow, ...]:
    """What of these rows, the whole ledger oldest first, no longer is as it was written; () where it is whole."""
    places = _written_places(rows)
    broken: list[BrokenRow] = []
    previous: Entry | None = None
    in_order = True
    for row in rows:
        expected = previous.sequence + 1 if previous else 1
        if row.sequence > expected:
            broken.append(MissingRows(expected, row.sequence - 1))
        place = places.get(row.hash)
        follows = row.previous_hash == (previous.hash if previous else None)
        if row.hash != row.expected_hash():
            if place is not None and place != row.sequence and row.hash == row.expected_hash(place):
                broken.append(MovedRow(row, place))
            else:
                broken.append(ChangedRow(row))
        elif row.sequence == expected and in_order and not follows:
            broken.append(DetachedRow(row))
        in_order = row.hash == row.expected_hash()
        previous = row
    return tuple(broken)


def _written_places(rows: Sequence[Entry]) -> dict[str, int]:
    """Hash → the place in which the row was written, as the hashes themselves tell it from the first row on."""
    follows = {row.previous_hash: row for row in rows}
    places: dict[str, int] = {}
    at: str | None = None
    while (row := follows.pop(at, None)) is not None:
        places[row.hash] = len(places) + 1
        at = row.hash
    return places


def broken_versions(versions: Iterable[CharterVersion]) -> tuple[BrokenVersion, ...]:
    """What of these versions, by workflow and version, no longer is as it was registered; () where all are whole."""
    broken: list[BrokenVersion] = []
    for _, chain in groupby(versions, key=lambda version: version.workflow):
        previous: CharterVersion | None = None
        for version in chain:
            if version.version != (previous.version + 1 if previous else 1):
                broken.append(OrphanedVersion(version))
            elif version.previous_hash != (previous.content_hash if previous else None):
                broken.append(DetachedVersion(version))
            if version.content_hash != version.expected_hash():
                broken.append(ChangedVersion(version))
            previous = version
    return tuple(broken)


def _lost_charters(rows: Iterable[Entry], versions: Iterable[CharterVersion]) -> Iterable[LostCharter]:
    """Registrations that the ledger tells of and that are no longer kept."""
    kept = {version.content_hash for version in versions}
    for row in rows:
        if row.kind == "charter" and row.payload.get("content_hash") not in kept:
            yield LostCharter(row, row.payload.get("version"))
