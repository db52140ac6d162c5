"""Numbers, dates and durations as people read them: 1,450; 33 %; €402k; 12 Feb 2024; 2.8 hours.

Every function takes plain values and returns plain text, written as the locale of the context has it
(`dashboard.words.conventions`); the examples here are the house style. `None` (not known) becomes an en dash,
never 0.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from decimal import Decimal

from leadline.dashboard.words import conventions

UNKNOWN = "–"
_BASES = (100, 1_000, 10_000, 100_000)
NAME_LETTERS = 80
"""longer names fill a page"""
SMALL = 0.1
SMALLEST = 1e-6
"""from here up to there a number is told by two digits that say something: one decimal would read '0.0'"""
_ONE = {"people": "person", "ies": "y", "sses": "ss", "ches": "ch", "shes": "sh", "xes": "x"}
_ONE |= {same: same for same in ("ss", "us", "is")}
"""endings of plurals that are no more than an s → of one"""
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")


def number(value: float | None, decimals: int = 0, *, bare: bool = False) -> str:
    """1450 -> '1,450'. Decimals are kept only where they say something; `bare`: no decimals where they are all 0."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    return conventions.current().number(_plain(value, decimals, bare=bare))


def _plain(value: float, decimals: int, *, bare: bool = False) -> str:
    text = f"{value:.{decimals}f}"
    if bare and "." in text and not text.rpartition(".")[2].strip("0"):
        text = text.partition(".")[0]
    return "0" if text in ("-0", "-0.0", "-0.00") else text


def percent(share: float | None, decimals: int | None = None) -> str:
    """A share as percent: 0.334 -> '33 %', 0.042 -> '4.2 %', 0.9962 -> '99.6 %' (never rounded up to all)."""
    if share is None or not math.isfinite(share):
        return UNKNOWN
    return conventions.current().percent.around(_percent_digits(share, decimals))


def _percent_digits(share: float, decimals: int | None = None) -> str:
    if decimals is None:
        size = abs(share) * 100
        close_to_all = 99.5 <= size < 100
        decimals = 1 if close_to_all or 0 < size < 9.95 else 0
    return number(share * 100, decimals, bare=True)


def magnitude(relative: float | None) -> str:
    """The size of a change without its sign: -0.33 -> '33 %'; one decimal below 1 %, near 100 %."""
    if relative is None or not math.isfinite(relative):
        return UNKNOWN
    return conventions.current().percent.around(_magnitude_digits(relative))


def _magnitude_digits(relative: float) -> str:
    size = abs(relative)
    return _percent_digits(size, 0 if 0.01 <= size < 0.995 or size >= 0.9995 else 1)


def is_unchanged(relative: float | None) -> bool:
    """True where a change is told as '0 %'."""
    return relative is not None and math.isfinite(relative) and _magnitude_digits(relative) == "0"


def signed_percent(relative: float | None) -> str:
    """A change with its sign: -0.33 -> '−33 %', 0.05 -> '+5 %'."""
    if relative is None or not math.isfinite(relative):
        return UNKNOWN
    if is_unchanged(relative):
        return magnitude(0.0)
    return ("+" if relative > 0 else "−") + magnitude(relative)


def interval(low: float | None, high: float | None) -> str:
    """The interval of a change: (-0.42, -0.22) -> '22–42 %'; across zero with signs: '−9 % to +2 %'."""
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return ""
    if low < 0 < high or low == 0 or high == 0:
        return f"{signed_percent(low)} to {signed_percent(high)}"
    small, large = sorted((abs(low), abs(high)))
    first, last = _magnitude_digits(small), _magnitude_digits(large)
    if first == last:
        first, last = _percent_digits(small, 1), _percent_digits(large, 1)
    return conventions.current().percent.around(first if first == last else f"{first}–{last}")


