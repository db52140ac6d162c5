"""How long rows are kept: `[retention]` in leadline.toml says it by template, and what is older can be deleted.

All versions of a row go together, once its newest happened longer ago than that; nothing brings them back but another
export that holds them. Counts and weeks that rest on them are then others, as after an undo.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Mapping

from leadline.data.counts import store
from leadline.data.database.session import Session
from leadline.data.landing import digests
from leadline.data.landing.expired import SET_ASIDE, Expired
from leadline.data.sql import compose, quote, read_sql
from leadline.data.templates import Template, templates
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.settings import Settings

LEAST_DAYS = 7
_TIME = re.compile(r"([1-9]\d{0,3}) (day|week|month|year)s?")


def kept_since(settings: Settings, today: dt.date) -> dict[str, dt.date]:
    """Template, or `set_aside` -> the first day that is kept. Raises WorkspaceError over every fault of the table."""
    names = (*templates(), SET_ASIDE)
    table = settings.table("retention", names, "write '[retention]' and below it such as leads = \"3 years\"")
    if table is None:
        return {}
    found = {}
    for name, value in table.values.items():
        said = value.scalar('a time such as "18 months"') or ""
        parts = _TIME.fullmatch(said)
        day = _before(today, int(parts[1]), parts[2]) if parts else None
        if day is None or (today - day).days < LEAST_DAYS:
            value.fault(
                f'retention.{name} is {said!r}; write how long rows are kept, a week at least: such as "90 days", '
                '"18 months" or "3 years".'
            )
        else:
            found[name] = day
    table.faults.raise_if_any()
    return found


def _before(today: dt.date, count: int, unit: str) -> dt.date | None:
    if unit in ("day", "week"):
        return today - dt.timedelta(days=count * (7 if unit == "week" else 1))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    if year < 1:
        return None
    return dt.date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def expired(
    warehouse: Warehouse,
    since: Mapping[str, dt.date],
    baselines: Mapping[str, dt.date],
    *,
    delete: bool = False,
) -> tuple[Expired, ...]:
    """What lies before the first days that are kept; with `delete`, it is gone, in the transaction that runs.

    `baselines`: template -> the last day of the newest baseline that counts its rows.
    """
    found = []
    with warehouse.joined() if delete else warehouse.session() as session:
        for name, template in templates().items():
            if name in since:
                found.append(_of_template(session, template, since[name], baselines.get(name)))
                if delete and found[-1].rows:
                    _forget(session, template)
        if SET_ASIDE in since:
            before = {"before": since[SET_ASIDE]}
            ((count,),) = session.select(read_sql("retention/set_aside_count.sql"), before)
            found.append(Expired(SET_ASIDE, since[SET_ASIDE], int(count), int(count), 0))
            if delete and count:
                for statement in filter(str.strip, read_sql("retention/set_aside.sql").split(";\n")):
                    session.execute(statement, before)
        if delete and any(each.rows and each.what != SET_ASIDE for each in found):
            store.forget_all(session)
    return tuple(found)


def _of_template(session: Session, template: Template, before: dt.date, baseline: dt.date | None) -> Expired:
    key = [quote(name) for name in template.key]
    moment = [quote(name) for name in template.moment]
    parts = {
        "table": quote(template.name),
        "key": ", ".join(key),
        "moment": moment[0] if len(moment) == 1 else f"coalesce({', '.join(moment)})",
        "same_key": " and ".join(f"version.{name} is not distinct from old.{name}" for name in key),
    }
    session.execute(compose("retention/expired.sql", **parts), {"before": before})
    by = baseline + dt.timedelta(days=1) if baseline is not None else dt.date.min
    counted = compose("retention/counted.sql", table=quote(template.name), key=", ".join(key))
    ((rows, versions, of_baselines),) = session.select(counted, {"by": by})
    return Expired(template.name, before, int(rows), int(versions), int(of_baselines))


def _forget(session: Session, template: Template) -> None:
    of_expired = read_sql("retention/of_expired.sql")
    sql = read_sql("retention/merges.sql") + compose(
        "erasure/delete.sql",
        table=quote(template.name),
        folded=quote(f"folded_{template.name}"),
        speaks=of_expired[of_expired.index("\n") :],
    )
    with digests.changing(session, template):
        for statement in filter(str.strip, sql.split(";\n")):
            session.execute(statement, {"template": template.name} if "$template" in statement else None)
