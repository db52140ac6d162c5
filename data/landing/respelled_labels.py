"""Labels of a file that are written otherwise than before: 'web' beside 'Web' would be a segment of its own."""

from __future__ import annotations

from leadline.data.database.session import Session
from leadline.data.exports.landing_report import Warned
from leadline.data.landing.fold import Spoken
from leadline.data.sql import compose, quote
from leadline.data.templates import Template

ALSO = ("workflow", "channel", "variant")
"""columns by which rows are counted apart, beside a template's segments"""
LABELS = 500
"""labels of a column, more of which are no segments"""
SAMPLE = 20_000
"""known rows whose labels are looked at"""


def look_at_labels(session: Session, template: Template, spoken: Spoken) -> list[Warned]:
    """Tells of labels that are those of others but for capital letters and signs."""
    names = [
        column.name
        for column in template.columns
        if column.type == "text" and column.name in {*template.segments, *ALSO} & set(spoken.columns)
    ]
    if not names:
        return []
    standing = quote(f"current_{template.name}")
    sql = compose(
        "landing/respelled_labels.sql",
        coming=_labels(names, "typed_rows", "min(line)", LABELS),
        known=_labels(names, f"(select * from landed.{standing} limit {SAMPLE})", "null::bigint", LABELS),  # noqa: S608
    )
    return [
        Warned(
            "respelled_labels",
            f"{name} {label[:60]!r} (line {line}) stands beside {other[:60]!r}"
            f"{f', and so do {count - 1:,} more labels' if count > 1 else ''}: what is written in several ways counts "
            "as several segments. Write each in one way at the source, and export again.",
        )
        for name, count, line, label, other in session.select(sql)
    ]


def _labels(names: list[str], rows: str, line: str, most: int) -> str:
    return " union all ".join(
        f"(select '{name}' as column_name, {quote(name)} as label, {line} as line from {rows} "  # noqa: S608
        f"where {quote(name)} is not null group by {quote(name)} limit {most})"
        for name in names
    )
