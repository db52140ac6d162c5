"""Files that end within their last cell, as a download does that broke off."""

from __future__ import annotations

from leadline.data.exports.files.received_file import Received
from leadline.data.exports.files.text_layout import Layout, split_record
from leadline.data.exports.landing_report import Warned

TAIL = 64 << 10
"""bytes at the end of a file that are looked at"""
FEWEST_UNCUT = 5
"""rows, fewer of which don't show which words a last cell may be"""
ENOUGH = 10
"""the same of how long it is"""


def cut_short(received: Received, layout: Layout) -> tuple[Warned, ...]:
    """Warns of a file that ends without a line's end in a cell that seems to be cut: it is how another one begins."""
    with received.path.open("rb") as source:
        source.seek(max(0, received.path.stat().st_size - TAIL))
        tail = source.read().decode(layout.encoding, errors="ignore")
    if not tail or tail[-1] in "\r\n\x00\x1a":
        return ()
    records = [
        split_record(line, layout.delimiter, layout.space_after_delimiter) for line in tail.splitlines()[1:]
    ]
    width = len(layout.header)
    cells = [record[-1].strip() for record in records if record is not None and len(record) == width]
    if records[-1:] in ([], [None]) or len(records[-1] or ()) != width or len(cells) <= FEWEST_UNCUT:
        return ()
    *others, last = cells
    words, lengths = set(others), {len(other) for other in others}
    begins = sum(other.startswith(last) for other in words) == 1
    is_word = last not in words and begins and 2 * len(words) <= len(others)
    is_short = (
        len(lengths) == 1
        and len(others) >= ENOUGH
        and len(last) < min(lengths)
        and any(map(str.isdigit, last))
    )
    if not last or not (is_word or is_short):
        return ()
    return (
        Warned(
            "cut_short",
            f"The file ends within its last line, and {last[:40]!r} there seems to be cut: other rows end on such as "
            f"{others[-1][:40]!r}. If more should follow, take the import back and export it again.",
        ),
    )
