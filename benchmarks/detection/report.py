"""The tables: aims, false alarms beside the budget, delays beside the oracle's, reviews beside the truth, and what
people use today."""

from __future__ import annotations

import json
import platform
import re
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.detection.aims import aims
from benchmarks.detection.families import FAMILIES, FOUND_WITHIN_WEEKS, STORIES, USUAL, VOLUMES
from benchmarks.detection.histories import SEED
from benchmarks.detection.leadline_method import YEARLY_BUDGET
from benchmarks.detection.methods import LEADLINE, ORACLE, REVIEW
from benchmarks.detection.results import (
    DRIFT_FREE,
    DRIFTING,
    HOLD,
    YEARS,
    Results,
    a_year,
    found_share,
    is_off,
    percent,
    share_of,
    weeks,
    yearly,
)
from benchmarks.detection.running import Method
from benchmarks.detection.told import (
    WHATS,
    Share,
    coverage,
    endings,
    flips_a_year,
    onset_errors,
    promise_errors,
    said,
)

OTHERS = tuple(family for family in FAMILIES if family not in USUAL and not family.phases)
PEER = "threshold_raw"
"""a method that follows whatever a plain peer can"""


def markdown(results: Results) -> str:
    """All that goes into docs/method.md; a part that nothing was judged for is left out."""
    parts = [
        f"Measured on {results.date.day} {results.date:%B %Y} with `{results.command}` (seed {SEED}, "
        f"Python {platform.python_version()}, NumPy {np.__version__}; "
        "[what is simulated, and by which rules](benchmarks.md)).",
        aims(results),
    ]
    if results.answers.get(LEADLINE.name):
        parts += [
            "### False alarms where nothing drifts",
            "Chance of any false alarm in a year, with its 95 % interval, beside the budget of "
            f"{percent(YEARLY_BUDGET)}; 'over' marks an interval that lies above it. Last column: alarms raised a "
            "year.",
            _false_alarms(results),
            "### Drift",
            f"Share found within {FOUND_WITHIN_WEEKS} weeks of the onset, and the median weeks until the alarm (what "
            "was missed counts as later than all). In brackets the same of the oracle, which sees deals only.",
            _drift(results),
        ]
    if results.answers.get(REVIEW.name):
        parts += [
            "### What reviews say, beside the truth",
            "From exports to the weekly reviews. Alarm: chance of a false one in a year, or the share of drifts found "
            f"within {FOUND_WITHIN_WEEKS} weeks and the median weeks. Then how often the 95 % interval of the told "
            "change, of the level, of what was missed, of its money and of what a young cohort reaches in the end "
            f"held the truth ('off' where that is clearly not {percent(HOLD[0])} to {percent(HOLD[1])}); the median "
            "error of 'since' in weeks at the last look; changes of the verdict a year; by how many weeks 'too early' "
            "missed its date (median); and the share of histories in which 'slower' was said.",
            _reviews(results),
        ]
    if results.of(REVIEW.name, STORIES):
        parts += [
            "### Stories, to their end",
            "Share in which the drift was found before the decision, and the median weeks it took; that were called "
            "recovering or holding within 26 weeks of the decision; whose last review says one of both; and the median "
            "weeks after the decision in which a rule was breached. Where the decision changes nothing, each of these "
            "is a false recovery.",
            _stories(results),
        ]
    if any(m.name not in (LEADLINE.name, REVIEW.name, ORACLE.name) for m in results.methods):
        parts += [
            "### What people use today, on the same histories",
            "A false alarm in 68 weekly looks without drift; drift found within 26 weeks; median weeks over all drift: "
            "first on the usual families, then on all others that it can follow.",
            _peers(results),
        ]
    return "\n\n".join(part for part in parts if part)


