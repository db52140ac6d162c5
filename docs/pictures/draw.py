"""Draws the pictures of docs/method.md from simulated flows: `python docs/pictures/draw.py`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from leadline.data.samples.flows import Drift, FlowSpec, counts, simulate
from leadline.metrics.statistics import evidence
from leadline.metrics.statistics.maturity import Cohorts
from leadline.metrics.statistics.outcomes import OutcomeModel, prepare
from leadline.metrics.statistics.projection import outlook, project
from leadline.metrics.statistics.season import calendar_terms

HERE = Path(__file__).parent
BLUE, ORANGE, GREY = "#1f5fa8", "#b8450f", "#5c6b7a"
LEADS_A_WEEK = 60

mpl.use("svg")
mpl.rcParams.update(
    {
        "font.size": 11,
        "svg.fonttype": "none",
        "svg.hashsalt": "leadline",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": GREY,
        "axes.labelcolor": GREY,
        "xtick.color": GREY,
        "ytick.color": GREY,
        "figure.facecolor": "white",
    }
)


def model_of(spec: FlowSpec, seed: int) -> OutcomeModel:
    leads = simulate(spec, np.random.default_rng(seed))
    entered, events = counts(leads, "close_rate", 26)
    terms = calendar_terms([spec.start + dt.timedelta(weeks=w) for w in range(spec.weeks + 30)])
    table = Cohorts(entered.astype(float), events.astype(float))
    return prepare(table, terms, 0, spec.deployed - 1, spec.deployed)


def known_and_pending(ax: Axes) -> None:
    """The raw close rate of each week's leads dives for the youngest, although nothing changed."""
    model = model_of(FlowSpec(leads_per_week=LEADS_A_WEEK), 3)
    now = 90
    found = project(model, now, outlook(model, now), 4)
    weeks = np.arange(now + 1)
    shown = slice(40, now + 1)
    ax.fill_between(
        weeks[shown], 100 * found.low[shown], 100 * found.high[shown], color=BLUE, alpha=0.15, lw=0
    )
    ax.plot(weeks[shown], 100 * found.known[shown], color=ORANGE, lw=2)
    ax.plot(weeks[shown], 100 * found.projected[shown], color=BLUE, lw=2, ls=(0, (4, 2)))
    ax.annotate("won so far: looks\nlike a collapse", (88, 18), (62, 26), color=ORANGE, va="center")
    ax.annotate(
        "won so far + what is still\nexpected, with its interval",
        (70, 100),
        (44, 142),
        color=BLUE,
        va="center",
    )
    ax.set(xlabel="week in which the leads came in", ylabel="close rate, baseline = 100", ylim=(0, 160))


def evidence_builds(ax: Axes) -> None:
    """A third fewer from week 58 on, and nothing at all: the same question, the same limit."""
    for spec, seed, colour, label in (
        (FlowSpec(leads_per_week=LEADS_A_WEEK, drift=Drift(0.35, 58)), 5, ORANGE, "35 % fewer since week 58"),
        (FlowSpec(leads_per_week=LEADS_A_WEEK), 5, BLUE, "nothing changed"),
    ):
        model = model_of(spec, seed)
        trace = evidence.run([model.stream()], evidence.BUDGET)[0]
        limit = 1.0 / evidence.BUDGET
        weeks = np.arange(52, 52 + trace.log_odds.size)
        odds = trace.odds(limit)
        ax.plot(weeks[:40], np.minimum(odds, limit**1.6)[:40], color=colour, lw=2)
        ax.annotate(
            label,
            (weeks[39], min(odds[39], limit**1.6)),
            xytext=(-4, -16) if spec.drift else (-4, 8),
            textcoords="offset points",
            color=colour,
            ha="right",
        )
    ax.axhline(limit, color=GREY, lw=1, ls="--")
    ax.annotate(
        f"limit: {limit:,.0f} to 1", (52, limit), xytext=(0, 5), textcoords="offset points", color=GREY
    )
    ax.set_yscale("log")
    ax.set(xlabel="week of the review", ylabel="odds against 'no change'")


def fewer_or_slower(ax: Axes) -> None:
    """Two ways to have fewer deals today: a lower level, or the same level later."""
    weeks = np.arange(0, 27)
    curve = model_of(FlowSpec(leads_per_week=2000, weeks=80, deployed=79), 2).baseline.reach
    slow = np.interp(weeks / 1.35, weeks, curve)
    ax.plot(weeks, 100 * curve, color=GREY, lw=2)
    ax.plot(weeks, 100 * slow, color=BLUE, lw=2)
    ax.plot(weeks, 65 * curve, color=ORANGE, lw=2)
    ax.annotate("baseline", (10, 100 * curve[10]), (5.5, 19.2), color=GREY)
    ax.annotate("slower: meets the baseline again", (14, 100 * slow[14]), (13.5, 16), color=BLUE)
    ax.annotate("fewer: never does", (20, 65 * curve[20]), (16, 11), color=ORANGE)
    ax.set(xlabel="age of the leads in weeks", ylabel="% won", ylim=(0, 21))


def main() -> None:
    for draw, name, title in (
        (known_and_pending, "known-and-pending", "Young leads have not had their time yet"),
        (evidence_builds, "evidence", "Evidence builds week by week, against a limit that chance respects"),
        (fewer_or_slower, "fewer-or-slower", "Fewer is not the same as slower"),
    ):
        figure, ax = plt.subplots(figsize=(7.2, 3.4), layout="constrained")
        draw(ax)
        ax.set_title(title, loc="left", fontsize=12, fontweight="bold")
        figure.savefig(HERE / f"{name}.svg", metadata={"Date": None})
        plt.close(figure)


if __name__ == "__main__":
    main()
