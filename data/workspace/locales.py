"""Which locales a workspace can name: those whose numbers and dates can stand in English sentences and be drawn."""

from __future__ import annotations

import re

DEFAULT = "en"
SCRIPTS = frozenset({"Latn", "Grek", "Cyrl"})
"""written from left to right, and in letters that the font of alert cards and packs has"""


def canonical(said: str) -> str:
    """'de', 'en-gb', 'pt_BR' -> 'de', 'en-GB', 'pt-BR'. Raises ValueError with what is wrong and what to write."""
    # loaded only where a locale is named: it brings the rules of all of them
    from babel.core import Locale, UnknownLocaleError, get_global

    if said == DEFAULT:
        return DEFAULT
    instead = 'write a language and, where it matters, a country, such as "de", "en-GB" or "fr-CH"'
    tag = said.replace("_", "-")
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?", tag):
        raise ValueError(f"is no locale; {instead}")
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError) as e:
        raise ValueError(f"is not known; {instead}") from e
    likely = get_global("likely_subtags").get(locale.language, "").split("_")
    script = locale.script or (likely[1] if len(likely) > 1 else "")
    if script not in SCRIPTS:
        raise ValueError(
            "is written in letters that the pages, which are in English, can't mix; "
            'write the English form of a country near it, such as "en-AE", "en-IN" or "en-SG"'
        )
    return str(locale).replace("_", "-")
