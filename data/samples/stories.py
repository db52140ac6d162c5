"""Three ways in which AI makes the easy numbers better and the business no better, as exports with a known truth.

Content at scale: more assets, cheaper, and sales use fewer of them. Lead handling: answers within minutes, and fewer
leads close. Personalisation: more opens and clicks, and the pieces no longer pass the brand review. In each the
workflow is changed on a known day, and what enters from then on does as well as before the deployment.

`Story.write(folder, until)` gives the exports as they would have been drawn at the end of that day: nothing later.
Synthetic throughout, the same for the same seed.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Row = Sequence[object]
Export = tuple[str, Sequence[str], Iterable[Row]]

START = dt.date(2023, 1, 2)
"""a Monday, the first day of every story"""
WEEKS = 130


@dataclass(frozen=True)
class Story:
    """One workflow's history and what was agreed for it."""

    name: str
    workflow: str
    deployed_on: dt.date
    drifts_from: dt.date
    """what enters from this day on does worse"""
    changed_on: dt.date
    """what enters from this day on does as well as before the deployment"""
    charter: str
    exports: Callable[[Story, np.random.Generator, dt.date], list[Export]]
    seed: int

    def write(self, folder: Path, until: dt.date) -> list[Path]:
        """The exports as drawn at the end of the day `until`; their paths."""
        folder.mkdir(parents=True, exist_ok=True)
        drawn = self.exports(self, np.random.default_rng(self.seed), until)
        return [_write(folder / f"{name}.csv", columns, rows) for name, columns, rows in drawn]

    def is_drifting(self, day: dt.date) -> bool:
        """Whether what enters on that day does worse."""
        return self.drifts_from <= day < self.changed_on


def _content(story: Story, rng: np.random.Generator, until: dt.date) -> list[Export]:
    """Twice as many assets at well under half the cost; sales use 28 % of them instead of 46 %."""
    assets: list[Row] = []
    uses: list[Row] = []
    for number, moment in enumerate(_entries(rng, lambda day: 44.0 if day >= story.deployed_on else 24.0), 1):
        day = moment.date()
        # the same draws whatever `until` is, so that a later export only adds to an earlier one
        cost, is_used, delay, again = rng.standard_normal(), rng.random(), rng.standard_normal(), rng.random()
        after = day >= story.deployed_on
        kind = ("case study", "one-pager", "article")[number % 3]
        if day <= until:
            price = (95.0 if after else 240.0) * float(np.exp(0.3 * cost))
            assets.append((f"C{number:05d}", moment, story.workflow, kind, f"{price:.2f}", "EUR"))
        if is_used < (0.28 if story.is_drifting(day) else 0.46):
            first = moment + dt.timedelta(days=12.0 * float(np.exp(0.7 * delay)))
            for when in [first, *([first + dt.timedelta(days=9)] if again < 0.4 else [])]:
                if when.date() <= until:
                    uses.append((f"C{number:05d}", when, "sales", "proposal"))
    columns = ("asset_id", "published_at", "workflow", "kind", "cost", "currency")
    return [("assets", columns, assets), ("asset_uses", ("asset_id", "used_at", "used_by", "context"), uses)]


def _leads(story: Story, rng: np.random.Generator, until: dt.date) -> list[Export]:
    """Answers within ten minutes instead of three hours; 12 % of the leads close instead of 20 %."""
    leads: list[Row] = []
    deals: list[Row] = []
    for number, moment in enumerate(_entries(rng, lambda day: 60.0), 1):
        day = moment.date()
        speed, fate, delay, amount = (
            *(rng.standard_normal(), rng.random(), rng.standard_normal(), rng.standard_normal()),
        )
        fast = day >= story.deployed_on
        minutes = (8.0 if fast else 170.0) * float(np.exp((0.6 if fast else 0.9) * speed))
        answered = moment + dt.timedelta(minutes=minutes)
        channel = ("organic", "paid_search", "referral")[number % 3]
        if day <= until:
            known = answered if answered.date() <= until else ""
            leads.append((f"L{number:05d}", moment, story.workflow, channel, known))
        won = fate < (0.12 if story.is_drifting(day) else 0.20)
        if not won and fate < 0.7:
            continue
        opened = moment + dt.timedelta(days=2)
        closed = moment + dt.timedelta(days=3.0 + 25.0 * float(np.exp(0.6 * delay)))
        if opened.date() <= until:
            over = closed.date() <= until
            deals.append(
                (
                    f"D{number:05d}",
                    f"L{number:05d}",
                    opened,
                    closed if over else "",
                    ("won" if won else "lost") if over else "open",
                    f"{8200.0 * float(np.exp(0.5 * amount)):.2f}",
                    "EUR",
                )
            )
    lead_columns = ("lead_id", "created_at", "workflow", "channel", "first_response_at")
    deal_columns = ("deal_id", "lead_id", "created_at", "closed_at", "stage", "amount", "currency")
    return [("leads", lead_columns, leads), ("deals", deal_columns, deals)]


