"""The weekly message: what a leader reads who opens no dashboard. Pure: a review in, texts out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from leadline.dashboard.words.alert_card import card_words
from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.formats import day, day_span, listed, one_line
from leadline.dashboard.words.theme import Hue
from leadline.dashboard.words.verdicts import freshness_sentence, portfolio_sentence
from leadline.metrics.results import Review


@dataclass(frozen=True)
class MessagePart:
    """One workflow."""

    workflow: str
    name: str
    badge: str
    hue: Hue
    statement: str
    due: str
    """the very text of `due.text`"""
    cost: str
    owner: str
    link: str
    """an address; '' where the dashboard has none that others reach"""
    alt: str
    """of the card's picture"""


@dataclass(frozen=True)
class WeeklyMessage:
    subject: str
    week: str
    portfolio: str
    parts: tuple[MessagePart, ...]
    data: str
    why: str
    """why this person has it, and how that ends"""
    link: str
    unsubscribe: str
    """an address that ends it; '' where there is none"""

    def text(self) -> str:
        """The message as plain text, complete in itself."""
        lines = [f"{self.week}", "", self.portfolio]
        for part in self.parts:
            lines += [
                "",
                part.badge,
                part.statement,
                f"Due: {part.due}",
                f"Cost so far: {part.cost}",
                f"Owner: {part.owner}",
            ]
            lines += [part.link] if part.link else []
        lines += ["", self.data]
        lines += [f"The dashboard: {self.link}"] if self.link else []
        lines += ["", self.why]
        lines += [f"No more of these: {self.unsubscribe}"] if self.unsubscribe else []
        return "\n".join(lines) + "\n"


def weekly_message(
    review: Review,
    catalog: Catalog,
    *,
    workspace_name: str,
    codes: Mapping[str, str],
    only: tuple[str, ...] | None = None,
    link: str = "",
    unsubscribe: str = "",
    is_channel: bool = False,
) -> WeeklyMessage:
    """The message of a review that holds just what is subscribed to; `only`: the workflows and owners, None for all."""
    last = review.complete_through
    week = f"Week of {day_span(last - dt.timedelta(days=6), last)}" if review.data else "No data landed yet"
    parts: list[MessagePart] = []
    for workflow in review.workflows:
        words = card_words(
            review,
            workflow,
            catalog,
            workspace_name=workspace_name,
            code=codes.get(workflow.workflow, ""),
            link=link,
        )
        due, _, cost, owner = words.cells
        parts.append(
            MessagePart(
                workflow=workflow.workflow,
                name=words.name,
                badge=words.badge,
                hue=verdict_words(words.verdict).hue,
                statement=words.statement,
                due=due.words,
                cost="; ".join((cost.words, *cost.details)),
                owner=owner.words,
                link=words.link if link else "",
                alt=words.headline,
            )
        )
    follower = "channel" if is_channel else "address"
    about = "everything" if only is None else listed([one_line(each) for each in only])
    return WeeklyMessage(
        subject=f"{one_line(workspace_name)}: {portfolio_sentence(review).rstrip('.')}",
        week=f"{one_line(workspace_name)} · weekly review · {week}, as of {day(review.as_of)}",
        portfolio=portfolio_sentence(review),
        parts=tuple(parts),
        data=freshness_sentence(review.data),
        why=f"Sent every week, also when nothing is new, because this {follower} follows {about}.",
        link=link,
        unsubscribe=unsubscribe,
    )


def test_message(workspace_name: str) -> tuple[str, str]:
    """Subject and text of a message that only shows that messages arrive."""
    name = one_line(workspace_name)
    return (
        f"{name}: a test message",
        f"This is a test. The weekly review of {name} will arrive here, every Monday, also when nothing is new.\n",
    )


def unsubscribe_page(*, is_done: bool) -> str:
    """The page behind the link that ends a person's weekly message, before and after."""
    words = (
        "<h1>No more weekly messages</h1><p>This address gets none from now on. Whoever looks after Leadline can have "
        "them begin again.</p>"
        if is_done
        else "<h1>End the weekly message?</h1><p>This address then gets no weekly review any more.</p>"
        '<form method="post"><button type="submit">End it</button></form>'
    )
    style = (
        ":root{color-scheme:light dark}body{font:18px/1.5 sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem}"
        "button{font:inherit;padding:.5rem 1.2rem}"
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Weekly message</title>'
        f"<style>{style}</style></head><body><main>{words}</main></body></html>"
    )
