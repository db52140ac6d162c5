"""The tables: false alarms beside the budget, delays beside the oracle's, and what people use today."""

from __future__ import annotations

import datetime as dt
import json
import platform
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import beta

from benchmarks.detection.histories import FAMILIES, FOUND_WITHIN_WEEKS, LOOKS, SEED, VOLUMES, Family, Found
from benchmarks.detection.leadline_method import YEARLY_BUDGET
from benchmarks.detection.methods import LEADLINE, ORACLE
from benchmarks.detection.running import Answers, Method

WEEKS_A_YEAR = 52.1775
YEARS = LOOKS / WEEKS_A_YEAR
NAMED = ("drop20", "drop35", "ramp40", "segment60")
"""the drift families by which the aim was set"""
DRIFT_FREE = tuple(family for family in FAMILIES if not family.drifts)
DRIFTING = tuple(family for family in FAMILIES if family.drifts)


@dataclass(frozen=True)
class Share:
    """k of n histories, with the interval of Clopper & Pearson (1934, doi 10.1093/biomet/26.4.404)."""

    k: int
    n: int

    @property
    def value(self) -> float:
        return self.k / self.n if self.n else float("nan")

    def interval(self) -> tuple[float, float]:
        low = float(beta.ppf(0.025, self.k, self.n - self.k + 1)) if self.k else 0.0
        high = float(beta.ppf(0.975, self.k + 1, self.n - self.k)) if self.k < self.n else 1.0
        return low, high


def a_year(share: float) -> float:
    """Chance of any false alarm in a year, when it is `share` in all looks and spread evenly over them."""
    return float(1.0 - (1.0 - share) ** (1.0 / YEARS))


@dataclass(frozen=True, eq=False)
class Results:
    """What every method said, and how it came about."""

    answers: dict[str, Answers]
    methods: tuple[Method, ...]
    histories: int
    command: str
    date: dt.date
    minutes: float

    def of(
        self, method: str, families: tuple[Family, ...], volumes: tuple[int, ...] = VOLUMES
    ) -> list[Found]:
        names = {family.name for family in families}
        kept = self.answers.get(method, {}).items()
        return [found for case, found in kept if case.family in names and case.volume in volumes]

    def false(self, method: str, families: tuple[Family, ...], volumes: tuple[int, ...] = VOLUMES) -> Share:
        found = self.of(method, families, volumes)
        return Share(sum(each.first is not None for each in found), len(found))

    def delays(
        self, method: str, families: tuple[Family, ...], volumes: tuple[int, ...] = VOLUMES
    ) -> np.ndarray:
        return np.array([each.delay() for each in self.of(method, families, volumes)])


def markdown(results: Results) -> str:
    """All that goes into docs/method.md."""
    parts = [
        f"Measured on {results.date.day} {results.date:%B %Y} with `{results.command}` (seed {SEED}, "
        f"{results.histories} histories a cell, Python {platform.python_version()}, NumPy {np.__version__}; "
        f"[what is simulated, and by which rules](benchmarks.md)).",
        _aims(results),
        "### False alarms where nothing drifts",
        f"Chance of any false alarm in a year, with its 95 % interval, beside the budget of {_percent(YEARLY_BUDGET)}; "
        "'over' marks an interval that lies above it. Last column: alarms raised a year.",
        _false_alarms(results),
        "### Drift",
        f"Share found within {FOUND_WITHIN_WEEKS} weeks of the onset, and the median weeks until the alarm (what was "
        "missed counts as later than all). In brackets the same of the oracle, which sees deals only.",
        _drift(results),
        "### What people use today, on the same histories",
        "A false alarm in 68 weekly looks without drift; drift found within 26 weeks; median weeks over all drift.",
        _peers(results),
    ]
    return "\n\n".join(parts)


def _aims(results: Results) -> str:
    """Each aim, and whether it was met."""
    worst = max(
        ((results.false(LEADLINE.name, (f,), (v,)), f, v) for f in DRIFT_FREE for v in VOLUMES),
        key=lambda entry: entry[0].value,
    )
    cells = [results.false(LEADLINE.name, (f,), (v,)) for f in DRIFT_FREE for v in VOLUMES]
    above = sum(a_year(cell.value) > YEARLY_BUDGET for cell in cells)
    clearly = sum(a_year(cell.interval()[0]) > YEARLY_BUDGET for cell in cells)
    families = [results.false(LEADLINE.name, (f,)) for f in DRIFT_FREE]
    families_above = sum(a_year(each.value) > YEARLY_BUDGET for each in families)
    total = results.false(LEADLINE.name, DRIFT_FREE)
    lines = [
        "| aim | reached |",
        "| --- | --- |",
        f"| false alarms within the budget of {_percent(YEARLY_BUDGET)} a year in every family | "
        f"{_percent(a_year(total.value))} a year overall; {len(families) - families_above} of {len(families)} families "
        f"within; of {len(cells)} family × volume cells {above} lie above, {clearly} of them clearly; the worst, "
        f"{worst[1].label} at {worst[2]} leads a week, has {_percent(a_year(worst[0].value))} |",
    ]
    for which, name in ((_named(), "four families by which the aim was set"), (DRIFTING, "seven families")):
        ours, theirs = results.delays(LEADLINE.name, which), results.delays(ORACLE.name, which)
        lines += [
            f"| at least 90 % of drifts found within {FOUND_WITHIN_WEEKS} weeks: the {name} | {_percent(_found(ours))} "
            f"(oracle {_percent(_found(theirs))}) |",
            f"| median delay at most 0.8 × the oracle's: the {name} | {_weeks(ours)} weeks against {_weeks(theirs)}: "
            f"{float(np.median(ours) / np.median(theirs)):.2f} × |",
        ]
    return "\n".join(lines)


