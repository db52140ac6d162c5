"""The rows that come beside the versions that stand: which are new, which say something else, which nothing new."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from leadline.data.database.session import Session
from leadline.data.exports.rows.staging import Staged, changed_at
from leadline.data.landing.fold import Spoken, is_uniform, of_same_width, spoken_of
from leadline.data.sql import compose, literal, quote
from leadline.data.templates import Template

DAY = 86_400_000_000
"""microseconds; a time without hours is a day, which no other zone moves"""


@dataclass(frozen=True)
class Decided:
    """What becomes final of the rows of a template."""

    column: str
    finals: tuple[str, ...]
    before: str


DECIDED = {
    "deals": Decided("stage", ("won", "lost"), "open"),
    "appointments": Decided("status", ("held", "no_show", "cancelled"), "booked"),
}


def compare(session: Session, staged: Staged, known_at: dt.datetime) -> Spoken:
    """Leaves `matches` in the session: the rows of which a version stands. Says of which columns the export speaks."""
    template = staged.recognised.template
    spoken = spoken_of(session, staged.recognised)
    same, is_all = of_same_width(session, template.name, spoken)
    is_folded = not is_uniform(session, template.name)
    sql = compose(
        "landing/matches.sql",
        standing=quote(f"standing_{template.name}"),
        same_width="true" if is_all else "standing.import_id in (select unnest($same))",
        changed_at=changed_at(template),
        same_key=" and ".join(_same(quote(name), required=name == template.key[0]) for name in template.key),
        same_content=" and ".join(_same(quote(name), required=False) for name in template.landed),
        folded=compose("landing/with_folded.sql", folded=quote(f"folded_{template.name}"))
        if is_folded
        else "",
        **_masks(template, spoken, is_folded),
        **_movements(template, spoken, is_folded),
    )
    values = {"known_at": known_at, "template": template.name}
    session.execute(sql, values if is_all else {**values, "same": same})
    return spoken


def bit_of(template: Template, column: str) -> int:
    """What stands for a column in the masks of `matches`."""
    return 1 << template.landed.index(column)


def known(column: str, is_folded: bool) -> str:
    """SQL of what is known of a column of a row that stands."""
    name = quote(column)
    if not is_folded:
        return f"standing.{name}"
    return f"case when folded.import_id is null then standing.{name} else folded.{name} end"


def _masks(template: Template, spoken: Spoken, is_folded: bool) -> dict[str, str]:
    parts: dict[str, list[str]] = {"replaced": [], "blanked": [], "silent": []}
    for column in template.landed:
        if column in template.key:
            continue
        was, bit = known(column, is_folded), bit_of(template, column)
        comes = f"candidates.{quote(column)}"
        if column in spoken.columns:
            parts["replaced"].append(f"case when {comes} <> {was} then {bit} else 0 end")
            parts["blanked"].append(f"case when {comes} is null and {was} is not null then {bit} else 0 end")
        else:
            parts["silent"].append(f"case when {was} is not null then {bit} else 0 end")
    return {name: "\n    + ".join(cases) or "0" for name, cases in parts.items()}


def own_moment(template: Template) -> str | None:
    """The column that says when a row came to be; None where its identity does."""
    return next(
        (
            column.name
            for column in template.columns
            if column.type == "time" and column.required == "value" and column.name not in template.key
        ),
        None,
    )


def _movements(template: Template, spoken: Spoken, is_folded: bool) -> dict[str, str]:
    """SQL of how a row that comes differs from what is known of it, in ways that are those of whole exports."""

    def pair(name: str) -> tuple[str, str]:
        return f"candidates.{quote(name)}", known(name, is_folded)

    told = [
        column
        for column in template.columns
        if column.name in spoken.columns and column.name not in template.key
    ]
    moves = [
        f"case when epoch_us(facts.local_time({was})) % {DAY} <> 0 then epoch_us({comes}) - epoch_us({was}) end"
        for comes, was in (pair(c.name) for c in told if c.type == "time")
    ]
    parts = {"moved": "null::bigint", "is_recreated": "false", "factor": "null::double"}
    if len(moves) > 1:
        parts["moved"] = (
            f"case when least({', '.join(moves)}) = greatest({', '.join(moves)}) then least({', '.join(moves)}) end"
        )
    elif moves:
        parts["moved"] = moves[0]
    if (moment := own_moment(template)) in spoken.columns and moment is not None:
        comes, was = (f"facts.local_time({one})::date" for one in pair(moment))
        parts["is_recreated"] = f"coalesce({comes} <> {was}, false)"
    if money := next((column.name for column in told if column.type == "money"), None):
        comes, was = pair(money)
        parts["factor"] = f"case when {comes} <> {was} and {was} <> 0 then round({comes} / {was}, 6) end"
    parts |= {"was_decided": "false", "is_reopened": "false"}
    if (decided := DECIDED.get(template.name)) and decided.column in spoken.columns:
        comes, was = pair(decided.column)
        finals = ", ".join(literal(word) for word in decided.finals)
        parts["was_decided"] = f"coalesce({was} in ({finals}), false)"
        parts["is_reopened"] = f"coalesce({was} in ({finals}) and {comes} = {literal(decided.before)}, false)"
    return parts


def _same(column: str, required: bool) -> str:
    return f"candidates.{column} {'=' if required else 'is not distinct from'} standing.{column}"
