"""The weekly message: what a leader reads who opens no dashboard. Pure: a review in, texts out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadline.dashboard.words.alert_card import card_words
from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.formats import counted, day, day_span, listed, number, one_line
from leadline.dashboard.words.theme import Hue
from leadline.dashboard.words.verdicts import PORTFOLIO, freshness_sentence, portfolio_sentence
from leadline.metrics.due import due as workflow_due
from leadline.metrics.results import Review, WorkflowReview


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
    is_folded: bool
    """a line of its own and no more: one of many, and nothing is due"""


@dataclass(frozen=True)
class Follower:
    """Who gets a message."""

    only: tuple[str, ...] | None = None
    """the workflows and owners that are followed, None for all"""
    astray: str = ""
    """what `astray_words` says of those of them that are not to be had"""
    unsubscribe: str = ""
    """an address that ends it; '' where there is none"""
    is_channel: bool = False


@dataclass(frozen=True)
class WeeklyMessage:
    subject: str
    week: str
    portfolio: str
    parts: tuple[MessagePart, ...]
    left_out: str
    """what a mail has no room for, and where it is; '' for nothing"""
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
            if part.is_folded:
                lines += [
                    "",
                    f"{part.badge} · {part.name}",
                    f"Due: {part.due}",
                    *([part.link] if part.link else []),
                ]
                continue
            lines += [
                "",
                part.badge,
                part.statement,
                f"Due: {part.due}",
                f"Cost so far: {part.cost}",
                f"Owner: {part.owner}",
            ]
            lines += [part.link] if part.link else []
        lines += ["", self.left_out] if self.left_out else []
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
    follower: Follower,
    left_out: str = "",
    link: str = "",
) -> WeeklyMessage:
    """The message of a review that holds just what is followed."""
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
                is_folded=is_folded(review, workflow),
            )
        )
    only, astray = follower.only, follower.astray
    who = "channel" if follower.is_channel else "address"
    about = "everything" if only is None else listed([one_line(each) for each in only])
    nothing = astray and not review.workflows
    portfolio = f"Nothing that this {who} follows is watched." if nothing else portfolio_sentence(review)
    wrong = f" {astray}; whoever looks after leadline.toml can correct it." if astray else ""
    return WeeklyMessage(
        subject=f"{one_line(workspace_name)}: {portfolio.rstrip('.')}",
        week=f"{one_line(workspace_name)} · weekly review · {week}, as of {day(review.as_of)}",
        portfolio=portfolio,
        parts=tuple(parts),
        left_out=left_out,
        data=freshness_sentence(review.data),
        why=f"Sent every week, also when nothing is new, because this {who} follows {about}.{wrong}",
        link=link,
        unsubscribe=follower.unsubscribe,
    )


def is_folded(review: Review, workflow: WorkflowReview) -> bool:
    """Whether it is one of many of which nothing is due: it takes a line, and no picture."""
    return len(review.workflows) >= PORTFOLIO and workflow_due(workflow).kind == "nothing"


def left_out_words(cards: int, pack: int) -> str:
    """`cards`: how many cards a mail has no room for; `pack`: megabytes of a pack that is too large, else 0."""
    told = []
    if cards:
        are, where = ("is", "its") if cards == 1 else ("are", "their")
        told.append(f"{counted(cards, 'card')} more {are} on {where} pages.")
    if pack:
        told.append(
            f"The pack is too large for a mail ({number(pack)} MB): it can be had from the dashboard."
        )
    return " ".join(told)


def astray_words(unknown: Sequence[str], retired: Sequence[str]) -> str:
    """What is followed and not to be had, without a full stop; '' for nothing.

    `unknown`: names of no workflow and no owner; `retired`: of workflows that are not watched any more.
    """
    told = []
    for names, says in (
        (unknown, "the name of no watched workflow and of no owner"),
        (retired, "retired and not watched any more"),
    ):
        if names:
            named = listed([f"“{one_line(each)}”" for each in names])
            told.append(f"{named} {'is' if len(names) == 1 else 'are'} {says}")
    return "; ".join(told)


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
