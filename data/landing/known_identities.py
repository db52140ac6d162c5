"""The identities of a file held against those that are known: links that should join, and keys that seem to be new.

How many join is judged by how many should: as many as of the rows that are known. A sample of the identities is looked
at; what is told is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial

from leadline.data.database.session import Session
from leadline.data.exports.landing_report import Doubt
from leadline.data.landing.compare import bit_of
from leadline.data.landing.fold import Spoken
from leadline.data.sql import compose, literal, quote
from leadline.data.templates import Template, kind_words, templates, with_article

EXAMPLES = 2
FEWEST = 3
"""identities, fewer of which differ by chance"""
ENOUGH = 10
"""identities, fewer of which say nothing of a share"""
MOST = 0.5
SOME = 0.2
LINKS = 2_000
"""identities that are looked for"""
EASILY_READ = 200_000
"""rows up to which each of their identities is read without a hint that some are written otherwise"""
EVERY = 50
"""of more rows than that, one identity of so many is looked at, where there are enough of them"""


@dataclass(frozen=True)
class Finding:
    """What is asked of the identities of a file, or told."""

    code: Doubt
    message: str
    instead: str | None
    """what else answers the question; None where it is only told"""


@dataclass(frozen=True)
class _Sample:
    """Identities that were looked for, and how many of them are known."""

    count: int
    joined: int

    @property
    def unjoined(self) -> int:
        return self.count - self.joined

    @property
    def share(self) -> float | None:
        """None where there are too few of them to say."""
        return self.joined / self.count if self.count >= ENOUGH else None


@dataclass(frozen=True)
class _Alike:
    """Identities that join nothing: how many would if spelling were put aside, how many no known one is like."""

    count: int
    foreign: int
    here: list[str]
    there: list[str]


def look_at_identities(
    session: Session, template: Template, spoken: Spoken, asked: Collection[str], fresh: int
) -> Iterator[Finding]:
    """What is found, one by one. `asked`: what is asked of the file already; `fresh`: how many rows would be new."""
    look = _Look(session, template, spoken)
    if fresh:
        yield from look.at_keys(fresh)
    yield from look.at_own_links("replaced_column" in asked)
    yield from look.at_links_to_it()


class _Look:
    def __init__(self, session: Session, template: Template, spoken: Spoken) -> None:
        self._session, self._template, self._spoken = session, template, spoken
        self._rows = kind_words(template.name)
        self._standing = f"landed.{quote(f'current_{template.name}')}"

    def at_keys(self, new: int) -> Iterator[Finding]:
        """Rows that would be new although a known one has the same identity, written otherwise."""
        key = self._template.key[0]
        column = self._template.column(key)
        if len(self._template.key) > 1 or column is None or column.type != "id":
            return
        if not self._holds_rows(self._standing):
            return
        every = EVERY if new > EASILY_READ else 1
        fresh = (
            "(select typed_rows.* from typed_rows semi join "  # noqa: S608
            f"(select record from fresh_rows where hash(record) % {every}::ubigint = 0) as taken using (record))"
        )
        known = _identities(self._standing, key)
        sample = self._sample(fresh, key, known)
        alike = self._alike(sample, known, by_number=False)
        if not alike.count:
            return
        are = "is" if alike.count == 1 else "are"
        told = (
            f"{alike.count:,} of {sample.unjoined:,} {self._rows} that would be new {are} known by an identity that is "
            f"written otherwise ({_pairs(alike)})."
        )
        if alike.count >= FEWEST and alike.count > MOST * sample.unjoined:
            instead = "an export in which they are written as before"
            yield Finding("respelled_keys", f"{told} Are they others?", instead)
        else:
            yield Finding(
                "respelled_keys",
                f"{told} {'It counts as another' if alike.count == 1 else 'They count as others'}.",
                None,
            )

    def at_own_links(self, is_replacing_told: bool) -> Iterator[Finding]:
        """Links of this file that lead nowhere, beside those that are known; links that it does not have."""
        for column, target in self._template.links.items():
            known = _identities(f"landed.{quote(f'current_{target}')}", templates()[target].key[0], target)
            if not self._session.select(f"select 1 from ({known}) limit 1"):  # noqa: S608
                continue
            before = self._sample(self._standing, column, known)
            yield from self._unlinked(column, target, before)
            if column not in self._spoken.columns:
                continue
            sample = self._sample("typed_rows", column, known)
            alike = self._alike(sample, known)
            told = partial(self._told, "typed_rows", column, target, known, alike, self._rows, before)
            one = templates()[target].one
            if alike.count >= FEWEST and alike.count > MOST * sample.unjoined:
                yield _spelling(told(), alike.count)
            elif is_replacing_told:
                continue
            elif lost := self._lost(column, known):
                yield Finding(
                    "unjoined_links",
                    f"{told()} {lost:,} known {self._rows} that led to {with_article(one)} would lead to none. Is "
                    "it what is true now?",
                    "an export in which they are written as before",
                )
            elif sample.count >= ENOUGH and sample.joined <= MOST * (before.share or 1) * sample.count:
                yield self._fewer(told(), sample, before, alike, one)

    def at_links_to_it(self) -> Iterator[Finding]:
        """Links of known rows that lead to rows of this file, or should."""
        own = self._template
        here = _identities("typed_rows", own.key[0])
        known = _identities(self._standing, own.key[0], own.name)
        is_first = not self._holds_rows(self._standing)
        for child in templates().values():
            rows = f"landed.{quote(f'current_{child.name}')}"
            naming_it = [column for column, target in child.links.items() if target == own.name]
            if not naming_it or not self._holds_rows(rows):
                continue
            for column in naming_it:
                sample = self._sample(rows, column, f"{here} union all {known}")
                alike = self._alike(sample, here)
                naming = f"known {kind_words(child.name)}"
                told = partial(self._told, rows, column, own.name, f"{here} union all {known}", alike, naming)
                ((coming,),) = self._session.select(
                    f"select count(*) from (select 1 from typed_rows limit {LINKS})"  # noqa: S608
                )
                if alike.count >= FEWEST and alike.count > MOST * min(sample.unjoined, coming):
                    yield _spelling(told(), alike.count)
                elif sample.count >= ENOUGH and sample.joined < (MOST * sample.count if is_first else 1):
                    yield Finding("unjoined_links", told(), None)

    def _holds_rows(self, rows: str) -> bool:
        """Asked first because what is held against no rows is prepared at the same cost as against a million."""
        return bool(self._session.select(f"select 1 from {rows} limit 1"))  # noqa: S608

    def _sample(self, rows: str, column: str, known: str) -> _Sample:
        """Leaves some of the identities that `rows` name in `link_sample`."""
        sql = compose("landing/link_sample.sql", rows=rows, link=quote(column), known=known)
        for every in (EVERY, 1) if self._is_long(rows) else (1,):
            self._session.execute(sql, {"most": LINKS, "every": every})
            ((count, joined),) = self._session.select(
                "select count(*), count(*) filter (is_joined) from link_sample"
            )
            if count >= LINKS:
                break
        return _Sample(count, joined)

    def _is_long(self, rows: str) -> bool:
        return bool(self._session.select(f"select 1 from {rows} limit 1 offset {EASILY_READ}"))  # noqa: S608

    def _alike(self, sample: _Sample, known: str, *, by_number: bool = True) -> _Alike:
        """How those of the sample that join nothing are written, beside those that are known.

        `by_number`: 01 may be L1, as a link to it; of the rows themselves another system has such numbers, too.
        """
        if sample.unjoined == 0:
            return _Alike(0, 0, [], [])
        some = {"examples": EXAMPLES}
        ((foreign, links, identities),) = self._session.select(
            compose("landing/link_foreign.sql", known=known), {"most": LINKS, **some}
        )
        others = _Alike(0, foreign, links or [], identities or [])
        if foreign < FEWEST and self._is_long(f"({known})"):
            return others
        ((count, links, identities),) = self._session.select(
            compose("landing/link_alike.sql", known=known, by_number=str(by_number).lower()), some
        )
        return _Alike(count, foreign, links, identities) if count else others

    def _told(
        self,
        rows: str,
        column: str,
        target: str,
        known: str,
        alike: _Alike,
        naming: str,
        before: _Sample | None = None,
    ) -> str:
        """'3 of 100 deals name a lead that is known; of those before, 95% did: lead_id is … there, … here.'"""
        ((count, joined),) = self._session.select(
            compose("landing/link_rows.sql", rows=rows, link=quote(column), known=known)
        )
        one = with_article(templates()[target].one)
        many = f"{joined:,} of {count:,} {naming} {'names' if joined == 1 else 'name'} {one} that is known"
        if not joined:
            many = f"None of {count:,} {naming} names {one} that is known"
        if before is not None and before.share:
            many += f"; of those before, {before.share:.0%} did"
        key = templates()[target].key[0]
        return f"{many}: {column} is {_listed(alike.here)} there, {key} is {_listed(alike.there)} here."

    def _fewer(self, told: str, sample: _Sample, before: _Sample, alike: _Alike, one: str) -> Finding:
        """Asked where nearly all joined before and those that don't are written otherwise; else told."""
        share = before.share or 0
        is_other = alike.foreign > MOST * sample.unjoined and sample.joined <= SOME * share * sample.count
        if share > MOST and is_other:
            return Finding(
                "unjoined_links",
                f"{told} They are written as no known {one} is. Are they right?",
                "an export with the identities that were in it before",
            )
        return Finding("unjoined_links", told, None)

    def _lost(self, column: str, known: str) -> int:
        """Known rows whose link leads to a known row and would lead to none; 0 where they are few."""
        bit = bit_of(self._template, column)
        ((changing,),) = self._session.select(
            "select count(*) from matches where outcome = 'updated' and replaced & $bit <> 0", {"bit": bit}
        )
        if changing < FEWEST:
            return 0
        sql = compose(
            "landing/link_lost.sql",
            known=known,
            link=quote(column),
            standing=quote(f"current_{self._template.name}"),
        )
        ((joined, lost),) = self._session.select(sql)
        return int(lost) if lost >= FEWEST and lost > SOME * joined else 0

    def _unlinked(self, column: str, target: str, before: _Sample) -> Iterator[Finding]:
        """New rows that name none, where those that are known do and are joined by it."""
        if not before.share or before.share <= MOST:
            return
        sql = compose(
            "landing/link_filled.sql", link=quote(column), standing=quote(f"current_{self._template.name}")
        )
        ((new, naming, known, known_naming),) = self._session.select(sql)
        if new < ENOUGH or known_naming <= MOST * known or naming >= SOME * new * known_naming / known:
            return
        one = with_article(templates()[target].one)
        how_many = f"{naming:,} of the {new:,}" if naming else f"None of the {new:,}"
        yield Finding(
            "unjoined_links",
            f"{how_many} {self._rows} that are new {'name' if naming > 1 else 'names'} {one}, of the {known:,} that "
            f"are known {known_naming:,}: {self._why_unlinked(column)}.",
            None,
        )

    def _why_unlinked(self, column: str) -> str:
        if column in self._spoken.columns:
            return f"{column} is blank in them"
        return f"the export has no {column}"


def _identities(rows: str, key: str, merged: str | None = None) -> str:
    """SQL of the identities of rows; of a template that is `merged`, those that have become others, too."""
    query = f"select {quote(key)} as link from {rows} where {quote(key)} is not null"  # noqa: S608
    if merged is None:
        return query
    return f"{query} union all select old_id from landed.aliases where template = {literal(merged)}"  # noqa: S608


def _spelling(told: str, count: int) -> Finding:
    return Finding(
        "unjoined_links",
        f"{told} {count:,} of them would, if they were written alike. Which is right?",
        "an export in which both are written alike",
    )


def _listed(shown: list[str]) -> str:
    return " and ".join(shown)


def _pairs(alike: _Alike) -> str:
    """'001 here, 1 known; 002 here, 2 known'"""
    return "; ".join(
        f"{here} here, {there} known" for here, there in zip(alike.here, alike.there, strict=True)
    )
