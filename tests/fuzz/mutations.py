"""Seeds (exports of every kind) and the damage that is done to them."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path

from tests.data.workbooks import Error, write_workbook

TEXTS = (
    "lead_id,created_at,workflow,channel,score\nL1,2026-01-05 09:00,routing,email,1.5\nL2,2026-01-06,routing,search,\n",
    'deal_id;created_at;closed_at;stage;amount\nD1;05.01.2026;06.02.2026;won;"1.234,50 €"\nD2;5. Mai 2026;;open;1,5\n',
    "campaign_id\tsent_at\trecipients\topen_rate\nC1\t1/25/2026 2:30 PM\t1,200\t12.5%\n\nTotal\t\t1,200\t12.5%\n",
    '# made\nsep=,\nitem_id,reviewed_at,passed,score\n"A 1",1767571200000,ja,"1,5"\n"A ""2""","46027",nein,2\n',
    'Report\n\n"conversation_id","held_at","text"\n"1","Jan 5, 2026 09:30 pm","call +49 170 1234567\nor a@b.example"\n',
    "Date,Session source / medium,Sessions,Key events\n20260105,google / organic,100,0\n,,510,Grand total\n",
    '"Opportunity ID","Amount","Close Date","Created Date","Stage"\n"A","USD 1,000.00","1/25/2026","1/5/2026","Won"\n',
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252", "utf-32")
PIECES = (
    *(
        b'"',
        b'""',
        b"\n",
        b"\r",
        b"\r\n",
        b"\x00",
        b",",
        b";",
        b"\t",
        b"|",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
    ),
    *(
        b"\xc3",
        b"=1+1",
        b"{",
        b"\\",
        b"sep=,\n",
        b"#",
        b"Total,",
        b"'",
        b"9" * 400,
        b"-",
        b"--",
        b"1e999",
        b"1E+17",
    ),
    *(
        b"\xe2\x80\xae",
        b"\x1a",
        b"$x",
        b"0000-00-00",
        b"99999999999999999999",
        b"31/12/9999",
        b"24:00",
        b"12:60 PM",
    ),
    *(
        b"5 Juni 26",
        b"\xf0\x9f\x92\xa9",
        b"%",
        b"(",
        b")",
        b"1.1.1",
        b"\x0b",
        b"\x0c",
        b"\xe2\x80\xa8",
        b"\xc2\x85",
    ),
    *(b"NaN", b"inf", b"-0", b"5. M\xc3\xa4rz", b"{cell}", b"Date", b"id", b" "),
)


def seeds(folder: Path) -> list[bytes]:
    """Whole exports as bytes: texts in several encodings, gzip, workbooks."""
    found = [text.encode(encoding, "replace") for text in TEXTS for encoding in ENCODINGS]
    found += [gzip.compress(text.encode()) for text in TEXTS[:2]]
    sheet = [
        ["deal_id", "created_at", "stage", "amount"],
        ["D1", 46027, "won", 1.5],
        [12345678901234567890, Error(), None, True],
    ]
    book = write_workbook(folder / "seed.xlsx", {"Deals": sheet, "Two": [["x"]]}, hidden=[2], from_1904=True)
    one = write_workbook(folder / "one.xlsx", {"Deals": sheet})
    found += [book.read_bytes(), one.read_bytes()]
    book.unlink()
    one.unlink()
    return found


def damaged(seed: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """The seed after one to eight random changes."""
    content = bytearray(seed)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        chance.choice(DAMAGE)(content, others, chance)
        del content[400_000:]
    return bytes(content)


def _spot(content: bytearray, chance: random.Random) -> int:
    return chance.randrange(len(content) + 1)


def _insert(content: bytearray, others: list[bytes], chance: random.Random) -> None:
    at = _spot(content, chance)
    content[at:at] = chance.choice(PIECES) * chance.choice((1, 1, 1, 2, 50))


def _flip(content: bytearray, others: list[bytes], chance: random.Random) -> None:
    if content:
        content[chance.randrange(len(content))] = chance.randrange(256)


def _cut(content: bytearray, others: list[bytes], chance: random.Random) -> None:
    start = _spot(content, chance)
    del content[start : start + chance.choice((1, 2, 10, 100, 10_000))]


def _repeat(content: bytearray, others: list[bytes], chance: random.Random) -> None:
    start = _spot(content, chance)
    piece = content[start : start + chance.choice((1, 20, 200))]
    content[start:start] = piece * chance.choice((1, 2, 200))


def _splice(content: bytearray, others: list[bytes], chance: random.Random) -> None:
    other = chance.choice(others)
    start = chance.randrange(len(other))
    content[_spot(content, chance) :] = other[start : start + 5_000]


def _swap_cell(content: bytearray, others: list[bytes], chance: random.Random) -> None:
    cells = content.split(b",")
    cells[chance.randrange(len(cells))] = bytearray(chance.choice(PIECES))
    content[:] = b",".join(cells)


def _swap_delimiter(content: bytearray, others: list[bytes], chance: random.Random) -> None:
    old, new = chance.sample((b",", b";", b"\t", b"|", b'"'), 2)
    content[:] = content.replace(old, new)


LATE: tuple[Callable[[bytearray, list[bytes], random.Random], None], ...] = (
    _insert, _insert, _flip, _cut, _repeat, _swap_cell,
)  # fmt: skip
"""damage that leaves the lines above it as they are"""
DAMAGE: tuple[Callable[[bytearray, list[bytes], random.Random], None], ...] = (
    _insert, _insert, _insert, _flip, _cut, _repeat, _splice, _swap_cell, _swap_cell, _swap_delimiter,
)  # fmt: skip


def long_and_damaged(chance: random.Random) -> tuple[bytes, int]:
    """(thousands of leads with something odd late in the file, how many stand sound above that)."""
    rows = chance.choice((1_200, 3_000, 8_000))
    late = rows - chance.randrange(5, 60)
    lines = [f"L{n},2026-01-{n % 28 + 1:02} 09:00,c{n % 97},{n}" for n in range(rows)]
    above = "\n".join(("lead_id,created_at,channel,Plan", *lines[:late])) + "\n"
    below = bytearray("\n".join(lines[late:]).encode() + b"\n")
    for _ in range(chance.choice((1, 1, 2, 4))):
        chance.choice(LATE)(below, [b"L9,soon\n", b"Total,,,900\n"], chance)
        del below[20_000:]
    return above.encode() + bytes(below), late
