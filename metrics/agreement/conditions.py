"""`when: close_rate < 15%` as people write it, and the quantities that stand in it.

    condition  = verdict | 'checkpoint missed' | metric comparison threshold
    threshold  = number | 'baseline' [('+' | '-') percent]
    number     = share ('15%', '0.15') | minutes ('30', '2 hours') | count ('1,200') | money ('50,000 EUR')

`cost` may stand where a metric stands: what the drift cost so far. Nothing is guessed: '5' for a share,
'50.000' for an amount and '$' for a currency are asked back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import TypeVar, cast, get_args

from leadline.data.documents.faults import listing, nearest, shown
from leadline.data.documents.values import Value
from leadline.metrics.agreement.catalog import Metric, Unit
from leadline.metrics.charter_terms import CHECKPOINT_MISSED, Comparison, Condition
from leadline.metrics.verdicts import ALIGNED, AWAITABLE, Verdict

T = TypeVar("T")

COST = "cost"
"""stands where a metric stands: what the drift cost so far, an amount"""

_SHOWN_AS: dict[str, Verdict] = {
    "drifting": "diverging",
    "holding": "aligned",
    "check_the_data": "data_problem",
}
_SIGNS = {"≤": "<=", "≥": ">=", "=<": "<=", "=>": ">="}
_MINUTES = {"second": Decimal(1) / 60, "minute": Decimal(1), "hour": Decimal(60), "day": Decimal(1440)}
_SHORT = {"s": "second", "sec": "second", "min": "minute", "h": "hour", "hr": "hour", "d": "day"}
_SYMBOLS = {"€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY"}


class UnclearError(ValueError):
    """Not usable as written; the text says what to write instead, without naming the place."""


def parse_condition(text: str, catalog: Mapping[str, Metric], watched: Collection[str]) -> Condition:
    """The condition meant. Raises UnclearError with what to write instead."""
    text = " ".join(text.split())
    parts = re.fullmatch(r"([^<>=!≤≥]*)([<>=!≤≥]+)([^<>=!≤≥]*)", text)
    if parts is None:
        return _verdict_condition(text)
    name, sign, right = (part.strip() for part in parts.groups())
    sign = _SIGNS.get(sign, sign)
    if sign not in get_args(Comparison):
        raise UnclearError(f"{shown(sign)} is not a comparison; write <, <=, > or >=.")
    comparison = cast(Comparison, sign)
    unit = _unit_of(name, catalog, watched)
    if name == COST and comparison in ("<", "<="):
        raise UnclearError(f"a cost is watched from above; write '{COST} > {right or '50,000 EUR'}'.")
    if name != COST:
        _refuse_share(right, catalog[name])
    number, relative, currency = parse_threshold(right, unit, allows_baseline=name != COST)
    _refuse_never(comparison, unit, number, relative)
    is_of_count = name != COST and catalog[name].kind in ("volume", "sum")
    text = f"{name} {comparison} {right}"
    return Condition(text, None, name, comparison, number, relative, currency, is_of_count)


def parse_recovery(text: str, when: Condition, catalog: Mapping[str, Metric]) -> Condition:
    """The threshold that a breached rule must reach to be back: `recover: 18%` for `close_rate < 15%`."""
    if when.metric is None or when.comparison is None:
        kind = "a missed checkpoint" if when.verdict == CHECKPOINT_MISSED else "a verdict"
        raise UnclearError(f"{kind} has no recovery threshold; leave recover out.")
    unit: Unit = "money" if when.metric == COST else catalog[when.metric].unit
    text = " ".join(text.split())
    if when.metric != COST:
        _refuse_share(text, catalog[when.metric])
    number, relative, currency = parse_threshold(text, unit, allows_baseline=when.metric != COST)
    below = when.comparison in ("<", "<=")
    same_kind = (when.number, number) if when.relative is None else (when.relative, relative)
    if None not in same_kind:
        limit, back = cast("tuple[float, float]", same_kind)
        if (back < limit) if below else (back > limit):
            raise UnclearError(
                f"that is on the wrong side of {shown(when.text)}; write a value "
                f"{'above' if below else 'below'} that threshold."
            )
    back_at: Comparison = ">=" if below else "<="
    return Condition(
        f"{when.metric} {back_at} {text}", None, when.metric, back_at, number, relative, currency
    )


def parse_threshold(
    text: str, unit: Unit, *, allows_baseline: bool
) -> tuple[float | None, float | None, str | None]:
    """(number, relative, currency): a number in the metric's unit, or a change relative to the baseline."""
    baseline = re.fullmatch(r"baseline\s*(?:([+\-−–])\s*(.*))?", text, re.IGNORECASE)
    if baseline is None:
        if "baseline" in text.lower():
            raise UnclearError(
                f"{shown(text)} is not understood; write 'baseline - 20%' or 'baseline + 20%'."
            )
        number, currency = _number(text, unit)
        return float(number), None, currency
    if not allows_baseline:
        raise UnclearError("the cost of drift has no baseline; write an amount such as 50,000 EUR.")
    sign, change = baseline.groups()
    if sign is None:
        return None, 0.0, None
    if not re.fullmatch(r"\d+(\.\d+)?\s*%", change):
        example = change if re.fullmatch(r"\d+(\.\d+)?", change) else "20"
        raise UnclearError(
            f"{shown(change)} is not a percentage; write 'baseline {'+' if sign == '+' else '-'} {example}%'."
        )
    relative = Decimal(change.rstrip("% ")) / 100
    return None, float(relative if sign == "+" else -relative), None


