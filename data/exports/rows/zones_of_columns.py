"""Columns of moments whose headings name a zone: which clock each is read by, what is asked of it, and what is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from leadline.data.exports.landing_report import Question, Warned
from leadline.data.exports.recognition.heading_zones import NamedZone, zone_in_heading
from leadline.data.exports.recognition.recognize import Recognised

SEVERAL_ZONES = {
    "CST": ("America/Chicago", "Asia/Shanghai"),
    "IST": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "BST": ("Europe/London", "Asia/Dhaka"),
    "AST": ("America/Halifax", "Asia/Riyadh"),
    "GST": ("Asia/Dubai", "Atlantic/South_Georgia"),
}
"""letters that several zones have, and a place of each"""
_OF_PART_HOURS = {
    210: "Asia/Tehran", 270: "Asia/Kabul", 330: "Asia/Kolkata", 345: "Asia/Kathmandu", 390: "Asia/Yangon",
    525: "Australia/Eucla", 570: "Australia/Darwin", -570: "Pacific/Marquesas",
}  # fmt: skip
"""minutes before UTC -> a place where it is so all year, of offsets that are no whole hours"""

Select = Callable[[str, Mapping[str, object] | None], list[tuple[Any, ...]]]


def zones_of_columns(
    recognised: Recognised, zone: str, year: int, select: Select
) -> tuple[dict[str, str], list[Question], list[Warned]]:
    """Our column -> the zone of its clock, where its heading names another one than the file's `zone`."""
    zones: dict[str, str] = {}
    questions: list[Question] = []
    warnings: list[Warned] = []
    for column in recognised.template.columns:
        place = recognised.places.get(column.name)
        if column.type != "time" or place is None or column.name in recognised.template.days:
            continue
        heading = recognised.header[place]
        said = zone_in_heading(heading)
        if said is None or said.letters in letters_of(zone, year):
            continue
        if said.letters in SEVERAL_ZONES:
            questions.append(which_zone(repr(heading), said.letters))
        elif (found := _zone_of(said, select)) is not None:
            zones[column.name], told = found
            words = f"{heading!r} names its zone, so {column.name} was read as {told}."
            if said.letters not in (None, "UTC", "GMT"):
                words += (
                    " Where the clock of a place with its summer time is meant, --timezone PLACE says so."
                )
            warnings.append(Warned("zone_in_heading", words))
        elif said.letters is None:
            warnings.append(
                Warned(
                    "zone_in_heading",
                    f"{heading!r} names an offset that no zone has all year; {column.name} was read in {zone}.",
                )
            )
    return zones, questions, warnings


def letters_of(zone: str, year: int) -> frozenset[str]:
    """What a zone is called in winter and in summer."""
    info = ZoneInfo(zone)
    return frozenset(str(dt.datetime(year, month, 1, tzinfo=info).tzname()) for month in (1, 7))


def which_zone(named_by: str, letters: str) -> Question:
    """Of letters that several zones have."""
    known = SEVERAL_ZONES[letters]
    return Question(
        "ambiguous_zone",
        f"{named_by} names the zone {letters}, and several have that name: is it that of {' or '.join(known)}?",
        " or ".join(f"--timezone {name}" for name in known),
        choices=known,
    )


def _zone_of(said: NamedZone, select: Select) -> tuple[str, str] | None:
    """The zone as the engine knows it, and how it is told."""
    if said.place is not None:
        return said.place, f"the clock of {said.place}"
    minutes = said.minutes
    if said.letters is not None:
        ((minutes,),) = select("select cells.zone_minutes($letters)", {"letters": said.letters})
    if minutes is None:
        return None
    hours, rest = divmod(abs(minutes), 60)
    told = f"UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02} all year" if minutes else "UTC"
    if not minutes:
        return "UTC", told
    if rest:
        return (_OF_PART_HOURS[minutes], told) if minutes in _OF_PART_HOURS else None
    if hours > 14 or (minutes < 0 and hours > 12):
        return None
    return f"Etc/GMT{'+' if minutes < 0 else '-'}{hours}", told  # signs are the other way about there
