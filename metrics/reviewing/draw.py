"""What the queues of outputs and of conversations have in common: names, weeks, and luck that nobody can choose."""

from __future__ import annotations

import datetime as dt
import hashlib

from leadline.metrics.statistics.fitness import last_week_end

WEEKS_BACK = 4
"""complete weeks of which something is still worth a look"""

AGAIN = " (again)"
"""behind the name of whoever judged an old thing a second time, which counts in no metric"""
AGAIN_SHARE = 0.1
"""of what somebody is asked a week, so many more are old"""
AGAIN_AFTER, AGAIN_WITHIN = 8, 52
"""weeks after which it comes again, and up to which"""


def last_monday(today: dt.date) -> dt.date:
    """The Monday on which the last complete week began."""
    return last_week_end(today) - dt.timedelta(days=6)


def luck(*words: str) -> float:
    """A number from 0 to 1 that is always the same for the same words."""
    return int.from_bytes(hashlib.sha256("\n".join(words).encode()).digest()[:6], "big") / 2**48


def is_twice(identity: str, share: float) -> bool:
    """Whether it is among the share that two people look at."""
    return luck("twice", identity) < share


def folded(name: str) -> str:
    """What two spellings of a name have in common."""
    return " ".join(name.split()).casefold()


def is_again(name: str) -> bool:
    """Whether somebody judged what they had judged before."""
    return folded(name).endswith(AGAIN.strip())


def first_name(name: str) -> str:
    """Who that is, folded."""
    return folded(name).removesuffix(AGAIN.strip()).strip()
