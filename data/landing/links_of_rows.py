"""Cells of a link that name several rows, and links that name so few that they may be something else's numbers."""

from __future__ import annotations

from collections.abc import Iterator

from leadline.data.database.session import Session
from leadline.data.landing.fold import Spoken
from leadline.data.landing.known_identities import Finding
from leadline.data.sql import compose, quote
from leadline.data.templates import Template, kind_words, templates, with_article

SAMPLE = 5_000
"""rows that are looked at"""
ENOUGH = 40
"""rows, of fewer of which a few may well be of one"""
MOST_EACH = 10
"""rows of one lead, above which, on average, its number may be that of an owner or a region"""


def look_at_links_of_rows(session: Session, template: Template, spoken: Spoken) -> Iterator[Finding]:
    """What is told of the links of a file."""
    for link, target in template.links.items():
        if link not in spoken.columns or template.key[0] == link:
            continue
        sql = compose("landing/links_of_rows.sql", link=quote(link))
        ((rows, ways, several),) = session.select(sql, {"most": SAMPLE})
        known, shown = 0, ""
        if several:
            key = quote(templates()[target].key[0])
            sql = compose(
                "landing/several_links.sql", link=quote(link), standing=quote(f"current_{target}"), key=key
            )
            ((several, known, shown),) = session.select(sql)
        many, one = kind_words(template.name), with_article(templates()[target].one)
        if known:
            are = f"1 of the {many} names" if several == 1 else f"{several:,} of the {many} name"
            yield Finding(
                "unjoined_links",
                f"{are} several identities in one cell of {link} ({shown}), of which {known:,} "
                f"{'is' if known == 1 else 'are'} known, so that none of them counts for {one}; export the first "
                "alone, or one row for each.",
                None,
            )
        elif _may_be_owners(template, target, rows, ways):
            yield Finding(
                "unjoined_links",
                f"{rows:,} {many} name only {ways:,} {kind_words(target)} under {link}, "
                f"{rows / ways:,.0f} for each. If that column numbers owners or something else, take the import back "
                "and map the right one.",
                None,
            )


def _may_be_owners(template: Template, target: str, rows: int, ways: int) -> bool:
    """Whether so many deals have so few leads as deals have owners."""
    return (template.name, target) == ("deals", "leads") and rows >= ENOUGH and 1 < ways < rows / MOST_EACH
