"""Files whose every line is quoted whole, as a CSV that was pasted into one column of a spreadsheet is saved again."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import replace

from leadline.data.exports.files.received_file import Received, discard, looked_at, refuse_without_room
from leadline.data.exports.files.text_layout import DELIMITERS
from leadline.data.exports.landing_report import Warned

BYTES = "latin_1"
"""a letter a byte, so that every encoding is left as it is; quotes and delimiters are the same in all of them"""
LOOKED_AT = 200
"""lines of the head that are looked at"""
NEARLY_ALL = 0.9
QUOTED_WHOLE = Warned(
    "quoted_lines",
    "Every line was quoted whole, as a CSV is that was pasted into one column of a spreadsheet; the quotes around the "
    "lines were taken off.",
)


def unquoted(received: Received) -> Received:
    """The same without the quotes around its lines; a file that is written otherwise is handed back as it is."""
    if received.nuls or b'"' not in received.head or not _is_quoted_whole(received):
        return received
    target = received.path.with_suffix(".lines")
    try:
        with (
            received.path.open(encoding=BYTES, newline="") as source,
            target.open("w", encoding=BYTES, newline="") as sink,
        ):
            if received.head.startswith(codecs.BOM_UTF8):
                source.read(len(codecs.BOM_UTF8))
            for line in _lines(source):
                sink.write(line)
    except (OSError, csv.Error) as e:
        target.unlink(missing_ok=True)
        if isinstance(e, OSError):
            refuse_without_room(received.name, e)
        return received  # what can't be cut into records is told of where it is read
    text = looked_at(received.name, target, received.size, received.sha256)
    discard(received)
    return replace(
        text,
        sheet=received.sheet,
        days_from_1904=received.days_from_1904,
        warnings=(*received.warnings, QUOTED_WHOLE),
    )


def _lines(source: Iterator[str]) -> Iterator[str]:
    """What stands in the first cell of each record, one a line; a record of several cells stays as it is."""
    for record in _records(source):
        ending = record[len(record.rstrip("\r\n")) :]
        inner = _inner(record.rstrip("\r\n"))
        yield record if inner is None else inner + ending


def _records(source: Iterator[str]) -> Iterator[str]:
    """Lines, several together where a quote stays open between them, but never more than a few."""
    kept: list[str] = []
    for line in source:
        kept.append(line)
        if sum(part.count('"') for part in kept) % 2 == 0 or len(kept) > 50:
            yield "".join(kept)
            kept = []
    if kept:
        yield "".join(kept)


def _inner(record: str) -> str | None:
    """The text of a record that is one quoted cell, perhaps with empty ones behind it; None of any other."""
    text = record.rstrip(",; \t")
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        return None
    body = text[1:-1]
    return body.replace('""', '"') if '"' not in body.replace('""', "") else None


def _is_quoted_whole(received: Received) -> bool:
    """Whether nearly all lines are one quoted cell, and hold a table of their own."""
    text = received.head.removeprefix(codecs.BOM_UTF8).decode(BYTES)
    records = [
        line.rstrip("\r\n")
        for line in _records(iter(text.splitlines(keepends=True)[:LOOKED_AT]))
        if line.strip()
    ]
    inner = [found for record in records if (found := _inner(record)) is not None]
    if len(records) < 2 or len(inner) < NEARLY_ALL * len(records) or records[0][:1] != '"':
        return False
    try:
        widths = [[_width(found, delimiter) for found in inner] for delimiter in DELIMITERS]
    except csv.Error:
        return False
    return any(min(width) > 1 and width.count(width[0]) >= NEARLY_ALL * len(width) for width in widths)


def _width(record: str, delimiter: str) -> int:
    return len(next(csv.reader(io.StringIO(record, newline=""), delimiter=delimiter), []))