def parse_share(text: str) -> float:
    """'5%', '5 %' and '0.05' as 0.05. Raises UnclearError; '5' is unclear."""
    if percent := re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)\s*%", text):
        share = Decimal(percent[1]) / 100
    elif re.fullmatch(r"0?\.\d{1,12}|[01](\.0+)?", text):
        share = Decimal(text)
    elif re.fullmatch(r"\d+(\.\d+)?", text):
        raise UnclearError(
            f"write {text}% if a percentage is meant, else a share between 0 and 1 such as 0.05."
        )
    elif comma := re.fullmatch(r"(\d+),(\d+)(\s*%?)", text):
        raise UnclearError(f"write a decimal point: {comma[1]}.{comma[2]}{comma[3].strip()}.")
    else:
        raise UnclearError("write a percentage such as 5% or a share such as 0.05.")
    if share > 1:
        raise UnclearError("a share is at most 100%.")
    return float(share)


def no_target(metric: Metric, target: Value) -> str:
    """Why nothing is held against a target that was written for a metric, and what to agree instead."""
    side, change = ("<", "-") if metric.higher_is_better else (">", "+")
    if metric.unit == "share":
        why, level = "a share of pairs, whose scatter only a baseline tells", target.text(20) or "40%"
    else:
        why, level = "no share of units", f"baseline {change} 20%"
    rule = f"'when: {metric.id} {side} {level}'"
    return f"{metric.id} is {why}; leave target out, and agree a stopping rule such as {rule}."


def parse_target(text: str) -> float:
    """A share that units are to reach: '25%' as 0.25. Raises UnclearError."""
    share = parse_share(text)
    if not 0 < share < 1:
        raise UnclearError("write a percentage above 0% and below 100%, such as 25%.")
    return share


def understood(value: Value | None, parse: Callable[[str], T], otherwise: T) -> T:
    """What a scalar means; where that is unclear, the fault says what to write, and `otherwise` stands in."""
    if value is None or (written := value.scalar("plain text")) is None:
        return otherwise
    try:
        return parse(written)
    except UnclearError as e:
        value.fault(f"{value.name} is {shown(written)}; {e}")
        return otherwise


def parse_weeks(text: str, most: int) -> int:
    """'2 weeks' as 2. Raises UnclearError."""
    if weeks := re.fullmatch(r"(\d{1,3})\s*(?:weeks?)?", text, re.IGNORECASE):
        if 1 <= int(weeks[1]) <= most:
            return int(weeks[1])
        raise UnclearError(f"write between 1 week and {most} weeks.")
    if re.fullmatch(r"weekly|every week|(?:1 )?week", text, re.IGNORECASE):
        raise UnclearError("write '1 week'.")
    if (days := re.fullmatch(r"(\d{1,4})\s*days?", text, re.IGNORECASE)) and int(days[1]) % 7 == 0 < int(
        days[1]
    ):
        count = int(days[1]) // 7
        raise UnclearError(f"write '{count} week{'s' if count > 1 else ''}'.")
    raise UnclearError("write a number of whole weeks such as '2 weeks'.")


def parse_days(text: str, most: int) -> int:
    """'14 days' as 14, '2 weeks' too. Raises UnclearError."""
    said = re.fullmatch(r"(\d{1,4})\s*(days?|weeks?)", text, re.IGNORECASE)
    if said is None:
        raise UnclearError("write a number of days such as '14 days'.")
    days = int(said[1]) * (7 if said[2].lower().startswith("week") else 1)
    if days > most:
        raise UnclearError(f"write between 0 days and {most} days.")
    return days


def _verdict_condition(text: str) -> Condition:
    word = re.sub(r"[\s\-]+", "_", text.lower())
    if word == CHECKPOINT_MISSED:
        return Condition("checkpoint missed", verdict=CHECKPOINT_MISSED)
    if "checkpoint" in word:
        raise UnclearError("write 'checkpoint missed'.")
    if awaited := next((verdict for verdict in AWAITABLE if verdict == word), None):
        return Condition(word, verdict=awaited)
    comparing = r"^(\S+) (?:is )?(below|under|less than|above|over|more than) (.+)$"
    if worded := re.match(comparing, text, re.IGNORECASE):
        sign = "<" if worded[2].lower() in ("below", "under", "less than") else ">"
        raise UnclearError(f"write it with a sign: '{worded[1]} {sign} {worded[3]}'.")
    meant = _SHOWN_AS.get(word) or nearest(word, AWAITABLE)
    if meant in AWAITABLE:
        raise UnclearError(f"did you mean {meant}?")
    if ALIGNED in (word, meant):
        raise UnclearError(
            f"{shown(text)} is the good news and can't stop anything; write {listing(AWAITABLE)}."
        )
    raise UnclearError(
        f"that is neither a verdict ({listing(AWAITABLE)}) nor a comparison such as 'close_rate < 15%'."
    )


