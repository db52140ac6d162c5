"""Text columns -> typed columns: one SELECT over the staged cells, and the evidence by which each is read.

A column is first read the plain way (ISO times, plain numbers). Only where that leaves cells unread is the column
looked at: what its cells prove decides the style, for the whole column; what they don't prove is asked.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from leadline.data.exports.landing_report import Question, Warned
from leadline.data.exports.recognition.recipes import recipe_sql
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.exports.recognition.segments import is_prose
from leadline.data.exports.rows.zones_of_columns import SEVERAL_ZONES, Select, which_zone
from leadline.data.sql import compose, quote
from leadline.data.templates import Column

TIME_STYLES = {
    "iso": "cells.iso_time",
    "clear": "cells.clear_time",
    "dmy": "cells.dmy_time",
    "mdy": "cells.mdy_time",
    "ymd": "cells.ymd_time",
    "spoken": "cells.spoken_time",
    "spoken_dmy": "cells.spoken_dmy_time",
    "spoken_mdy": "cells.spoken_mdy_time",
    "serial": "cells.serial_time",
    "serial_1904": "cells.serial_1904_time",
    "epoch": "cells.epoch_time",
}
NUMBER_STYLES = {"plain": "cells.plain_number", "point": "cells.point_number", "comma": "cells.comma_number"}
DURATIONS = {"duration": True, "duration_ms": False}
"""style of a column of durations -> whether 1:30 is an hour and a half"""
UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
"""last part of a column's name -> seconds of the unit that its numbers are of"""
SQL_TYPES = {
    "time": "timestamp",
    "number": "double",
    "money": "double",
    "count": "bigint",
    "percent": "double",
}
NUMERIC = ("number", "money", "count", "percent")

WAIVED = 32
"""by so much the bit of a column is moved where the row is not judged by what could not be read there"""

NUMBERS_OPTION = "--numbers point or --numbers comma"

_BETWEEN = re.compile(r"[\s_./-]+")
"""cells.joined() in staging/macros.sql does the same"""


@dataclass(frozen=True)
class Answers:
    """What a person said about the file's way of writing."""

    dates: str | None = None
    """'dmy', 'mdy' or 'ymd'"""
    timezone: str = "UTC"
    percent: str | None = None
    """'fraction' or 'percent': what a bare number of a rate means"""
    numbers: str | None = None
    """'point' or 'comma': what separates decimals"""
    durations: str | None = None
    """'h:mm' or 'm:ss': what a duration of two parts is"""
    days_from_1904: bool = False
    """True where the workbook counts days from 1904"""


@dataclass(frozen=True)
class Reading:
    """How each column is read. `styles`: our column -> name of a style; columns not named are read plainly."""

    styles: Mapping[str, str]
    zone: str
    percent_is_fraction: bool = True
    tidy: frozenset[int] = frozenset()
    """places whose cells are all plain ASCII without padding; they need no trimming"""
    bare: frozenset[int] = frozenset()
    """those of them whose cells can neither be nor hold an address or a telephone number"""
    dollar: str = "USD"
    """what '$' alone means"""
    zones: Mapping[str, str] = field(default_factory=dict)
    """letters of a zone that mean several -> the offset that they mean here"""
    column_zones: Mapping[str, str] = field(default_factory=dict)
    """our column -> the zone that its heading names, of cells with a time of day"""

    def style(self, column: Column) -> str:
        default = {"time": "iso"}.get(column.type, "plain")
        return self.styles.get(column.name, default)

    def is_plain(self, column: Column) -> bool:
        return column.type in ("time", "number", "money", "count") and self.style(column) in ("iso", "plain")