def _personal(story: Story, rng: np.random.Generator, until: dt.date) -> list[Export]:
    """A third more opens, half as many clicks again; 60 % of the pieces pass the brand review instead of 86 %."""
    mailings: list[Row] = []
    for number in range(2 * WEEKS):
        sent = _moment(START + dt.timedelta(weeks=number // 2, days=1 + 2 * (number % 2)), 9.5)
        after = sent.date() >= story.deployed_on
        recipients = int(rng.normal(5200, 250))
        delivered = int(recipients * rng.uniform(0.975, 0.99))
        opens = int(delivered * np.clip(rng.normal(0.41 if after else 0.31, 0.015), 0, 1))
        clicks = int(delivered * np.clip(rng.normal(0.062 if after else 0.041, 0.004), 0, 1))
        if sent.date() <= until:
            mailings.append((f"M{number:04d}", sent, recipients, delivered, opens, clicks, story.workflow))
    reviews: list[Row] = []
    for number, moment in enumerate(_entries(rng, lambda day: 20.0), 1):
        passed = rng.random() < (0.60 if story.is_drifting(moment.date()) else 0.86)
        if moment.date() <= until:
            verdict = "yes" if passed else "no"
            reviews.append(
                (f"R{number:05d}", moment, "brand team", "brand consistency", verdict, story.workflow)
            )
    mailing_columns = ("campaign_id", "sent_at", "recipients", "delivered", "unique_opens", "unique_clicks")
    review_columns = ("item_id", "reviewed_at", "reviewer", "dimension", "passed", "workflow")
    return [
        ("campaigns", (*mailing_columns, "workflow"), mailings),
        ("reviews", review_columns, reviews),
    ]


def _entries(rng: np.random.Generator, per_week: Callable[[dt.date], float]) -> list[dt.datetime]:
    """Moments on working days at which something entered, in order."""
    found = []
    for week in range(WEEKS):
        monday = START + dt.timedelta(weeks=week)
        for _ in range(int(rng.poisson(per_week(monday)))):
            found.append(_moment(monday + dt.timedelta(days=int(rng.integers(5))), rng.uniform(8, 18)))
    return sorted(found)


def _moment(day: dt.date, hour: float) -> dt.datetime:
    return dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=round(hour * 3600))


def _write(file: Path, columns: Sequence[str], rows: Iterable[Row]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow(
                [c.isoformat(sep=" ", timespec="seconds") if isinstance(c, dt.datetime) else c for c in row]
            )
    return file


_AGREED = """\
workflow: {workflow}
name: {name}
owner: {owner}
deployed_on: {deployed_on}
intent:
  objective: {objective}
  audience: {audience}
  context: {context}
  constraints: [{constraint}]
watch:
  proxies: [{proxies}]
  outcomes: [{outcome}]
stopping_rules:
  - id: divergence
    when: diverging
    action: {action}
  - id: outcome-floor
    when: {outcome} < baseline - 20%
    for: 2 weeks
    recover: baseline - 10%
    action: review
checkpoints: {{every: 1 week}}
signed: {{by: Managing Director, on: {signed_on}}}
"""


def _story(
    name: str,
    workflow: str,
    exports: Callable[[Story, np.random.Generator, dt.date], list[Export]],
    *,
    deployed: int,
    drift: int,
    change: int,
    seed: int,
    **agreed: str,
) -> Story:
    """`deployed`, `drift`, `change`: weeks from the beginning."""
    deployed_on, drifts_from, changed_on = (START + dt.timedelta(weeks=w) for w in (deployed, drift, change))
    signed_on = deployed_on - dt.timedelta(days=10)
    charter = _AGREED.format(
        workflow=workflow, name=name, deployed_on=deployed_on, signed_on=signed_on, **agreed
    )
    return Story(name, workflow, deployed_on, drifts_from, changed_on, charter, exports, seed)


CONTENT_AT_SCALE = _story(
    "Content studio",
    "content-studio",
    _content,
    deployed=56,
    drift=58,
    change=84,
    seed=11,
    owner="Head of Content",
    objective="Material that sales use in their conversations",
    audience="Sales teams and the finance leads they talk to",
    context="Drafts by AI from a brief",
    constraint="No claim without a source",
    proxies="asset_volume, cost_per_asset",
    outcome="asset_usage_rate",
    action="adjust",
)
LEAD_HANDLING = _story(
    "Lead routing agent",
    "lead-routing",
    _leads,
    deployed=56,
    drift=58,
    change=88,
    seed=12,
    owner="Head of Demand Generation",
    objective="More closed business from inbound leads",
    audience="Mid-market finance teams",
    context="Inbound leads from three channels",
    constraint="Reply in the language of the lead",
    proxies="response_time",
    outcome="close_rate",
    action="pause",
)
PERSONALISATION = _story(
    "Personalised nurture",
    "nurture",
    _personal,
    deployed=56,
    drift=57,
    change=80,
    seed=13,
    owner="Head of CRM",
    objective="Leads that come back because they know what we stand for",
    audience="Leads that were not ready to buy",
    context="Two mailings a week",
    constraint="One promise in all variants",
    proxies="open_rate, click_rate",
    outcome="review_pass_rate",
    action="pause",
)
STORIES = (CONTENT_AT_SCALE, LEAD_HANDLING, PERSONALISATION)
