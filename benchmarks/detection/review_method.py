"""Leadline as people meet it: exports land in a workspace, and its review is read week by week, beside the truth.

A replay over one export shares counts and limits, so that is how most families are read; where closings are entered
late each week has an import of its own, and its review knows no more than was landed by then. In a story a decision is
recorded in the week in which what enters changes.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.detection.answers import Found, Point, Promise, Reckoned, Told, standing
from benchmarks.detection.exports import DIVERGENCE, WORKFLOW, charter, write
from benchmarks.detection.families import WITHIN
from benchmarks.detection.histories import MEAN_AMOUNT, History
from benchmarks.detection.recording import UNNAMED
from benchmarks.detection.truth import VALUE, baseline_value, true_change, true_loss, true_missed
from leadline.data.landing.land import IngestOptions, land
from leadline.data.samples.flows import CLOSE
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.agreement.decisions import NewDecision, record_decision
from leadline.metrics.promises import rule_promises
from leadline.metrics.results import Change, Cost, Pair, Review, Series, WorkflowReview
from leadline.metrics.review import replay, review
from leadline.metrics.statistics.divergence import LOOK_BACK_WEEKS

ALARMS = ("diverging", "declining")
UNJUDGED = ("too_early", "data_problem")
NOBODY = (UNNAMED, "other")
"""segments that stand for several channels, of which no truth of one is known"""
CHECKED = (13, 26, 39, 52, 68)
"""looks after the deployment at which what is said without an alarm is checked, and what is projected"""
STOOD = 8
"""weeks after it was raised in which an alarm that stands is checked again"""
AGES = (4, 8, 12)
"""weeks of age at which a cohort's projection is checked"""
COMPLETE = 0.9999
"""the share of its final events that a cohort can have had"""
Interval = tuple[float | None, float | None, float | None]
_SETTINGS = "as_of = {}\nthreads = 1\n"
"""histories are judged one a core"""
ONE_WEEK = dt.timedelta(weeks=1)


def reviewed(history: History) -> Found:
    """What the weekly reviews of one history say, and how true it is."""
    reader = _Reader(history)
    for shown in _weekly(history, reader.reckoned):
        reader.read(shown)
    return reader.found()


def _weekly(history: History, reckoned: list[Reckoned]) -> Iterator[WorkflowReview]:
    """The workflow's review at the end of each week since the deployment; what its rule promised goes to `reckoned`."""
    spec = history.spec
    first, last = _sunday(history, spec.deployed), _sunday(history, spec.weeks - 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "w" / "charters").mkdir(parents=True)
        (folder / "w" / "charters" / f"{WORKFLOW}.yaml").write_text(charter(history), encoding="utf-8")
        (folder / "w" / "leadline.toml").write_text(_SETTINGS.format(last), encoding="utf-8")
        with open_warehouse(open_workspace(folder / "w")) as warehouse:
            if history.family.recording.entry_lag_days:
                reviews = _import_by_import(history, warehouse, folder, last)
            else:
                _land(history, warehouse, folder, 0, spec.weeks)
                if history.is_asked:
                    reckoned += _promise(history, warehouse)
                reviews = _with_decision(history, warehouse, first, last)
            for each in reviews:
                yield each.workflows[0]


def _promise(history: History, warehouse: Warehouse) -> list[Reckoned]:
    """What the rule on drift promises on the last day before the deployment."""
    agreed = parse_charter(charter(history), load_catalog(warehouse.workspace), "charter.yaml")
    eve = _sunday(history, history.spec.deployed - 1)
    for each in rule_promises(warehouse, warehouse.workspace, agreed, eve):
        if each.rule.id == DIVERGENCE and each.promise is not None:
            return [Reckoned(delay.size, delay.median_weeks) for delay in each.promise.delays]
    raise RuntimeError(f"{history.family.name}: the rule on drift promises nothing")


def _import_by_import(
    history: History, warehouse: Warehouse, folder: Path, last: dt.date
) -> Iterator[Review]:
    known = 0
    for week in range(history.spec.deployed, history.spec.weeks):
        _land(history, warehouse, folder, known, week + 1)
        known = week + 1
        yield review(warehouse, warehouse.workspace, _sunday(history, week))