def typed_select(
    recognised: Recognised, reading: Reading, line: str, salt: str, private: frozenset[str]
) -> tuple[str, dict[str, object]]:
    """SELECT over `stage` with every column of the template typed, and the values to bind.

    Grain: one row a staged record. Besides the template's columns: record, line, attributes, and `unread`, a bit
    mask of the columns (in the template's order) whose cell is missing where it must not be, or can't be read.
    """
    values: dict[str, object] = {"salt": salt, "zone": reading.zone}
    columns = recognised.template.columns
    texts, typed, flags = [], [], []
    for bit, column in enumerate(columns):
        text = _text(column, recognised, reading, values)
        texts.append(f"{text or 'null'} as {_cell(column)}")
        typed.append(
            f"{_typed(column, text is not None, recognised, reading, values, private)} as {quote(column.name)}"
        )
        if text is not None and (flag := _unread(column)):
            waived = _waived(column, recognised)
            bits = f"case when {waived} then {1 << bit << WAIVED} else {1 << bit} end" if waived else 1 << bit
            flags.append(f"case when {flag} then {bits} else 0 end")
    kept = _attributes(recognised, values, private)
    # three steps, because a macro writes its argument out as often as it uses it
    sql = compose(
        "staging/typed.sql",
        line=line,
        attributes=kept,
        texts=",\n        ".join(texts),
        typed=",\n        ".join(typed),
        columns=", ".join(quote(column.name) for column in columns),
        unread="\n    + ".join(flags) or "0",
    )
    return sql, values


def text_places(recognised: Recognised) -> dict[int, str]:
    """Place -> heading of the cells that feed a column of words."""
    places = (
        recognised.places[column.name]
        for column in recognised.template.columns
        if column.type == "text"
        and column.name in recognised.places
        and column.name not in recognised.recipes
    )
    return {place: recognised.header[place] for place in places}


def private_words(recognised: Recognised, private: frozenset[str]) -> list[Warned]:
    """Tells of columns of words in which addresses or numbers of people stand."""
    return [
        Warned(
            "personal_cells",
            f"{ours} holds addresses or telephone numbers of people ({heading!r}); they are kept as pseudonyms. If "
            "another column is meant, take the import back and say so in a mapping.",
        )
        for ours, heading in _private_words(recognised, private).items()
    ]


def _private_words(recognised: Recognised, private: frozenset[str]) -> dict[str, str]:
    words = text_places(recognised)
    return {
        ours: words[place] for ours, place in recognised.places.items() if words.get(place, "") in private
    }


def _cell(column: Column) -> str:
    return quote(f"cell {column.name}")


def _text(column: Column, recognised: Recognised, reading: Reading, values: dict[str, object]) -> str | None:
    """SQL of the column's text; None where nothing feeds it."""
    if (recipe := recognised.recipes.get(column.name)) is not None:
        cells = {heading: place for place, heading in reversed(list(enumerate(recognised.folded)))}
        return recipe_sql(column.name, recipe, cells, recognised.constants, values)
    if column.name in recognised.places:
        place = recognised.places[column.name]
        if (missing := recognised.missing.get(column.name)) is not None:
            values[f"missing_{column.name}"] = list(missing)
            known = f"cells.known(c{place})"
            return (
                f"case when not list_contains($missing_{column.name}, cells.word({known})) then {known} end"
            )
        if reading.is_plain(column):
            return f"c{place}"  # needs no trimming first, and no look at the words for 'missing'
        return f"cells.tidy(c{place})" if place in reading.tidy else f"cells.known(c{place})"
    if column.name in recognised.constants:
        values[f"constant_{column.name}"] = recognised.constants[column.name]
        return f"$constant_{column.name}"
    if recognised.generate_id and column.name == recognised.template.key[0]:
        places = sorted(set(recognised.places.values()))
        fed = sorted((ours, place) for ours, place in recognised.places.items())
        parts = ", ".join(f"'{ours}', coalesce(c{place}, '')" for ours, place in fed)
        same = ", ".join(f"c{place}" for place in places)
        return (
            f"substr(md5(concat_ws(chr(31), {parts})), 1, 20) || '-' || "
            f"row_number() over (partition by {same} order by rowid)"
        )
    return None


