"""Draws the pictures of docs/design-notes.md from reviews of sample exports: `python docs/pictures/draw_designs.py`."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import ConciseDateFormatter, MonthLocator
from matplotlib.figure import SubFigure
from numpy.typing import NDArray

from leadline.dashboard.drawings.lines import Line, Points, find, turned
from leadline.dashboard.service.new_workspace import make_demo, make_workspace
from leadline.dashboard.words.theme import LIGHT
from leadline.data.landing.land import IngestOptions, land
from leadline.data.samples.stories import LEAD_HANDLING, Story
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.results import Pair, WorkflowReview
from leadline.metrics.review import review

HERE = Path(__file__).parent
WEEK = dt.timedelta(weeks=1)
STEADY = replace(LEAD_HANDLING, drifts_from=LEAD_HANDLING.changed_on)
DEMO_DAY = dt.date(2026, 11, 15)
"""the last day of the demo's exports"""
TOP = 260.0
"""index above which nothing is drawn"""

mpl.use("agg")
mpl.rcParams.update(
    {
        "font.size": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": LIGHT.muted,
        "xtick.color": LIGHT.muted,
        "ytick.color": LIGHT.muted,
        "figure.facecolor": "white",
        "hatch.linewidth": 0.6,
    }
)


@dataclass(frozen=True)
class Case:
    """A workflow on a day: its review, and the pair that leads it."""

    title: str
    workflow: WorkflowReview
    pair: Pair

    def line(self, role: str) -> Line:
        """The pair's proxy or outcome, turned so that up is good."""
        metric = self.pair.proxy if role == "proxy" else self.pair.outcome
        series = find(self.workflow.series, metric)
        if series is None:
            raise LookupError(f"{self.title}: the review has no series of {metric}.")
        return turned(series, LIGHT.proxy if role == "proxy" else LIGHT.outcome)


def thinned(file: Path, one_in: int) -> None:
    """Keeps every so many leads and their deals."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    kept = [row for row in rows if int(row["lead_id"][1:]) // 3 % one_in == 0]
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)


def case(title: str, story: Story, weeks: int, one_in: int = 1) -> Case:
    """The story reviewed so many weeks after its deployment, with one in so many of its leads."""
    until = story.deployed_on + weeks * WEEK - dt.timedelta(days=1)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "workspace"
        make_workspace(folder)
        workspace = open_workspace(folder)
        (workspace.charters / f"{story.workflow}.yaml").write_text(story.charter, encoding="utf-8")
        with open_warehouse(workspace) as warehouse:
            for file in story.write(Path(temporary) / "exports", until):
                thinned(file, one_in)
                land(warehouse, file, IngestOptions(exported_on=until))
            found = review(warehouse, workspace, until).workflows[0]
    return titled(title, found)


def demo() -> Case:
    """What `make demo` shows first."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "demo"
        make_demo(folder)
        workspace = open_workspace(folder)
        with open_warehouse(workspace) as warehouse:
            found = review(warehouse, workspace, DEMO_DAY).workflows
    return titled("Demo, 42 a week", next(each for each in found if each.workflow == "lead-routing"))


def titled(title: str, found: WorkflowReview) -> Case:
    return Case(f"{title}: {found.verdict.replace('_', ' ')}", found, found.lead_pair or found.pairs[0])


def cases() -> Iterator[Case]:
    yield demo()
    yield case("Quiet, 60 a week", STEADY, 28)
    yield case("Noisy, 12 a week", LEAD_HANDLING, 28, 5)
    yield case("Young, 4 weeks old", LEAD_HANDLING, 4)
    yield case("Tiny, 2 a week", LEAD_HANDLING, 28, 30)


def drawable(points: Points) -> NDArray[np.float64]:
    """Missing points as NaN, the rest kept within the picture."""
    return np.clip(np.array([np.nan if point is None else point for point in points], dtype=float), 0, TOP)


def dated(ax: Axes, shown: Case) -> None:
    """Months below, the deployment and the start of the drift as lines."""
    ax.xaxis.set_major_locator(MonthLocator(bymonth=(1, 5, 9)))
    ax.xaxis.set_major_formatter(ConciseDateFormatter(ax.xaxis.get_major_locator()))
    ax.axvline(mark(shown.workflow.deployed_on), color=LIGHT.muted, ls=":", lw=1)
    if shown.pair.since:
        ax.axvline(mark(shown.pair.since), color=LIGHT.hues["red"], lw=1)


def mark(day: dt.date) -> float:
    return float(mpl.dates.date2num(day))


