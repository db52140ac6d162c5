"""Which further columns of an export are kept as segments; names of people, addresses and secrets are not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from leadline.data.errors import ExportError
from leadline.data.exports.landing_report import Warned
from leadline.data.exports.recognition.entities import ID_WORDS, NUMBERS
from leadline.data.exports.recognition.mapping import Taught
from leadline.data.templates import fold

OURS = "leadline:"
"""headings that begin so are ours: what to correct in rows that were set aside"""

MOST_ATTRIBUTES = 100
"""columns kept as segments where nobody chose them"""

_PERSON = re.compile(
    r"((first|last|full|given|family|middle|maiden|contact|lead|invitee|customer|person|display|sur|nick) ?name( .*)?"
    r"|name|surname|vorname|nachname|nombre|apellidos?|pr[ée]nom|nom|nome|cognome|voornaam|achternaam|imi[ęe]|nazwisko"
    r"|f[öo]rnamn|efternamn|contact person|ansprechpartner|associated contact|salutation)"
)
_ADDRESS = re.compile(r".*\b(e ?mail|email address|mail address|correo|courriel)\b.*")
_PHONE = re.compile(
    r".*\b(fax|tel\.?|cell|gsm|msisdn|whatsapp|caller|callback|cellulare|celular|m[óo]vil|kom[óo]rka|numer telefonu"
    r"|(phone|cellphone|mobile?|mobiltelefon|telephone|telefon|telefoon|telefono|tel[ée]fono|t[ée]l[ée]phone|handy|ruf"
    r"|телефон)(s|nummer|nr|number|no|num|[0-9])?)( .*)?|.*(電話|携帯).*"
)
_SECRET = re.compile(
    r".*\b(password|passwort|ssn|social security|iban|credit card|card number|ip|passport|national id|tax id)\b.*"
)
_BIRTH = re.compile(
    r"(.* )?(date of birth|birth ?(date|day)|dob|born( on)?|geburtstag|geburtsdatum|date de naissance"
    r"|fecha de nacimiento|data di nascita|geboortedatum|data de nascimento|data urodzenia|f[öo]delsedatum)( .*)?"
)
_STREET = re.compile(
    r"((home|work|private|mailing|billing|shipping|postal|primary|other|contact|lead|company|street|delivery|service"
    r"|property|business|full|invoice|registered|current|permanent|installation|site|office|residential|physical) )?"
    r"(street|street address|address)( ?(line ?)?[0-9])?( line)?|address ?line ?[0-9]"
    r"|(liefer|rechnungs|wohn|post|firmen|privat|standort)(adresse|anschrift)( [0-9])?"
    r"|(.* )?(stra(ß|ss)e|anschrift|adresse|postadresse|indirizzo|direcci[óo]n|domicilio|calle|rue|endere[çc]o|adres"
    r"|ulica|gatuadress)|house (no|number)|hausnummer( .*)?"
)
_NETWORKS = (
    r"(twitter|linked ?in|facebook|instagram|xing|skype|github|gitlab|telegram|wechat|tiktok|snapchat|mastodon"
    r"|bluesky)"
)
_USERS = (
    r"(id|url|link|profile|profile (url|link)|page|handle|user|user ?(name|id)|account|name|bio|screen name|nick ?name"
    r"|public (id|identifier))"
)
_HANDLE = re.compile(
    rf"((person|personal|contact|lead|member|user|company|social) )?{_NETWORKS}( {_USERS})?"
    rf"|(x|line|signal|medium|vk|threads|discord|slack|youtube|social( media)?|reddit) {_USERS}"
    r"|(user|screen|account|login|display) ?name( .*)?|handle|login|nickname|social (profile|link)s?"
    r"|benutzername|nutzername|nom d'utilisateur|nombre de usuario|nome utente|gebruikersnaam"
)
_PAGE = re.compile(
    r"(personal |private |own |contact |person )?(web ?site|home ?page|web ?page|blog|portfolio)( (url|address|link))?"
    r"|(personal|about me|bio) (url|page|link)|webseite|internetseite|site (web|internet)|p[áa]gina web|sito web"
)
_TITLE = re.compile(
    r"(.* )?(deal|opportunity|potential|quote|ticket|task|case|call|meeting|activity) ?(name|title|subject)"
    r"|subject|betreff|objet|asunto|oggetto|onderwerp|dealname|deal"
    r"|nom de la transaction|nombre del negocio|nome do neg[óo]cio"
)
"""what people call a deal or a call, after whom it is with"""
_ABOUT = re.compile(
    r"(is|has|had|do not|don't|does not|no|can|may|hat|ist) .*"
    r"|.*\b(verified|valid|validated|validation|confirmed|bounced|opt(ed)? ?(in|out)|consent|permission|allowed|status"
    r"|type|counts?|quality|confidence|score|source|provider|domain|country|country code|carrier|opens?|opened|clicks?"
    r"|clicked|sent|sends|received|replied|subscribed|unsubscribed|preferences?|campaign|template|marketing|client"
    r"|newsletter|invalid|deliverable|best[äa]tigt|verifiziert|v[ée]rifi[ée]|verificado|verificato)\b.*"
)
"""headings that say something about an address or an account; whether it is there, is true, was used"""


_PROSE = re.compile(
    r"(.* )?(notes?|comments?|remarks?|description|message|body|text|bemerkung(en)?|notiz(en)?|kommentare?"
    r"|anmerkung(en)?|beschreibung|nachricht|commentaires?|remarques?|notas?|comentarios?|observaciones|mensaje"
    r"|uwagi|notatki|note|メモ|備考)( .*)?"
)
"""headings of free text, in which people write what they like"""
_NO_TELEPHONE = re.compile(
    r"(.* )?(account|customer|client|kunde|konto|compte|cuenta|campaign|kampagne|order|invoice|ticket|case|sku|ads?"
    r"|cid|number of|(kunden|konto|rechnungs|bestell|auftrags|vertrags)(nummer|nr))( .*)?"
)
"""headings of what systems number; '123-456-7890' under them is an account of Google Ads and no telephone"""
_LOADER = re.compile(r"_(dlt|airbyte|fivetran|sdc)_(?!.*deleted).*")
"""what dlt, Airbyte, Fivetran and Singer note of each run: every row would look changed each time"""


@dataclass(frozen=True)
class Attribute:
    """A column of theirs that is kept as a segment."""

    heading: str
    place: int
    """its place among the cells, from 0"""
    is_hashed: bool = False
    """its heading is that of addresses or telephone numbers; its cells may show that it holds none"""


def is_personal(heading: str, template: str) -> bool:
    """Whether a heading is that of names, births, homes, secrets, accounts or pages of people, or of deals' titles."""
    folded = fold(heading)
    if template == "deals" and folded in ("title", "description"):
        return True
    if _SECRET.fullmatch(folded) or _BIRTH.fullmatch(folded):
        return not _ABOUT.fullmatch(folded) or "birth" in folded
    kinds = (_PERSON, _STREET, _HANDLE, _PAGE, _TITLE)
    return any(kind.fullmatch(folded) for kind in kinds) and not _ABOUT.fullmatch(folded)


