"""An import held against what is known, before it lands: what of it a person is asked, or should hear.

Rows that are known are compared with those that come in one pass (`data.landing.compare`); here what many of them have
in common is told. Questions are about a file's content, so they are answered for that content alone (`--accept CODE`):
such an answer is never remembered for other files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from leadline.data.database.session import Session
from leadline.data.exports.files.export_day import day_in_name
from leadline.data.exports.landing_report import Doubt, Question, Warned
from leadline.data.exports.recognition.suggestions import Seen
from leadline.data.landing.alike import GROWING, Alike, alike, coarser, fallen, swapped
from leadline.data.landing.compare import DECIDED, bit_of, own_moment
from leadline.data.landing.doubled_rows import look_at_doubled_rows
from leadline.data.landing.fold import Spoken
from leadline.data.landing.known_amounts import look_at_amounts, rescaled_part
from leadline.data.landing.known_composites import look_at_composites
from leadline.data.landing.known_identities import Finding, look_at_identities
from leadline.data.landing.known_spend import look_at_spend
from leadline.data.landing.links_of_rows import look_at_links_of_rows
from leadline.data.landing.respelled_labels import look_at_labels
from leadline.data.landing.unread_columns import look_at_unread_columns, uncounted
from leadline.data.landing.unread_links import look_at_unread_links
from leadline.data.sql import compose, quote, read_sql
from leadline.data.templates import Column, Template, kind_words

EXAMPLES = 2
FEWEST = 3
"""known rows, fewer of which change alike by chance"""
FEWEST_BACK = 2
"""that go back to what they were: one is somebody who changed their mind"""
FEWEST_OF_COLUMN = 10
"""the same of a column that people change row by row"""
MOST = 0.5
NEARLY_ALL = 0.8
ALL = 0.95
"""shares of the known rows"""
LONGEST_SHIFT = dt.timedelta(hours=26)
"""between two time zones of the earth"""
SOME = 0.2
"""share of the rows that may do without a question what rows seldom do: be open again, change their currency, fall"""
PART = 0.1
"""share of the rows in which values that are final, times or amounts change, from which on it is told"""
SAME_FACTOR = 0.005
"""by which a factor may differ where amounts are rounded"""
SAMPLE = 200
"""rows that are looked at before all of them are"""
LABELS = ("text", "person", "id")
"""types of columns that stay as they are, in most of the rows of most exports"""


@dataclass(frozen=True)
class Held:
    """What is to be asked of an import, and what is told of it."""

    questions: tuple[Question, ...]
    warnings: tuple[Warned, ...]


@dataclass(frozen=True)
class _Found:
    """What the rows have in common. `rows`: how many are known and would be replaced, or stay as they are."""

    rows: int
    changing: int
    altered: int
    silent: int
    blanked: int
    recreated: int
    recoined: int
    decided: int
    reopened: int


def hold_against_known(
    session: Session,
    template: Template,
    spoken: Spoken,
    accepted: Collection[str],
    unread: Callable[[], Sequence[Seen]],
    deeper: Callable[[Sequence[Seen]], Sequence[Seen]],
    named_on: dt.date | None = None,
    headings: Sequence[int] = (),
) -> Held:
    """Holds the rows that come against those that are known. What is `accepted` is told and not asked.

    `unread`: looks at the columns of the file that feed none of ours, `deeper` at more of their cells; `named_on`: the
    day that the file's name says, where nobody said on which day it was exported; `headings`: lines on which the
    heading stands again.
    """
    telling = _Telling(session, template, spoken, unread, deeper, named_on, headings)
    return telling.held(accepted)


class _Telling:
    def __init__(
        self,
        session: Session,
        template: Template,
        spoken: Spoken,
        unread: Callable[[], Sequence[Seen]],
        deeper: Callable[[Sequence[Seen]], Sequence[Seen]],
        named_on: dt.date | None,
        headings: Sequence[int],
    ) -> None:
        self._named_on, self._headings = named_on, headings
        self._session, self._template, self._spoken = session, template, spoken
        self._unread, self._deeper = unread, deeper
        self._questions: list[Question] = []
        self._warnings: list[Warned] = []
        self._rows = kind_words(template.name)

    def held(self, accepted: Collection[str]) -> Held:
        changes = self._found()
        if changes.changing:
            self._look(changes)
        asked = [question.code for question in self._questions]
        self._session.execute(read_sql("landing/fresh_rows.sql"))
        ((fresh,),) = self._session.select("select count(*) from fresh_rows")
        found = [
            *look_at_identities(self._session, self._template, self._spoken, asked, fresh),
            *look_at_links_of_rows(self._session, self._template, self._spoken),
            *look_at_spend(self._session, self._template, self._headings),
            *look_at_amounts(self._session, self._template, self._spoken, asked, fresh),
        ]
        if "respelled_keys" not in {one.code for one in found}:
            found += look_at_doubled_rows(self._session, self._template, self._spoken, fresh)
            found += look_at_composites(self._session, self._template)
        if not set(self._template.links) <= set(self._spoken.columns):
            found += look_at_unread_links(
                self._session, self._template, self._spoken, self._unread(), self._deeper
            )
        if uncounted(self._template, self._spoken):
            found += look_at_unread_columns(self._session, self._template, self._spoken, self._unread())
        for one in found:
            self._tell(one)
        self._warnings += look_at_labels(self._session, self._template, self._spoken)
        for question in self._questions:
            if question.code in accepted:
                told = f"{question.message} Accepted for this file."
                self._warnings.append(Warned(question.code, told))
        return Held(tuple(one for one in self._questions if one.code not in accepted), tuple(self._warnings))

    def _look(self, found: _Found) -> None:
        if found.silent:
            self._say_narrower(found)
        if self._goes_back():
            shown = self._changes("(matches.replaced | matches.blanked) <> 0")
            told = (
                f"This looks like an older export: in all {found.altered:,} {self._rows} that would change, every "
                f"changed cell goes back to what was known before ({shown})."
            )
            if found.altered >= FEWEST:
                self._ask(
                    "older_export",
                    f"{told} Is it really what is true now?",
                    "--exported-on DATE, the day on which it was exported",
                )
                return
            self._warnings.append(
                Warned("older_export", f"{told} If it is one, take it back and say --exported-on DATE.")
            )
        if newer := self._newer():
            file, day, rows = newer
            shown = self._changes("(matches.replaced | matches.blanked) <> 0")
            self._ask(
                "older_export",
                f"The name of this file says {self._named_on}, and {rows:,} of the {self._rows} that would change are "
                f"as {file} of {day} said ({shown}). Is it really what is true now?",
                f"--exported-on {self._named_on}, and what a newer export said stays",
            )
            return
        ways = self._ways()
        lost = self._look_at_days(ways)
        is_shifted = not lost and self._look_at_shift(found)
        moment = own_moment(self._template)
        if (
            moment
            and not is_shifted
            and moment not in lost
            and found.recreated >= FEWEST
            and found.recreated > MOST * found.rows
        ):
            self._ask(
                "created_changes",
                f"{moment} of {found.recreated:,} of the {found.rows:,} {self._rows} that are known would change to "
                f"another day ({self._changes('matches.is_recreated', moment)}). Are these the same {self._rows}?",
                "--template NAME if its rows are something else",
            )
        self._look_at_decided(found)
        self._look_at_money(found)
        self._look_at_totals(ways)
        self._look_at_columns(found, ways, {*lost, *(self._times() if is_shifted else ())})
        if found.blanked:
            self._say_blanked()

    def _ways(self) -> dict[str, Alike]:
        """How the cells of columns change of which some would be replaced."""
        names = [name for name, count in self._by_column("replaced").items() if count >= FEWEST]
        return alike(self._session, self._template, names)

    def _look_at_days(self, ways: dict[str, Alike]) -> set[str]:
        """Times that lose their time of day, days whose figures change places; the columns that are asked about."""
        asked = set()
        for name, way in ways.items():
            if way.coarser >= FEWEST:
                told = (
                    f"{name} of {way.coarser:,} of the {way.timed:,} known {self._rows} with a time of day would lose "
                    f"it ({self._changes(coarser(name), name)})."
                )
                if way.coarser > SOME * way.timed:
                    asked.add(name)
                    self._ask(
                        "coarser_times",
                        f"{told} Did everything happen at midnight?",
                        "an export with the times of day, or without the column, which leaves it as it was",
                    )
                else:
                    self._warnings.append(Warned("coarser_times", told))
            if way.swapped >= FEWEST and way.swapped > MOST * way.other_day:
                asked.add(name)
                self._ask(
                    "swapped_dates",
                    f"{name} of {way.swapped:,} known {self._rows} would have day and month in each other's place "
                    f"({self._changes(swapped(name), name)}). Which is right?",
                    "--dates dmy or mdy",
                )
        return asked

    def _look_at_totals(self, ways: dict[str, Alike]) -> None:
        """Totals so far that would be less than they were."""
        if self._template.name not in GROWING:
            return
        less = {
            name: way.fallen
            for name, way in ways.items()
            if way.fallen >= FEWEST and way.fallen > SOME * way.known
        }
        if less:
            name = next(iter(less))
            self._ask(
                "fallen_totals",
                f"{_listed(less)} would be less than what is known, and totals so far grow "
                f"({self._changes(fallen(name), name)}). Is it what is true now?",
                f"an export of today, or {self._if_older()}",
            )

    def _look_at_shift(self, found: _Found) -> bool:
        """True where nearly all times move by the same hours, or by one of two that summer time tells apart."""
        moves = self._session.select(
            "select moved, count(*) from matches where outcome = 'updated' and moved <> 0 group by all "
            "order by 2 desc, 1 limit 3"
        )
        if not moves:
            return False
        hours = [move / 3_600_000_000 for move, _ in moves]
        alike = [
            (hour, rows)
            for hour, (_, rows) in zip(hours, moves, strict=True)
            if abs(hour - hours[0]) in (0, 1)
        ][:2]
        rows = sum(rows for _, rows in alike)
        is_zone = all(
            (4 * hour).is_integer() and abs(hour) * dt.timedelta(hours=1) <= LONGEST_SHIFT
            for hour, _ in alike
        )
        if not is_zone or rows < FEWEST or rows < ALL * found.rows:
            return False
        by = " or ".join(f"{abs(hour):g} hour{'' if abs(hour) == 1 else 's'}" for hour, _ in alike)
        where = "earlier" if hours[0] < 0 else "later"
        moment = own_moment(self._template) or self._times()[0]
        shown = self._changes("matches.moved <> 0", moment)
        self._warnings.append(
            Warned(
                "shifted_times",
                f"All times of {self._of(rows, found.rows)} move by exactly {by}: they are {where} than what was known "
                f"({shown}). Is their time zone another one? Then take the import back and land the file with "
                "--timezone ZONE.",
            )
        )
        return True

    def _look_at_decided(self, found: _Found) -> None:
        if not found.reopened:
            return
        column = DECIDED[self._template.name].column
        told = (
            f"{found.reopened:,} of {found.decided:,} {self._rows} that were decided would be open again "
            f"({self._changes('matches.is_reopened', column)})."
        )
        if found.reopened >= FEWEST and found.reopened > SOME * found.decided:
            self._ask("reopened", f"{told} Did that happen?", f"an export of today, or {self._if_older()}")
        else:
            self._warnings.append(Warned("reopened", told))

    def _look_at_money(self, found: _Found) -> None:
        currency = self._first("currency")
        if currency and found.recoined >= FEWEST:
            told = (
                f"{found.recoined:,} of the {found.rows:,} {self._rows} that are known would keep their amounts and "
                f"change their currency ({self._changes(self._recoined(), currency)})."
            )
            if found.recoined > SOME * found.rows:
                self._ask(
                    "currency_changes",
                    f"{told} Which is right?",
                    "--mapping FILE that says 'constants: {" + currency + ": EUR}'",
                )
            else:
                self._warnings.append(Warned("currency_changes", told))
        money = self._first("money")
        if money is None:
            return
        factors = self._session.select(
            "select middle, count(*) from (select factor, median(factor) over () as middle from matches "
            "where outcome = 'updated' and factor is not null) "
            "where abs(factor - middle) <= $same * abs(middle) and abs(middle - 1) > $same group by middle",
            {"same": SAME_FACTOR},
        )
        for factor, rows in factors:
            if rows >= FEWEST_OF_COLUMN and rows > MOST * found.rows:
                has_currency = currency or self._template.column("currency") is None
                recoined = self._by_column("replaced").get(currency or "", 0)
                other = (
                    f" Their {currency} would change, too ({self._changes('true', currency)})."
                    if recoined and currency
                    else ""
                )
                in_which = ", in another currency, or both" if other else ""
                if not has_currency:
                    in_which = ", or in another currency, of which this export says nothing"
                self._ask(
                    "rescaled_amounts",
                    f"{money} of {rows:,} of the {found.rows:,} {self._rows} that are known would be {factor:.4g} "
                    f"times what it was ({self._changes('matches.factor is not null', money)}).{other} Is it in "
                    f"another unit{in_which}?",
                    f"an export in the unit of the others, or {self._if_older()}",
                )
                return
        if part := rescaled_part(self._session, self._template, money):
            self._tell(part)

    def _look_at_columns(self, found: _Found, ways: dict[str, Alike], known_of: set[str]) -> None:
        """Whole columns that would change or be emptied, but those of which a question was asked already."""
        asked = {question.code for question in self._questions}
        told = asked | {warned.code for warned in self._warnings}
        about = {own_moment(self._template), *ways} if "created_changes" in asked else set()
        about |= {*self._times(), DECIDED[self._template.name].column} if "reopened" in asked else set()
        about |= {self._first("currency")} if "currency_changes" in asked else set()
        about |= {self._first("money")} if "rescaled_amounts" in told else set()
        about |= known_of
        emptied = [
            name
            for name, count in self._by_column("blanked").items()
            if count >= FEWEST_OF_COLUMN and count > MOST * found.rows and name not in about
        ]
        if emptied:
            counts = self._by_column("blanked")
            shown = self._changes(f"matches.blanked & {self._bits(emptied)} <> 0", emptied[0])
            self._ask(
                "emptied_column",
                f"{_listed({name: counts[name] for name in emptied})} would be emptied of the {found.rows:,} "
                f"{self._rows} that are known ({shown}).",
                "an export without the column, which leaves it as it was",
            )
        replaced = {
            name: count
            for name, count in self._by_column("replaced").items()
            if count >= FEWEST_OF_COLUMN
            and count > NEARLY_ALL * found.rows
            and name not in about
            and self._column(name).type in LABELS
        }
        sure, many = self._values_that_change(ways, about)
        known = {**dict.fromkeys(replaced, found.rows), **{name: way.known for name, way in ways.items()}}
        if len(replaced) > 1 or set(replaced) & set(self._template.links) or sure:
            both = {**replaced, **sure}
            self._ask(
                "replaced_column",
                f"{self._would_change(both, known, found)} Are the headings those of these columns, and the "
                "rows beside their own identities?",
                "--mapping FILE, or an export that is right",
            )
        elif replaced:
            self._warnings.append(Warned("replaced_column", self._would_change(replaced, known, found)))
        if many:
            self._warnings.append(Warned("replaced_column", self._would_change(many, known, found)))

    def _values_that_change(
        self, ways: dict[str, Alike], about: set[str | None]
    ) -> tuple[dict[str, int], dict[str, int]]:
        """Columns with rows in which other values would stand: nearly all of them, and many of them.

        Numbers, and all that is restated of advertising, change by themselves in whole exports.
        """
        sure, many = {}, {}
        for name, way in ways.items():
            type_ = self._column(name).type
            is_growing = type_ in ("count", "percent") and self._template.name in GROWING
            if name in about or is_growing:
                continue
            restated = type_ in ("number", "count", "percent") or self._template.name == "spend"
            is_several = way.changed >= FEWEST_OF_COLUMN
            if is_several and way.changed > NEARLY_ALL * way.known and not restated:
                sure[name] = way.changed
            elif (is_several and way.changed > (MOST if restated else PART) * way.known) or (
                not restated and way.changed >= max(FEWEST, SOME * way.known)
            ):
                many[name] = way.changed
        return sure, many

    def _would_change(self, counts: dict[str, int], known: dict[str, int], found: _Found) -> str:
        """`known`: column -> rows in which it is known, and counts."""
        shown = self._changes(f"matches.replaced & {self._bits(counts)} <> 0", *list(counts)[:2])
        parts = [
            f"{name} of {self._of(rows, known[name])}{' for which it counts' if known[name] < found.rows else ''}"
            for name, rows in counts.items()
        ]
        return f"{' and '.join(parts)} would change ({shown})."

    def _say_narrower(self, found: _Found) -> None:
        self._warnings.append(
            Warned(
                "narrower_export",
                f"This export says nothing of {_listed(self._by_column('silent'))}; what other exports said of that, "
                f"of the {found.changing:,} rows that were known before, stays.",
            )
        )

    def _say_blanked(self) -> None:
        counts = self._by_column("blanked")
        cells = sum(counts.values())
        one = cells == 1
        shown = self._changes("matches.blanked <> 0", *counts)
        self._warnings.append(
            Warned(
                "blanked_cells",
                f"{cells:,} cell{' that was known is' if one else 's that were known are'} blank now ({shown}). An "
                "export that does not have the column leaves it as it was.",
            )
        )

    def _found(self) -> _Found:
        recoined = self._recoined()
        ((rows, changing, *counts),) = self._session.select(
            compose("landing/held_counts.sql", recoined=recoined)
        )
        return _Found(rows, changing, *counts)

    def _recoined(self) -> str:
        """SQL condition of a row whose amount stays and whose currency is another one."""
        currency, money = self._first("currency"), self._first("money")
        if currency is None or money is None or money not in self._spoken.columns:
            return "false"
        amount = bit_of(self._template, money)
        return (
            f"matches.replaced & {bit_of(self._template, currency)} <> 0 "
            f"and (matches.replaced | matches.blanked) & {amount} = 0"
        )

    def _newer(self) -> tuple[str, dt.date, int] | None:
        """The newest export of a later day than this one's name says that would be changed: its file, day and rows."""
        if self._named_on is None:
            return None
        newer = [
            (file, day, rows)
            for file, known_on, landed_on, rows in self._session.select(read_sql("landing/said_by_newer.sql"))
            if (day := known_on if known_on < landed_on else day_in_name(file, dt.date.min, landed_on))
            and day > self._named_on
        ]
        return max(newer, key=lambda each: each[1], default=None)

    def _if_older(self) -> str:
        day = f"{self._named_on}, as its name says," if self._named_on else "DATE"
        return f"--exported-on {day} if it is an older one"

    def _goes_back(self) -> bool:
        """Whether in every row that would change each changed cell goes back to what an earlier version of it said."""
        if not self._session.select(
            "select 1 from landed.superseded where template = $template limit 1",
            {"template": self._template.name},
        ):
            return False
        names = [name for name in self._spoken.columns if name not in self._template.key]
        sql = compose(
            "landing/goes_back.sql",
            table=quote(self._template.name),
            same_key=" and ".join(
                f"changing.{quote(name)} is not distinct from version.{quote(name)}"
                for name in self._template.key
            ),
            columns=", ".join(f"typed_rows.{quote(name)}" for name in (*self._template.key, *names)),
            same_cells=" and ".join(
                f"(changing.changed & {bit_of(self._template, name)} = 0 or "
                f"changing.{quote(name)} is not distinct from version.{quote(name)})"
                for name in names
            )
            or "true",
        )
        for most in (SAMPLE, None):
            ((changed, back),) = self._session.select(sql, {"most": most})
            if changed < FEWEST_BACK or back < changed:
                return False
            if most is not None and changed < most:
                return True
        return True

    def _by_column(self, mask: str) -> dict[str, int]:
        """Column -> rows of which something is known there, for columns with any."""
        columns = [name for name in self._template.landed if name not in self._template.key]
        counts = ", ".join(
            f"count(*) filter ({mask} & {bit_of(self._template, name)} <> 0)" for name in columns
        )
        (found,) = self._session.select(f"select {counts} from matches where outcome = 'updated'")  # noqa: S608
        return {name: count for name, count in zip(columns, found, strict=True) if count}

    def _changes(self, condition: str, *columns: str) -> str:
        """'created_at of L1: 2026-01-05 09:15:00 → 2026-01-06 10:00:00; …', of the first rows of a condition."""
        names = [name for name in columns or self._spoken.columns if name in self._spoken.columns]
        found: list[str] = []
        for name in names:
            if name in self._template.key or len(found) == EXAMPLES:
                continue
            is_time = self._column(name).type == "time"
            shown = "facts.local_time({})" if is_time else "{}"
            sql = compose(
                "landing/held_examples.sql",
                known=quote(f"current_{self._template.name}"),
                key=", ".join(f"known.{quote(part)}::varchar" for part in self._template.key),
                before=shown.format(f"known.{quote(name)}"),
                after=shown.format(f"typed_rows.{quote(name)}"),
                condition=condition,
            )
            bit = bit_of(self._template, name)
            for row, before, after in self._session.select(sql, {"bit": bit, "most": EXAMPLES - len(found)}):
                found.append(f"{name} of {row}: {before} → {'blank' if after is None else after}")
        return "; ".join(found)

    def _tell(self, found: Finding) -> None:
        if found.instead is None:
            self._warnings.append(Warned(found.code, found.message))
        else:
            self._ask(found.code, found.message, found.instead)

    def _ask(self, code: Doubt, message: str, instead: str) -> None:
        self._questions.append(Question(code, message, f"--accept {code} if it is right; else {instead}"))

    def _column(self, name: str) -> Column:
        column = self._template.column(name)
        if column is None:
            raise KeyError(name)
        return column

    def _first(self, kind: str) -> str | None:
        return next(
            (c.name for c in self._template.columns if c.type == kind and c.name in self._spoken.columns),
            None,
        )

    def _times(self) -> list[str]:
        return [c.name for c in self._template.columns if c.type == "time" and c.name in self._spoken.columns]

    def _bits(self, names: Collection[str]) -> int:
        return sum(bit_of(self._template, name) for name in names)

    def _of(self, rows: int, known: int) -> str:
        return (
            f"all {known:,} known {self._rows}"
            if rows == known
            else f"{rows:,} of {known:,} known {self._rows}"
        )


def _listed(counts: dict[str, int]) -> str:
    parts = [f"{name} ({count:,} row{'' if count == 1 else 's'})" for name, count in counts.items()]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
