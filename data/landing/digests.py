"""What the rows of an import add up to, noted whenever Leadline writes or removes them.

Rows that were changed, added or deleted by other means no longer add up to it. The sum doesn't depend on the order of
the rows. What takes rows away notes the difference that it makes itself, so that it never makes good what was changed
before. The notes are a chain: each one's hash covers the one before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from leadline.data.database.session import Row, Session
from leadline.data.sql import compose, quote, read_sql
from leadline.data.templates import Template, templates
from leadline.data.warehouse import Warehouse

_OF_EVERY_ROW = ("attributes", "modified_at", "known_at", "import_id", "line", "is_retired")

Head = tuple[int, str]
"""place and hash of a note"""
Sums = dict[int, tuple[int, int]]
"""import -> (how many rows, sum of their hashes)"""


@dataclass(frozen=True)
class Altered:
    """An import whose rows are not as Leadline left them."""

    import_id: int
    template: str
    file: str | None
    """None where the list of imports doesn't know it"""
    noted: int | None
    """rows when Leadline wrote last; None where it has written none"""
    found: int


@dataclass(frozen=True)
class Compared:
    """All facts, held against what was noted."""

    compared: int
    """imports"""
    altered: tuple[Altered, ...]
    undigested: tuple[int, ...]
    """imports that landed before digests were noted"""
    unreadable: tuple[int, ...]
    """imports whose digest another release of the engine made"""
    first_broken: int | None
    """the first note that is not as it was written, or does not follow from the one before it"""


def note_import(session: Session, template: Template, import_id: int) -> None:
    """Notes what the rows of an import that was just written add up to; in the transaction that wrote them."""
    columns = [*sorted(template.landed), *_OF_EVERY_ROW]
    count, total = _sums(session, template.name, columns, import_id).get(import_id, (0, 0))
    _note(session, import_id, template.name, columns, _engine(session), count, total)


@contextmanager
def changing(session: Session, template: Template, from_import: int = 0) -> Iterator[list[int]]:
    """Notes what the block changes of imports from one on; yields a list that holds their numbers afterwards."""
    noted = {number: rest for number, *rest in _newest(session, template.name) if number >= from_import}
    shapes = {tuple(columns) for columns, *_ in noted.values()}
    before = {shape: _sums(session, template.name, shape, from_import) for shape in shapes}
    changed: list[int] = []
    yield changed
    after = {shape: _sums(session, template.name, shape, from_import) for shape in shapes}
    for number, (columns, engine, count, total) in sorted(noted.items()):
        was, now = (sums[tuple(columns)].get(number, (0, 0)) for sums in (before, after))
        if was != now:
            changed.append(number)
            rows, digest = count + now[0] - was[0], int(total) + now[1] - was[1]
            _note(session, number, template.name, columns, engine, rows, digest)


def head(warehouse: Warehouse) -> Head | None:
    """The newest note; None where nothing was noted yet."""
    last = warehouse.select(read_sql("digests/last.sql"))
    return (int(last[0][0]), str(last[0][1])) if last else None


def holds(warehouse: Warehouse, place: int, sealed: str) -> bool:
    """Whether the note in that place has that hash."""
    return warehouse.select(read_sql("digests/at.sql"), {"sequence": place}) == [(sealed,)]


def compare(warehouse: Warehouse) -> Compared:
    """Holds all facts against what was noted. Reads every row."""
    compared, altered, undigested, unreadable = 0, list[Altered](), list[int](), list[int]()
    with warehouse.snapshot() as session:
        engine = _engine(session)
        listed = "select import_id, file, template, undone_at is null from landed.imports"
        landed = {number: rest for number, *rest in session.select(listed)}
        for template in templates().values():
            noted = {number: rest for number, *rest in _newest(session, template.name)}
            shapes = {tuple(columns) for columns, *_ in noted.values()} or {("import_id",)}
            sums = {shape: _sums(session, template.name, shape, 0) for shape in shapes}
            held = set(next(iter(sums.values())))
            for number in sorted(held.union(noted)):
                file, of, in_force = landed.get(number, (None, None, False))
                if number not in noted:
                    found = next(iter(sums.values()))[number][0]
                    if of == template.name and in_force:
                        undigested.append(number)
                    else:
                        altered.append(Altered(number, template.name, file, None, found))
                    continue
                columns, made_by, count, total = noted[number]
                found, digest = sums[tuple(columns)].get(number, (0, 0))
                if made_by != engine:
                    unreadable.append(number)
                if found != count or (made_by == engine and digest != int(total)):
                    altered.append(Altered(number, template.name, file, count, found))
                compared += made_by == engine
        broken = _first_broken(session.select(read_sql("digests/all.sql")))
    return Compared(compared, tuple(altered), tuple(undigested), tuple(unreadable), broken)


def _sums(session: Session, template: str, columns: Sequence[str], from_import: int) -> Sums:
    listed = ", ".join(quote(name) for name in columns)
    sql = compose("digests/sums.sql", columns=listed, table=quote(template))
    rows = session.select(sql, {"from_import": from_import})
    return {number: (int(count), int(total)) for number, count, total in rows}


def _newest(session: Session, template: str) -> list[Row]:
    return session.select(read_sql("digests/newest.sql"), {"template": template})


def _engine(session: Session) -> str:
    return str(session.select(read_sql("digests/engine.sql"))[0][0])


def _note(
    session: Session,
    import_id: int,
    template: str,
    columns: Sequence[str],
    engine: str,
    count: int,
    total: int,
) -> None:
    last = session.select(read_sql("digests/last.sql"))
    sequence, previous = (int(last[0][0]) + 1, str(last[0][1])) if last else (1, None)
    row = (sequence, import_id, template, list(columns), engine, count, str(total), previous)
    session.insert("landed.digests", [(*row, _hash(row))])


def _hash(row: Row) -> str:
    return hashlib.sha256(json.dumps(row, ensure_ascii=False).encode("utf-8")).hexdigest()


def _first_broken(notes: Sequence[Row]) -> int | None:
    previous: str | None = None
    for place, (*row, sealed) in enumerate(notes, 1):
        if row[0] != place or row[-1] != previous or _hash(tuple(row)) != sealed:
            return place
        previous = sealed
    return None
