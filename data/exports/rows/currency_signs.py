"""Signs that several currencies have, and amounts whose sign is of another currency than their row says.

What is known here tells which of them is meant, or a person does; a sign that nobody knows is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leadline.data.database.session import Session
from leadline.data.exports.landing_report import AskError, Question, Warned
from leadline.data.exports.recognition.headings import currency_in_heading
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.exports.rows.typed_columns import Reading
from leadline.data.sql import compose, quote, read_sql
from leadline.data.templates import fold_word, kind_words

DOLLARS = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN")
SEVERAL = {
    "¥": ("JPY", "CNY"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "₨": ("INR", "PKR", "LKR", "NPR"),
    "﷼": ("SAR", "IRR", "QAR", "OMR"),
    "Sh": ("KES", "TZS", "UGX"),
}
"""sign -> the currencies that it is of"""


def settle_signs(session: Session, recognised: Recognised, reading: Reading) -> list[Warned]:
    """Puts the currency that is meant in place of its sign in `typed_rows`. Raises AskError where that is not known."""
    template = recognised.template
    money = [c for c in template.columns if c.type == "money" and c.name in recognised.places]
    if template.column("currency") is None or not (money or "currency" in recognised.places):
        return []
    warnings, questions = [], []
    said = recognised.words.get("currency", {})
    for sign, rows, line in session.select(read_sql("staging/signs_of_currencies.sql")):
        if (code := said.get(fold_word(sign)) or _known(session, recognised, sign)) is not None:
            session.execute(read_sql("staging/settle_sign.sql"), {"sign": sign, "code": code})
            warnings.append(Warned("currency_sign", f"{sign!r} was read as {code}."))
        elif sign in SEVERAL:
            questions.append(_which(sign, rows, line))
        else:
            told = f"{rows:,} row{'s' if rows > 1 else ''} (such as line {line})"
            warnings.append(
                Warned(
                    "unknown_currency",
                    f"{sign[:40]!r} in {told} is no currency that is known; it counts apart.",
                )
            )
    for column in money:
        if not reading.is_plain(column) and ("currency" in {*recognised.places, *recognised.constants}):
            questions += _contradictions(session, column.name, recognised)
    questions += _against_heading(session, recognised, warnings)
    if questions:
        raise AskError(questions, template.name, recognised.source)
    return warnings


def _against_heading(session: Session, recognised: Recognised, warnings: list[Warned]) -> list[Question]:
    """Asks of a heading of amounts that names another currency than stands beside them; a mapping of both is told."""
    places = recognised.places
    code = currency_in_heading(recognised.header, recognised.template, places)
    if code is None or "currency" not in places:
        return []
    money = next(c.name for c in recognised.template.columns if c.type == "money" and c.name in places)
    said = list(DOLLARS) if code == "$" else [code]
    ((rows, line, other),) = session.select(
        compose("staging/other_currency.sql", money=quote(money)), {"said": said}
    )
    if not rows:
        return []
    heading = recognised.header[places[money]]
    told = (
        f"{heading!r} names {code}, and beside {rows:,} of its amounts stands another currency, such as {other} on "
        f"line {line}."
    )
    if recognised.source.startswith("mapping "):
        warnings.append(Warned("contradictory_currency", f"{told} They were read as their column says."))
        return []
    return [
        Question(
            "contradictory_currency",
            f"{told} In which are they?",
            f"--mapping FILE that says 'template: {recognised.template.name}' and 'constants: {{currency: {code}}}', "
            "or one that maps both columns if theirs are right",
            column="currency",
        )
    ]


def _known(session: Session, recognised: Recognised, sign: str) -> str | None:
    """The one currency of that sign of which rows are known."""
    if sign not in SEVERAL:
        return None
    sql = compose("staging/known_currencies.sql", standing=quote(f"current_{recognised.template.name}"))
    known = {code for (code,) in session.select(sql) if code in SEVERAL[sign]}
    return known.pop() if len(known) == 1 else None


def _which(sign: str, rows: int, line: int) -> Question:
    codes = SEVERAL[sign]
    return Question(
        "which_currency",
        f"Amounts of {rows:,} row{'s' if rows > 1 else ''} (such as line {line}) are in {sign!r}, which several "
        f"currencies have: is it {', '.join(codes[:-1])} or {codes[-1]}?",
        f"--mapping FILE that says 'values: {{currency: {{{sign}: {codes[0]}}}}}'",
        column="currency",
        about=(sign,),
        choices=codes,
    )


def _contradictions(session: Session, name: str, recognised: Recognised) -> list[Question]:
    """Asks of amounts with the sign of another currency than stands beside them."""
    pairs = [f"{sign} {code}" for sign, codes in {"$": DOLLARS, **SEVERAL}.items() for code in codes]
    sql = compose("staging/contradictory_currency.sql", cell=quote(f"c{recognised.places[name]}"))
    ((rows, line, amount, code),) = session.select(sql, {"pairs": pairs})
    if not rows:
        return []
    where = "in the currency's column" if "currency" in recognised.places else "for every row"
    return [
        Question(
            "contradictory_currency",
            f"{name} of {rows:,} row{'s' if rows > 1 else ''} names another currency than stands {where}, such as "
            f"{amount!r} beside {code} on line {line}. Which is right?",
            "an export in which both say the same, or without the currency that is wrong",
            column="currency",
        )
    ]


def bare_amounts(session: Session, recognised: Recognised) -> list[Warned]:
    """Tells of amounts without a currency beside others that have one."""
    template = recognised.template
    money = next(
        (c.name for c in template.columns if c.type == "money" and c.name in recognised.places), None
    )
    if template.column("currency") is None or money is None or "currency" in recognised.constants:
        return []
    ((bare, labelled, line, currency),) = session.select(
        compose("staging/bare_amounts.sql", money=quote(money))
    )
    if not (bare and labelled):
        return []
    rows = f"1 {template.one}" if bare == 1 else f"{bare:,} {kind_words(template.name)}"
    return [
        Warned(
            "bare_amounts",
            f"{money} of {rows} (such as line {line}) names no currency, and that of {labelled:,} does, mostly "
            f"{currency}. {'It counts' if bare == 1 else 'They count'} apart; export each amount with its currency, or "
            f"say it in a mapping with 'constants: {{currency: {currency}}}'.",
        )
    ]


def with_dollar(
    session: Session,
    recognised: Recognised,
    reading: Reading,
    questions: list[Question],
    warnings: list[Warned],
) -> Reading:
    """What '$' means where a file names no currency: the one dollar that is known here, else that of the USA."""
    template = recognised.template
    places = _places_of_money(recognised)
    said = recognised.constants.get("currency")
    if template.column("currency") is None or said not in (None, "$"):
        return reading
    tests = _dollar_tests(places)
    if said is None and (
        not places or not session.select(compose("staging/dollars.sql", tests=tests, lands="true"))
    ):
        return reading
    known = {
        code
        for (code,) in session.select(
            compose("staging/known_currencies.sql", standing=quote(f"current_{template.name}"))
        )
        if code in DOLLARS
    }
    if len(known) > 1 and "currency" not in recognised.places:
        questions.append(
            Question(
                "which_dollar",
                f"Amounts are in '$', and several dollars are known ({', '.join(sorted(known))}): which of them are "
                "they?",
                f"--mapping FILE that says 'template: {template.name}' and 'constants: {{currency: USD}}'",
            )
        )
    dollar = known.pop() if len(known) == 1 else "USD"
    warnings.append(
        Warned(
            "dollar_sign",
            f"'$' was read as {dollar}; a mapping can say another, 'constants: {{currency: CAD}}'.",
        )
    )
    return replace(reading, dollar=dollar)


def _places_of_money(recognised: Recognised) -> list[int]:
    return [
        recognised.places[column.name]
        for column in recognised.template.columns
        if column.type in ("money", "currency") and column.name in recognised.places
    ]


def _dollar_tests(places: Sequence[int]) -> str:
    return " or ".join(f"regexp_matches({quote(f'c{place}')}, '(^|[^[:alpha:]])[$]')" for place in places)


def of_rows_that_land(session: Session, recognised: Recognised, warnings: list[Warned]) -> list[Warned]:
    """The warnings, but that of a dollar's sign where only rows that are set aside have one."""
    if "currency" in recognised.constants or all(one.code != "dollar_sign" for one in warnings):
        return warnings
    sql = compose(
        "staging/dollars.sql",
        tests=_dollar_tests(_places_of_money(recognised)),
        lands="rowid in (select record from typed_rows anti join faults using (record))",
    )
    return warnings if session.select(sql) else [one for one in warnings if one.code != "dollar_sign"]
