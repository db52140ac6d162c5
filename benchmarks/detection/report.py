"""The tables: aims, false alarms beside the budget, delays beside the oracle's, reviews beside the truth, and what
people use today."""

from __future__ import annotations

import datetime as dt
import json
import platform
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.detection.histories import (
    BY_NAME,
    FAMILIES,
    FOUND_WITHIN_WEEKS,
    LOOKS,
    PROMISES,
    SEED,
    STORIES,
    USUAL,
    VOLUMES,
    Family,
    Found,
)
from benchmarks.detection.leadline_method import YEARLY_BUDGET
from benchmarks.detection.methods import LEADLINE, ORACLE, REVIEW
from benchmarks.detection.running import Answers, Method
from benchmarks.detection.told import (
    WEEKS_A_YEAR,
    WHATS,
    Share,
    coverage,
    endings,
    flips_a_year,
    judged_as,
    onset_errors,
    promise_errors,
    reckoned_weeks,
    said,
)

YEARS = LOOKS / WEEKS_A_YEAR
DRIFT_FREE = tuple(family for family in USUAL if not family.drifts)
DRIFTING = tuple(family for family in USUAL if family.drifts)
OTHERS = tuple(family for family in FAMILIES if family not in USUAL and not family.phases)
ONE_TOO_MANY = 0.08
"""no family's chance of a false alarm in a year may lie clearly above this"""
FOUND_AIMS = {25: 0.76, 80: 0.99, 250: 1.0}
"""leads a week -> share of the usual drifts to be found within 26 weeks"""
PEER = "threshold_raw"
"""a method that follows whatever a plain peer can"""
HOLD = (0.92, 0.98)
"""how often the truth may lie within an interval of 95 %"""


def a_year(share: float) -> float:
    """Chance of any false alarm in a year, when it is `share` in all looks and spread evenly over them."""
    return float(1.0 - (1.0 - share) ** (1.0 / YEARS))


@dataclass(frozen=True, eq=False)
class Results:
    """What every method said, and how it came about."""

    answers: dict[str, Answers]
    methods: tuple[Method, ...]
    command: str
    date: dt.date
    minutes: float

    def of(
        self, method: str, families: tuple[Family, ...], volumes: tuple[int, ...] | None = None
    ) -> list[Found]:
        """What a method said of families, at every volume unless some are named."""
        names = {family.name for family in families}
        kept = self.answers.get(method, {}).items()
        return [f for case, f in kept if case.family in names and (volumes is None or case.volume in volumes)]

    def false(
        self, method: str, families: tuple[Family, ...], volumes: tuple[int, ...] | None = None
    ) -> Share:
        found = self.of(method, families, volumes)
        return Share(sum(each.first is not None for each in found), len(found))

    def delays(
        self, method: str, families: tuple[Family, ...], volumes: tuple[int, ...] | None = None
    ) -> np.ndarray:
        return np.array(
            [each.delay(family.onset) for family in families for each in self.of(method, (family,), volumes)]
        )


