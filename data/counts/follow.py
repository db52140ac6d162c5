"""What an import, or taking one back, changes of the counts that are kept.

Counts add up over rows, or over leads (or assets) with all their rows. So the question is asked twice of the few units
that an import speaks of, as they were and as they are, and the difference is appended to its counts. Everything here
runs in the transaction of the landing or the undo: counts and facts come and go together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from leadline.data.counts import store
from leadline.data.counts.store import Standing
from leadline.data.database.session import Session
from leadline.data.sql import compose, quote, read_sql
from leadline.data.templates import templates
from leadline.data.templates.tables import facts

ANEW_FROM_ROWS = 200_000
ANEW_FROM_SHARE = 0.2
"""rows of one import, and their share of the template's, from which on counting anew is the shorter way"""
PACK_FROM_ROWS = 20_000
"""appended rows from which on a table is packed, if they are more than its groups"""

Side = str  # "was" or "now"


@contextmanager
def landing(session: Session, template: str, import_id: int, rows: int, keys: str | None) -> Iterator[None]:
    """Brings kept counts up to what the block does: it writes one import, of so many `rows`.

    `keys`: query of the keys of which it speaks, where what is known of a row may be more than what its version in
    force says, and an import may change it in other ways than by replacing a version.
    """
    affected = _affected(session, template, None)
    if affected and _is_many(session, template, rows):
        store.forget(session, [one.number for one in affected])
        affected = []
    if affected and keys:
        session.execute(compose("counts/keys_that_come.sql", keys=keys))
        _of_keys(session, template, "kept_was")
    yield
    affected = _still_kept(session, affected)
    if affected and keys:
        _of_keys(session, template, "kept_now")
        _follow(session, template, affected)
    elif affected:
        both = {"template": template, "import_id": import_id}
        session.execute(compose("counts/was_landed.sql", table=quote(template)), both)
        session.execute(compose("counts/now_landed.sql", table=quote(template)), both)
        _follow(session, template, affected)
    store.follow_facts(session)


@contextmanager
def undoing(session: Session, template: str, import_id: int) -> Iterator[None]:
    """Brings kept counts up to what the block does: it takes one import back and marks it as taken back."""
    affected = _affected(session, template, None)
    if affected and _is_large(session, template, import_id):
        store.forget(session, [one.number for one in affected])
        affected = []
    if affected:
        key = [quote(name) for name in templates()[template].key]
        session.execute(
            compose(
                "counts/keys_spoken_of.sql",
                table=quote(template),
                key=", ".join(key),
                version_key=", ".join(f"version.{name}" for name in key),
            ),
            {"import_id": import_id, "template": template},
        )
        _of_keys(session, template, "kept_was")
    yield
    affected = _still_kept(session, affected)
    if affected:
        _of_keys(session, template, "kept_now")
        _follow(session, template, affected)
    store.follow_facts(session)


def _still_kept(session: Session, affected: list[Standing]) -> list[Standing]:
    """Those questions whose counts were not given up meanwhile."""
    left = (
        {number for (number,) in session.select("select number from kept.questions")} if affected else set()
    )
    return [one for one in affected if one.number in left]


def _of_keys(session: Session, template: str, side: str) -> None:
    first, *others = (quote(name) for name in templates()[template].key)
    same = [f"version.{first} = kept_keys.{first}"]
    same += [f"version.{name} is not distinct from kept_keys.{name}" for name in others]
    standing = quote(f"current_{template}")
    session.execute(compose("counts/of_keys.sql", side=side, standing=standing, same_key=" and ".join(same)))


def _affected(session: Session, template: str, import_id: int | None) -> list[Standing]:
    """The questions whose counts rows of a template change; none where no counts follow what was there before."""
    if not session.select("select 1 from kept.questions limit 1"):
        return []
    if not session.select(
        read_sql("counts/follows_before.sql"), {"import_id": -1 if import_id is None else import_id}
    ):
        store.forget_all(session)
        return []
    return [one for one in store.standing_questions(session) if template in one.question.templates]


def _is_large(session: Session, template: str, import_id: int) -> bool:
    ((rows,),) = session.select(
        "select rows_new + rows_updated + rows_unchanged + rows_stale from landed.imports "
        "where import_id = $import_id",
        {"import_id": import_id},
    )
    return _is_many(session, template, int(rows))


def _is_many(session: Session, template: str, rows: int) -> bool:
    if rows < ANEW_FROM_ROWS:
        return False
    return bool(rows > ANEW_FROM_SHARE * store.rows_in_force(session, template))


def _follow(session: Session, template: str, affected: list[Standing]) -> None:
    """Appends the differences between kept_was and kept_now, rows of a template, to the counts of questions."""
    if (link := _link(template)) is not None:
        session.execute(compose("counts/links.sql", link=quote(link)))
    alone = [one for one in affected if not _needs_family(one, template)]
    family = [one for one in affected if _needs_family(one, template)]
    for prefix, questions in (("alone", alone), ("family", family)):
        if questions:
            units = _Units(session, prefix, template, questions)
            concerned = units.workflows()
            for one in questions:
                if concerned is None or one.values.get("workflow") in (None, *concerned):
                    _follow_one(session, units, one)


def _needs_family(one: Standing, template: str) -> bool:
    """Whether units are leads or assets, or rows that are counted with them, which themselves have changed."""
    return one.question.unit in ("parent", "week") or (
        one.question.unit == "joined" and not _is_child(template)
    )


def _is_child(template: str) -> bool:
    return templates()[template].parent is not None


def _family(template: str) -> str:
    """The template whose rows those of a template belong to, or are."""
    parent = templates()[template].parent
    return parent[0] if parent else template