def _unit_of(name: str, catalog: Mapping[str, Metric], watched: Collection[str]) -> Unit:
    """The unit that the threshold of this metric is written in."""
    if name == COST:
        return "money"
    if name not in catalog:
        if not name:
            raise UnclearError("the comparison has nothing on its left; write it as 'close_rate < 15%'.")
        guess = nearest(name, [*watched, COST]) or nearest(name, catalog)
        hint = (
            f"did you mean {guess}?" if guess else f"this charter watches {listing(sorted(watched), 'and')}."
        )
        raise UnclearError(f"metric {shown(name)} is not known; {hint}")
    if name not in watched:
        watched_as = "proxies" if catalog[name].role == "proxy" else "outcomes"
        raise UnclearError(f"{name} is not watched by this charter; add it to watch.{watched_as}.")
    return catalog[name].unit


def _refuse_never(comparison: Comparison, unit: Unit, number: float | None, relative: float | None) -> None:
    """A rule that can't be breached protects nobody."""
    if comparison in ("<", "<=") and ((number is not None and number <= 0) or (relative or 0) <= -1):
        raise UnclearError("this can never happen, a value is not below 0; write a higher threshold.")
    if comparison in (">", ">=") and unit == "share" and number is not None and number >= 1:
        raise UnclearError("this can never happen, a share is not above 100%; write a lower threshold.")


def _refuse_share(text: str, metric: Metric) -> None:
    """A percentage of what is told as a number for each of another: '0.4%' of clicks for each impression."""
    percentage = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)\s*%", text)
    if percentage and metric.unit == "count" and metric.kind in ("ratio", "mean"):
        plain = f"{Decimal(percentage[1]) / 100:f}"
        raise UnclearError(
            f"{metric.id} is a number for each, not a share of some, so it has no percentage; write {plain} where "
            "that is meant, or 'baseline - 20%'."
        )


def _number(text: str, unit: Unit) -> tuple[Decimal, str | None]:
    """(number, currency) in the metric's unit."""
    if not text:
        raise UnclearError("the comparison has nothing on its right; write it as 'close_rate < 15%'.")
    if unit == "share":
        return Decimal(repr(parse_share(text))), None
    if unit == "money":
        return _money(text)
    parts = re.fullmatch(r"([\d.,]+)\s*([^\W\d]*)", text)
    if parts is None:
        raise _not_a_number(text, unit)
    number, word = _plain_number(parts[1], unit), parts[2].lower()
    if unit == "count" and (_time_of(word) in _MINUTES or word.upper() in _SYMBOLS.values()):
        raise _not_a_number(text, unit)
    if unit == "minutes" and word:
        singular = _time_of(word)
        if singular not in _MINUTES:
            raise UnclearError(f"{shown(word)} is not a unit of time; write seconds, minutes, hours or days.")
        return number * _MINUTES[singular], None
    return number, None


def _time_of(word: str) -> str:
    """'mins' as 'min', 'h' and 'hours' as 'hour'."""
    return _SHORT.get(word, word.removesuffix("s"))


def _money(text: str) -> tuple[Decimal, str | None]:
    if symbol := next((s for s in _SYMBOLS if s in text), None):
        plain = text.replace(symbol, "").strip()
        raise UnclearError(f"write the currency as a code after the amount: {plain} {_SYMBOLS[symbol]}.")
    parts = re.fullmatch(r"([A-Za-z]{3})?\s*([\d.,]+)\s*([A-Za-z]{3})?", text)
    if parts is None or (parts[1] and parts[3]):
        raise _not_a_number(text, "money")
    code = parts[1] or parts[3]
    return _plain_number(parts[2], "money"), code.upper() if code else None


def _plain_number(text: str, unit: Unit) -> Decimal:
    """'1,200.5' as 1200.5; what reads differently in different countries is asked."""
    if re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+", text):
        whole = text.replace(".", "")
        other = f" or {text.rstrip('0')}0" if text.count(".") == 1 else ""
        raise UnclearError(f"{shown(text)} can be read in two ways; write {int(whole):,}{other}.")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d{1,9})?", text):
        return Decimal(text.replace(",", ""))
    if re.fullmatch(r"\d{1,15}(\.\d{1,9})?", text):
        return Decimal(text)
    if comma := re.fullmatch(r"(\d+),(\d+)", text):
        raise UnclearError(f"write a decimal point: {comma[1]}.{comma[2]}.")
    raise _not_a_number(text, unit)


def _not_a_number(text: str, unit: Unit) -> UnclearError:
    example = {"minutes": "30 minutes", "count": "1,200", "money": "50,000 EUR", "share": "15%"}[unit]
    return UnclearError(f"{shown(text)} is not a number; write one such as {example}, or 'baseline - 20%'.")
