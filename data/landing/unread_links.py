"""Columns that are not read and seem to say whose a row is: a deal that names its contact and no lead is nobody's."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from leadline.data.database.session import Session
from leadline.data.exports.recognition.entities import names_one_of
from leadline.data.exports.recognition.questions import as_key
from leadline.data.exports.recognition.suggestions import MISSING, Seen
from leadline.data.landing.fold import Spoken
from leadline.data.landing.known_identities import EXAMPLES, FEWEST, MOST, Finding
from leadline.data.sql import compose, quote
from leadline.data.templates import Template, fold, kind_words, templates, with_article

MOST_COLUMNS = 30
"""that are looked at in all of a long file"""
_SEVERAL = re.compile(r"[;,|]\s*")
_CALLED = re.compile(
    r"(?:(?:deal|opportunity) )?(?:associated |primary |main )?(?:contact|lead|kontakt|contacto|contatto)s?"
    r"(?: person| name| full name)?|ansprechpartner|kontaktperson|nom du contact|nombre del contacto|contacto asociado"
)
"""a heading, folded, of what a lead is called"""
_OWN = re.compile(r"(?=.*[0-9])(?=.*[^\W\d]).{3,}|\d{6,}")
"""an identity that no count or percentage is: letters and figures, or many figures"""


def look_at_unread_links(
    session: Session,
    template: Template,
    spoken: Spoken,
    unread: Sequence[Seen],
    deeper: Callable[[Sequence[Seen]], Sequence[Seen]],
) -> Iterator[Finding]:
    """Asked where a column holds the identities of known rows, told where its heading alone says so.

    `unread`: the columns of the file that feed none of ours; `deeper`: looks at more of their cells.
    """
    missing = {link: target for link, target in template.links.items() if link not in spoken.columns}
    if missing:
        some = [one for one in unread if _may_lead(one, missing.values())][:MOST_COLUMNS]
        looked_at = {one.heading: one for one in deeper(some)}
        unread = [looked_at.get(one.heading, one) for one in unread]
        for link, target in missing.items():
            found = [_look_at(session, template, link, templates()[target], one) for one in unread]
            best = max((one for one in found if one), key=lambda one: one.instead is not None, default=None)
            if best := best or _by_name(template, templates()[target], unread):
                yield best


def _may_lead(one: Seen, targets: Collection[str]) -> bool:
    """Whether it is worth a look at more cells: by its heading, by those that were seen, or because these are blank."""
    return (
        one.look in ("empty", "identity", "text")
        or any(map(_OWN.fullmatch, one.cells))
        or any(names_one_of(one.heading, templates()[target]) for target in targets)
    )


def _by_name(template: Template, target: Template, unread: Sequence[Seen]) -> Finding | None:
    """Tells that rows say by name alone who they lead to."""
    if target.name != "leads":
        return None
    named = next((one.heading for one in unread if _CALLED.fullmatch(fold(one.heading)) and one.filled), None)
    if named is None:
        return None
    return Finding(
        "unread_link",
        f"{named!r} says by name whose these {kind_words(template.name)} are, and two may be called alike, so none of "
        f"them counts for a {target.one}; export the column with its id, too.",
        None,
    )


def _look_at(session: Session, template: Template, link: str, target: Template, one: Seen) -> Finding | None:
    is_named = names_one_of(one.heading, target)
    cells = sorted(
        {part for cell in one.cells for part in _SEVERAL.split(cell) if part.lower() not in MISSING}
    )
    may_be = is_named or (len(cells) >= FEWEST and all(map(_OWN.fullmatch, cells)))
    if not (cells and may_be) or one.look in ("time", "address", "yes or no"):
        return None
    ((known, joined, here, there),) = session.select(
        compose("landing/unread_link.sql", known=quote(f"current_{target.name}"), key=quote(target.key[0])),
        {"cells": cells, "examples": EXAMPLES},
    )
    rows, key = kind_words(template.name), target.key[0]
    if joined > MOST * len(cells):
        return Finding(
            "unread_link",
            f"{one.heading!r} is not read, and {joined:,} of {len(cells):,} identities in it are those of known "
            f"{kind_words(target.name)} ({', '.join(here)}), so no {template.one} would be told to be of any. Are they "
            "nobody's?",
            f"--mapping FILE that says '{as_key(one.heading)}: {link}'",
        )
    if not is_named:
        return None
    beside = f"; {key} of known {kind_words(target.name)} is {' and '.join(there)}" if known else ""
    role = f"the {target.one} of {with_article(template.one)}"
    return Finding(
        "unread_link",
        f"{one.heading!r} ({', '.join(cells[:EXAMPLES])}) is not read as {role}{beside}, "
        f"so these {rows} count for none. If it holds what your exports of {kind_words(target.name)} have as {key}, a "
        f"mapping with '{as_key(one.heading)}: {link}' says so.",
        None,
    )