def money(amount: float | None, currency: str | None) -> str:
    """402000, 'EUR' -> '€402k'; 1_250_000 -> '€1.3m'; without a known symbol the code leads: 'CHF 402k'."""
    if amount is None or not math.isfinite(amount):
        return UNKNOWN
    digits, around = _money(amount, currency)
    return f"{'−' if amount < 0 else ''}{around.around(digits)}"


def amount(value: float, currency: str | None) -> str:
    """All digits of an amount: 50000, 'EUR' -> '€50,000'; cents where there are some."""
    around = _with_currency(conventions.current().money, currency)
    return f"{'−' if value < 0 else ''}{around.around(number(abs(value), 0 if value == int(value) else 2))}"


def _money(amount: float, currency: str | None) -> tuple[str, conventions.Affixes]:
    """The digits of an amount's size, cut short, and what stands around them."""
    ways, size = conventions.current(), abs(amount)
    power = 9 if size >= 999_500_000 else 6 if size >= 999_500 else 3 if size >= 999.5 else 0
    divided = size / 10**power
    divisor, around = ways.scale(power, len(f"{divided:.0f}")) if power else (0, ways.money)
    if power and not divisor:
        # no short form is usual: all digits, but no more of them that say something
        digits = number(round(divided, 1 if divided < 9.95 else 0) * 10**power)
    elif power:
        shown = size / 10**divisor
        digits = number(shown, 1 if shown < 9.95 or power == 9 else 0, bare=True)
    else:
        digits = number(size, 0 if size >= 100 or size == int(size) else 2)
    return digits, _with_currency(around, currency)


def _with_currency(around: conventions.Affixes, currency: str | None) -> conventions.Affixes:
    """'¤' replaced by the sign, or by the code with a space between it and the number."""
    code = one_line(currency or "")
    sign = conventions.current().symbol(code) if code else ""
    before, after = around.before, around.after
    if not sign:
        return conventions.Affixes(before.replace("¤", "").strip(), after.replace("¤", "").rstrip())
    if before.endswith("¤") and sign[-1].isalpha():
        before += " "
    if after.endswith("¤") and sign[0].isalpha() and not after[:-1].endswith("\u00a0"):
        after = f"{after[:-1]}\u00a0¤"
    return conventions.Affixes(before.replace("¤", sign), after.replace("¤", sign))


def money_interval(low: float | None, high: float | None, currency: str | None) -> str:
    """(255000, 540000, 'EUR') -> '€255k–540k'; across zero the signs stay apart: '−€5k to €20k'."""
    if low is None or high is None:
        return ""
    if low < 0 or not (math.isfinite(low) and math.isfinite(high)):
        return f"{money(low, currency)} to {money(high, currency)}"
    (small, around_small), (_, around_large) = _money(low, currency), _money(high, currency)
    if around_small.before:
        return f"{around_small.around(small)}–{money(high, None)}"
    if around_small == around_large:
        return f"{small}–{money(high, currency)}"
    return f"{money(low, None)}–{money(high, currency)}"


def duration(minutes: float | None) -> str:
    """Minutes as '40 seconds', '8 minutes', '2.8 hours', '3 days'."""
    if minutes is None or not math.isfinite(minutes) or minutes < 0:
        return UNKNOWN
    for limit, size, unit in ((1, 1 / 60, "second"), (90, 1, "minute"), (36 * 60, 60, "hour")):
        if minutes < limit:
            return _counted(minutes / size, unit)
    return _counted(minutes / 1440, "day")


def _counted(value: float, unit: str) -> str:
    text = number(value, 1 if 0 < value < 10 and unit != "second" else 0, bare=True)
    return f"{text} {unit}" if text == "1" else f"{text} {unit}s"


def metric_value(value: float | None, unit: str, currency: str | None = None) -> str:
    """A value in its metric's unit: 'share' -> '13 %', 'minutes' -> '8 minutes', 'count' -> '1,450', '0.004'."""
    if unit == "share":
        return percent(value, 1 if value is not None and abs(value) < 0.995 else 0)
    if unit == "minutes":
        return duration(value)
    if unit == "money":
        return money(value, currency)
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if SMALLEST <= abs(value) < SMALL:
        return number(value, _decimals_of_two_digits(value))
    return number(value, 1 if abs(value) < 10 and value != int(value) else 0)


