"""What a heading names the identity of: 'Opportunity ID' that of a deal, 'task_id' that of something unknown here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from leadline.data.templates import Template, fold, templates

ID_WORDS = frozenset((
    "id", "ids", "no", "nr", "number", "key", "ref", "reference", "uuid", "guid", "num", "code", "identifier",
    "nummer", "kennung", "schlüssel", "numéro", "identifiant", "número", "nº", "n°", "código", "identificador",
    "numero", "codice", "identificativo", "numer", "ид", "номер", "код", "№",
))  # fmt: skip
NUMBERS = frozenset(
    ("no", "nr", "number", "num", "nummer", "numéro", "número", "nº", "n°", "numero", "numer", "номер", "№")
)
"""those of them that are said of telephones, too"""
_BESIDE = frozenset((
    "record", "unique", "digit", "the", "of", "internal", "system", "15", "18", "de", "del", "della", "di", "du", "da",
    "do", "der", "des", "la", "le", "el", "il", "lo", "interne", "interno",
))  # fmt: skip
"""words that stand beside a name and say nothing of whose identity it is"""
HAPPENINGS = frozenset((
    "task", "activity", "event", "step", "note", "order", "invoice", "case", "quote", "contract", "subscription",
    "transaction", "payment", "touch", "touchpoint", "interaction", "engagement",
    "change", "history", "log", "entry", "row", "line", "membership", "member", "enrollment", "enrolment",
    "reply", "delivery", "shipment",
))  # fmt: skip
"""what happens to a lead more than once: an identity of one is that of the row, whatever lead the row names"""
OF_ANOTHER = frozenset((
    "company", "account", "organization", "organisation", "firm", "owner", "user", "manager", "stage", "pipeline",
    "status", "phone", "mobile", "team", "list", "form", "product", "source", "territory", "region", "country",
    "parent", "agent", "rep", "assignee",
))  # fmt: skip
"""what a row is told to belong to or to be described by, and that identifies no row of ours"""
_LINKING = frozenset((
    "converted", "associated", "last", "first", "latest", "recent", "next", "original", "origin", "source",
    "parent", "related", "primary", "main", "created", "modified", "updated", "owner", "previous", "external",
    "salesforce", "hubspot", "crm",
))  # fmt: skip
"""words that make of an identity one of something else that the row leads to"""
_COMPOUND = re.compile(r"(\w{3,}?)s?(?:nummer|nr|kennung|kennziffer|id)")
"""'kundennummer', 'leadid'"""
_RUN_TOGETHER = re.compile(r"([a-z]{3,})(?:id|uuid|guid)")


@cache
def _known() -> frozenset[str]:
    ours = {word for template in templates().values() for word in template.entities}
    return frozenset(ours) | HAPPENINGS | OF_ANOTHER


@lru_cache(maxsize=1 << 13)
def named_entity(heading: str) -> str | None:
    """The thing whose identity a heading names, in one word: 'lead' of 'LEADID'; '' of a bare 'ID'.

    None where it names none, and where it is the identity of something that a row leads to, as 'Converted Deal ID' is.
    """
    words = re.sub(r"\(.*?\)|[.:/#]", " ", fold(heading)).split()
    words = [word for word in words if not word.isdigit()]
    if not words:
        return None
    if len(words) == 1 and (joined := _RUN_TOGETHER.fullmatch(words[0])) and joined[1] in _known():
        return joined[1]
    marks = [word for word in words if word in ID_WORDS]
    rest = [
        word.rstrip("s") if word.rstrip("s") in _known() else word for word in words if word not in ID_WORDS
    ]
    if not marks or "ids" in marks:
        return None
    rest = [
        word for word in rest if word not in ("record", "unique", "digit", "the", "of", "internal", "system")
    ]
    if not rest:
        return ""
    return None if len(rest) > 1 and _LINKING & set(rest) else rest[-1]


def names_one_of(heading: str, template: Template) -> bool:
    """Whether a heading names identities of the template's rows, also as those that a row leads to or has several of.

    'Contact ID', 'ContactId', 'Primary Contact ID' and 'Associated Contact IDs' name leads.
    """
    words = re.sub(r"\(.*?\)|[.:/#]", " ", fold(heading)).split()
    if len(words) == 1 and (joined := _RUN_TOGETHER.fullmatch(words[0])):
        return joined[1] in template.entities
    return any(word in ID_WORDS - NUMBERS for word in words) and any(
        word in template.entities or word.rstrip("s") in template.entities for word in words
    )


def may_identify(heading: str, template: Template) -> bool:
    """Whether a heading that says to be an identity is one of the template's rows: bare, or with its own names alone.

    'ID', 'Nr' and 'Lead-Nr' may be those of leads; 'Firma-ID', 'Session ID' and 'Parent Lead ID' are those of something
    else. True of a heading that does not say to be an identity.
    """
    words = re.sub(r"\(.*?\)|[.:/#]", " ", fold(heading).replace("d'", "de ")).split()
    rest = [word for word in words if word not in ID_WORDS]
    if len(rest) == len(words):
        compound = [_COMPOUND.fullmatch(word) for word in words]
        if not any(compound):
            return True
        rest = [found[1] if found else word for word, found in zip(words, compound, strict=True)]
    return all(word in _BESIDE or _is_entity(word, template) for word in rest)


def _is_entity(word: str, template: Template) -> bool:
    """'kontakt', 'contacts' and 'leads' are leads."""
    return any(
        word[: len(word) - cut] in template.entities for cut in (0, 1, 2) if not cut or len(word) > 3 + cut
    )


def says_identity(heading: str) -> bool:
    """Whether a heading says to be an identity, of whatever: 'Lead-Nr', 'Kundennummer'."""
    words = [word.strip(".:") for word in fold(heading).split()]
    return any(word in ID_WORDS or _COMPOUND.fullmatch(word) for word in words)


def is_of_another(heading: str, template: Template) -> bool:
    """Whether a heading names an identity that is surely not that of the template's own rows."""
    entity = named_entity(heading)
    if not entity or entity in template.entities:
        return False
    return entity in _known()


def foreign(heading: str, template: Template, explained: Sequence[str]) -> str | None:
    """The word for what a row would be by this heading, where it is no row of the template; None where it may be one.

    `explained`: headings, folded, that are columns of the template.
    """
    entity = named_entity(heading)
    if not entity or fold(heading) in explained or entity in template.entities:
        return None
    others = [other.name for other in templates().values() if entity in other.entities]
    if others:
        may_name = None if template.may_name is None else {*template.may_name, *template.links.values()}
        return None if may_name is None or set(others) & may_name else entity
    return entity if entity in HAPPENINGS else None