def _reviews(results: Results) -> str:
    head = ("", "leads a week", "histories", "alarm", *WHATS, "since", "verdict", "too early", "slower")
    lines = [f"| {' | '.join(head)} |", "| --- |" + " --- |" * (len(head) - 1)]
    for family in (f for f in FAMILIES if not f.phases):
        for volume in sorted(
            {case.volume for case in results.answers[REVIEW.name] if case.family == family.name}
        ):
            found = results.of(REVIEW.name, (family,), (volume,))
            if family.drifts:
                ours = results.delays(REVIEW.name, (family,), (volume,))
                theirs = results.delays(ORACLE.name, (family,), (volume,))
                alarm = f"{percent(found_share(ours))}, {weeks(ours)}"
                alarm += f" ({percent(found_share(theirs))}, {weeks(theirs)})" if theirs.size else ""
            else:
                alarm = yearly(results.false(REVIEW.name, (family,), (volume,)))
            held = [coverage(found, what) for what in WHATS]
            onset = np.abs(onset_errors(found)) if family.drifts else np.empty(0)
            cells = [
                family.label,
                str(volume),
                str(len(found)),
                alarm,
                *(f"{percent(s.value)}{' off' if s.n and is_off(s) else ''}" for s in held),
                weeks(onset) if onset.size else "–",
                f"{flips_a_year(found):.1f}",
                weeks(np.abs(promise_errors(found))) if promise_errors(found).size else "–",
                percent(said(found, "slower").value),
            ]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _stories(results: Results) -> str:
    lines = [
        "| | histories | found | weeks | back | at the end | weeks breached |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for family in STORIES:
        found = results.of(REVIEW.name, (family,))
        if found:
            story = endings(found, family)
            lines.append(
                f"| {family.label} | {len(found)} | {percent(story.found.value)} | {weeks(story.weeks)} | "
                f"{share_of(story.back)} | {percent(story.ended.value)} | {weeks(story.breached)} |"
            )
    return "\n".join(lines)


def _false_alarms(results: Results) -> str:
    head = "| | " + " | ".join(f"{v} leads a week" for v in VOLUMES) + " | all volumes | alarms a year |"
    lines = [head, "| --- |" + " --- |" * (len(VOLUMES) + 2)]
    rows = [(f"{family.label}", (family,)) for family in DRIFT_FREE] + [("**all**", DRIFT_FREE)]
    for label, families in rows:
        everything = results.of(LEADLINE.name, families)
        if not everything:
            continue
        cells = [yearly(results.false(LEADLINE.name, families, (v,))) for v in VOLUMES]
        rate = sum(found.alarms for found in everything) / (len(everything) * YEARS)
        lines.append(
            f"| {label} | {' | '.join(cells)} | {yearly(results.false(LEADLINE.name, families))} | {rate:.3f} |"
        )
    return "\n".join(lines)


def _drift(results: Results) -> str:
    head = "| | " + " | ".join(f"{v} leads a week" for v in VOLUMES) + " | all volumes |"
    lines = [head, "| --- |" + " --- |" * (len(VOLUMES) + 1)]
    rows = [(family.label, (family,)) for family in DRIFTING] + [("**all**", DRIFTING)]
    for label, families in rows:
        if not results.of(LEADLINE.name, families):
            continue
        cells = []
        for volumes in (*((v,) for v in VOLUMES), VOLUMES):
            ours = results.delays(LEADLINE.name, families, volumes)
            theirs = results.delays(ORACLE.name, families, volumes)
            cells.append(
                f"{percent(found_share(ours))}, {weeks(ours)} ({percent(found_share(theirs))}, {weeks(theirs)})"
            )
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _peers(results: Results) -> str:
    lines = [
        "| method, defaults | histories | ≥ 1 false alarm | its worst family | found | median weeks | "
        "others: histories | ≥ 1 false alarm | found | median weeks |",
        "| --- |" + " --- |" * 9,
    ]
    for method in results.methods:
        if method.missing:
            lines.append(f"| {method.label} | – | {method.missing} |{' |' * 7}")
            continue
        if method is REVIEW:
            continue
        delays = results.delays(method.name, DRIFTING)
        false = results.false(method.name, DRIFT_FREE)
        if not delays.size or not false.n:
            continue
        worst = max(DRIFT_FREE, key=lambda f: _or_zero(results.false(method.name, (f,)).value))
        share = percent(false.value) if method is not ORACLE else "–"
        where = f"{worst.label}: {percent(results.false(method.name, (worst,)).value)}"
        lines.append(
            f"| {method.label} | {false.n + delays.size:,} | {share} | {'–' if share == '–' else where} | "
            f"{percent(found_share(delays))} | {weeks(delays)} | {_beyond(results, method)} |"
        )
    return "\n".join(lines)


def _beyond(results: Results, method: Method) -> str:
    """A method on the other families; of Leadline, where it is read in reviews, those that the others can follow."""
    follow = {
        case.family for each in results.methods if each.name == PEER for case in results.answers.get(PEER, {})
    }
    families = tuple(f for f in OTHERS if f.name in follow)
    name = REVIEW.name if method is LEADLINE else method.name
    false = results.false(name, tuple(f for f in families if not f.drifts))
    delays = results.delays(name, tuple(f for f in families if f.drifts))
    if not false.n or not delays.size:
        return "– | – | – | –"
    share = "–" if method is ORACLE else percent(false.value)
    return f"{false.n + delays.size:,} | {share} | {percent(found_share(delays))} | {weeks(delays)}"


def _or_zero(value: float) -> float:
    return 0.0 if np.isnan(value) else value


def as_json(results: Results) -> dict[str, Any]:
    """Every cell of every method, for other programs."""
    cells = []
    for method in results.methods:
        for family in FAMILIES:
            known = {
                case.volume for case in results.answers.get(method.name, {}) if case.family == family.name
            }
            for volume in sorted(known):
                found = results.of(method.name, (family,), (volume,))
                firsts = sum(each.first is not None for each in found)
                cell: dict[str, Any] = {
                    "method": method.name,
                    "family": family.name,
                    "leads_per_week": volume,
                }
                cell |= {"histories": len(found), "alarmed": firsts}
                if family.drifts:
                    delays = np.array([each.delay(family.onset) for each in found])
                    median = float(np.median(delays))
                    cell |= {
                        "found_26": found_share(delays),
                        "median": median if np.isfinite(median) else None,
                    }
                else:
                    share = Share(firsts, len(found))
                    cell |= {"a_year": a_year(share.value), "interval": [a_year(p) for p in share.interval()]}
                    cell |= {"raised_by": sorted(each.why for each in found if each.why)}
                if method.name == REVIEW.name:
                    held = {what: coverage(found, what) for what in WHATS}
                    cell |= {f"{what}_held": [share.k, share.n] for what, share in held.items()}
                    cell |= {"flips_a_year": flips_a_year(found), "said_slower": said(found, "slower").k}
                cells.append(cell)
    about = {"command": results.command, "minutes": round(results.minutes, 1)}
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
