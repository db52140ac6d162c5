"""Words for metrics that bring none: what a change of them is called, made from their label and what they count."""

from __future__ import annotations

import re

from leadline.metrics.declared.declaration import Count, Declaration, Duration

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