def _decimals_of_two_digits(value: float) -> int:
    """How many decimals a small number needs for two digits that say something: 0.0041 -> 4, 0.05 -> 2."""
    exponent = Decimal(f"{value:.2g}").as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def day(date: dt.date | None) -> str:
    """'12 Feb 2024'."""
    return UNKNOWN if date is None else conventions.current().date(date, "yMMMd")


def long_day(date: dt.date) -> str:
    """'12 February 2024'."""
    return conventions.current().date(date, "yMMMMd")


def day_of_year(date: dt.date) -> str:
    """'12 Feb'."""
    return conventions.current().date(date, "MMMd")


def month(date: dt.date) -> str:
    """'Feb 2024'."""
    return conventions.current().date(date, "yMMM")


def day_span(first: dt.date, last: dt.date) -> str:
    """'24–30 Jun 2024', '29 Jan – 4 Feb 2024', '30 Dec 2024 – 5 Jan 2025'."""
    return conventions.current().span(first, last)


def local(at: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """A moment as it is kept, UTC without zone, on the clock of `zone`."""
    return at.replace(tzinfo=dt.UTC).astimezone(zone)


def moment(at: dt.datetime) -> str:
    """'22 Nov 2026, 09:50 CET': always with the zone of its clock."""
    name = f"{at:%Z}" or "UTC"
    zone = f"\u00a0{'UTC' if name[0] in '+-' else ''}{name}"
    return f"{day(at.date())}, {conventions.current().clock(at.time())}{zone}"


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """'1 row', '1,450 rows'."""
    return f"{number(count)} {singular if count == 1 else plural or singular + 's'}"


def one_of(plural: str) -> str:
    """One of what a plural names: 'leads' -> 'lead', 'open replies' -> 'open reply'."""
    for ending, instead in _ONE.items():
        if plural.endswith(ending):
            return plural.removesuffix(ending) + instead
    return plural.removesuffix("s")


def listed(names: list[str] | tuple[str, ...], most: int = 4) -> str:
    """'a', 'a and b', 'a, b and c', 'a, b, c and 4 more'."""
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{number(len(names) - most)} more")
    if len(shown) <= 1:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def within_a_sentence(label: str) -> str:
    """'Close rate' as 'close rate'; an abbreviation keeps its capitals."""
    return label if label[:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def one_line(text: str) -> str:
    """A name from a file, on one line: control characters and direction marks out, white space single.

    Spaces that keep a number together (no-break, narrow no-break) stay.
    """
    visible = re.sub(
        r"[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", " ", text
    )
    return _SPACES.sub(" ", visible.strip())


def shortened(text: str, letters: int) -> str:
    """Text of at most that many letters, an ellipsis where it was cut."""
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def sentence_case(text: str) -> str:
    """First letter upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def base_of(shares: Sequence[float], apart: bool = True) -> int:
    """Of how many shares are told so that they are whole numbers, and where they are `apart` can be told apart: 100, or
    as much as it needs.

    >>> [base_of(shares) for shares in ((0.119, 0.201), (0.119, 0.123), (0.019, 0.04), (0.996, 0.9), (0.0, 0.0))]
    [100, 1000, 1000, 1000, 100]
    >>> base_of((0.119, 0.123), apart=False)
    100
    """
    for base in _BASES:
        rounded = [round(share * base) for share in shares]
        coarse = any(share > 0 and share * base < 9.5 for share in shares)
        full = any(share < 1 and whole >= base for share, whole in zip(shares, rounded, strict=True))
        blurred = apart and len(set(rounded)) < len({round(share, 3) for share in shares})
        if not (coarse or full or blurred):
            return base
    return _BASES[-1]


def so_many_of(share: float, base: int) -> str:
    """0.119, 100 -> '12 of 100'."""
    return f"{number(share * base)} of {number(base)}"
