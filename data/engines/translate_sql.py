"""DuckDB's .sql files as another engine's SQL. Pure: text and settings in, text out; asks nothing.

The query keeps its text; what differs between engines is put in a form on which all of them agree, to the last digit:
weeks begin on Monday, differences are counted between *dates* or whole seconds, groups are named by position, and
rows are sorted at home, because collations differ. The views of facts are those of `sql/facts`, over the engine's
own tables in place of what would have landed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache

import sqlglot
from sqlglot import exp

from leadline.data.engines.source import AboutImportsError, Source, Translated, UntranslatedError
from leadline.data.templates import tables, templates

_OURS = frozenset({"attributes", "modified_at", "known_at", "import_id", "line", "is_retired"})
"""columns of landed rows that no other system has"""


@cache
def columns_of(template: str) -> dict[str, exp.DataType]:
    """A template's columns and types, as the table of landed rows declares them."""
    created = sqlglot.parse_one(tables.table(templates()[template]), dialect="duckdb")
    return {
        column.name: column.args["kind"]
        for column in created.find_all(exp.ColumnDef)
        if column.name not in _OURS
    }


def translate(
    sql: str, values: Mapping[str, object], sources: Mapping[str, Source], dialect: str
) -> Translated:
    """A query over `facts.*` for the engine. Raises UntranslatedError where it rests on landed imports."""
    query = _parsed(sql)
    if any(table.db == "landed" for table in query.find_all(exp.Table)) or query.find(exp.Dot):
        raise AboutImportsError("This question is about imports, which only a workspace's own database has.")
    query = query.transform(_bound, values)
    for case in list(query.find_all(exp.Case)):
        _choose(case)
    order = _take_order(query)
    wanted: dict[str, list[str]] = {}
    _name_attributes(query, wanted)
    _with_facts(query, sources, wanted, dialect)
    for select in query.find_all(exp.Select):
        _group_by_position(select)
    query = query.transform(_portable, dialect)
    return Translated(query.sql(dialect=dialect, pretty=True, comments=False), order)


def _parsed(sql: str) -> exp.Expr:
    """A query of ours; the names in it are plain, so that each engine may spell them in its way."""
    query = sqlglot.parse_one(sql, dialect="duckdb")
    for identifier in query.find_all(exp.Identifier):
        identifier.set("quoted", False)
    return query


def _bound(node: exp.Expr, values: Mapping[str, object]) -> exp.Expr:
    """A value in the place of its `$name`, as a literal of the syntax tree: quoting is SQLGlot's."""
    if not isinstance(node, exp.Placeholder):
        return node
    value = values[node.name]
    if isinstance(value, dt.date):
        return exp.cast(exp.Literal.string(value.isoformat()), "date")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return exp.Literal.number(value)
    if isinstance(value, str) and "\x00" not in value:
        return exp.Literal.string(value)
    raise UntranslatedError(f"The value {value!r} of {node.name} can't be asked of another engine.")


def _choose(case: exp.Case) -> None:
    """`case 'channel' when 'channel' then x …` is x."""
    subject = case.this
    if not isinstance(subject, exp.Literal):
        return
    for branch in case.args["ifs"]:
        if branch.this == subject:
            case.replace(branch.args["true"])
            return
    case.replace(case.args.get("default") or exp.null())


def _take_order(query: exp.Expr) -> tuple[tuple[int, bool], ...]:
    ordered = query.args.get("order")
    if ordered is None:
        return ()
    if query.args.get("limit") is None:  # else which rows come depends on it
        query.set("order", None)
    outputs = query.named_selects  # type: ignore[attr-defined]
    keys = []
    for one in ordered.expressions:
        if one.this.name.lower() == "all":
            return tuple((i, False) for i in range(len(outputs)))
        keys.append((outputs.index(one.this.name), bool(one.args.get("desc"))))
    return tuple(keys)


def _name_attributes(query: exp.Expr, wanted: dict[str, list[str]]) -> None:
    """`unit.attributes['tier']` becomes a column of its own; `wanted` collects them by template."""
    for bracket in list(query.find_all(exp.Bracket)):
        column, key = bracket.this, bracket.expressions[0]
        if not (isinstance(column, exp.Column) and column.name == "attributes"):
            continue
        select = bracket.find_ancestor(exp.Select)
        tables = {t.alias_or_name: t.name for t in (select or query).find_all(exp.Table) if t.db == "facts"}
        of_template = wanted.setdefault(tables[column.table], [])
        if key.name not in of_template:
            of_template.append(key.name)
        bracket.replace(exp.column(_attribute(of_template.index(key.name)), table=column.table))


