"""Numbers, dates and durations as people read them: 1,450; 33 %; €402k; 12 Feb 2024; 2.8 hours.

Every function takes plain values and returns plain text; `None` (not known) becomes an en dash, never 0.
"""

from __future__ import annotations

import datetime as dt
import math
import re

UNKNOWN = "–"
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


def number(value: float | None, decimals: int = 0) -> str:
    """1450 -> '1,450'. Decimals are kept only where they say something."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    text = f"{value:,.{decimals}f}"
    return "0" if text in ("-0", "-0.0", "-0.00") else text.replace("-", "−")


def percent(share: float | None, decimals: int | None = None) -> str:
    """A share as percent: 0.334 -> '33 %', 0.042 -> '4.2 %', 0.9962 -> '99.6 %' (never rounded up to all)."""
    if share is None or not math.isfinite(share):
        return UNKNOWN
    if decimals is None:
        size = abs(share) * 100
        close_to_all = 99.5 <= size < 100
        decimals = 1 if close_to_all or 0 < size < 9.95 else 0
    text = number(share * 100, decimals)
    return f"{text.removesuffix('.0')} %"


def magnitude(relative: float | None) -> str:
    """The size of a change without its sign: -0.33 -> '33 %'; one decimal below 1 %, near 100 %."""
    if relative is None or not math.isfinite(relative):
        return UNKNOWN
    size = abs(relative)
    return percent(size, 0 if 0.01 <= size < 0.995 or size >= 0.9995 else 1)


def signed_percent(relative: float | None) -> str:
    """A change with its sign: -0.33 -> '−33 %', 0.05 -> '+5 %'."""
    if relative is None or not math.isfinite(relative):
        return UNKNOWN
    text = magnitude(relative)
    if text in ("0 %", "0.0 %"):
        return "0 %"
    return ("+" if relative > 0 else "−") + text


def interval(low: float | None, high: float | None) -> str:
    """The interval of a change: (-0.42, -0.22) -> '22–42 %'; across zero with signs: '−9 % to +2 %'."""
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return ""
    if low < 0 < high or low == 0 or high == 0:
        return f"{signed_percent(low)} to {signed_percent(high)}"
    small, large = sorted((abs(low), abs(high)))
    first, last = magnitude(small), magnitude(large)
    if first == last:
        first, last = percent(small, 1), percent(large, 1)
    return first if first == last else f"{first.removesuffix(' %')}–{last}"


def money(amount: float | None, currency: str | None) -> str:
    """402000, 'EUR' -> '€402k'; 1_250_000 -> '€1.3m'; without a known symbol the code leads: 'CHF 402k'."""
    if amount is None or not math.isfinite(amount):
        return UNKNOWN
    sign = "−" if amount < 0 else ""
    size = abs(amount)
    if size >= 999_500_000:
        text = f"{size / 1e9:,.1f}bn"
    elif size >= 9_950_000:
        text = f"{size / 1e6:,.0f}m"
    elif size >= 999_500:
        text = f"{size / 1e6:.1f}m"
    elif size >= 9_950:
        text = f"{size / 1e3:.0f}k"
    elif size >= 999.5:
        text = f"{size / 1e3:.1f}k"
    else:
        text = f"{size:.0f}" if size >= 100 or size == int(size) else f"{size:.2f}"
    text = text.replace(".0m", "m").replace(".0k", "k").replace(".0bn", "bn")
    return f"{sign}{currency_mark(currency)}{text}"


def currency_mark(currency: str | None) -> str:
    """'€' for EUR, 'CHF ' for what has no common symbol, nothing where the currency is not known."""
    if not currency:
        return ""
    return _SYMBOLS.get(currency.upper(), f"{one_line(currency)} ")


def money_interval(low: float | None, high: float | None, currency: str | None) -> str:
    """(255000, 540000, 'EUR') -> '€255k–540k'; across zero the signs stay apart: '−€5k to €20k'."""
    if low is None or high is None:
        return ""
    if low < 0:
        return f"{money(low, currency)} to {money(high, currency)}"
    return f"{money(low, currency)}–{money(high, None)}"


def duration(minutes: float | None) -> str:
    """Minutes as '40 seconds', '8 minutes', '2.8 hours', '3 days'."""
    if minutes is None or not math.isfinite(minutes) or minutes < 0:
        return UNKNOWN
    for limit, size, unit in ((1, 1 / 60, "second"), (90, 1, "minute"), (36 * 60, 60, "hour")):
        if minutes < limit:
            return _counted(minutes / size, unit)
    return _counted(minutes / 1440, "day")


def _counted(value: float, unit: str) -> str:
    text = number(value, 1 if 0 < value < 10 and unit != "second" else 0).removesuffix(".0")
    return f"{text} {unit}" if text == "1" else f"{text} {unit}s"


def metric_value(value: float | None, unit: str, currency: str | None = None) -> str:
    """A value in its metric's unit: 'share' -> '13 %', 'minutes' -> '8 minutes', 'count' -> '1,450'."""
    if unit == "share":
        return percent(value, 1 if value is not None and abs(value) < 0.995 else 0)
    if unit == "minutes":
        return duration(value)
    if unit == "money":
        return money(value, currency)
    if value is None:
        return UNKNOWN
    return number(value, 1 if abs(value) < 10 and value != int(value) else 0)


def day(date: dt.date | None) -> str:
    """'12 Feb 2024'."""
    return UNKNOWN if date is None else f"{date.day} {_MONTHS[date.month - 1][:3]} {date.year}"


def long_day(date: dt.date) -> str:
    """'12 February 2024'."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def day_span(first: dt.date, last: dt.date) -> str:
    """'24–30 Jun 2024', '29 Jan – 4 Feb 2024', '30 Dec 2024 – 5 Jan 2025'."""
    if first.year != last.year:
        return f"{day(first)} – {day(last)}"
    if first.month != last.month:
        return f"{day(first).rsplit(' ', 1)[0]} – {day(last)}"
    return f"{first.day}–{day(last)}" if first != last else day(first)


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """'1 row', '1,450 rows'."""
    return f"{number(count)} {singular if count == 1 else plural or singular + 's'}"


def listed(names: list[str] | tuple[str, ...], most: int = 4) -> str:
    """'a', 'a and b', 'a, b and c', 'a, b, c and 4 more'."""
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    if len(shown) <= 1:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def one_line(text: str) -> str:
    """A name from a file, on one line: control characters and direction marks out, white space single."""
    visible = re.sub(
        r"[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", " ", text
    )
    return " ".join(visible.split())


def shortened(text: str, letters: int) -> str:
    """Text of at most that many letters, an ellipsis where it was cut."""
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"
