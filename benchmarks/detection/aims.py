"""What was aimed at, and whether it was reached."""

from __future__ import annotations

import numpy as np

from benchmarks.detection.families import BY_NAME, FAMILIES, FOUND_WITHIN_WEEKS, PROMISES, STORIES, Family
from benchmarks.detection.leadline_method import YEARLY_BUDGET
from benchmarks.detection.methods import LEADLINE, ORACLE, REVIEW
from benchmarks.detection.results import (
    DRIFT_FREE,
    DRIFTING,
    HOLD,
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
    blamed,
    coverage,
    endings,
    judged_as,
    promise_errors,
    reckoned_weeks,
    unfounded,
)

ONE_TOO_MANY = 0.08
"""no family's chance of a false alarm in a year may lie clearly above this"""
FOUND_AIMS = {25: 0.76, 80: 0.99, 250: 1.0}
"""leads a week -> share of the usual drifts to be found within 26 weeks"""


def aims(results: Results) -> str:
    """Each aim, and whether it was met."""
    counted, read = results.answers.get(LEADLINE.name), results.answers.get(REVIEW.name)
    lines = [*(_aims_of_counts(results) if counted else ()), *(_aims_of_reviews(results) if read else ())]
    return "\n".join(["| aim | reached |", "| --- | --- |", *lines]) if lines else ""


def _aims_of_counts(results: Results) -> list[str]:
    total = results.false(LEADLINE.name, DRIFT_FREE)
    lines = [
        f"| any false alarm in a year at most {percent(YEARLY_BUDGET)} over the usual families | "
        f"{yearly(total)} |",
        *_families_over(results, LEADLINE, DRIFT_FREE),
    ]
    for volume, aim in FOUND_AIMS.items():
        ours, theirs = (results.delays(each.name, DRIFTING, (volume,)) for each in (LEADLINE, ORACLE))
        lines.append(
            f"| at {volume} leads a week at least {percent(aim)} of the seven drifts found within "
            f"{FOUND_WITHIN_WEEKS} weeks | {percent(found_share(ours))} (oracle {percent(found_share(theirs))}) |"
        )
    ours, theirs = (results.delays(each.name, DRIFTING) for each in (LEADLINE, ORACLE))
    if ours.size and theirs.size:
        ratio = float(np.median(ours) / np.median(theirs))
        lines.append(
            f"| median delay at most 0.8 × the oracle's | {weeks(ours)} weeks against {weeks(theirs)}: "
            f"{ratio:.2f} × |"
        )
    return lines


def _aims_of_reviews(results: Results) -> list[str]:
    lines = _families_over(results, REVIEW, tuple(family for family in FAMILIES if not family.drifts))
    for what, words in WHATS.items():
        judged = [(f, coverage(results.of(REVIEW.name, (f,)), what)) for f in FAMILIES]
        shares = [(f, share) for f, share in judged if share.n]
        off = [f"{f.label} {percent(s.value)}" for f, s in shares if is_off(s)]
        if shares:
            whole = Share(sum(s.k for _, s in shares), sum(s.n for _, s in shares))
            lines.append(
                f"| 95 % intervals of {words} hold the truth in {percent(HOLD[0])} to {percent(HOLD[1])} in every "
                f"family | {percent(whole.value)} over all; {len(shares) - len(off)} of {len(shares)} families"
                f"{': but ' + '; '.join(off) if off else ''} |"
            )
    empty = unfounded(results.of(REVIEW.name, FAMILIES))
    if empty.n:
        lines.append(
            f"| no alarm is raised whose own interval reaches no change | {empty.k} of {empty.n} are |"
        )
    wrong = [blamed(results.of(REVIEW.name, (f,)), f) for f in FAMILIES]
    if sum(share.n for share in wrong):
        whole = Share(sum(share.k for share in wrong), sum(share.n for share in wrong))
        lines.append(
            "| a segment is named only where it carries the drift alone | "
            f"others are in {whole.k} of {whole.n} alarms |"
        )
    errors = promise_errors(results.of(REVIEW.name, FAMILIES))
    if errors.size:
        lines.append(
            f"| the date of 'too early' is kept: median error at most 4 weeks | {weeks(np.abs(errors))} weeks |"
        )
    failing = results.delays(REVIEW.name, (BY_NAME["failures"],))
    if failing.size:
        lines.append(
            f"| failures 4 → 10 % at 40 reviews a week found within 8 weeks | median {weeks(failing)} weeks |"
        )
    for name, label in (("content", "60 assets a week"), ("reviews", "40 reviews a week")):
        holding = judged_as(results.of(REVIEW.name, (BY_NAME[name],)), "aligned", within=13)
        if holding.n:
            lines.append(
                f"| nothing changes at {label}: 'Holding' within a quarter | {percent(holding.value)} |"
            )
    for family in PROMISES:
        for volume in family.volumes:
            found = results.of(REVIEW.name, (family,), (volume,))
            if found and family.flow.drift is not None:
                promised = reckoned_weeks(found, family.flow.drift.size)
                came = results.delays(REVIEW.name, (family,), (volume,))
                lines.append(
                    f"| the promise of a rule within a quarter of what comes: {family.label} at {volume} a week | "
                    f"promised {weeks(promised)} weeks, came after {weeks(came)} |"
                )
    outage = results.of(REVIEW.name, (BY_NAME["outage"],))
    if outage:
        told = judged_as(outage, "data_problem")
        alarmed = results.false(REVIEW.name, (BY_NAME["outage"],))
        lines.append(
            f"| an outage is told as a data problem, not as an alarm | {percent(told.value)} told, "
            f"{percent(alarmed.value)} alarmed |"
        )
    unmended = [f for f in STORIES if f.name.endswith("_unmended") and results.of(REVIEW.name, (f,))]
    if unmended:
        backs = [endings(results.of(REVIEW.name, (f,)), f).back for f in unmended]
        whole = Share(sum(b.k for b in backs), sum(b.n for b in backs))
        lines.append(f"| false recoveries at most 5 % a decision | {share_of(whole)} |")
    return lines


def _families_over(results: Results, method: Method, free: tuple[Family, ...]) -> list[str]:
    """The aim that no drift-free family has clearly too many false alarms, and those that have."""
    false = {f: share for f in free if (share := results.false(method.name, (f,))).n}
    over = [
        f"{family.label}, {yearly(share)}"
        for family, share in false.items()
        if a_year(share.interval()[0]) > ONE_TOO_MANY
    ]
    if not false:
        return []
    seen = "from exports to reviews" if method is REVIEW else "from the cohort counts on"
    return [
        f"| no drift-free family clearly above {percent(ONE_TOO_MANY)} in a year, {seen} | "
        f"{len(false) - len(over)} of {len(false)}{': but ' + '; '.join(over) if over else ''} |"
    ]