def _attribute(position: int) -> str:
    return f"attribute_{position}"


def _with_facts(
    query: exp.Expr, sources: Mapping[str, Source], wanted: dict[str, list[str]], dialect: str
) -> None:
    """Puts the relations that the query asks for before it, as common table expressions."""
    facts = sorted({table.name for table in query.find_all(exp.Table) if table.db == "facts"})
    views = {name: _view(name, wanted.get(name, [])) for name in facts}
    landed = sorted(
        {
            table.name.removeprefix("current_")
            for view in views.values()
            for table in view.find_all(exp.Table)
            if table.db == "landed"
        }
    )
    for relation in (query, *views.values()):
        for table in list(relation.find_all(exp.Table)):
            if table.db == "facts":
                table.replace(exp.to_table(f"facts_{table.name}").as_(table.alias_or_name, table=True))
            elif table.db == "landed":
                name = table.name.removeprefix("current_")
                table.replace(exp.to_table(f"their_{name}").as_(table.alias_or_name, table=True))
    ctes = [
        *(
            exp.CTE(
                this=_theirs(name, sources.get(name), wanted.get(name, []), dialect),
                alias=exp.TableAlias(this=exp.to_identifier(f"their_{name}")),
            )
            for name in landed
        ),
        *(
            exp.CTE(this=view, alias=exp.TableAlias(this=exp.to_identifier(f"facts_{name}")))
            for name, view in views.items()
        ),
    ]
    already = query.args.get("with_")
    query.set("with_", exp.With(expressions=[*ctes, *(already.expressions if already else [])]))


def _view(template: str, attributes: list[str]) -> exp.Expr:
    """The facts of a template, their times taken as they are, with the wanted attributes as columns."""
    view = _parsed(tables.facts(templates()[template]))
    for call in list(view.find_all(exp.Dot)):
        call.replace(
            call.expression.expressions[0]
        )  # facts.local_time(x): the session's clock is the workspace's
    for select in list(view.find_all(exp.Select)):
        projections: list[exp.Expr] = []
        for projection in select.expressions:
            column = projection.unalias()
            if column.name == "attributes":
                projections += [
                    exp.column(_attribute(i), table=column.table or None) for i in range(len(attributes))
                ]
            else:
                projections.append(projection)
        select.set("expressions", projections)
    return view


def _theirs(template: str, source: Source | None, attributes: list[str], dialect: str) -> exp.Select:
    """Their table with our columns: renamed, of our types, NULL where they have none; empty where there is no table."""
    projections: list[exp.Expr] = []
    for ours, kind in columns_of(template).items():
        theirs = source.column(ours) if source else None
        found = _identified(theirs) if theirs else exp.null()
        typed = (
            found
            if theirs and kind.is_type("double")  # amounts stay decimals
            else exp.cast(found, _type(kind, dialect))
        )
        projections.append(exp.alias_(typed, ours))
    projections += [
        exp.alias_(exp.cast(exp.Literal.number(0), "bigint"), name) for name in ("import_id", "line")
    ]
    for position, name in enumerate(attributes):
        value = _attribute_of(source, name, dialect) if source else exp.null()
        projections.append(exp.alias_(exp.cast(value, "text"), _attribute(position)))
    select = exp.select(*projections)
    if source is None:
        return select.from_(exp.select(exp.alias_(exp.Literal.number(1), "one")).subquery("nothing")).where(
            exp.false()
        )
    parts = [_name(part) for part in source.table.split(".")]
    table = exp.Table(this=parts[-1])
    for key, part in zip(("db", "catalog"), reversed(parts[:-1]), strict=False):
        table.set(key, part)
    return select.from_(table)


def _name(identifier: str) -> exp.Identifier:
    """Quoted as it is spelled."""
    return exp.to_identifier(identifier, quoted=True)


def _identified(column: str) -> exp.Column:
    return exp.Column(this=_name(column))