def _with_decision(history: History, warehouse: Warehouse, first: dt.date, last: dt.date) -> Iterator[Review]:
    decided = history.family.decided
    if decided is None:
        yield from replay(warehouse, warehouse.workspace, first, last)
        return
    eve = _sunday(history, decided - 1)
    shown = None
    for shown in replay(warehouse, warehouse.workspace, first, eve):
        yield shown
    new = NewDecision(
        kind="adjust",
        reason="The easy number got better and the business did not",
        owner="Whoever answers for it",
        by="Managing Director",
        on=eve,
        workflow=WORKFLOW,
        changes="The brief says whom it is for",
        next_checkpoint=eve + 4 * ONE_WEEK,
    )
    record_decision(warehouse, new, looked_at=shown)
    yield from replay(warehouse, warehouse.workspace, eve + ONE_WEEK, last)


def _land(history: History, warehouse: Warehouse, folder: Path, since: int, until: int) -> None:
    """Lands exports of the weeks since..until-1, each as drawn at the end of the last."""
    drawn = write(history, folder / f"{until}", 7.0 * since if since else -np.inf, 7.0 * until)
    for file in drawn:
        report = land(warehouse, file, IngestOptions(exported_on=_sunday(history, until - 1)))
        if report.state != "landed" or report.rows.quarantined:
            raise RuntimeError(f"{history.family.name}: {file.name} was not landed whole: {report}")


def _sunday(history: History, week: int) -> dt.date:
    return history.spec.start + dt.timedelta(weeks=week + 1, days=-1)