def _named() -> tuple[Family, ...]:
    return tuple(family for family in DRIFTING if family.name in NAMED)


def _false_alarms(results: Results) -> str:
    head = "| | " + " | ".join(f"{v} leads a week" for v in VOLUMES) + " | all volumes | alarms a year |"
    lines = [head, "| --- |" + " --- |" * (len(VOLUMES) + 2)]
    rows = [(f"{family.label}", (family,)) for family in DRIFT_FREE] + [("**all**", DRIFT_FREE)]
    for label, families in rows:
        cells = [_yearly(results.false(LEADLINE.name, families, (v,))) for v in VOLUMES]
        everything = results.of(LEADLINE.name, families)
        rate = sum(found.alarms for found in everything) / (len(everything) * YEARS)
        lines.append(
            f"| {label} | {' | '.join(cells)} | {_yearly(results.false(LEADLINE.name, families))} | {rate:.3f} |"
        )
    return "\n".join(lines)


def _yearly(share: Share) -> str:
    low, high = (a_year(end) for end in share.interval())
    mark = " over" if low > YEARLY_BUDGET else ""
    return f"{_percent(a_year(share.value))} ({100 * low:.1f}–{100 * high:.1f}){mark}"


def _drift(results: Results) -> str:
    head = "| | " + " | ".join(f"{v} leads a week" for v in VOLUMES) + " | all volumes |"
    lines = [head, "| --- |" + " --- |" * (len(VOLUMES) + 1)]
    rows = [(family.label, (family,)) for family in DRIFTING] + [("**all**", DRIFTING)]
    for label, families in rows:
        cells = []
        for volumes in (*((v,) for v in VOLUMES), VOLUMES):
            ours = results.delays(LEADLINE.name, families, volumes)
            theirs = results.delays(ORACLE.name, families, volumes)
            cells.append(
                f"{_percent(_found(ours))}, {_weeks(ours)} ({_percent(_found(theirs))}, {_weeks(theirs)})"
            )
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _peers(results: Results) -> str:
    lines = [
        "| method, defaults | histories | ≥ 1 false alarm | its worst family | found | median weeks |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for method in results.methods:
        if method.missing:
            lines.append(f"| {method.label} | – | {method.missing} | | | |")
            continue
        delays = results.delays(method.name, DRIFTING)
        if not delays.size:
            continue
        false = results.false(method.name, DRIFT_FREE)
        worst = max(DRIFT_FREE, key=lambda f: _or_zero(results.false(method.name, (f,)).value))
        share = _percent(false.value) if false.n and method is not ORACLE else "–"
        where = f"{worst.label}: {_percent(results.false(method.name, (worst,)).value)}"
        lines.append(
            f"| {method.label} | {false.n + delays.size:,} | {share} | {'–' if share == '–' else where} | "
            f"{_percent(_found(delays))} | {_weeks(delays)} |"
        )
    return "\n".join(lines)


def _or_zero(value: float) -> float:
    return 0.0 if np.isnan(value) else value


def _found(delays: np.ndarray) -> float:
    return float(np.mean(delays <= FOUND_WITHIN_WEEKS)) if delays.size else float("nan")


def _weeks(delays: np.ndarray) -> str:
    median = float(np.median(delays)) if delays.size else float("nan")
    return "never" if not np.isfinite(median) else f"{median:g}"


def _percent(share: float) -> str:
    """Two digits that matter: 2.4 % or 97 %."""
    if np.isnan(share):
        return "–"
    return f"{100 * share:.1f} %".replace(".0 %", " %") if share < 0.0995 else f"{100 * share:.0f} %"


def as_json(results: Results) -> dict[str, Any]:
    """Every cell of every method, for other programs."""
    cells = []
    for method in results.methods:
        for family in FAMILIES:
            for volume in VOLUMES:
                found = results.of(method.name, (family,), (volume,))
                if not found:
                    continue
                firsts = sum(each.first is not None for each in found)
                cell: dict[str, Any] = {
                    "method": method.name,
                    "family": family.name,
                    "leads_per_week": volume,
                }
                cell |= {"histories": len(found), "alarmed": firsts}
                if family.drifts:
                    delays = np.array([each.delay() for each in found])
                    median = float(np.median(delays))
                    cell |= {"found_26": _found(delays), "median": median if np.isfinite(median) else None}
                else:
                    share = Share(firsts, len(found))
                    cell |= {"a_year": a_year(share.value), "interval": [a_year(p) for p in share.interval()]}
                    cell |= {"raised_by": sorted(each.why for each in found if each.why)}
                cells.append(cell)
    about = {"histories": results.histories, "command": results.command, "minutes": round(results.minutes, 1)}
    return {**about, "date": results.date.isoformat(), "seed": SEED, "budget": YEARLY_BUDGET, "cells": cells}


def write_json(results: Results, path: Path) -> None:
    path.write_text(json.dumps(as_json(results), indent=1, ensure_ascii=False), encoding="utf-8")


def insert(document: Path, text: str) -> None:
    """Puts the tables between the markers of a page."""
    page = document.read_text(encoding="utf-8")
    between = re.compile(r"(<!-- detection:begin -->\n).*?(<!-- detection:end -->)", re.DOTALL)
    if not between.search(page):
        raise SystemExit(
            f"{document} has no pair of markers detection:begin and detection:end to write between"
        )
    document.write_text(between.sub(lambda m: f"{m[1]}{text}\n{m[2]}", page), encoding="utf-8")