def _type(kind: exp.DataType, dialect: str) -> exp.DataType:
    if kind.is_type("timestamp"):
        return exp.DataType.build("timestamp" if dialect == "postgres" else "timestampntz")
    return kind.copy()


def _attribute_of(source: Source, name: str, dialect: str) -> exp.Expr:
    """A column of that name, else the entry of the column that holds attributes, else NULL."""
    if source.known is not None or source.attributes is None:
        column = source.column(name)
        if column is not None:
            return _identified(column)
    if source.attributes is None:
        return exp.null()
    held, key = _identified(source.attributes), exp.Literal.string(name)
    if dialect == "postgres":
        return exp.func("jsonb_extract_path_text", exp.cast(held, "jsonb"), key)
    return exp.Anonymous(this="ELEMENT_AT", expressions=[held, key])


def _group_by_position(select: exp.Select) -> None:
    """`group by all` is not everywhere; positions of what isn't summed are."""
    group = select.args.get("group")
    if group is None or not group.args.get("all"):
        return
    positions = [
        exp.Literal.number(i)
        for i, projection in enumerate(select.expressions, 1)
        if projection.find(exp.AggFunc) is None
    ]
    select.set("group", exp.Group(expressions=positions))


def _portable(node: exp.Expr, dialect: str) -> exp.Expr:
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.TimestampTrunc | exp.DateTrunc):
        if node.this.text("unit").upper() != "WEEK":
            raise UntranslatedError("Only whole weeks are translated.")
        return _monday(_date(node.this.this.transform(_portable, dialect)), dialect)
    if isinstance(node, exp.DateDiff):
        later = node.this.transform(_portable, dialect)
        earlier = node.expression.transform(_portable, dialect)
        return _difference(later, earlier, node.text("unit").upper(), dialect)
    if isinstance(node, exp.Anonymous) and node.name.lower() == "to_minutes":
        number = node.expressions[0].find(exp.Literal)
        return exp.Interval(this=exp.Literal.string(number.name), unit=exp.var("MINUTE"))
    return node


def _date(value: exp.Expr) -> exp.Expr:
    return value if isinstance(value, exp.Cast) and value.to.is_type("date") else exp.cast(value, "date")


def _monday(day: exp.Expr, dialect: str) -> exp.Expr:
    """The Monday of a day's week, whatever the engine's first day of the week."""
    if dialect == "postgres":
        return exp.cast(
            exp.Anonymous(
                this="DATE_TRUNC", expressions=[exp.Literal.string("week"), exp.cast(day, "timestamp")]
            ),
            "date",
        )
    return exp.Anonymous(this="TRUNC", expressions=[day, exp.Literal.string("WEEK")])


def _difference(later: exp.Expr, earlier: exp.Expr, unit: str, dialect: str) -> exp.Expr:
    """Days, or weeks between Mondays, as whole numbers; seconds from the clock's parts, without fractions."""
    days = _days(later, earlier, dialect)
    if unit == "DAY":
        return days
    if unit == "WEEK":
        return exp.cast(exp.Div(this=exp.paren(days), expression=exp.Literal.number(7), typed=True), "bigint")
    if unit != "SECOND":
        raise UntranslatedError(f"A difference in {unit.lower()}s is not translated.")
    total: exp.Expr = exp.Mul(this=exp.paren(days), expression=exp.Literal.number(86400))
    for part, seconds in (("HOUR", 3600), ("MINUTE", 60), ("SECOND", 1)):
        gap = exp.Sub(this=_clock(part, later), expression=_clock(part, earlier))
        total = exp.Add(
            this=total, expression=exp.Mul(this=exp.paren(gap), expression=exp.Literal.number(seconds))
        )
    return exp.paren(total)


def _clock(part: str, moment: exp.Expr) -> exp.Expr:
    return exp.Floor(this=exp.Extract(this=exp.var(part), expression=moment.copy()))


def _days(later: exp.Expr, earlier: exp.Expr, dialect: str) -> exp.Expr:
    later, earlier = _date(later.copy()), _date(earlier.copy())
    if dialect == "postgres":
        return exp.paren(exp.Sub(this=later, expression=earlier))
    return exp.Anonymous(this="DATEDIFF", expressions=[later, earlier])
