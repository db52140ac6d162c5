"""Closing a week in words: by whom, what waits for a decision, what changed since, which weeks nobody closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.formats import NAME_LETTERS, day, listed, one_line, shortened, within_a_sentence
from leadline.dashboard.words.review_card import figures
from leadline.dashboard.words.verdicts import display_name
from leadline.dashboard.words.week import workflow_changes
from leadline.metrics.agreement.alerts import Alert
from leadline.metrics.agreement.entries import Entry
from leadline.metrics.results import Review, WorkflowReview
from leadline.metrics.statistics.fitness import last_week_end

MOST_CHANGES = 4
"""told on one line"""
MOST_MISSED = 8


def closed_reviews(closed: Sequence[Entry], review: Review) -> dict[str, Entry]:
    """Workflow -> the row that closed its week last; empty where any workflow of the review is still open.

    `closed`: rows `review_closed`. A week is one from its last day until the next one is over.
    """
    week = last_week_end(review.as_of)
    found = {entry.workflow or "": entry for entry in closed if _week_of(entry) == week}
    names = [workflow.workflow for workflow in review.workflows]
    return {name: found[name] for name in names} if names and all(name in found for name in names) else {}


def closed_words(found: Mapping[str, Entry]) -> str:
    """'Closed by Lea Lead on 16 Nov 2026'; '' where it is not. `found`: as `closed_reviews` gives it."""
    if not found:
        return ""
    people = list(dict.fromkeys(shortened(one_line(entry.by), NAME_LETTERS) for entry in found.values()))
    on = max(dt.date.fromisoformat(str(entry.payload["on"])) for entry in found.values())
    return f"Closed by {listed(people)} on {day(on)}"


def changed_since(shown: Mapping[str, WorkflowReview], review: Review, catalog: Catalog) -> str:
    """'Changed since it was closed: Lead routing agent: close rate 12 of 100 → 13 of 100, …'; '' where nothing did.

    `shown`: workflow -> what was kept when its week was closed.
    """
    told: list[str] = []
    for now in review.workflows:
        if (old := shown.get(now.workflow)) is None:
            continue
        before = {figure.label: figure.value for figure in figures(old, catalog)}
        moved = [
            f"{within_a_sentence(figure.label)} {before[figure.label]} → {figure.value}"
            for figure in figures(now, catalog)
            if before.get(figure.label, figure.value) != figure.value
        ]
        told += [f"{display_name(now)}: {', '.join(moved)}"] if moved else []
        told += workflow_changes(old, now, catalog)
    if not told:
        return ""
    more = f"; and {len(told) - MOST_CHANGES} more" if len(told) > MOST_CHANGES else ""
    return f"Changed since it was closed: {'; '.join(told[:MOST_CHANGES])}{more}."


def missed_weeks(closed: Sequence[Entry], today: dt.date) -> tuple[dt.date, ...]:
    """Last days of weeks between the first one that was closed and the one before today's that nobody has closed,
    newest first; () where none was ever closed."""
    held = {_week_of(entry) for entry in closed}
    if not held:
        return ()
    week = last_week_end(today) - dt.timedelta(weeks=1)
    found: list[dt.date] = []
    while week > min(held) and len(found) < MOST_MISSED:
        found += [] if week in held else [week]
        week -= dt.timedelta(weeks=1)
    return tuple(found)


def carry_label(alert: Alert) -> str:
    """What is asked of an alert that nobody has decided on."""
    return f"{alert.id}: carried over because"


def _week_of(entry: Entry) -> dt.date:
    return last_week_end(dt.date.fromisoformat(str(entry.payload.get("as_of", entry.payload["on"]))))
