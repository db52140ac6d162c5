"""Words for metrics that bring none: what a change of them is called, made from their label and what they count; and
those of a built-in metric where it counts over another time."""

from __future__ import annotations

import re

from leadline.metrics.declared.declaration import DAY_MINUTES, Count, Declaration, Duration

_LINKED = re.compile(r" (?:per|of|in|within|with|without|by|for|from|to|at|on|after) ")
_DONE = re.compile(
    r"\w+ed|held|sent|won|lost|made|sold|met|read|seen|given|taken|kept|paid|built", re.IGNORECASE
)


def is_plural(label: str) -> bool:
    """Whether a label names many: 'Won deals', 'Meetings held', not 'E-mail volume' or 'Sales pass rate'."""
    words = _LINKED.split(label, maxsplit=1)[0].split()
    while len(words) > 1 and _DONE.fullmatch(words[-1]):
        words.pop()
    return bool(words) and words[-1].endswith("s") and not words[-1].endswith(("ss", "us", "is"))


def made_words(label: str, declaration: Declaration, higher_is_better: bool) -> tuple[str, str, str]:
    """Words for more, with {change}, for less, and for as before; which of them is better is the metric's to say:
    returned are those for better, worse and steady."""
    named = label if label[:2].isupper() else label[:1].lower() + label[1:]
    more, less, steady = _words(named, declaration)
    return (more, less, steady) if higher_is_better else (less, more, steady)


def _words(named: str, declaration: Declaration) -> tuple[str, str, str]:
    many = is_plural(named)
    if isinstance(declaration, Duration):
        take, come = ("take", "come") if many else ("takes", "comes")
        return (
            f"{named} {take} {{change}} longer",
            f"{named} {come} {{change}} sooner",
            f"{named} {take} as long as before",
        )
    if isinstance(declaration, Count) and many:
        what, _, done = named.rpartition(" ")
        if what and _DONE.fullmatch(done):
            return (
                f"{{change}} more {what} are {done}",
                f"{{change}} fewer {what} are {done}",
                f"as many {what} are {done} as before",
            )
        return (
            f"there are {{change}} more {named}",
            f"there are {{change}} fewer {named}",
            f"there are as many {named} as before",
        )
    be = "are" if many else "is"
    return f"{named} {be} {{change}} higher", f"{named} {be} {{change}} lower", f"{named} {be} as before"


def in_other_time(said: str, weeks: int | None, minutes: tuple[int | None, int | None]) -> str:
    """What is said of a metric, with other weeks where they differ, and the second number of minutes for the first."""
    before, now = minutes
    if before is not None and now is not None:
        said = said.replace(as_written(before), as_written(now))
    elif weeks is not None:
        said = re.sub(r"\b(within|more than) \w+ weeks?\b", rf"\1 {_counted(weeks, 'week')}", said)
    return said


def as_written(minutes: int) -> str:
    """'90 minutes', '1 hour', '3 days'."""
    units = {DAY_MINUTES: "day", 60: "hour", 1: "minute"}
    each = next(each for each in units if minutes % each == 0)
    return _counted(minutes // each, units[each])


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