def _typed(
    column: Column,
    is_fed: bool,
    recognised: Recognised,
    reading: Reading,
    values: dict[str, object],
    private: frozenset[str],
) -> str:
    cell = _cell(column)
    if not is_fed and column.type == "currency" and _named_currency(recognised, reading):
        return _currency("null::varchar", recognised, reading)
    if not is_fed:
        return f"null::{SQL_TYPES.get(column.type, 'boolean' if column.type == 'boolean' else 'varchar')}"
    if column.type == "time":
        for letters, offset in reading.zones.items() if reading.style(column).startswith("spoken") else ():
            cell = f"regexp_replace({cell}, '\\b{letters}\\b', '{offset}')"
        zone = "$zone"
        if (named := reading.column_zones.get(column.name)) is not None:
            values[f"zone_{column.name}"] = named
            zone = f"case when contains({cell}, ':') then $zone_{column.name} else $zone end"  # a day is a day anywhere
        return f"{TIME_STYLES[reading.style(column)]}({cell}, {zone})"
    if column.type in NUMERIC:
        number = _number(column, cell, reading)
        if column.type != "percent" and reading.style(column) in ("point", "comma"):
            number = (
                f"case when not contains({cell}, '%') then {number} end"  # a share of something is no amount
            )
        if (factor := recognised.scales.get(column.name)) is not None:
            return f"round({number} * {factor}, 6)"
        if column.type == "count":
            return f"case when {number} = round({number}) then try_cast({number} as bigint) end"
        if column.type == "percent":
            return f"cells.rate({cell}, {'1' if reading.percent_is_fraction else '0.01'})"
        return number
    if column.name in recognised.words:
        table = recognised.words[column.name]
        values[f"words_{column.name}"] = list(table)
        values[f"meanings_{column.name}"] = list(table.values())
        found = f"$meanings_{column.name}[list_position($words_{column.name}, cells.word({cell}))]"
        if column.type == "choice":
            others = joined(table)
            values[f"joined_{column.name}"] = list(others)
            values[f"joint_{column.name}"] = list(others.values())
            place = f"list_position($joined_{column.name}, cells.joined(cells.word({cell})))"
            shown = f"list_position($words_{column.name}, cells.word(cells.masked({cell})))"
            found = f"coalesce({found}, $joint_{column.name}[{place}], $meanings_{column.name}[{shown}])"
        is_boolean = column.type == "boolean"
        found = f"cells.boolean(coalesce({found}, {cell}))" if is_boolean else found
        if column.name in recognised.otherwise:
            values[f"otherwise_of_{column.name}"] = recognised.otherwise[column.name]
            rest = f"$otherwise_of_{column.name}::varchar"
            rest = f"cells.boolean({rest})" if is_boolean else rest
            return f"case when cells.known({cell}) is not null then coalesce({found}, {rest}) end"
        if column.type == "choice":
            return found
        return f"coalesce({found}, {_as_it_stands(column, recognised, reading, private)})"
    return _as_it_stands(column, recognised, reading, private)


def _as_it_stands(column: Column, recognised: Recognised, reading: Reading, private: frozenset[str]) -> str:
    """SQL of a cell that no word of a list says otherwise."""
    cell = _cell(column)
    is_made = column.name in recognised.recipes  # of several cells, of which its place is but the first
    is_bare = not is_made and recognised.places.get(column.name) in reading.bare
    text = cell if is_bare else f"cells.discreet({cell}, $salt)"
    if column.name in _private_words(recognised, private):
        text = f"cells.pseudonym_of({cell}, $salt)"
    simple = {
        "boolean": f"cells.boolean({cell})",
        "id": f"cells.one_form({cell})" if is_bare else f"cells.identity({cell}, $salt)",
        "person": cell if is_bare else f"cells.without_address({cell}, $salt)",
        "text": text,
        "prose": f"cells.masked({cell})",
        "currency": _currency(cell, recognised, reading),
    }
    return simple.get(column.type, cell)


def joined(words: Mapping[str, str]) -> dict[str, str]:
    """Words without what stands between their parts, as 'closedwon', -> what they mean, where that is one thing."""
    found: dict[str, str] = {}
    for word, meaning in words.items():
        if found.setdefault(_BETWEEN.sub("", word), meaning) != meaning:
            found[_BETWEEN.sub("", word)] = ""
    return {word: meaning for word, meaning in found.items() if word and meaning}


