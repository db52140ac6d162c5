"""Text that Streamlit shows as it stands, whatever it holds."""

from __future__ import annotations

import re

from leadline.dashboard.words.formats import (
    one_line,
)

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:&^=\"'@/])")


_UNBROKEN = re.compile(r"(?:(?<=\d)|(?<=\d\.)) (?=%|[^\W\d]{3,9}\.? \d{4}\b)")


_LINKS = re.compile(r"(?i)(:)(?=//)|(www)(?=\.)|(@)|(:)(?=[a-z0-9_+/-]+:)|(<)(?=-)|([-<>!])(?=[>=-])")


def unbroken(text: str, space: str = "\u00a0") -> str:
    """With another space inside what belongs to a number, so that it stays with it on one line: '33 %'."""
    return _UNBROKEN.sub(space, text)


def escape_markdown(text: str) -> str:
    """Text that Streamlit shows as it is, whatever it holds: Markdown, HTML, LaTeX, directives, emoji codes, links.

    Every ASCII punctuation mark is escaped (Markdown lets any of them be). Bare links, addresses, emoji codes and
    arrows are made from escaped text too, so an invisible word joiner keeps their marks apart. Line breaks become
    spaces, so that no line can begin a list or a heading. What belongs to a number stays with it on one line.
    """
    apart = _LINKS.sub(lambda mark: f"{mark[0]}\u2060", unbroken(one_line(text)))
    return _MARKDOWN.sub(r"\\\1", apart)