def is_address(heading: str) -> bool:
    """Whether a heading is that of e-mail addresses or telephone numbers."""
    folded = fold(heading)
    return any(kind.fullmatch(folded) for kind in (_ADDRESS, _PHONE)) and not _ABOUT.fullmatch(folded)


def is_prose(heading: str) -> bool:
    """Whether a heading is that of free text."""
    return _PROSE.fullmatch(fold(heading)) is not None


def may_number(heading: str) -> bool:
    """Whether a heading names what systems number, so that figures under it are no telephone numbers."""
    folded = fold(heading)
    says_identity = not (ID_WORDS - NUMBERS).isdisjoint(folded.split())
    return not is_address(heading) and (says_identity or _NO_TELEPHONE.fullmatch(folded) is not None)


def is_ours(heading: str) -> bool:
    """True for a column that Leadline itself has written into a file."""
    return fold(heading).startswith(OURS)


def choose_segments(
    header: Sequence[str], name: str, used: set[int], taught: Taught | None, template: str = ""
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
    kept, dropped, noted = [], [], []
    for place, heading in enumerate(header):
        if not heading or place in used or is_ours(heading):
            continue
        if is_personal(heading, template):
            dropped.append(heading)
        elif _LOADER.fullmatch(heading.strip().lower()):
            noted.append(heading)
        else:
            kept.append(Attribute(heading, place, is_hashed=is_address(heading)))
    if dropped:
        warnings.append(
            Warned("personal_columns", f"Not stored, because they name people: {listed(dropped)}.")
        )
    if noted:
        warnings.append(
            Warned(
                "loader_columns",
                f"Not stored, because they speak of a loading program's runs: {listed(noted)}.",
            )
        )
    if blank := sum(not heading for heading in header):
        warnings.append(
            Warned(
                "blank_header",
                f"{f'{blank} columns' if blank > 1 else '1 column'} without a heading "
                f"{'were' if blank > 1 else 'was'} not stored.",
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