def _number(column: Column, cell: str, reading: Reading) -> str:
    style = reading.style(column)
    if style not in DURATIONS:
        return f"{NUMBER_STYLES[style]}({cell})"
    unit = UNIT_SECONDS[column.name.rsplit("_", 1)[-1]]
    seconds = f"cells.duration_seconds({cell}, {str(DURATIONS[style]).lower()})"
    return f"coalesce(cells.plain_number({cell}), {seconds} / {unit})"


def _currency(cell: str, recognised: Recognised, reading: Reading) -> str:
    """SQL of the currency that a cell says, or else the amount beside it."""
    return f"cells.currency_code(coalesce({cell}{_named_currency(recognised, reading)}), '{reading.dollar}')"


def _named_currency(recognised: Recognised, reading: Reading) -> str:
    """SQL to append to a list of currencies: the one that the amount itself names; '' where amounts are plain."""
    return "".join(
        f", cells.currency_of({_cell(column)})"
        for column in recognised.template.columns
        if column.type == "money" and column.name in recognised.places and not reading.is_plain(column)
    )


def _unread(column: Column) -> str | None:
    """SQL condition for 'missing where it must not be, or there and unreadable'; None where it can't happen."""
    ours, theirs = quote(column.name), _cell(column)
    if column.required == "value":
        return f"{ours} is null"
    if column.type in ("text", "person", "prose", "currency"):
        return None
    return f"({ours} is null and cells.known({theirs}) is not null)"


def _waived(column: Column, recognised: Recognised) -> str | None:
    """SQL condition for 'there and unreadable, but the row is not judged by it'; None where that can't be.

    Where a choice says that the column doesn't count for the row, or a day is one that nobody means.
    """
    if column.counts_for is not None:
        choice, counted = column.counts_for
        words = ", ".join(f"'{word}'" for word in counted)
        return f"coalesce({quote(choice)} not in ({words}), false)"
    if column.type == "time" and column.required != "value":
        return f"cells.is_filler(cells.known({_cell(column)}))"
    return None


def _attributes(recognised: Recognised, values: dict[str, object], private: frozenset[str]) -> str:
    kept = recognised.attributes
    if not kept:
        return "map()::map(varchar, varchar)"
    values["headings"] = [attribute.heading for attribute in kept]
    values["private"] = [attribute.heading in private for attribute in kept]
    texts = (f"cells.masked(c{one.place})" if is_prose(one.heading) else f"c{one.place}" for one in kept)
    return f"cells.attributes($headings, [{', '.join(texts)}], $private, $salt)"


def plain_reading(
    recognised: Recognised, answers: Answers, tidy: frozenset[int], bare: frozenset[int]
) -> Reading:
    """The first try: what a person said, else ISO times and plain numbers."""
    styles: dict[str, str] = {}
    for column in recognised.template.columns:
        said = {"time": answers.dates}.get(column.type, answers.numbers if column.type in NUMERIC else None)
        if said and column.type != "percent":
            styles[column.name] = said
    return Reading(styles, answers.timezone, answers.percent != "percent", tidy, bare)


def better_reading(
    recognised: Recognised,
    reading: Reading,
    answers: Answers,
    unread: Mapping[str, int],
    select: Select,
    this_year: int,
) -> tuple[Reading, list[Question], list[Warned]]:
    """Looks at the columns whose cells don't speak for themselves. `unread`: our column -> cells not read so far.

    `this_year`: that of the export.
    """
    styles = dict(reading.styles)
    zones: dict[str, str] = {}
    questions: list[Question] = []
    warnings: list[Warned] = []
    rates: list[tuple[Column, int]] = []
    for bit, column in enumerate(recognised.template.columns):
        place = recognised.places.get(column.name)
        if place is None:
            continue
        style = None
        if column.type == "time" and unread.get(column.name):
            look = Looked(column, place, 1 << bit, answers, select, questions, warnings, this_year)
            style, says_more = (answers.dates, True) if answers.dates else _time_style(look)
            style = _spoken_style(look, style, zones) if says_more else style
        elif column.type == "percent":
            rates.append((column, place))
        elif column.type in NUMERIC and not answers.numbers:
            both = 1 << bit | 1 << bit << WAIVED  # what an open deal is worth is kept too, if it can be read
            looked = Looked(column, place, both, answers, select, questions, warnings, this_year)
            style = _duration_style(looked) if unread.get(column.name) else None
            style = style or _number_style(looked, bool(unread.get(column.name)))
        if style:
            styles[column.name] = style
    _one_order(styles, questions)
    fraction = reading.percent_is_fraction
    if rates and not answers.percent:
        fraction = _percent_scale(rates, select, questions)
    return replace(reading, styles=styles, percent_is_fraction=fraction, zones=zones), questions, warnings


