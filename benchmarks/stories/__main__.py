"""`python -m benchmarks.stories [SEEDS [STORY …]]`: three stories from exports to answers, at their own volumes.

Content: 8 assets a month of which 60 % are used; 40 and 15 %; briefs that say everything, 12 a month and 75 %. Leads:
60 a week; 20, 12 and 20 % close, the last since the objective was redefined. Brand: 20 conversations a week, of which
70, 7 and 70 % name the promise, read by two coders who err in one of twenty. A year before, half a year of drift,
three quarters since the change; beside each its twin, of which nothing comes back. Whole workspaces: exports land,
charters are registered, a decision is taken on the eve of the change, the review is asked.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from leadline.dashboard.service.new_workspace import make_workspace
from leadline.data.landing.land import land
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.agreement.charter_versions import register_charter
from leadline.metrics.agreement.decisions import NewDecision, record_decision
from leadline.metrics.outputs.comparisons import compared
from leadline.metrics.results import WorkflowReview
from leadline.metrics.review import replay, review

WEEK = dt.timedelta(weeks=1)
START = dt.date(2024, 1, 1)
LIVE, CHANGED, WEEKS = 52, 78, 117
DEPLOYED, SINCE = START + LIVE * WEEK, START + CHANGED * WEEK
LAST = START + WEEKS * WEEK - dt.timedelta(days=1)
TWINS = ("comes-back", "stays")
Row = Sequence[object]
Exports = dict[str, list[Row]]
"""'assets: asset_id, published_at, …' → its rows"""
SAYS = (
    "Sales send it after the first call",
    "Finance leads",
    "One place for every invoice",
    "No claim",
    "Known",
)

CHARTER = """\
workflow: {workflow}
owner: Ana
deployed_on: {deployed}
intent: {{objective: {{text: What this is for, proved_by: {outcome}}}}}
{more}
watch: {{proxies: [{proxy}], outcomes: [{outcome}]}}
stopping_rules: [{{id: divergence, when: diverging, action: pause}}]
signed: {{by: Ana, on: {signed}}}
"""


def level(week: int, twin: str, before: float, drifted: float, after: float) -> float:
    return before if week < LIVE else after if week >= CHANGED and twin == TWINS[0] else drifted


def content(rng: np.random.Generator) -> Exports:
    assets: list[Row] = []
    uses: list[Row] = []
    for twin in TWINS:
        for week in range(WEEKS):
            many = 2.0 if week < LIVE else 10.0 if week < CHANGED else 3.0
            for n in range(rng.poisson(many)):
                day = START + week * WEEK + dt.timedelta(days=int(rng.integers(5)))
                brief = "" if week < LIVE else "half" if week < CHANGED else "full"
                if week >= LIVE and rng.random() < 0.25:
                    brief = "half" if week >= CHANGED else ""
                rate = level(week, twin, 0.60, 0.15, 0.75 if brief == "full" else 0.15)
                name = f"{twin}-{week}-{n}"
                assets.append((name, day, twin, brief))
                used = day + dt.timedelta(days=float(12.0 * np.exp(0.7 * rng.standard_normal())))
                if rng.random() < rate and used <= LAST:
                    uses.append((name, used))
    briefs = [("full", START, *SAYS), ("half", START, SAYS[0], "", "", "", "")]
    versions = [(twin, "brief", "full", SINCE) for twin in TWINS]
    return {
        "assets: asset_id, published_at, workflow, brief_id": assets,
        "asset_uses: asset_id, used_at": uses,
        "briefs: brief_id, written_at, outcome, audience, positioning, constraints, context": list(briefs),
        "versions: workflow, what, version, since": list(versions),
    }


def leads(rng: np.random.Generator) -> Exports:
    entered: list[Row] = []
    deals: list[Row] = []
    for twin in TWINS:
        for week in range(WEEKS):
            for n in range(rng.poisson(60.0)):
                moment = dt.datetime.combine(START, dt.time(9)) + dt.timedelta(
                    days=7 * week + rng.uniform(0, 5)
                )
                minutes = (170.0 if week < LIVE else 8.0) * float(np.exp(0.8 * rng.standard_normal()))
                name = f"{twin}-{week}-{n}"
                entered.append((name, moment, twin, moment + dt.timedelta(minutes=minutes)))
                closed = moment + dt.timedelta(days=3.0 + 25.0 * float(np.exp(0.6 * rng.standard_normal())))
                if rng.random() < level(week, twin, 0.20, 0.12, 0.20) and closed.date() <= LAST:
                    deals.append((f"D{name}", name, moment, closed, "won"))
    versions: list[Row] = []
    for twin in TWINS:
        versions += [(twin, "prompt", "v4", DEPLOYED), (twin, "objective", "qualified appointments", SINCE)]
    return {
        "leads: lead_id, created_at, workflow, first_response_at": entered,
        "deals: deal_id, lead_id, created_at, closed_at, stage": deals,
        "versions: workflow, what, version, since": versions,
    }


def brand(rng: np.random.Generator) -> Exports:
    talks: list[Row] = []
    codes: list[Row] = []
    said = ("one-source", "other", "cannot-say")
    for twin in TWINS:
        for week in range(WEEKS):
            share = level(week, twin, 0.70, 0.07, 0.70)
            for n in range(20):
                day = START + week * WEEK + dt.timedelta(days=n % 5)
                name = f"{twin}-{week}-{n}"
                talks.append((name, day, f"Account {rng.integers(400)}", "They said it in their words", twin))
                true = said[rng.choice(3, p=(share, (1 - share) / 2, (1 - share) / 2))]
                coders = ("Ana", "Bo") if rng.random() < 0.2 else (("Ana", "Bo")[n % 2],)
                for coder in coders:
                    first = said[rng.integers(3)] if rng.random() < 0.05 else true
                    coded = min(day + dt.timedelta(days=2), LAST)
                    codes.append((name, coder, coded, "yes", first))
    return {
        "conversations: conversation_id, held_at, account, text, workflow": talks,
        "codes: conversation_id, coder, coded_at, asked, first": codes,
    }


POSITIONING = "positioning: [{id: one-source, says: One place for every invoice}]"
STORIES: dict[str, tuple[Callable[[np.random.Generator], Exports], str, str, str]] = {
    "content": (content, "asset_volume", "asset_usage_rate", ""),
    "leads": (leads, "response_time", "close_rate", ""),
    "brand": (
        brand,
        "talks",
        "brand_recognition",
        "positioning: [{id: one-source, says: One place for every invoice}]",
    ),
}


def told(story: str, warehouse: Warehouse) -> Iterator[str]:
    """What of one history was told, as lines to be counted."""
    workspace = warehouse.workspace
    drifting = ("diverging", "declining")
    by_week = {
        each.as_of: {one.workflow: one for one in each.workflows}
        for each in replay(warehouse, workspace, DEPLOYED - dt.timedelta(days=1) + WEEK, SINCE - WEEK)
    }
    for twin in TWINS:
        found = [day for day, one in by_week.items() if one[twin].verdict in drifting]
        yield f"{twin}: the drift is told before the change" if found else f"{twin}: the drift is not told"
        if found and (found[0] - DEPLOYED).days <= 91:
            yield f"{twin}: within a quarter"
    eve = review(warehouse, workspace, SINCE - dt.timedelta(days=1))
    for twin in TWINS:
        decided = NewDecision(
            "adjust", "It is not what we want", "Ana", "Ana", SINCE - dt.timedelta(days=1), workflow=twin
        )
        record_decision(warehouse, decided, review=eve)
    last = {one.workflow: one for one in review(warehouse, workspace, LAST).workflows}
    for twin in TWINS:
        yield from _of_last(story, warehouse, twin, last[twin])


def _of_last(story: str, warehouse: Warehouse, twin: str, reviewed: WorkflowReview) -> Iterator[str]:
    yield f"{twin}: {'recovered' if reviewed.recovered else 'not recovered'} at the end"
    for effect in reviewed.causes.effects:
        if effect.version.since == SINCE:
            yield f"{twin}: did it help: {effect.helped}"
            if effect.helped == "better" and effect.ratio is not None and effect.ratio.low <= 1:
                yield f"{twin}: yes on an interval over zero"
    for one in reviewed.causes.coincidences:
        yield f"{twin}: {one.version.what} {one.version.name} is said to coincide"
    if story == "content" and reviewed.charter is not None:
        by = compared(warehouse, reviewed.charter, load_catalog(None), LAST).comparisons
        clear = any(one.by == "completeness" and "complete" in one.clear for one in by)
        yield f"{twin}: complete briefs {'are told to differ' if clear else 'are not told to differ'}"


def history(story: str, seed: int, folder: Path) -> list[str]:
    exports, proxy, outcome, more = STORIES[story]
    make_workspace(folder)
    (folder / "metrics.yaml").write_text("talks: {role: proxy, count: {template: conversations}}\n")
    workspace = open_workspace(folder)
    with open_warehouse(workspace) as warehouse:
        for heading, rows in exports(np.random.default_rng(seed)).items():
            template, _, columns = heading.partition(": ")
            file = folder / f"{template}.csv"
            with file.open("w", newline="", encoding="utf-8") as opened:
                csv.writer(opened).writerows([columns.split(", "), *rows])
            report = land(warehouse, file)
            if report.state != "landed":
                raise SystemExit(report.message)
        for twin in TWINS:
            text = CHARTER.format(
                workflow=twin, deployed=DEPLOYED, signed=DEPLOYED, proxy=proxy, outcome=outcome, more=more
            )
            (workspace.charters / f"{twin}.yaml").write_text(text)
            register_charter(warehouse, parse_charter(text, load_catalog(workspace), f"{twin}.yaml"), "Ana")
        return list(told(story, warehouse))


def main(seeds: int, stories: Sequence[str]) -> None:
    for story in stories or STORIES:
        counted: Counter[str] = Counter()
        for seed in range(seeds):
            with tempfile.TemporaryDirectory() as folder:
                counted.update(history(story, seed, Path(folder) / "team"))
        print(f"{story}, {seeds} seeds")
        for line, many in sorted(counted.items()):
            print(f"  {line}: {many}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10, sys.argv[2:])