def _link(template: str) -> str | None:
    """The column by which rows belong together; None where nothing belongs to them, nor they to anything."""
    if (parent := templates()[template].parent) is not None:
        return parent[1]
    is_parent = any(_family(name) == template for name in templates() if name != template)
    return templates()[template].key[0] if is_parent else None


class _Units:
    """The facts of what came, went or changed, and of nothing else, as they were and as they are: views by template.

    'alone': rows of the template itself, with what they belong to; of the children of changed leads (or assets) those
    that have their workflow from them. 'family': leads (or assets) with all their rows.
    """

    def __init__(self, session: Session, prefix: str, template: str, questions: list[Standing]) -> None:
        self._session, self._prefix, self._template = session, prefix, template
        named = {name for one in questions for name in one.question.templates}
        self._named = sorted(named, key=lambda name: (_is_child(name), name))
        versions = {name: self._versions(name) for name in self._named}
        self.was = {name: self._view("was", name, versions) for name in self._named}
        self.now = {name: self._view("now", name, versions) for name in self._named}

    def rewritten(self, sql: str, side: Side) -> str:
        """A question over facts.*, asked of these units."""
        views = self.was if side == "was" else self.now
        return re.sub(
            rf"\bfacts\.(\"?)({'|'.join(templates())})\b\1",
            lambda found: views.get(found[2], found[0]),
            sql,
        )

    def workflows(self) -> set[str] | None:
        """Workflows that any of these rows belongs to; None where one belongs to none, and so may count for any."""
        views = {*self.was.values(), *self.now.values()}
        sql = " union ".join(compose("counts/workflows.sql", view=view) for view in sorted(views))
        found = {workflow for (workflow,) in self._session.select(sql)}
        return None if None in found else found

    def _versions(self, name: str) -> tuple[str, str]:
        """Names of two tables of versions in force, as they were and as they are."""
        if name == self._template:
            if self._prefix == "alone" or not _is_child(name):
                return "kept_was", "kept_now"
            linked = self._made("counts/linked.sql", f"{name}_linked", name)
            pair = []
            for side in ("was", "now"):
                made = quote(f"kept_{self._prefix}_{name}_{side}")
                self._session.execute(
                    compose("counts/with_linked.sql", made=made, linked=linked, side=f"kept_{side}")
                )
                pair.append(made)
            return pair[0], pair[1]
        if not self._is_related(name):
            made = quote(f"kept_{self._prefix}_{name}_none")
            self._session.execute(compose("counts/none.sql", made=made, table=quote(name)))
            return made, made
        heirs = self._prefix == "alone" and name != self._template and _family(name) == self._template
        made = self._made("counts/heirs.sql" if heirs else "counts/linked.sql", name, name)
        return made, made

    def _is_related(self, name: str) -> bool:
        """Whether rows of a template can belong to the same leads (or assets) as those that changed."""
        if _family(self._template) != _family(name):
            return False
        return self._prefix == "family" or not _is_child(self._template) or not _is_child(name)

    def _made(self, file: str, called: str, name: str) -> str:
        made = quote(f"kept_{self._prefix}_{called}")
        self._session.execute(
            compose(file, made=made, standing=quote(f"current_{name}"), link=quote(_link(name) or ""))
        )
        return made

    def _view(self, side: Side, name: str, versions: dict[str, tuple[str, str]]) -> str:
        """The view of facts of a template, over the versions of one side."""
        view = quote(f"kept_{self._prefix}_{side}_facts_{name}")
        of_side = facts(templates()[name], lambda named: versions[named][0 if side == "was" else 1])
        self._session.execute(compose("counts/facts_of_units.sql", view=view, facts=of_side))
        return view


def _follow_one(session: Session, units: _Units, one: Standing) -> None:
    question = one.question
    if question.unit == "week":
        _count_weeks_anew(session, units, one)
        return
    counted, values = store.count_sql(question, one.values)
    groups = store.groups_of(session, one)
    sums = [quote(name) for name in question.sums]
    session.execute(
        compose(
            "counts/follow.sql",
            counts=one.counts,
            groups=", ".join(groups),
            sums=", ".join(sums),
            was=units.rewritten(counted, "was"),
            is_now=units.rewritten(counted, "now"),
            taken_away=", ".join(f"-{name} as {name}" for name in sums),
            totals=store.totals(sums),
            changed=" or ".join(f"sum({name}) <> 0" for name in sums),
        ),
        values,
    )
    _pack(session, one, groups, sums)


def _pack(session: Session, one: Standing, groups: list[str], sums: list[str]) -> None:
    """Sums the differences up where they have become more than the groups they belong to."""
    ((rows, distinct),) = session.select(
        compose("counts/sizes.sql", counts=one.counts, groups=", ".join(groups))
    )
    if rows - distinct <= max(PACK_FROM_ROWS, distinct):
        return
    text = compose(
        "counts/pack.sql",
        counts=one.counts,
        groups=", ".join(groups),
        sums=", ".join(sums),
        totals=store.totals(sums),
        presence=quote(one.question.presence),
    )
    session.execute(text)


def _count_weeks_anew(session: Session, units: _Units, one: Standing) -> None:
    """Counts whole weeks of entry again, those that a changed unit entered in."""
    counted, values = store.count_sql(one.question, one.values)
    session.execute(
        compose("counts/weeks.sql", was=units.was["leads"], is_now=units.now["leads"]),
        {"workflow": one.values["workflow"]},
    )
    if not session.select("select 1 from kept_weeks limit 1"):
        return
    session.execute(read_sql("counts/leads_of_weeks.sql"))
    session.execute(compose("counts/forget_weeks.sql", counts=one.counts))
    anew = re.sub(r"\bfacts\.leads\b", "kept_leads_of_weeks", counted)
    session.execute(compose("counts/count_more.sql", counts=one.counts, counted=anew), values)
