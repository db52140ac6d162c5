"""Amounts held against those that are known: a part of them or new ones in another unit, or in no currency."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from leadline.data.database.session import Row, Session
from leadline.data.landing.compare import bit_of, own_moment
from leadline.data.landing.fold import Spoken
from leadline.data.landing.known_identities import ENOUGH, EXAMPLES, FEWEST, MOST, Finding
from leadline.data.sql import compose, quote, read_sql
from leadline.data.templates import Template, kind_words

PART = 0.1
"""share of the rows that are known from which on a common factor is told"""
PART_OF = 100
"""rows, of fewer of which a part is a handful"""
UNIT = 50
"""times what is known from which on new amounts are in another unit; growth and larger customers make less"""
LATE = 30
"""times as late as what is known from which on answers may be seconds under a heading of minutes"""
CLEARLY = 15
"""times what is known, up to which a part of many rows shows that all of them are on the same scale"""
ANSWERED = "first_response_at"
SAMPLE = 20_000
"""known rows whose amounts are looked at"""


def look_at_amounts(
    session: Session, template: Template, spoken: Spoken, asked: Collection[str], fresh: int
) -> Iterator[Finding]:
    """What is found, one by one. `asked`: what is asked of the file already; `fresh`: how many rows would be new."""
    known = quote(f"current_{template.name}")
    if not fresh or not session.select(f"select 1 from landed.{known} limit 1"):  # noqa: S608
        return
    yield from _other_scales(session, template, spoken, fresh)
    money = next((c.name for c in template.columns if c.type == "money" and c.name in spoken.columns), None)
    if money is None:
        return
    if not {"rescaled_amounts", "older_export"} & set(asked) and (
        unit := _new_ones(session, template, money)
    ):
        yield unit
    if template.column("currency") is not None:
        yield from _unlabelled(session, template, money)


def rescaled_part(session: Session, template: Template, money: str) -> Finding | None:
    """Known rows whose amounts would be the same number of times what they were, where they are no more than a part."""
    found = session.select(read_sql("landing/common_factor.sql"))
    for factor, is_unit, rows, changing, known in found:
        if rows < FEWEST or rows <= PART * (changing if is_unit else max(known, PART_OF)):
            continue
        several = kind_words(template.name)
        told = (
            f"{money} of {rows:,} of the {known:,} {several} that are known would be {factor:.4g} times what it was "
            f"({_examples(session, template, money, factor)})"
        )
        if is_unit and rows >= ENOUGH and rows > PART * known:
            instead = "an export in which all are in the unit of the others"
            return Finding("rescaled_amounts", f"{told}. Are they in another unit than the others?", instead)
        return Finding("rescaled_amounts", f"{told}, and the others stay.", None)
    return None


def _examples(session: Session, template: Template, money: str, factor: float) -> str:
    sql = compose(
        "landing/held_examples.sql",
        known=quote(f"current_{template.name}"),
        key=", ".join(f"known.{quote(part)}::varchar" for part in template.key),
        before=f"known.{quote(money)}",
        after=f"typed_rows.{quote(money)}",
        condition="round(matches.factor, 3) = $factor",
    )
    values = {"bit": bit_of(template, money), "most": EXAMPLES, "factor": factor}
    return "; ".join(f"{row}: {before} → {after}" for row, before, after in session.select(sql, values))


def _quarters(
    session: Session, template: Template, amount: str, coin: str, kind: str, every: int = 1
) -> list[Row]:
    """New amounts beside those that are known: a row a currency and kind. Of the new ones, one of `every`."""
    known = quote(f"current_{template.name}")
    sql = compose("landing/new_amounts.sql", money=amount, coin=coin, kind=kind, known=known)
    return session.select(sql, {"fewest": FEWEST, "most": SAMPLE, "every": every})


def _other_scales(session: Session, template: Template, spoken: Spoken, fresh: int) -> Iterator[Finding]:
    """New numbers on another scale than those that are known, and answers as late as if minutes were seconds.

    They are told: a score may be made anew, and people answer later than a machine. Sooner is what machines are for.
    Of many rows a part shows whether there is anything to tell.
    """
    several = kind_words(template.name)
    nothing = "null::varchar"
    every = max(1, fresh // SAMPLE)
    for column in template.columns:
        is_answer = column.name == ANSWERED
        if column.name not in spoken.columns or not (is_answer or column.type == "number"):
            continue
        moment = own_moment(template)
        amount = (
            f"epoch({quote(ANSWERED)} - {quote(moment)}) / 60" if is_answer and moment else quote(column.name)
        )
        if every > 1:
            some = _quarters(session, template, amount, nothing, nothing, every)
            if some and all(1 / CLEARLY < middle < CLEARLY for _, _, _, _, middle, *_ in some):
                continue
        for _, new, known, low, middle, high, line, here, there in _quarters(
            session, template, amount, nothing, nothing
        ):
            quarters = (low, middle, high)
            is_late = is_answer and min(quarters) >= LATE
            is_other = not is_answer and (min(quarters) >= UNIT or max(quarters) <= 1 / UNIT)
            if min(new, known) < ENOUGH or not (is_late or is_other):
                continue
            if is_answer:
                told = (
                    f"The {new:,} {several} that are new were answered about {middle:,.0f} times as late as those that "
                    f"are known ({here:,.0f} minutes in the middle, such as line {line}; {there:,.0f} before). If the "
                    "file's numbers are seconds, take the import back and say so in a mapping, "
                    "'Their column: first_response_seconds'."
                )
            else:
                told = (
                    f"{column.name} of the {new:,} {several} that are new is on another scale than what is known: "
                    f"{here:,.4g} in the middle (such as line {line}), {there:,.4g} before. Which of them is meant?"
                )
            yield Finding("rescaled_amounts", told, None)


def _new_ones(session: Session, template: Template, money: str) -> Finding | None:
    """New amounts that are many times, or a small part of, what is known of their currency, in all their quarters."""
    coin, kind = (name if template.column(name) else "null::varchar" for name in ("currency", "kind"))
    for currency, new, known, low, middle, high, line, here, there in _quarters(
        session, template, quote(money), coin, kind
    ):
        quarters = (low, middle, high)
        if known < ENOUGH or not (min(quarters) >= UNIT or max(quarters) <= 1 / UNIT):
            continue
        several = kind_words(template.name)
        coins = f" {currency}" if currency else ""
        times = f"{middle:,.0f} times" if middle > 1 else f"1/{1 / middle:,.0f} of"
        told = (
            f"{money} of the {new:,} {several} that are new is about {times} what is known: {here:,.2f}{coins} in the "
            f"middle (such as line {line}), {there:,.2f}{coins} of {known:,} before"
        )
        if new >= ENOUGH:
            return Finding(
                "rescaled_amounts", f"{told}. Is it in another unit?", "an export in the unit of the others"
            )
        return Finding("rescaled_amounts", f"{told}. If it is in another unit, take the import back.", None)
    return None


def _unlabelled(session: Session, template: Template, money: str) -> Iterator[Finding]:
    """New amounts without a currency, where the export names none and those that are known have one."""
    sql = compose(
        "landing/unlabelled_amounts.sql", money=quote(money), known=quote(f"current_{template.name}")
    )
    ((bare, labelled, line, known, of, currency),) = session.select(sql)
    if not bare or labelled or known < FEWEST or known <= MOST * of:
        return
    rows = f"1 {template.one}" if bare == 1 else f"{bare:,} {kind_words(template.name)}"
    yield Finding(
        "bare_amounts",
        f"{money} of {rows} that would be new (such as line {line}) names no currency, and {known:,} of the {of:,} "
        f"that are known do ({currency}). They count apart; a mapping with 'constants: {{currency: {currency}}}' says "
        "it.",
        None,
    )
