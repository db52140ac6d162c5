"""Which questions about facts are kept, at which grain, and how they are answered from what is kept.

Most are kept as they are asked, with everything that ever happened; counted/<name>.sql stands in where what was known
by a day can't be told from that. as_of/<name>.sql sums kept counts up to the rows that the question itself gives by
the end of `$through`. Tests hold the two to each other.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from itertools import product

from leadline.data.counts.store import KNOWN, Question, answer, answer_as, bound, define
from leadline.metrics.agreement.catalog import Metric, load_catalog
from leadline.metrics.declared.declaration import (
    Declaration,
    Duration,
    Named,
    SameFirst,
    Sum,
    amounts_of,
)
from leadline.metrics.declared.earlier import earlier
from leadline.metrics.declared.links import linked
from leadline.metrics.declared.question import Asked, asked, is_voted, lacking
from leadline.metrics.sql import of_templates, read_sql

__all__ = ["answer", "answer_as", "bound"]

AMOUNTS = ("units", "amount", "amount_squared")
_SUMS: dict[str, tuple[str, ...]] = {
    "rates_where_recorded": ("units", "members"),
    "means": AMOUNTS,
    "values": AMOUNTS,
    "lacking": ("count_rows", "count_missing", "count_negative"),
}
"""how counts are summed up → what adds up, where that is not the units alone"""


def _asked(name: str) -> str:
    return read_sql(f"{name}.sql")


def _counted(name: str) -> str:
    return _own("counted", name.replace("/", "_"))


def _as_of(name: str) -> str:
    return _own("as_of", name)


def _own(folder: str, name: str) -> str:
    return of_templates(files(__package__).joinpath(folder, f"{name}.sql").read_text(encoding="utf-8"))


def question_of(metric: Metric, by_segment: bool) -> tuple[str, Asked]:
    """What counts a metric, and the name under which its counts are kept. A metric that a workspace declares itself is
    made known here; until it is asked for, landings don't know it and its counts are counted anew."""
    question = asked(metric.declaration, by_segment)
    if not _is_kept(metric.declaration):
        return f"{metric.counted_as}/asked", question
    built_in = _built_in().get(metric.counted_as)
    name = metric.counted_as
    if built_in is None or asked(built_in.declaration, by_segment).counted != question.counted:
        name = f"{metric.id}/{hashlib.sha256(question.counted.encode()).hexdigest()[:12]}"
        define([_kept(name, question)])
    elif not by_segment and question != asked(metric.declaration):
        name = f"{name}/whole"
    return name, question


def _is_kept(declaration: Declaration) -> bool:
    """Not where people's judgements vote: what counts then is what was judged by a day; few rows, asked anew."""
    return not (isinstance(declaration, Named | SameFirst) or is_voted(declaration))


@cache
def _built_in() -> dict[str, Metric]:
    """The built-in metrics by what they are counted as, a ratio as its two parts."""
    return {part.counted_as: part for metric in load_catalog(None).values() for part in metric.parts}


def lacking_of(amount: Sum | Duration) -> tuple[str, Asked]:
    """What counts the rows that lack an amount, or a time, and the name under which its counts are kept."""
    return _defined(amount.of.template, lacking(amount))


def earlier_of(declaration: Declaration) -> tuple[str, Asked] | None:
    """The same of events of a day before their units entered; None where nothing comes later than a unit."""
    question = earlier(declaration)
    return None if question is None else _defined("earlier", question)


def _defined(of: str, question: Asked) -> tuple[str, Asked]:
    name = f"lacking/{of}/{hashlib.sha256(question.counted.encode()).hexdigest()[:12]}"
    if name not in KNOWN:
        define([_kept(name, question)])
    return name, question


def link_of(proxy: Metric, outcome: Metric) -> tuple[str, Asked] | None:
    """What counts how a proxy goes with an outcome of the same units, and the name under which its counts are kept;
    None where they have no unit in common."""
    question = linked(proxy.declaration, outcome.declaration)
    if question is None:
        return None
    name = f"linkage/{proxy.counted_as}/{outcome.counted_as}"
    built_in = _built_in_links().get(name)
    if built_in is None or built_in.counted != question.counted:
        name = f"{name}/{hashlib.sha256(question.counted.encode()).hexdigest()[:12]}"
        define([_kept(name, question)])
    return name, question


@cache
def _built_in_links() -> dict[str, Asked]:
    """Those of the built-in metrics, by name."""
    pairs = product(load_catalog(None).values(), repeat=2)
    return {
        f"linkage/{proxy.id}/{outcome.id}": question
        for proxy, outcome in pairs
        if (question := linked(proxy.declaration, outcome.declaration)) is not None
    }


def _kept(name: str, question: Asked) -> Question:
    sums = _SUMS.get(question.as_of, ("units",))
    presence = next((each for each in ("members", "count_rows") if each in sums), "units")
    whole_weeks = question.as_of != "durations"
    holds = _as_of("links_of_emails_hold") if question.as_of == "links_of_emails" else None
    return Question(
        name,
        question.counted,
        _as_of(question.as_of),
        sums,
        presence,
        question.unit,
        whole_weeks=whole_weeks,
        holds=holds,
    )


def questions() -> list[Question]:
    """All questions that are kept, as they are asked of the templates that there are."""
    units = ("units",)
    counted = [part for part in _built_in().values() if _is_kept(part.declaration)]
    declared = dict(question_of(part, by) for part in counted for by in (True, False))
    found = [_kept(name, question) for name, question in declared.items()]
    found += [_kept(name, question) for name, question in _built_in_links().items()]
    amounts = {each for metric in load_catalog(None).values() for each in amounts_of(metric.declaration)}
    found += [_kept(*lacking_of(amount)) for amount in amounts]
    missing = ("count_rows", "count_missing")
    return [
        *found,
        Question(
            "activity",
            _asked("activity"),
            _as_of("activity"),
            ("events",),
            "events",
            "row",
            whole_weeks=False,
        ),
        Question(
            "amounts",
            _counted("amounts"),
            _as_of("amounts"),
            AMOUNTS,
            "units",
            "joined",
            whole_weeks=False,
        ),
        Question(
            "fitness/missing", _asked("fitness/missing"), _as_of("missing"), missing, "count_rows", "joined"
        ),
        Question(
            "fitness/missing_segment",
            _asked("fitness/missing_segment"),
            _as_of("missing_segment"),
            missing,
            "count_rows",
            "row",
        ),
        Question(
            "fitness/import_days",
            _counted("fitness/import_days"),
            _as_of("import_days"),
            units,
            "units",
            "row",
            whole_weeks=False,
        ),
        Question(
            "fitness/opens",
            _counted("fitness/opens"),
            _as_of("opens"),
            units,
            "units",
            "row",
            whole_weeks=False,
        ),
    ]


define(questions())
