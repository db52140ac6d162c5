"""Checkpoints as a calendar (RFC 5545), alerts as a feed (RFC 4287). Pure: results in, text out."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from leadline.dashboard.words.formats import one_line

CALENDAR_TYPE = "text/calendar; charset=utf-8"
FEED_TYPE = "application/atom+xml; charset=utf-8"
_FOLDED_AT = 73
"""bytes of a calendar's line, so that no letter is parted"""


@dataclass(frozen=True)
class Appointment:
    """One day."""

    workflow: str
    day: dt.date
    title: str
    details: str


@dataclass(frozen=True)
class FeedEntry:
    """One alert."""

    id: str
    title: str
    lines: Sequence[str]
    published: dt.datetime
    updated: dt.datetime
    """UTC, without zone, both"""
    link: str = ""


def calendar(name: str, appointments: Iterable[Appointment]) -> str:
    """The same appointments give the same text."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Leadline//checkpoints//EN", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{_ical(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT6H"]
    for each in appointments:
        known = hashlib.sha256(f"{each.workflow}\n{each.title}\n{each.day}".encode()).hexdigest()[:32]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{known}@leadline",
            f"DTSTAMP:{each.day:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{each.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{each.day + dt.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_ical(each.title)}",
            f"DESCRIPTION:{_ical(each.details)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def feed(name: str, identity: str, entries: Sequence[FeedEntry], link: str = "") -> str:
    """`identity`: a name for the feed that stays; entries newest first."""
    updated = max((each.updated for each in entries), default=dt.datetime(1970, 1, 1))
    told = "".join(_entry(each, identity) for each in entries)
    at = f"<link href={quoteattr(link)}/>" if link else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>urn:leadline:{identity}</id><title>{_xml(name)}</title><updated>{_moment(updated)}</updated>"
        f"<author><name>Leadline</name></author>{at}\n{told}</feed>\n"
    )


def _entry(entry: FeedEntry, identity: str) -> str:
    link = f"<link href={quoteattr(entry.link)}/>" if entry.link else ""
    text = "\n".join(_xml(line) for line in entry.lines)
    return (
        f"<entry><id>urn:leadline:{identity}:{_xml(entry.id)}</id><title>{_xml(entry.title)}</title>"
        f"<published>{_moment(entry.published)}</published><updated>{_moment(entry.updated)}</updated>{link}"
        f'<content type="text">{text}</content></entry>\n'
    )


def _moment(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="seconds") + "Z"


def _xml(words: str) -> str:
    """Escaped, without what XML has no sign for."""
    return escape("".join(letter for letter in one_line(words) if letter.isprintable()))


def _ical(words: str) -> str:
    told = one_line(words).replace("\\", "\\\\")
    return told.replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    pieces, piece, size = [], "", 0
    for letter in line:
        width = len(letter.encode("utf-8", "replace"))
        if size + width > _FOLDED_AT:
            pieces.append(piece)
            piece, size = "", 0
        piece, size = piece + letter, size + width
    return "\r\n ".join([*pieces, piece])
