"""What reviews said of histories, added up: how often the truth lay within an interval, how steady the verdict was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

from benchmarks.detection.answers import Found, Told
from benchmarks.detection.families import FOUND_WITHIN_WEEKS, Family
from leadline.data.samples.flows import Floats

WHATS = {
    "change": "the change",
    "level": "the level",
    "missed": "what was missed",
    "money": "money",
    "projection": "what a young cohort reaches",
}
WEEKS_A_YEAR = 52.1775
WELL = ("recovering", "aligned")


@dataclass(frozen=True)
class Share:
    """k of n, with the interval of Clopper & Pearson (1934, doi 10.1093/biomet/26.4.404)."""

    k: int
    n: int

    @property
    def value(self) -> float:
        return self.k / self.n if self.n else float("nan")

    def interval(self) -> tuple[float, float]:
        low = float(beta.ppf(0.025, self.k, self.n - self.k + 1)) if self.k else 0.0
        high = float(beta.ppf(0.975, self.k + 1, self.n - self.k)) if self.k < self.n else 1.0
        return low, high

    @staticmethod
    def of(held: Iterable[bool]) -> Share:
        known = list(held)
        return Share(sum(known), len(known))


@dataclass(frozen=True)
class Endings:
    """How the histories of one story went. found: before the decision; back: called recovering or holding within half a
    year of it; ended: by the last review; weeks: until it was found, infinite where it was not; breached: looks after
    the decision at which a rule was."""

    found: Share
    weeks: Floats
    back: Share
    ended: Share
    breached: Floats


def coverage(found: Sequence[Found], what: str) -> Share:
    """How many intervals of one kind held the truth. Those of one history hang together; the share does not know it."""
    return Share.of(point.holds for told in _told(found) for point in told.points if point.what == what)


def unfounded(found: Sequence[Found]) -> Share:
    """How many alarms were raised in a review whose own interval of the change reached no change."""
    raised = [p for t in _told(found) for p in t.points if (p.what, p.when) == ("change", "raised")]
    return Share.of(point.high >= 0 for point in raised)


def blamed(found: Sequence[Found], family: Family) -> Share:
    """Of the histories with an alarm, those whose first one names a segment that does not carry the drift alone."""
    culprit = family.flow.drift.channel if family.flow.drift is not None else None
    named = [each.why.partition("/")[2].partition("=")[2] for each in found if each.why]
    return Share.of(bool(segment) and segment != culprit for segment in named)


def flips_a_year(found: Sequence[Found]) -> float:
    """How often the verdict differs from that of the week before."""
    changes = [sum(a != b for a, b in zip(t.verdicts, t.verdicts[1:], strict=False)) for t in _told(found)]
    weeks = [len(told.verdicts) for told in _told(found)]
    return WEEKS_A_YEAR * sum(changes) / sum(weeks) if weeks else float("nan")


def onset_errors(found: Sequence[Found]) -> Floats:
    """Weeks between the onset and the 'since' of the last review in which an alarm stood, of those that had one."""
    errors = []
    for told in _told(found):
        last = next((week for week in reversed(told.since) if week is not None), None)
        errors += [] if last is None else [last - told.onset]
    return np.array(errors, dtype=np.float64)


def reckoned_weeks(found: Sequence[Found], size: float) -> Floats:
    """The median delays that the rule promised for declines of a size; infinite where fewer than half are noticed."""
    promised = [each.weeks for told in _told(found) for each in told.reckoned if each.size == size]
    return np.array([np.inf if weeks is None else weeks for weeks in promised], dtype=np.float64)


def promise_errors(found: Sequence[Found]) -> Floats:
    """Weeks by which the first judgement came after the date that 'too early' first named; where none came, until the
    last review. A date beyond that is left out, as it can't be held against anybody."""
    errors = []
    for told in _told(found):
        looks = len(told.verdicts)
        for promise in told.promises:
            if promise.promised < looks:
                errors.append((looks if promise.kept is None else promise.kept) - promise.promised)
    return np.array(errors, dtype=np.float64)


def said(found: Sequence[Found], mechanism: str) -> Share:
    """In how many histories a mechanism was told at all."""
    return Share.of(mechanism in told.mechanisms for told in _told(found))


def judged_as(found: Sequence[Found], verdict: str, within: int | None = None) -> Share:
    """In how many histories a verdict was told, in the first `within` reviews."""
    return Share.of(verdict in told.verdicts[:within] for told in _told(found))


def endings(found: Sequence[Found], family: Family) -> Endings:
    """Of one story. Raises ValueError for a family that tells none."""
    if family.decided is None:
        raise ValueError(f"{family.name} tells no story")
    decided = family.decided - family.flow.deployed
    told = _told(found)
    weeks = np.array([f.delay(family.onset) for f in found if f.told is not None])
    after = [t.verdicts[decided:] for t in told]
    # what is good news after a drift that was never seen is no recovery
    drifted = [f.told.verdicts for f in found if f.told is not None]
    seen = ["diverging" in v[:decided] or "declining" in v[:decided] for v in drifted]
    return Endings(
        found=Share.of(week <= family.decided - family.onset for week in weeks),
        weeks=weeks,
        back=Share.of(
            any(verdict in WELL for verdict in each[:FOUND_WITHIN_WEEKS])
            for each, s in zip(after, seen, strict=True)
            if s
        ),
        ended=Share.of(each[-1] in WELL for each in after),
        breached=np.array([t.rules[decided:].count("breached") for t in told], dtype=np.float64),
    )


def _told(found: Sequence[Found]) -> list[Told]:
    return [each.told for each in found if each.told is not None]