def draw_line(ax: Axes, line: Line, scale: float = 1.0, *, band: bool = True) -> None:
    """Interval, what young cohorts can still reach as hatching, and the level: dashed where it is projected."""
    weeks = np.array([mark(week) for week in line.series.weeks])
    level, known, low, high = (
        drawable(points) * scale for points in (line.level, line.known, line.low, line.high)
    )
    cut = line.young_from
    if band:
        ax.fill_between(weeks, low, high, color=line.colour, alpha=0.15, lw=0)
        young = slice(max(cut - 1, 0), None)
        ax.fill_between(
            weeks[young], known[young], level[young], facecolor="none", edgecolor=line.colour,
            hatch="/////", lw=0, alpha=0.6,
        )  # fmt: skip
    ax.plot(weeks[:cut], level[:cut], color=line.colour, lw=1.8)
    ax.plot(weeks[max(cut - 1, 0) :], level[max(cut - 1, 0) :], color=line.colour, lw=1.8, ls=(0, (3, 1.5)))


def shared_index(area: SubFigure, shown: Case) -> None:
    """Both as an index on one axis, each with its interval."""
    ax = area.subplots()
    for role in ("proxy", "outcome"):
        draw_line(ax, shown.line(role))
    ax.axhline(100, color=LIGHT.muted, lw=0.8)
    ax.set_ylim(0, TOP)
    dated(ax, shown)


def stacked_panels(area: SubFigure, shown: Case) -> None:
    """Each in its own unit on an axis of its own."""
    for ax, role in zip(area.subplots(2, 1, sharex=True), ("proxy", "outcome"), strict=True):
        line = shown.line(role)
        raw = replace(line.series, higher_is_better=True)
        ratios = [
            value / point for value, point in zip(raw.values, raw.projected, strict=True) if value and point
        ]
        share = raw.unit == "share"
        draw_line(ax, turned(raw, line.colour), (100 if share else 1) * float(np.median(ratios)))
        ax.set_ylim(0)
        ax.set_title(f"{raw.label}, {'%' if share else raw.unit}", color=line.colour, loc="left", fontsize=9)
        dated(ax, shown)


def gap_ribbon(area: SubFigure, shown: Case) -> None:
    """The distance of the two, filled: the divergence itself is the picture."""
    ax = area.subplots()
    proxy, outcome = shown.line("proxy"), shown.line("outcome")
    at = dict(zip(outcome.series.weeks, drawable(outcome.level), strict=True))
    weeks = np.array([mark(week) for week in proxy.series.weeks])
    above, below = (
        drawable(proxy.level), np.array([at.get(week, np.nan) for week in proxy.series.weeks]),
    )  # fmt: skip
    ax.fill_between(weeks, below, above, where=above >= below, color=LIGHT.hues["red"], alpha=0.25, lw=0)
    ax.fill_between(weeks, below, above, where=above < below, color=LIGHT.hues["green"], alpha=0.25, lw=0)
    for line in (proxy, outcome):
        draw_line(ax, line, band=False)
    ax.axhline(100, color=LIGHT.muted, lw=0.8)
    ax.set_ylim(0, TOP)
    dated(ax, shown)


def bullets(area: SubFigure, shown: Case) -> None:
    """Only what it comes to: the change of each, with its likely range, beside no change."""
    ax = area.subplots()
    for place, role in enumerate(("outcome", "proxy")):
        change = shown.pair.outcome_change if role == "outcome" else shown.pair.proxy_change
        line = shown.line(role)
        if change.relative is None or change.low is None or change.high is None:
            ax.text(0, place, "not known", ha="center", va="center", color=LIGHT.muted)
            continue
        sign = 100 if line.series.higher_is_better else -100
        ends = sorted((sign * change.low, sign * change.high))
        ax.plot(
            np.clip(ends, -100, 160),
            (place, place),
            color=line.colour,
            lw=9,
            alpha=0.3,
            solid_capstyle="butt",
        )
        ax.plot(np.clip(sign * change.relative, -100, 160), place, "o", color=line.colour, ms=8)
        ax.text(-98, place + 0.2, line.series.label, color=line.colour, fontsize=9)
    ax.axvline(0, color=LIGHT.muted, lw=0.8)
    ax.set(xlim=(-100, 160), ylim=(-0.5, 1.6), yticks=[])
    ax.set_xlabel("% worse | % better", color=LIGHT.muted)


DESIGNS: tuple[tuple[str, Callable[[SubFigure, Case], None]], ...] = (
    ("shared-index", shared_index),
    ("stacked-panels", stacked_panels),
    ("gap-ribbon", gap_ribbon),
    ("bullets", bullets),
)


def main() -> None:
    shown = tuple(cases())
    for name, draw in DESIGNS:
        figure = plt.figure(figsize=(16, 3.2), layout="constrained")
        for area, each in zip(figure.subfigures(1, len(shown)), shown, strict=True):
            area.suptitle(each.title, fontsize=10.5, fontweight="bold")
            draw(area, each)
        figure.savefig(HERE / f"design-{name}.png", dpi=110, metadata={"Software": None})
        plt.close(figure)


if __name__ == "__main__":
    main()
