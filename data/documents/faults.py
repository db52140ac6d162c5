"""What is wrong with a file that people write: every fault with its line, said all at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from leadline.data.errors import CharterError, LeadlineError

SUGGESTIONS_LIMIT = 50
"""Finding the nearest known word costs time; after this many faults no more are suggested."""
LISTED = 30
"""faults that the error's text lists; `CharterError.faults` holds them all"""


@dataclass
class Faults:
    """What is wrong with one file, gathered while it is read. Lines count from 1; 0 = the file as a whole."""

    file_name: str
    error_of: ErrorOf = field(default_factory=lambda: charter_error)
    """the error that says them"""
    found: list[tuple[int, str]] = field(default_factory=list)
    homes: dict[str, str] = field(default_factory=dict)
    """the group that a key belongs to, for keys written in the wrong one"""

    def add(self, line: int, message: str) -> None:
        self.found.append((line, message))

    def ordered(self) -> tuple[tuple[int, str], ...]:
        """(line, sentence) of all that was found, in the order of the lines, each once."""
        return tuple(dict.fromkeys(sorted(self.found, key=lambda fault: fault[0])))

    def error(self) -> LeadlineError:
        """All that was found as one error."""
        return self.error_of(self)

    def raise_if_any(self) -> None:
        if self.found:
            raise self.error()

    def nearest(self, word: str, known: Iterable[str], otherwise: str = "") -> str:
        """'; did you mean close_rate?', or `otherwise` where nothing known is near."""
        if len(self.found) < SUGGESTIONS_LIMIT and (guess := nearest(word, known)):
            return f"; did you mean {guess}?"
        return otherwise


ErrorOf = Callable[[Faults], LeadlineError]


def charter_error(faults: Faults) -> CharterError:
    """One sentence a fault: 'a.yaml, line 14: …'."""
    where = ((f", line {line}" if line else "", text) for line, text in faults.ordered())
    return faults_error(
        faults.file_name, tuple(f"{faults.file_name}{place}: {text}" for place, text in where)
    )


def faults_error(where: str, faults: tuple[str, ...]) -> CharterError:
    """One error over every fault; each names its file and line: 'a.yaml, line 14: …'."""
    if len(faults) == 1:
        return CharterError(faults[0], faults)
    listed = "".join(f"\n  {fault}" for fault in faults[:LISTED])
    rest = f"\n  … and {len(faults) - LISTED:,} more" if len(faults) > LISTED else ""
    return CharterError(f"{where} has {len(faults):,} things to put right:{listed}{rest}", faults)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word meant, if one is near: 'Close rate' and 'clos_rate' are near close_rate."""
    by_form = {name.casefold(): name for name in known}
    form = re.sub(r"[\s\-]+", "_", word.strip()[:80].casefold())
    for candidate in (form, form.replace("_", "-")):
        if found := difflib.get_close_matches(candidate, by_form, n=1, cutoff=0.7):
            return by_form[found[0]]
    return None


def shown(value: str, limit: int = 60) -> str:
    """A value as it may stand in a message: one line, printable, in quotes, not endless."""
    printable = "".join(
        c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(value.split())
    )
    return f'"{printable[:limit]}…"' if len(printable) > limit else f'"{printable}"'


def shortened(sentence: str, limit: int = 500) -> str:
    """A fault as it may stand among others; what people wrote may be of any length."""
    return sentence if len(sentence) <= limit else f"{sentence[:limit]}…"


def listing(words: Sequence[str], last: str = "or") -> str:
    """'pause, adjust or stop'."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)
