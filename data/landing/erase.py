"""A person is erased: from facts, all their versions, what was set aside, kept counts. Nothing brings it back.

What a person's lead is linked to goes with it: appointments, deals, e-mails, conversations. Numbers that were shown
are then others, as after an undo. The next export that holds the person lands it again: it is to be erased there first.
"""

from __future__ import annotations

from dataclasses import dataclass

from leadline.data.counts import store
from leadline.data.errors import ExportError
from leadline.data.landing import digests
from leadline.data.sql import compose, quote, read_sql
from leadline.data.templates import Template, templates
from leadline.data.templates.tables import sql_type
from leadline.data.warehouse import Warehouse

_SHORTEST_ADDRESS = 5
_LEADS = "leads"


@dataclass(frozen=True)
class Erased:
    """How much went."""

    rows: dict[str, int]
    """template -> versions of its rows; only those of which there were any"""
    set_aside: int
    """rows set aside and lines that are no facts in which the person stood"""
    imports: tuple[int, ...]
    """whose digest was noted anew, because rows of theirs went"""


def erase(warehouse: Warehouse, said: str, *, is_lead: bool) -> Erased:
    """Erases the lead of that identity, or whoever that address or number belongs to.

    It belongs to the transaction that runs. Raises ExportError where nothing speaks of the person.
    """
    said = " ".join(said.split())
    if not said or (not is_lead and len(said) < _SHORTEST_ADDRESS):
        raise ExportError(
            "Name the lead's id with --lead, or a whole address or number with --address.", "nobody"
        )
    rows: dict[str, int] = {}
    imports: list[int] = []
    with warehouse.joined() as session:
        session.execute(read_sql("erasure/named.sql"), {"said": said, "salt": warehouse.salt()})
        known = templates()
        session.execute(compose("erasure/leads.sql", names=_names(known[_LEADS])), {"is_lead": is_lead})
        for template in known.values():
            speaks = _speaks(template, is_lead=is_lead)
            session.execute(compose("erasure/rows.sql", table=quote(template.name), speaks=speaks))
            ((count,),) = session.select("select count(*) from erased_rows")
            if not count:
                continue
            rows[template.name] = int(count)
            sql = compose(
                "erasure/delete.sql",
                table=quote(template.name),
                folded=quote(f"folded_{template.name}"),
                speaks=speaks,
            )
            with digests.changing(session, template) as changed:
                for statement in filter(str.strip, sql.split(";\n")):
                    session.execute(
                        statement, {"template": template.name} if "$template" in statement else None
                    )
            imports += changed
        ((pattern,),) = session.select(read_sql("erasure/pattern.sql"))
        ((set_aside,),) = session.select(read_sql("erasure/set_aside_count.sql"), {"pattern": pattern})
        if not rows and not set_aside:
            raise ExportError("Nothing in this workspace speaks of that person.", "nobody")
        for statement in filter(str.strip, read_sql("erasure/set_aside.sql").split(";\n")):
            session.execute(statement, {"pattern": pattern} if "$pattern" in statement else None)
        store.forget_all(session)
    return Erased(rows, int(set_aside), tuple(sorted(imports)))


def _speaks(template: Template, *, is_lead: bool) -> str:
    """The condition of a version that speaks of the person."""
    columns = [column for column, of in template.links.items() if of == _LEADS]
    if template.name == _LEADS:
        columns.append(template.key[0])
    told = [compose("erasure/of_lead.sql", column=quote(column)) for column in columns]
    if not is_lead:
        told.append(_names(template))
    return " or ".join(map(_without_comment, told)) or "false"


def _names(template: Template) -> str:
    """The condition of a version in whose cells a name of the person stands alone."""
    cells = [quote(one.name) for one in template.columns if not one.helper and sql_type(one) == "varchar"]
    return _without_comment(compose("erasure/names_person.sql", cells=", ".join(cells)))


def _without_comment(sql: str) -> str:
    return sql[sql.index("\n") :] if sql.startswith("--") else sql
