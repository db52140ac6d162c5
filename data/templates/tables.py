"""The SQL that follows from the templates: tables, views, checks, and what is asked of the rows of all templates.

Texts are composed through `data.sql`; identifiers are quoted there, and the words that stand between them are those of
`data/sql/templates`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from leadline.data.sql import compose, literal, quote
from leadline.data.templates import Column, Template, templates

_TYPES = {
    "time": "timestamp",
    "number": "double",
    "money": "double",
    "percent": "double",
    "count": "bigint",
    "boolean": "boolean",
}
"""of columns; of all others varchar"""


def sql_type(column: Column) -> str:
    """The type of a landed column."""
    return _TYPES.get(column.type, "varchar")


def table(template: Template) -> str:
    """Makes the table of landed versions, where it is not there yet."""
    return compose("templates/table.sql", table=quote(template.name), columns=_listed(_declared(template)))


def _declared(template: Template) -> list[str]:
    return [
        f"{quote(column.name)} {sql_type(column)}{' not null' if column.name == template.key[0] else ''}"
        for column in template.columns
        if not column.helper
    ]


def tables_of(template: Template) -> tuple[str, str]:
    """Names of the tables of what exports said, and of what is known where one alone does not say it."""
    return template.name, f"folded_{template.name}"


def folded_table(template: Template) -> str:
    """Makes the table of versions in force that do not say all that is known, where it is not there yet."""
    return compose(
        "templates/folded.sql", folded=quote(f"folded_{template.name}"), columns=_listed(_declared(template))
    )


def standing_view(template: Template) -> str:
    """Makes the view of the versions that no other supersedes, as their exports said them."""
    return compose(
        "templates/standing.sql",
        view=quote(f"standing_{template.name}"),
        table=quote(template.name),
        template=literal(template.name),
    )


def current_view(template: Template) -> str:
    """Makes the view of the rows in force, with all that is known of each."""
    links = [
        f"coalesce({quote(f'{link} now')}.new_id, known.{quote(link)}) as {quote(link)}"
        for link in template.links
    ]
    aliases = [
        _part(
            "templates/alias_of_link.sql",
            template=literal(target),
            alias=quote(f"{link} now"),
            link=quote(link),
        )
        for link, target in template.links.items()
    ]
    if len(template.key) == 1:
        aliases.append(
            _part("templates/not_merged.sql", template=literal(template.name), key=quote(template.key[0]))
        )
    return compose(
        "templates/current.sql",
        view=quote(f"current_{template.name}"),
        standing=quote(f"standing_{template.name}"),
        folded=quote(f"folded_{template.name}"),
        links_now=f" replace ({', '.join(links)})" if links else "",
        aliases="\n".join(aliases),
    )


LANDED = (table, folded_table, standing_view, current_view)
"""what makes the tables and views of what has landed of a template, in order"""


def facts_view(template: Template) -> str:
    """Makes the view of facts."""
    return compose("templates/facts_view.sql", view=quote(template.name), facts=facts(template))


def facts(template: Template, versions: Callable[[str], str] | None = None) -> str:
    """The query behind the view of facts. `versions`: template → relation of its versions, as SQL names it."""
    named = versions or (lambda name: f"landed.{quote(f'current_{name}')}")
    columns = [_fact(template, name) for name in template.landed]
    parts = {"columns": _listed(columns), "versions": named(template.name)}
    if template.parent is None:
        return _part("templates/facts.sql", **parts)
    name, link = template.parent
    of_fact = [
        "origin.workflow" if column == "workflow" else _fact(template, column, "fact.")
        for column in template.landed
    ]
    return _part(
        "templates/facts_with_origin.sql",
        **parts,
        of_fact=_listed(of_fact),
        origins=named(name),
        link=quote(link),
        key=quote(templates()[name].key[0]),
    )


def future_dates(template: Template) -> list[str]:
    """Statements that note the rows whose past lies after `$limit` as faults."""
    return [
        compose("templates/future_date.sql", word=literal(name), column=quote(name))
        for name in template.in_the_past
    ]


def every_event(among: Collection[str] = ()) -> str:
    """Query of what happened, over all templates: source, workflow, day. `among`: the only ones that have rows, where
    that is known; what has none costs an engine more than what has."""
    return _united(
        _part(
            "templates/event.sql",
            template=literal(template.name),
            column=quote(column),
            table=quote(template.name),
        )
        for template in _among(among)
        for column in template.events
    )


def every_past_moment(among: Collection[str] = ()) -> str:
    """Query of what was past when a row was exported, over all versions of all templates: import_id, day."""
    return _united(
        _part("templates/past_moment.sql", column=quote(column), table=quote(template.name))
        for template in _among(among)
        for column in template.in_the_past
    )


def every_dated_row(among: Collection[str] = ()) -> str:
    """Query of the rows of all templates: template, import_id, day, workflow."""
    return _united(
        _part(
            "templates/dated.sql",
            template=literal(template.name),
            moment=_moment(template),
            table=quote(template.name),
        )
        for template in _among(among)
    )


def every_segmented_row(among: Collection[str] = ()) -> str:
    """Query of the rows of `$workflow` that are split by segments: value of `$segment`, day, import_id."""
    return _united(
        _part(
            "templates/segment.sql",
            columns=" ".join(
                _part("templates/segment_column.sql", word=literal(name), column=quote(name))
                for name in template.segments
            ),
            moment=_moment(template, "unit."),
            table=quote(template.name),
        )
        for template in _among([name for name in among if templates()[name].segments])
        if template.segments
    )


def _fact(template: Template, name: str, of: str = "") -> str:
    column = template.column(name)
    own = of + quote(name)
    is_time = column is not None and column.type == "time"
    if name in template.days:
        return f"cast(facts.local_time({own}) as date) as {quote(name)}"
    return f"facts.local_time({own}) as {quote(name)}" if is_time else own


def _moment(template: Template, of: str = "") -> str:
    columns = [of + quote(name) for name in template.moment]
    return columns[0] if len(columns) == 1 else f"coalesce({', '.join(columns)})"


def _part(name: str, **parts: str) -> str:
    """Text of a file that stands within another, without what it says of itself."""
    return "\n".join(line for line in compose(name, **parts).splitlines() if not line.startswith("--"))


def _listed(parts: Iterable[str]) -> str:
    return ",\n    ".join(parts)


def _among(names: Collection[str]) -> list[Template]:
    """These templates, or all where none is named."""
    return [template for template in templates().values() if not names or template.name in names]


def _united(queries: Iterable[str]) -> str:
    return "\nunion all\n".join(queries)