def markdown(results: Results) -> str:
    """All that goes into docs/method.md; a part that nothing was judged for is left out."""
    parts = [
        f"Measured on {results.date.day} {results.date:%B %Y} with `{results.command}` (seed {SEED}, "
        f"Python {platform.python_version()}, NumPy {np.__version__}; "
        "[what is simulated, and by which rules](benchmarks.md)).",
        _aims(results),
    ]
    if results.answers.get(LEADLINE.name):
        parts += [
            "### False alarms where nothing drifts",
            "Chance of any false alarm in a year, with its 95 % interval, beside the budget of "
            f"{_percent(YEARLY_BUDGET)}; 'over' marks an interval that lies above it. Last column: alarms raised a "
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
            f"change, of what was missed, of money and of a young cohort's final rate held the truth ('off' where that "
            f"is clearly not {_percent(HOLD[0])} to {_percent(HOLD[1])}); the median error of 'since' in weeks at the "
            "last look; changes of the verdict a year; by how many weeks 'too early' missed its date (median); and the "
            "share of histories in which 'slower' was said.",
            _reviews(results),
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


def _aims(results: Results) -> str:
    """Each aim, and whether it was met."""
    counted, read = results.answers.get(LEADLINE.name), results.answers.get(REVIEW.name)
    lines = [*(_aims_of_counts(results) if counted else ()), *(_aims_of_reviews(results) if read else ())]
    return "\n".join(["| aim | reached |", "| --- | --- |", *lines]) if lines else ""


def _aims_of_counts(results: Results) -> list[str]:
    total = results.false(LEADLINE.name, DRIFT_FREE)
    lines = [
        f"| any false alarm in a year at most {_percent(YEARLY_BUDGET)} over the usual families | "
        f"{_yearly(total)} |",
        *_families_over(results, LEADLINE, DRIFT_FREE),
    ]
    for volume, aim in FOUND_AIMS.items():
        ours, theirs = (results.delays(each.name, DRIFTING, (volume,)) for each in (LEADLINE, ORACLE))
        lines.append(
            f"| at {volume} leads a week at least {_percent(aim)} of the seven drifts found within "
            f"{FOUND_WITHIN_WEEKS} weeks | {_percent(_found(ours))} (oracle {_percent(_found(theirs))}) |"
        )
    ours, theirs = (results.delays(each.name, DRIFTING) for each in (LEADLINE, ORACLE))
    if ours.size and theirs.size:
        ratio = float(np.median(ours) / np.median(theirs))
        lines.append(
            f"| median delay at most 0.8 × the oracle's | {_weeks(ours)} weeks against {_weeks(theirs)}: "
            f"{ratio:.2f} × |"
        )
    return lines


def _aims_of_reviews(results: Results) -> list[str]:
    lines = _families_over(results, REVIEW, tuple(family for family in FAMILIES if not family.drifts))
    for what, words in WHATS.items():
        judged = [(f, coverage(results.of(REVIEW.name, (f,)), what)) for f in FAMILIES]
        shares = [(f, share) for f, share in judged if share.n]
        off = [f"{f.label} {_percent(s.value)}" for f, s in shares if _is_off(s)]
        if shares:
            whole = Share(sum(s.k for _, s in shares), sum(s.n for _, s in shares))
            lines.append(
                f"| 95 % intervals of {words} hold the truth in {_percent(HOLD[0])} to {_percent(HOLD[1])} in every "
                f"family | {_percent(whole.value)} over all; {len(shares) - len(off)} of {len(shares)} families"
                f"{': but ' + '; '.join(off) if off else ''} |"
            )
    errors = promise_errors(results.of(REVIEW.name, FAMILIES))
    if errors.size:
        lines.append(
            f"| the date of 'too early' is kept: median error at most 4 weeks | {_weeks(np.abs(errors))} weeks |"
        )
    failing = results.delays(REVIEW.name, (BY_NAME["failures"],))
    if failing.size:
        lines.append(
            f"| failures 4 → 10 % at 40 reviews a week found within 8 weeks | median {_weeks(failing)} weeks |"
        )
    for name, label in (("content", "60 assets a week"), ("reviews", "40 reviews a week")):
        holding = judged_as(results.of(REVIEW.name, (BY_NAME[name],)), "aligned", within=13)
        if holding.n:
            lines.append(
                f"| nothing changes at {label}: 'Holding' within a quarter | {_percent(holding.value)} |"
            )
    for family in PROMISES:
        for volume in family.volumes:
            found = results.of(REVIEW.name, (family,), (volume,))
            if found and family.flow.drift is not None:
                promised = reckoned_weeks(found, family.flow.drift.size)
                came = results.delays(REVIEW.name, (family,), (volume,))
                lines.append(
                    f"| the promise of a rule within a quarter of what comes: {family.label} at {volume} a week | "
                    f"promised {_weeks(promised)} weeks, came after {_weeks(came)} |"
                )
    outage = results.of(REVIEW.name, (BY_NAME["outage"],))
    if outage:
        told = judged_as(outage, "data_problem")
        alarmed = results.false(REVIEW.name, (BY_NAME["outage"],))
        lines.append(
            f"| an outage is told as a data problem, not as an alarm | {_percent(told.value)} told, "
            f"{_percent(alarmed.value)} alarmed |"
        )
    unmended = [f for f in STORIES if f.name.endswith("_unmended") and results.of(REVIEW.name, (f,))]
    if unmended:
        backs = [endings(results.of(REVIEW.name, (f,)), f).back for f in unmended]
        whole = Share(sum(b.k for b in backs), sum(b.n for b in backs))
        lines.append(f"| false recoveries at most 5 % a decision | {_share(whole)} |")
    return lines


def _families_over(results: Results, method: Method, free: tuple[Family, ...]) -> list[str]:
    """The aim that no drift-free family has clearly too many false alarms, and those that have."""
    false = {f: share for f in free if (share := results.false(method.name, (f,))).n}
    over = [
        f"{family.label}, {_yearly(share)}"
        for family, share in false.items()
        if a_year(share.interval()[0]) > ONE_TOO_MANY
    ]
    if not false:
        return []
    seen = "from exports to reviews" if method is REVIEW else "from the cohort counts on"
    return [
        f"| no drift-free family clearly above {_percent(ONE_TOO_MANY)} in a year, {seen} | "
        f"{len(false) - len(over)} of {len(false)}{': but ' + '; '.join(over) if over else ''} |"
    ]


def _is_off(share: Share) -> bool:
    low, high = share.interval()
    return high < HOLD[0] or low > HOLD[1]


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
                alarm = f"{_percent(_found(ours))}, {_weeks(ours)}"
                alarm += f" ({_percent(_found(theirs))}, {_weeks(theirs)})" if theirs.size else ""
            else:
                alarm = _yearly(results.false(REVIEW.name, (family,), (volume,)))
            held = [coverage(found, what) for what in WHATS]
            onset = np.abs(onset_errors(found)) if family.drifts else np.empty(0)
            cells = [
                family.label,
                str(volume),
                str(len(found)),
                alarm,
                *(f"{_percent(s.value)}{' off' if s.n and _is_off(s) else ''}" for s in held),
                _weeks(onset) if onset.size else "–",
                f"{flips_a_year(found):.1f}",
                _weeks(np.abs(promise_errors(found))) if promise_errors(found).size else "–",
                _percent(said(found, "slower").value),
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
                f"| {family.label} | {len(found)} | {_percent(story.found.value)} | {_weeks(story.weeks)} | "
                f"{_share(story.back)} | {_percent(story.ended.value)} | {_weeks(story.breached)} |"
            )
    return "\n".join(lines) if len(lines) > 2 else ""


def _share(share: Share) -> str:
    low, high = share.interval()
    return f"{_percent(share.value)} ({100 * low:.0f}–{100 * high:.0f})" if share.n else "–"


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
        share = _percent(false.value) if method is not ORACLE else "–"
        where = f"{worst.label}: {_percent(results.false(method.name, (worst,)).value)}"
        lines.append(
            f"| {method.label} | {false.n + delays.size:,} | {share} | {'–' if share == '–' else where} | "
            f"{_percent(_found(delays))} | {_weeks(delays)} | {_beyond(results, method)} |"
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
    share = "–" if method is ORACLE else _percent(false.value)
    return f"{false.n + delays.size:,} | {share} | {_percent(_found(delays))} | {_weeks(delays)}"


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
                    cell |= {"found_26": _found(delays), "median": median if np.isfinite(median) else None}
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
