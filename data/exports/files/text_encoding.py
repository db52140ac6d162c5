"""In which encoding bytes that are no UTF-8 were written: by what their letters make in each language, else asked.

For each encoding the words with letters beyond ASCII are read and held against how its languages put letters together,
learned from the names of countries, languages and months in the Unicode CLDR, which Babel ships. Encodings that read a
file alike are one; where two read it differently and equally well, a person sees a line of each.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import BinaryIO

import babel

from leadline.data.exports.files.received_file import CHUNK, Received

WESTERN = ("de", "fr", "es", "pt", "it", "nl", "sv", "da", "nb", "fi", "ca")
CENTRAL = ("pl", "cs", "sk", "hu", "ro", "hr", "sl")
CYRILLIC = ("ru", "uk", "bg", "sr")
LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "cp1252": WESTERN,
    "cp1250": CENTRAL,
    "cp1251": CYRILLIC,
    "koi8_r": ("ru",),
    "koi8_u": ("uk",),
    "cp866": ("ru", "bg"),
    "cp1253": ("el",),
    "cp1254": ("tr",),
    "cp1255": ("he",),
    "cp1256": ("ar",),
    "cp1257": ("lt", "lv", "et"),
    "mac_roman": WESTERN,
    "cp850": WESTERN,
    "iso8859_2": CENTRAL,
    "gb18030": ("zh",),
    "cp932": ("ja",),
    "big5": ("zh_Hant",),
    "cp949": ("ko",),
}
"""encoding -> languages that are written in it; the likelier ones first"""
COMMON_SIGNS: Mapping[str, tuple[int, int, int]] = {
    "gb18030": (0xB0, 0xD7, 0xA1),
    "cp932": (0x82, 0x97, 0x40),
    "big5": (0xA4, 0xC6, 0x40),
    "cp949": (0xB0, 0xC8, 0xA1),
}
"""encoding -> first bytes of its common signs, and the least second byte"""
NAMES: Mapping[str, str] = {
    "cp1252": "Windows-1252 (Western European)",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "koi8_r": "KOI8-R (Russian)",
    "koi8_u": "KOI8-U (Ukrainian)",
    "cp866": "DOS 866 (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1255": "Windows-1255 (Hebrew)",
    "cp1256": "Windows-1256 (Arabic)",
    "cp1257": "Windows-1257 (Baltic)",
    "mac_roman": "Mac Roman",
    "cp850": "DOS 850 (Western European)",
    "iso8859_2": "ISO 8859-2 (Central European)",
    "gb18030": "GBK (Chinese)",
    "cp932": "Shift-JIS (Japanese)",
    "big5": "Big5 (Chinese)",
    "cp949": "EUC-KR (Korean)",
}
MOST_WORDS = 3_000
"""different words that are looked at"""
PRIOR: Mapping[str, float] = {
    "cp1252": 3.0,
    "mac_roman": -4.0,
    "cp850": -4.0,
    "koi8_r": -4.0,
    "koi8_u": -6.0,
    "cp866": -4.0,
    "iso8859_2": -6.0,
    "cp1255": -2.0,
    "cp1256": -2.0,
    "cp1257": -2.0,
    "big5": -2.0,
}
"""nats by which an encoding is likelier than the others before a word is read"""
SURE = 8.0
"""by so many nats, over all words, the best encoding must be ahead of the next for nothing to be asked"""
OFFERED = 4
"""readings that a person is asked about, at most"""
SURE_OF_WESTERN = 4.0
"""the same where the best is the usual one"""
IMPOSSIBLE = -9.0
"""nats of a sign that no word of the language has"""

# begun only where a cell begins: a cell of a million letters is read once
_HIGH_CELL = re.compile(rb"(?<![^,;\t\"\r\n])[^,;\t\"\r\n]*[\x80-\xff][^,;\t\"\r\n]*")
_PUNCTUATION = frozenset("\xa0–—«»„“”‘’‚‹›…®™©¡¿、。・「」（），：")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True)
class Encoding:
    """How the bytes of a file are read."""

    name: str
    """a Python codec"""
    errors: str = "replace"
    """what becomes of bytes that are none of it: a sign for 'unknown', or a letter of another encoding"""
    rivals: tuple[Reading, ...] = ()
    """encodings in which it may be as well, this one first; none where it is sure"""
    is_found: bool = False
    """found by its letters, which is told"""
    example: str = ""


@dataclass(frozen=True)
class Reading:
    """How well an encoding explains the words of a file."""

    encoding: str
    score: float
    """nats; the closer to 0 the better"""
    texts: tuple[str, ...]


@cache
def _model(language: str) -> Mapping[str, float]:
    """Pairs of letters, one of them beyond ASCII, -> log probability among all pairs that begin alike."""
    locale = babel.Locale.parse(language)
    names: list[str] = []
    for table in (locale.territories, locale.languages, locale.currencies):
        names.extend(str(name) for name in table.values())
    for widths in locale.months.values():
        for width in widths.values():
            names.extend(str(name) for name in width.values())
    pairs: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    for name in names:
        for word in _WORD.findall(name):
            text = f" {word.lower()} "
            for before, after in pairwise(text):
                pairs[before + after] += 1
                letters[after] += 1
    total = sum(letters.values())
    starts: Counter[str] = Counter()
    for pair, count in pairs.items():
        starts[pair[0]] += count
    found = {
        pair: math.log((count + 0.3 * letters[pair[1]] / total) / (starts[pair[0]] + 0.3))
        for pair, count in pairs.items()
    }
    found.update({letter: math.log(count / total) - 1.5 for letter, count in letters.items()})
    return found


def _score(texts: Iterable[str], language: str, _: str) -> float:
    """Log probability of what stands beyond ASCII: pairs of letters, and signs by where they stand."""
    model = _model(language)
    total = 0.0
    for text in texts:
        around = f" {text} "
        for place in range(1, len(around) - 1):
            before, sign, after = around[place - 1], around[place], around[place + 1]
            if sign < "\x80":
                continue
            if not sign.isalpha():
                total += _sign(before, sign, after)
                continue
            low = sign.lower()
            total += _pair(model, (before.lower() if before.isalpha() else " ") + low)
            if after < "\x80":
                total += _pair(model, low + (after.lower() if after.isalpha() else " "))
            if sign > "\u02ff" and (_is_latin(before) or _is_latin(after)):
                total += 1.5 * IMPOSSIBLE  # two scripts in one word
            if sign != low and before.isalpha() and before != before.upper():
                total += IMPOSSIBLE  # a capital letter behind a small one
            elif sign == low != sign.upper() and before.isupper() and around[place - 2].isupper():
                total += IMPOSSIBLE / 2
    return total


def _is_latin(sign: str) -> bool:
    return sign.isalpha() and sign < "\u0250"


def _score_of_signs(texts: Iterable[str], language: str, encoding: str) -> float:
    """The same of a script of thousands of signs: known ones, those that the encoding counts as common, the rest."""
    model = _model(language)
    first, last, trail = COMMON_SIGNS[encoding]
    total = 0.0
    for text in texts:
        around = f" {text} "
        for before, sign, after in zip(around, around[1:], around[2:], strict=False):
            if sign < "\x80":
                continue
            code = sign.encode(encoding)
            is_common = len(code) == 2 and first <= code[0] <= last and code[1] >= trail
            total -= 4.0 if sign in model else 6.5 if is_common else 14.0
            total -= 10.0 * (_is_latin(before) + _is_latin(after))  # two scripts in one word
    return total


def _pair(model: Mapping[str, float], pair: str) -> float:
    known = model.get(pair)
    if known is None:
        known = min(model.get(letter, IMPOSSIBLE) for letter in pair if letter >= "\x80") - 2.0
    return max(known, IMPOSSIBLE)


def _sign(before: str, sign: str, after: str) -> float:
    """Log probability of a sign that is no letter, by what it stands between."""
    if "\x80" <= sign < "\xa0" or sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff":
        return 4 * IMPOSSIBLE
    letters = before.isalpha() + after.isalpha()
    if letters == 2:
        return {"’": -12.0, "\xa0": -9.0, "\xad": -9.0, "·": -9.0}.get(sign, 3 * IMPOSSIBLE)
    if letters and sign not in _PUNCTUATION:
        return 2.5 * IMPOSSIBLE
    return -6.0 if letters else -4.0


def high_cells(chunks: Iterable[bytes]) -> list[bytes]:
    """Cells with bytes beyond ASCII, each once, from the whole file; at most MOST_WORDS."""
    found: dict[bytes, None] = {}
    for chunk in chunks:
        for cell in _HIGH_CELL.findall(chunk):
            found.setdefault(cell[:200], None)
            if len(found) >= MOST_WORDS:
                return list(found)
    return list(found)


def readings(cells: list[bytes]) -> list[Reading]:
    """How each encoding reads them, the best first; those that read alike are one, under the likelier name."""
    found: list[Reading] = []
    seen: set[tuple[str, ...]] = set()
    for encoding, languages in LANGUAGES.items():
        try:
            texts = tuple(cell.decode(encoding) for cell in cells)
        except UnicodeDecodeError:
            continue
        if texts in seen:
            continue
        seen.add(texts)
        score = _score_of_signs if encoding in COMMON_SIGNS else _score
        best = max(score(texts, language, encoding) for language in languages)
        found.append(Reading(encoding, best + PRIOR.get(encoding, 0.0), texts))
    return sorted(found, key=lambda one: -one.score)


def encoding_of(received: Received) -> Encoding:
    """From the mark at its beginning, from what decodes, or from what its letters make."""
    head = received.head
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return Encoding("utf-32")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16")
    if received.nuls > received.size // 4:
        return Encoding("utf-16-le" if head[1:2] == b"\x00" else "utf-16-be")
    if received.is_utf8:
        return Encoding("utf-8-sig")
    with received.path.open("rb") as source:
        cells = high_cells(_chunks(source))
        source.seek(0)
        strays = _strays(_chunks(source)) if any(map(_is_utf8, cells)) else None
    found = readings(strays or cells)
    if not found:
        return Encoding("cp1252")
    best, margin = found[0], found[0].score - found[1].score if len(found) > 1 else math.inf
    needed = SURE_OF_WESTERN if best.encoding == "cp1252" else SURE * (1.75 if len(cells) < 3 else 1)
    is_sure = margin >= needed
    example = next((text for text in best.texts if any(sign > "\x7f" for sign in text)), "")
    if strays is not None:  # UTF-8 but for a few cells
        return Encoding("utf-8-sig", stray_letters(best.encoding), is_found=True, example=example)
    rivals = () if is_sure else _offered(found)
    return Encoding(best.encoding, rivals=rivals, is_found=best.encoding != "cp1252", example=example)


def _offered(found: Sequence[Reading]) -> tuple[Reading, ...]:
    """The likeliest readings, and that in the commonest encoding wherever it is one at all."""
    near = [one for one in found if found[0].score - one.score < 2 * SURE][:OFFERED]
    common = [one for one in found if one.encoding == "cp1252" and one not in near]
    return (*near[: OFFERED - len(common)], *common)


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    """The file in pieces that end with a line, so that no letter is cut in two."""
    rest = b""
    while chunk := source.read(CHUNK):
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield rest + chunk[:cut]
            rest = chunk[cut:]
        else:
            yield rest + chunk
            rest = b""
    yield rest


def _is_utf8(cell: bytes) -> bool:
    try:
        cell.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _strays(chunks: Iterable[bytes]) -> list[bytes] | None:
    """Cells of a file of UTF-8 that are none; None where most cells beyond ASCII are none."""
    whole, strays = 0, dict[bytes, None]()
    for chunk in chunks:
        if chunk.isascii():
            continue
        if _is_utf8(chunk):
            whole += 1 + len(_HIGH_CELL.findall(chunk[:10_000]))
            continue
        for cell in _HIGH_CELL.findall(chunk):
            if _is_utf8(cell):
                whole += 1
            else:
                strays.setdefault(cell[:200], None)
                if len(strays) > max(whole, 20):
                    return None
    return list(strays)[:MOST_WORDS] if strays and whole >= len(strays) else None


def stray_letters(encoding: str) -> str:
    """Name of the way to decode UTF-8 in which some bytes are letters of another encoding."""
    name = f"leadline-{encoding}"

    def decode(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        return error.object[error.start : error.end].decode(encoding, errors="replace"), error.end

    codecs.register_error(name, decode)
    return name


def known_encoding(name: str) -> str | None:
    """Name of the codec of texts that is meant; None where there is none."""
    try:
        found = codecs.lookup(name.strip())
        b"a".decode(found.name)
    except (LookupError, UnicodeError, ValueError, TypeError, AttributeError):
        return None
    return "utf-8-sig" if found.name == "utf-8" else found.name


_UTF_7 = re.compile(r"(?<![A-Za-z0-9+])\w*\+[A-Za-z0-9+/]{3,}-\w*")


def in_utf_7(text: str) -> tuple[str, str] | None:
    """(a word that says letters beyond ASCII as UTF-7 does, the word that is meant), the first in a text of several."""
    found = []
    for word in set(_UTF_7.findall(text)):
        try:
            meant = word.encode("ascii").decode("utf-7")
        except UnicodeError:
            continue
        if meant.isalpha() and not meant.isascii() and max(meant) < "\u0600":
            found.append((word, meant))
    return min(found) if len(found) > 1 else None


GARBLING = ("cp1252", "latin_1", "cp1250", "cp1251", "mac_roman", "cp1254")
"""encodings in which programs read UTF-8 wrongly"""
_LIKELY = re.compile(
    "[\x20-\x7e\xa0-\u017f\u0370-\u045f\u0490\u0491\u05d0-\u05ea\u0620-\u064a\u2010-\u2044\u20ac\u2122\u3000-\u30ff"
    "\u4e00-\u9fff\uac00-\ud7a3]+"
)
"""letters and signs of which words are made"""
_RUN = re.compile("[À-ÖØ-öø-ÿ]{4,}")
_HIGH_WORD = re.compile('(?<![^\\s,;"|\x00-\x1f])[^\\s,;"|\x00-\x1f]*[^\x00-\x7f][^\\s,;"|\x00-\x1f]*')


def garbled(text: str) -> tuple[str, str] | None:
    """(letters that another program has read wrongly, what they may have been), the first in a text."""
    for word in _HIGH_WORD.findall(text):
        if "\ufffd" in word:
            return word, ""
        for encoding in GARBLING:
            try:
                meant = _bytes_of(word, encoding).decode("utf-8")
            except UnicodeError:
                continue
            if len(meant) < len(word) and _LIKELY.fullmatch(meant):
                return word, meant
        if _RUN.search(word):
            found = readings([word.encode("latin_1", errors="ignore")])
            scores = {one.encoding: one.score for one in found}
            other = next((one for one in found if one.encoding in ("cp1251", "cp1253")), None)
            if other is not None and other.score - scores.get("cp1252", -math.inf) >= SURE:
                return word, other.texts[0]
    return None


def _bytes_of(word: str, encoding: str) -> bytes:
    """The bytes that a program took for this word; it passes on what its encoding has no letter for."""
    return b"".join(
        sign.encode("latin_1") if "\x80" <= sign < "\xa0" else sign.encode(encoding) for sign in word
    )
