"""What may be kept and shown of a file beside its facts: lines, cells and examples, masked as what lands is.

The engine masks what is kept (`cells.masked` and its like in staging/macros.sql); here is the same for what it never
sees: lines that could not be cut into cells, sentences, examples.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from leadline.data.exports.files.clean_copy import RAW_SHOWN
from leadline.data.exports.files.text_layout import SetAside, TextTable, split_record
from leadline.data.exports.landing_report import FileReport
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.exports.recognition.segments import is_personal, is_prose
from leadline.data.sql import quote

HIDDEN = "…"
"""instead of a cell of which it is not sure that it would have landed"""

_MAIL = re.compile(r"""[^@＠\s<>()",;:']+(?:@|＠|%40)[^@＠\s<>()",;:]+\.[^\W\d_]{2,}""")
_SURE = re.compile(
    r"\+[0-9][0-9 ()./-]{6,}[0-9]|\([0-9]{3}\) ?[0-9]{3}[ .-][0-9]{4}\b|\(0[0-9]{1,4}\) ?[0-9][0-9 /-]{3,}[0-9]\b"
    r"|\b0[1-9](?: [0-9]{2}){4}\b|\b0[1-9](?:\.[0-9]{2}){4}\b|\b0[1-9](?:-[0-9]{2}){4}\b"
    r"|\b(?:(?:[Tt][Ee][Ll]|[Ff][Aa][Xx]|[Cc]all|[Pp]hone|[Tt]elefon|[Tt]elephone|[Mm]obile?|[Cc]ell|[Hh]andy"
    r"|[Ww]hats[Aa]pp)[.:]* ?)[(]?0[0-9 ()./-]{5,}[0-9]"
    r"|\b[3-6][0-9]{3} [0-9]{4} [0-9]{4} [0-9]{2,4}\b|\b[3-6][0-9]{3}-[0-9]{4}-[0-9]{4}-[0-9]{2,4}\b"
    r"|\b3[47][0-9]{2} [0-9]{6} [0-9]{5}\b|\b[A-Z]{2}[0-9]{2}(?: [A-Z0-9]{4}){3,7}(?: [A-Z0-9]{1,3})?\b",
    re.ASCII,
)
"""as cells.sure_number() in staging/macros.sql"""
_CARD = re.compile(
    r"\b(?:4[0-9]{15}|5[1-5][0-9]{14}|2[2-7][0-9]{14}|3[47][0-9]{13}|6(?:011|5[0-9]{2})[0-9]{12})\b", re.ASCII
)
_PHONE = re.compile(
    r"\b00[0-9][0-9 ()./-]{6,}[0-9]|\b[0-9]{3}[.-][0-9]{3}[.-][0-9]{4}\b"
    r"|\b0[0-9]{2,4}[ /-][0-9]{2,}[0-9 /-]{3,}[0-9]\b",
    re.ASCII,
)
_FIGURES = re.compile(r"[0-9]*")
_DAY = re.compile(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]\b")
_SHAPES_OF_ROWS = frozenset(("wrong_field_count", "bad_quote", "cell_too_long", "totals_row"))
"""reasons of lines that are cut as rows are; other lines are titles, comments, footers"""


def masked(text: str) -> str:
    """Free text without e-mail addresses and telephone numbers; as `cells.masked`."""
    return _PHONE.sub("[phone]", discreet(text))


def discreet(text: str) -> str:
    """A sentence or an example, in which long numbers may be identities, counts and days; as `cells.discreet`."""
    if not _FIGURES.fullmatch(text):
        text = _CARD.sub(lambda found: "[phone]" if _has_check_digit(found[0]) else found[0], text)
    return _SURE.sub("[phone]", _MAIL.sub("[e-mail]", text))


def _has_check_digit(number: str) -> bool:
    """Whether it is the number of a card (ISO/IEC 7812, Luhn), as one number in ten is; as `cells.without_card`."""
    doubled = [int(figure) * (1 + place % 2) for place, figure in enumerate(reversed(number))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def discreet_report(report: FileReport) -> FileReport:
    """The same report without addresses in its sentences, whatever cells they quote."""
    return replace(
        report,
        message=discreet(report.message),
        reasons=tuple(replace(one, example=discreet(one.example)) for one in report.reasons),
        warnings=tuple(replace(one, message=discreet(one.message)) for one in report.warnings),
        questions=tuple(
            replace(
                one,
                message=discreet(one.message),
                option=discreet(one.option),
                about=tuple(map(discreet, one.about)),
            )
            for one in report.questions
        ),
        columns=tuple(
            replace(
                one,
                examples=tuple(map(masked, one.examples)),
                words=tuple(map(discreet, one.words)),
            )
            for one in report.columns
        ),
    )


def kept_cells(recognised: Recognised, width: int, private: frozenset[str]) -> list[str]:
    """SQL of every cell of a row as it may be kept: of columns that land alone, each as it would have landed."""
    return [_kept_cell(recognised, place, private) for place in range(width)]


def held_cells(recognised: Recognised, width: int) -> list[str]:
    """SQL of what a row holds in the columns of which cells are kept; NULL where that is nothing."""
    return [f"cells.known({quote(f'c{place}')})" for place in range(width) if _is_shown(recognised, place)]


def _kept_cell(recognised: Recognised, place: int, private: frozenset[str]) -> str:
    cell = quote(f"c{place}")
    if not _is_shown(recognised, place):
        return "null"
    if _is_private(recognised, place, private):
        return f"cells.pseudonym_of(cells.known({cell}), $salt)"
    fed = {ours for ours, fed_by in recognised.places.items() if fed_by == place}
    types = {column.type for column in recognised.template.columns if column.name in fed}
    if "prose" in types or (not fed and is_prose(recognised.header[place])):
        return f"cells.masked({cell})"
    return f"cells.{'without_address' if types & {'id', 'person'} else 'discreet'}({cell}, $salt)"


def _is_private(recognised: Recognised, place: int, private: frozenset[str]) -> bool:
    return recognised.header[place] in private


def _is_shown(recognised: Recognised, place: int) -> bool:
    """False for what does not land, and for titles and names that only an identity is made of."""
    if place in recognised.places.values() or any(one.place == place for one in recognised.attributes):
        return True
    return place in recognised.kept_places and not is_personal(
        recognised.header[place], recognised.template.name
    )


def discreet_table(table: TextTable, recognised: Recognised, private: frozenset[str]) -> TextTable:
    """The table with its lines that are no rows as they may be kept."""
    columns = [
        "hidden"
        if not _is_shown(recognised, place)
        else "hashed"
        if _is_private(recognised, place, private)
        else "shown"
        for place in range(len(table.header))
    ]
    return replace(
        table,
        quarantined=tuple(_discreet_line(entry, columns) for entry in table.quarantined),
        skipped=tuple(_discreet_line(entry, columns) for entry in table.skipped),
    )


def _discreet_line(entry: SetAside, columns: Sequence[str]) -> SetAside:
    if entry.reason not in _SHAPES_OF_ROWS or not entry.raw:
        return replace(entry, raw=masked(entry.raw)[:RAW_SHOWN])
    return replace(entry, raw=_outline(entry, columns)[:RAW_SHOWN])


def _outline(entry: SetAside, columns: Sequence[str]) -> str:
    """The line's cells, but for those that may stand under a heading whose cells do not land.

    A cell is too few or too many somewhere: each belongs where it stands from the left, from the right, or between.
    What follows a quotation mark that is never closed may belong to its cell too.
    """
    is_open = entry.reason == "bad_quote"
    cells = None if is_open else split_record(entry.raw, entry.delimiter)
    if cells is None:
        cells = entry.raw.split(entry.delimiter)
    shift = len(columns) - len(cells)
    opened = next((place for place, cell in enumerate(cells) if '"' in cell), len(cells))
    told = []
    for place, cell in enumerate(cells):
        low, high = sorted((place, place + shift))
        low = min(low, opened) if is_open else low
        under = columns[max(low, 0) : high + 1] if len(entry.raw) < RAW_SHOWN else columns
        is_hidden = not under or "hidden" in under or ("hashed" in under and _may_be_number(cell))
        told.append(HIDDEN if is_hidden and cell.strip() else masked(cell))
    return entry.delimiter.join(told)


def _may_be_number(cell: str) -> bool:
    """Whether a cell could be a telephone number, however it is written."""
    return len(re.sub(r"\D", "", cell)) >= 6 and not _DAY.match(cell.strip())
