"""An import held against what is known, before it lands: what of it a person should hear, or be asked."""

from __future__ import annotations

from leadline.data.database.session import Session
from leadline.data.exports.landing_report import Warned
from leadline.data.landing.compare import bit_of
from leadline.data.sql import compose, quote
from leadline.data.templates import Template

EXAMPLES = 2


def held_against_known(session: Session, template: Template) -> tuple[Warned, ...]:
    """What is told of the rows that come beside what is known of them."""
    ((known, silent, blanked),) = session.select(
        "select count(*), count(*) filter (silent <> 0), count(*) filter (blanked <> 0) from matches "
        "where outcome = 'updated'"
    )
    warnings = []
    if silent:
        counts = _by_column(session, template, "silent")
        warnings.append(
            Warned(
                "narrower_export",
                f"This export says nothing of {_listed(counts, 'row')}; of the {known:,} rows that were known before, "
                "what other exports said of that stays.",
            )
        )
    if blanked:
        warnings.append(_blanked(session, template))
    return tuple(warnings)


def _blanked(session: Session, template: Template) -> Warned:
    counts = _by_column(session, template, "blanked")
    cells = sum(counts.values())
    examples = [
        f"{column} of {row} (was {was})"
        for column in counts
        for row, was in _examples(session, template, column)
    ][:EXAMPLES]
    one = cells == 1
    return Warned(
        "blanked_cells",
        f"{cells:,} cell{' that was known is' if one else 's that were known are'} blank now: {', '.join(examples)}"
        f"{'' if cells <= len(examples) else ' …'}. An export that does not have the column leaves it as it was.",
    )


def _by_column(session: Session, template: Template, mask: str) -> dict[str, int]:
    """Column -> rows of which something is known there, for columns with any."""
    columns = [name for name in template.landed if name not in template.key]
    counts = ", ".join(f"count(*) filter ({mask} & {bit_of(template, name)} <> 0)" for name in columns)
    (found,) = session.select(f"select {counts} from matches where outcome = 'updated'")  # noqa: S608
    return {name: count for name, count in zip(columns, found, strict=True) if count}


def _examples(session: Session, template: Template, column: str) -> list[tuple[str, str]]:
    """(identity, what is known) of the first rows whose cell is blank now."""
    name = quote(column)
    shown = template.column(column)
    was = f"facts.local_time(known.{name})" if shown and shown.type == "time" else f"known.{name}"
    sql = compose(
        "landing/blanked_examples.sql",
        known=quote(f"current_{template.name}"),
        key=", ".join(f"known.{quote(part)}::varchar" for part in template.key),
        was=was,
    )
    return [
        (row, was) for row, was in session.select(sql, {"bit": bit_of(template, column), "most": EXAMPLES})
    ]


def _listed(counts: dict[str, int], unit: str) -> str:
    parts = [f"{name} ({count:,} {unit}{'' if count == 1 else 's'})" for name, count in counts.items()]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