def _percent_scale(rates: list[tuple[Column, int]], select: Select, questions: list[Question]) -> bool:
    """True where a bare 0.125 means 12.5 %. A file has one scale; a rate above 1 shows that it is percent."""
    is_percent = False
    for column, place in rates:
        sql = compose("staging/rate_evidence.sql", cell=quote(f"c{place}"))
        ((over, under, over_example, under_example),) = select(sql, None)
        is_percent = is_percent or over > 0
        if over and under:
            questions.append(
                Question(
                    "mixed_percent_scale",
                    f"{column.name} holds both {over_example} and {under_example} without a percent sign: does "
                    f"{under_example} mean {under_example} % or is 1 the whole?",
                    "--percent percent or --percent fraction",
                )
            )
    return not is_percent


@dataclass(frozen=True)
class Looked:
    """A column of times that is looked at."""

    column: Column
    place: int
    bit: int
    answers: Answers
    select: Select
    questions: list[Question]
    warnings: list[Warned]
    this_year: int

    @property
    def cell(self) -> str:
        return quote(f"c{self.place}")


def _time_style(look: Looked) -> tuple[str | None, bool]:
    """The style of a column of times, and whether some cells say more than a day and a time."""
    column, cell, bit, select = look.column, look.cell, look.bit, look.select
    questions, warnings = look.questions, look.warnings
    (found,) = select(compose("staging/date_evidence.sql", cell=cell), {"bit": bit})
    clear, slashed, day_first, month_first, undecided, serial, day_line, month_line, open_line, *more = found
    epoch, shapes, one_shape, other_shape, unusual, pairs = more
    says_more = bool(unusual)
    if (doubt := _year_first(look, pairs)) is not None:
        questions.append(doubt)
        return None, says_more
    if slashed == 0 and not clear and (serial or epoch):
        if serial and epoch:
            return None, says_more  # what is neither can't be told from what is; the rows say so
        style = "epoch" if epoch else "serial_1904" if look.answers.days_from_1904 else "serial"
        sql = compose("staging/serial_example.sql", cell=cell, style=TIME_STYLES[style])
        if example := select(sql, None):
            what = "seconds since 1970, or parts of them" if epoch else "day numbers of a spreadsheet"
            warnings.append(
                Warned(
                    "epoch_time" if epoch else "excel_serial",
                    f"{column.name} holds {what}; {example[0][0]} was read as {example[0][1]}.",
                )
            )
        return style, says_more
    ways = (one_shape, other_shape)
    if shapes == 1:
        ((iso_example,),) = select(compose("staging/iso_example.sql", cell=cell), {"bit": bit})
        ways = (iso_example, one_shape)
    if None not in ways:
        warnings.append(
            Warned(
                "mixed_date_formats",
                f"{column.name} writes dates in several ways, such as {ways[0]} and {ways[1]}; each was read as "
                "it stands.",
            )
        )
    if slashed == 0:
        return ("clear" if clear else None), says_more
    if day_first and month_first:
        questions.append(
            Question(
                "contradictory_dates",
                f"{column.name} mixes day/month and month/day: {day_line} can only be the one, {month_line} only the "
                "other. In which order are the rest?",
                "--dates dmy or --dates mdy (rows of the other order are then quarantined)",
            )
        )
        return None, says_more
    if day_first or month_first:
        if not undecided:
            _converted(look, day_line or month_line)
        return ("dmy" if day_first else "mdy"), says_more
    if undecided:
        questions.append(
            Question(
                "ambiguous_dates",
                f"{column.name} holds dates such as {open_line}, and none of them shows which is the day: "
                "is the day or the month first?",
                "--dates dmy or --dates mdy",
            )
        )
    return None, says_more