class _Reader:
    """Reads one review after the other, each beside what is true at the end of its week."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.reckoned: list[Reckoned] = []
        self.verdicts: list[str] = []
        self.mechanisms: list[str] = []
        self.rules: list[str] = []
        self.since: list[int | None] = []
        self.why = ""
        self.points: list[Point] = []
        self.promised: dict[str, list[tuple[int, int]]] = {}
        self.judged: dict[str, int] = {}
        self.raised: int | None = None
        self.projected: list[tuple[str, dt.date, str, int, Interval]] = []
        self.lines: dict[str, Series] = {}

    def read(self, shown: WorkflowReview) -> None:
        look = len(self.verdicts)
        # a source that is late holds the review to the weeks that it covers
        week = min(self.history.spec.deployed + look, self._week(shown.complete_through))
        pair = shown.pairs[0]
        alarm = shown.verdict in ALARMS
        if alarm and self.raised is None:
            self.raised = look
            self.why = self.why or f"{pair.outcome}/{pair.segment or 'all'}"
        elif not alarm:
            self.raised = None
        self.verdicts.append(shown.verdict)
        self.mechanisms.append(pair.mechanism or "")
        self.rules.append(max((rule.state for rule in shown.rules), key=_severity))
        self.since.append(self._week(pair.since) if alarm and pair.since else None)
        by_outcome = {each.outcome: each for each in reversed(shown.pairs)}
        for each in by_outcome.values():
            self._promises(each, look)
        if self.raised is not None and look - self.raised in (0, STOOD):
            self._check(by_outcome, shown.cost, week, "raised" if look == self.raised else "stands")
        if look + 1 in CHECKED:
            self._check(by_outcome, shown.cost, week, "checked")
            for series in shown.series:
                self._projections(series, week)
        self.lines = {series.metric: series for series in shown.series}

    def found(self) -> Found:
        self._complete()
        alarm = [verdict in ALARMS for verdict in self.verdicts]
        plain = standing(np.array(alarm), self.history.spec.deployed)
        promises = [
            Promise(look, day, self.judged.get(outcome))
            for outcome, made in self.promised.items()
            for look, day in made[:1]
        ]
        return Found(
            plain.first,
            plain.alarms,
            self.why,
            Told(
                tuple(self.verdicts),
                tuple(self.mechanisms),
                tuple(self.rules),
                tuple(self.since),
                tuple(self.points),
                tuple(promises),
                self.history.onset,
                tuple(self.reckoned),
            ),
        )

    def _week(self, day: dt.date) -> int:
        return (day - self.history.spec.start).days // 7

    def _promises(self, pair: Pair, look: int) -> None:
        """Looks are counted from 0; a promised one is the first whose week ends on that day or later."""
        if pair.verdict != "too_early":
            if pair.verdict != "data_problem":
                self.judged.setdefault(pair.outcome, look)
        elif pair.answer_expected is not None:
            end = self._week(pair.answer_expected) - self.history.spec.deployed
            self.promised.setdefault(pair.outcome, []).append((look, end))

    def _check(self, pairs: dict[str, Pair], cost: Cost | None, week: int, when: str) -> None:
        decided = self.history.family.decided
        for outcome, pair in pairs.items():
            alarm = pair.verdict in ALARMS
            channel = _channel(pair)
            if pair.verdict in UNJUDGED or channel in NOBODY or not (alarm or when == "checked"):
                continue
            first = week - LOOK_BACK_WEEKS + 1
            if alarm and pair.since:
                first = self._week(pair.since)
            elif decided is not None and (pair.verdict == "recovering" or pair.recovered is not None):
                first = max(first, decided)
            first = max(first, self.history.spec.deployed)
            truth = true_change(self.history, outcome, first, week, channel)
            self._change(when, outcome, week, pair.outcome_change, truth, channel)
        paired = pairs.get(cost.outcome) if cost is not None else None
        if cost is None or paired is None or paired.since is None or _channel(paired) in NOBODY:
            return
        weeks, channel = (self._week(paired.since), week, week), _channel(paired)
        if cost.outcome != VALUE:
            missed = true_missed(self.history, cost.outcome, *weeks, channel)
            self._add("missed", when, cost.outcome, week, cost.low, cost.units, cost.high, missed)
        if cost.value is not None:
            money = self._money(cost.outcome, weeks, channel)
            self._add("money", when, cost.outcome, week, cost.value_low, cost.value, cost.value_high, money)

    def _money(self, outcome: str, weeks: tuple[int, int, int], channel: str | None) -> float:
        """Deals that were lost are worth their amounts; an appointment is worth its share of a deal before."""
        if outcome in (CLOSE.name, VALUE):
            return true_loss(self.history, *weeks, channel)
        rates = {each.name: each.rate for each in self.history.spec.outcomes}
        missed = true_missed(self.history, outcome, *weeks, channel)
        return MEAN_AMOUNT * missed * rates[CLOSE.name] / rates[outcome]

    def _change(
        self, when: str, outcome: str, week: int, told: Change, truth: float, channel: str | None
    ) -> None:
        """The change, and the level that follows from it where it is of all leads."""
        self._add("change", when, outcome, week, told.low, told.relative, told.high, truth)
        base, low, high = told.baseline_value, told.low, told.high
        if channel is None and base is not None and low is not None and high is not None:
            level = baseline_value(self.history, outcome) * (1.0 + truth)
            now = told.current_value
            self._add("level", when, outcome, week, base * (1.0 + low), now, base * (1.0 + high), level)

    def _projections(self, series: Series, week: int) -> None:
        """What is projected of cohorts still young; what they reach is known when they are complete."""
        for age in AGES:
            place = week - age
            if place - 3 < self.history.spec.deployed or age > WITHIN.get(series.metric, 0):
                continue
            day = self.history.spec.start + dt.timedelta(weeks=place)
            if day not in series.weeks:
                continue
            at = series.weeks.index(day)
            told = (series.low[at], series.projected[at], series.high[at])
            self.projected.append((series.metric, day, f"age {age}", week, told))

    def _complete(self) -> None:
        """Holds projections against what the same line says of the cohort once nothing is pending any more."""
        for metric, day, when, week, (low, told, high) in self.projected:
            line = self.lines.get(metric)
            if line is None or day not in line.weeks:
                continue
            at = line.weeks.index(day)
            reached = line.known[at]
            if line.maturity[at] >= COMPLETE and reached is not None:
                self._add("projection", when, metric, week, low, told, high, reached)

    def _add(
        self,
        what: str,
        when: str,
        outcome: str,
        week: int,
        low: float | None,
        told: float | None,
        high: float | None,
        truth: float,
    ) -> None:
        if low is not None and told is not None and high is not None and np.isfinite(truth):
            self.points.append(Point(what, when, outcome, week, low, told, high, truth))


def _channel(pair: Pair) -> str | None:
    """The one channel that a pair names as the culprit."""
    return pair.segment.partition("=")[2] if pair.segment else None


def _severity(state: str) -> int:
    return ("ok", "no_data", "recovering", "pending", "breached").index(state)
