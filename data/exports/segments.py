"""Which further columns of an export are kept as segments; names of people, addresses and secrets are not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from leadline.data.errors import ExportError
from leadline.data.exports.landing_report import Warned
from leadline.data.exports.mapping import Taught
from leadline.data.templates import fold

OURS = "leadline:"
"""headings that begin so are ours: what to correct in rows that were set aside"""

MOST_ATTRIBUTES = 100
"""columns kept as segments where nobody chose them"""

_PERSON = re.compile(
    r"((first|last|full|given|family|middle|contact|lead|invitee|customer|person|display|sur|user) ?name( .*)?"
    r"|name|surname|vorname|nachname|nombre|pr[ée]nom|nom|contact person|associated contact|salutation)"
)
_ADDRESS = re.compile(r".*\b(e ?mail|email address|mail address|correo|courriel)\b.*")
_PHONE = re.compile(r".*\b(phone|mobile|telephone|telefon|fax|tel|cell)\b( .*)?")
_SECRET = re.compile(
    r".*\b(password|passwort|ssn|social security|iban|credit card|card number|date of birth|ip)\b.*"
)


@dataclass(frozen=True)
class Attribute:
    """A column of theirs that is kept as a segment."""

    heading: str
    place: int
    """its place among the cells, from 0"""
    is_hashed: bool = False


def is_ours(heading: str) -> bool:
    """True for a column that Leadline itself has written into a file."""
    return fold(heading).startswith(OURS)


def choose_segments(
    header: Sequence[str], name: str, used: set[int], taught: Taught | None
) -> tuple[tuple[Attribute, ...], tuple[Warned, ...]]:
    """Columns kept as segments: a template's unknown ones, or those a mapping names. Names of people are not kept."""
    folded = [fold(heading) for heading in header]
    warnings = []
    if taught is not None:
        wanted = taught.attributes or ()
        absent = [heading for heading in wanted if fold(heading) not in folded]
        if absent:
            raise ExportError(
                f"{name} has no column {quoted(absent)}, which the attributes of {taught.name} name; its columns "
                f"are {listed(header)}.",
                "missing_column",
            )
        chosen = [folded.index(fold(heading)) for heading in wanted]
        kept = [Attribute(header[place], place) for place in chosen]
        return tuple(sorted(kept, key=lambda attribute: attribute.heading)), ()
    kept, dropped = [], []
    for place, heading in enumerate(header):
        if not heading or place in used or is_ours(heading):
            continue
        if _PERSON.fullmatch(folded[place]) or _SECRET.fullmatch(folded[place]):
            dropped.append(heading)
        else:
            is_private = bool(_ADDRESS.fullmatch(folded[place]) or _PHONE.fullmatch(folded[place]))
            kept.append(Attribute(heading, place, is_hashed=is_private))
    if dropped:
        warnings.append(
            Warned("personal_columns", f"Not stored, because they name people: {listed(dropped)}.")
        )
    if blank := sum(not heading for heading in header):
        warnings.append(
            Warned(
                "blank_header", f"{blank} column{'s' if blank > 1 else ''} without a heading were not stored."
            )
        )
    if len(kept) > MOST_ATTRIBUTES:
        warnings.append(
            Warned(
                "many_columns",
                f"Of {len(kept):,} further columns the first {MOST_ATTRIBUTES} were kept as segments; choose others "
                "under 'attributes' in a mapping.",
            )
        )
    kept = kept[:MOST_ATTRIBUTES]
    return tuple(sorted(kept, key=lambda attribute: attribute.heading)), tuple(warnings)


def listed(headings: Sequence[str], most: int = 20) -> str:
    shown = [heading if len(heading) <= 60 else f"{heading[:57]}…" for heading in headings if heading]
    more = f" … and {len(shown) - most} more" if len(shown) > most else ""
    return ", ".join(shown[:most]) + more


def quoted(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