def _converted(look: Looked, text: str) -> None:
    """Asks of a column some days of which a spreadsheet seems to have read in the other order, while it was opened.

    It reads 05/01 as a day of May, and leaves 13/01, which is no day to it, as the text that it was.
    """
    sql = compose("staging/converted_evidence.sql", cell=look.cell)
    ((converted, others, example),) = look.select(sql, {"bit": look.bit})
    if converted and not others:
        look.questions.append(
            Question(
                "converted_dates",
                f"{look.column.name} holds days such as {example} and texts such as {text}; none of the former is "
                "after the 12th of a month and all of the latter are, as when a spreadsheet of another country "
                f"has opened the export and swapped day and month. Is {example} right?",
                "--dates dmy or --dates mdy if it is; else export it again and don't open it in a spreadsheet",
            )
        )


def _year_first(look: Looked, pairs: Mapping[str, Any]) -> Question | None:
    """Asks of days of two digits thrice where the year may stand first: 26/01/31 is no day of 2031.

    Years are few and near the export's, days are many: where that shows the order, nothing is asked.
    """
    this_year = look.this_year % 100
    if not pairs["cells"] or pairs["year_first"] < pairs["cells"] or pairs["newest_first"] > this_year:
        return None
    is_last_possible = pairs["year_last"] == pairs["cells"] and pairs["newest_last"] <= this_year + 1
    ages = this_year - pairs["newest_first"], this_year - pairs["newest_last"]
    # with dots the day mostly stands first: the year only where it is near, always the same, and the other is not
    is_first_likely = ages[0] <= 1 and pairs["firsts"] <= min(3, pairs["lasts"]) and ages[1] > ages[0]
    if is_last_possible and pairs["dotted"] == pairs["cells"] and not is_first_likely:
        return None
    are_years_last = pairs["lasts"] <= 2 < pairs["firsts"] or ages[0] > ages[1] + 5
    if is_last_possible and are_years_last:
        return None
    example = pairs["example"]
    year, month, day = (int(part) for part in re.findall(r"\d\d", example)[:3])
    return Question(
        "ambiguous_dates",
        f"{look.column.name} holds dates such as {example}, in which the year may stand first: is that "
        f"20{year:02}-{month:02}-{day:02}?",
        "--dates ymd if it is, else --dates dmy or --dates mdy",
    )


def _spoken_style(look: Looked, style: str | None, zones: dict[str, str]) -> str | None:
    """The same style for cells that say more than a day and a time, where there are such; fills `zones`.

    Days of the week, zones in letters and words for the parts of a day are no usual times, but mean only one thing.
    """
    if style not in (None, "clear", "dmy", "mdy"):
        return style
    sql = compose("staging/spoken_evidence.sql", cell=look.cell)
    ((clear, slashed, day_first, month_first, open_example, letters, example),) = look.select(
        sql, {"bit": look.bit}
    )
    doubtful = [name for name in letters if name in SEVERAL_ZONES]
    if not clear and not slashed and not doubtful:
        return style
    told = []
    for name in doubtful:
        if (offset := _offset_here(name, look)) is not None:
            zones[name] = offset
            told.append(f"{name} as UTC{offset}")
    if told:
        look.warnings.append(
            Warned(
                "zone_letters", f"{look.column.name} names its zone in letters; {', '.join(told)} was read."
            )
        )
    if slashed and style in (None, "clear"):
        if day_first and not month_first:
            return "spoken_dmy"
        if month_first and not day_first:
            return "spoken_mdy"
        look.questions.append(
            Question(
                "ambiguous_dates",
                f"{look.column.name} holds dates such as {open_example or example}, and none of them shows which is "
                "the day: is the day or the month first?",
                "--dates dmy or --dates mdy",
            )
        )
        return None
    return f"spoken_{style}" if style in ("dmy", "mdy") else "spoken"


