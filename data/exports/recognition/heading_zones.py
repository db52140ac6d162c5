"""The zone that a heading of moments names: 'Created at (EST)', 'Created (America/Los_Angeles)', 'created_at_utc'."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from leadline.data.templates import fold

PLACES = {
    "pacific": "America/Los_Angeles", "pt": "America/Los_Angeles", "mountain": "America/Denver",
    "central": "America/Chicago", "eastern": "America/New_York", "et": "America/New_York", "uk": "Europe/London",
    "london": "Europe/London", "berlin": "Europe/Berlin", "paris": "Europe/Paris", "new york": "America/New_York",
}  # fmt: skip
"""words for the clock of a place, with or without 'time' behind them"""
GERMAN = {"MEZ": "CET", "MESZ": "CEST"}
_IN_A_SENTENCE = "UTC|GMT|CET|CEST|MEZ|MESZ|EST|EDT|CST|CDT|MST|MDT|PST|PDT|IST|BST|JST|AEST"
"""letters that name a zone without brackets too"""
_ALL = (
    "UTC GMT UT WET WEST CET CEST EET EEST MSK EST EDT CST CDT MST MDT PST PDT AKST AKDT HST NST NDT AST ADT BRT ART "
    "CLT SAST WAT EAT PKT NPT ICT WIB HKT SGT AWST JST KST ACST ACDT AEST AEDT NZST NZDT IST BST GST"
)
LETTERS = frozenset(_ALL.split())
"""what cells.zone_minutes() in staging/macros.sql knows, and letters that several zones have"""
_OFFSET = r"(?:(?i:UTC|GMT) ?)?(?P<sign>[+−-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?"
_NAMED = r"[A-Z][A-Za-z]+/[A-Z][A-Za-z_+-]+(?:/[A-Z][A-Za-z_]+)?"
_BRACKETED = re.compile(
    rf"(?P<bare>.+?)\s*[(\[](?:in |zone:? |tz:? )?(?:{_OFFSET}|(?P<place>{_NAMED})"
    r"|(?P<letters>(?i:UTC|GMT)|[A-Z]{3,5})|(?P<words>[A-Za-z ]+?)(?i: standard)?(?i: time)?)[)\]]"
)
_BEHIND = re.compile(
    rf"(?P<bare>.*[^\W_])(?:[ _,/-]+(?:in )?)(?:(?P<letters>(?i:UTC|GMT)|{_IN_A_SENTENCE})|(?P<place>{_NAMED}))"
)
_BEFORE = re.compile(rf"(?P<letters>(?i:UTC|GMT)|{_IN_A_SENTENCE})[ _/-]+(?P<bare>.*[^\W_])")


@dataclass(frozen=True)
class NamedZone:
    """One of the three is said: letters (in capitals), the name of a place's zone, minutes before UTC."""

    bare: str
    """the heading without it, folded"""
    letters: str | None = None
    place: str | None = None
    minutes: int | None = None


def zone_in_heading(heading: str) -> NamedZone | None:
    """None where it names none. In 'Close date (est.)' and 'CLOSE DATE EST' the day may be but estimated."""
    text = " ".join(unicodedata.normalize("NFKC", heading).split())
    for form in (_BRACKETED, _BEHIND, _BEFORE):
        if (found := form.fullmatch(text)) is None:
            continue
        said = found.groupdict()
        bare = fold(said["bare"])
        if said.get("hours") is not None:
            minutes = 60 * int(said["hours"]) + int(said["minutes"] or 0)
            return NamedZone(bare, minutes=-minutes if said["sign"] != "+" else minutes)
        if letters := said["letters"]:
            is_shouted = text.isupper() and form is not _BRACKETED
            letters = GERMAN.get(letters.upper(), letters.upper())
            if letters not in LETTERS or (is_shouted and letters not in ("UTC", "GMT")):
                continue
            return NamedZone(bare, letters=letters)
        place = said.get("place") or PLACES.get((said.get("words") or "").lower())
        if place is not None and _is_zone(place):
            return NamedZone(bare, place=place)
    return None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