def _offset_here(letters: str, look: Looked) -> str | None:
    """The offset that letters of several zones mean in the file's own zone; else it is asked, and None."""
    zone = ZoneInfo(look.answers.timezone)
    for month in (1, 7):
        moment = dt.datetime(look.this_year, month, 1, tzinfo=zone)
        if moment.tzname() == letters:
            return moment.strftime("%z")
    look.questions.append(which_zone(look.column.name, letters))
    return None


def _one_order(styles: dict[str, str], questions: list[Question]) -> None:
    """One export writes all its dates in one order: a column that proves it answers for those that don't."""
    orders = {style.removeprefix("spoken_") for style in styles.values() if style.endswith(("dmy", "mdy"))}
    undecided = [question for question in questions if question.code == "ambiguous_dates"]
    if len(orders) == 1 and undecided:
        order = orders.pop()
        for question in undecided:
            name = question.message.split(" ", 1)[0]
            styles[name] = order
            questions.remove(question)


def _duration_style(look: Looked) -> str | None:
    """The style of a column of numbers of minutes and the like in which durations stand; None where there are none."""
    if look.column.name.rsplit("_", 1)[-1] not in UNIT_SECONDS:
        return None
    sql = compose("staging/duration_evidence.sql", cell=look.cell)
    ((durations, with_two_parts, two_parts, clear),) = look.select(sql, {"bit": look.bit})
    if not durations:
        return None
    if with_two_parts and not look.answers.durations and (clear is None or ":" not in clear):
        look.questions.append(
            Question(
                "ambiguous_durations",
                f"{look.column.name} holds durations such as {two_parts}, and none of them shows whether that is hours "
                "and minutes or minutes and seconds: which is it?",
                "--mapping FILE that says 'durations: h:mm' or 'durations: m:ss'",
            )
        )
        return None
    style = "duration_ms" if look.answers.durations == "m:ss" else "duration"
    example = clear or two_parts
    ((seconds,),) = look.select(
        "select cells.duration_seconds($example, $are_hours)",
        {"example": example, "are_hours": DURATIONS[style]},
    )
    unit = look.column.name.rsplit("_", 1)[-1]
    look.warnings.append(
        Warned(
            "durations",
            f"{look.column.name} holds durations; {example} was read as {seconds / UNIT_SECONDS[unit]:,.4g} {unit}.",
        )
    )
    return style


def _number_style(look: Looked, has_unread: bool) -> str | None:
    """Decimal point or comma: what only one of them can explain decides; both readable and different is asked."""
    column, cell, bit, select, questions = look.column, look.cell, look.bit, look.select, look.questions
    if not has_unread and not select(compose("staging/number_doubt.sql", cell=cell), None):
        return None
    (found,) = select(compose("staging/number_evidence.sql", cell=cell), {"bit": bit})
    only_point, only_comma, either, needs_point, point_example, comma_example, either_example, *scaled = found
    if scaled[0] is not None and not (only_point and only_comma):
        look.warnings.append(
            Warned(
                "scaled_numbers",
                f"{column.name} holds {scaled[1]:,} different number{'s' if scaled[1] > 1 else ''} with a word for "
                f"thousands or millions, such as {scaled[0]}; they were multiplied by it.",
            )
        )
    if only_point and only_comma:
        questions.append(
            Question(
                "contradictory_numbers",
                f"{column.name} mixes decimal points and decimal commas: {point_example} and {comma_example}. Which "
                "of them are right?",
                NUMBERS_OPTION,
            )
        )
        return None
    if only_comma:
        return "comma"
    if only_point:
        return "point" if needs_point else None
    if either:
        if column.type == "count":
            return "point" if "," in either_example else "comma"
        questions.append(
            Question(
                "ambiguous_numbers",
                f"{column.name} holds numbers such as {either_example}, and none of them shows whether that is about "
                "a thousand or a fraction: what separates decimals?",
                NUMBERS_OPTION,
            )
        )
    return "point" if needs_point else None
