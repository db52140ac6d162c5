"""What people use today, with its defaults, on what was known at each look.

Every method here follows deals alone and pools the channels, as a chart on a dashboard does. The matured ones count a
cohort once it is MATURING weeks old, by the deals of its first MATURING weeks, so that all cohorts are of one age. Three
rules make the comparison kind to them: a change upwards is not held against them, alarms before the deployment are not
counted, and their yardstick is the whole baseline as soon as that has matured.
"""

from __future__ import annotations

import importlib
import json
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.samples.flows import CLOSE, Leads, counts

from .histories import DEPLOYED, OUTCOMES, WEEKS, Found, standing

Floats = NDArray[np.float64]

# two of the packages report their use to their makers unless told not to
os.environ.update({"DO_NOT_TRACK": "1", "NML_DISABLE_USAGE_LOGGING": "1"})

MATURING = 13
WINDOW = 8
"""matured weeks that a test compares with the baseline"""
FALL = 0.20
SPAN = 4
"""weeks of the short windows"""
FAILED = Path(__file__).resolve().parents[3] / ".venv-bench" / "not-installed.json"
"""package -> why it did not install, left by `make bench-detection`"""


@dataclass(frozen=True, eq=False)
class View:
    """Deals of one history. entered, matured [C]: leads by week of entry, and those that closed within MATURING
    weeks; won [C, A] by age; outcomes: 0 or 1 a lead, in order of entry within each week."""

    entered: Floats
    matured: Floats
    won: Floats
    outcomes: list[NDArray[np.int64]]

    @staticmethod
    def of(leads: Leads) -> View:
        entered, won = counts(leads, CLOSE.name, OUTCOMES[CLOSE.name])
        n, d = entered.sum(axis=0).astype(np.float64), won.sum(axis=0).astype(np.float64)
        week = leads.week
        age = np.floor(np.where(np.isfinite(leads.reached[CLOSE.name]), leads.reached[CLOSE.name], 1e9) / 7) - week
        closed = (age < MATURING).astype(np.int64)
        order = np.lexsort((leads.day, week))
        edges = np.searchsorted(week[order], np.arange(1, WEEKS))
        outcomes = np.split(closed[order], edges)
        return View(n, np.array([o.sum() for o in outcomes], dtype=np.float64), d, outcomes)

    def rate(self, cohorts: slice) -> float:
        """Share of a span of weeks that closed within MATURING weeks; NaN where nobody entered."""
        entered = float(self.entered[cohorts].sum())
        return float(self.matured[cohorts].sum()) / entered if entered else float("nan")

    def baseline(self, look: int) -> slice:
        """The baseline weeks that have matured by a look."""
        return slice(0, min(DEPLOYED, newest(look) + 1))

    def fell(self, look: int, weeks: int = SPAN) -> bool:
        """Whether the latest matured weeks since the deployment lie below the baseline at all."""
        since = slice(max(DEPLOYED, newest(look) - weeks + 1), newest(look) + 1)
        return bool(self.rate(since) < self.rate(self.baseline(look)))


def newest(look: int) -> int:
    """The youngest cohort that has matured at the end of week `look`."""
    return look - MATURING


LOOKS = range(DEPLOYED, WEEKS)
FIRST_WINDOW = DEPLOYED + SPAN - 1 + MATURING
"""the first look at which SPAN weeks since the deployment have matured"""


def threshold_raw(leads: Leads) -> Found:
    """A BI alert: the close rate of the leads of the last four weeks, 20 % below that of the year before."""
    view = View.of(leads)

    def rate(first: int, look: int) -> float:
        known = sum(view.won[c, : look - c + 1].sum() for c in range(first, look + 1))
        return float(known) / max(float(view.entered[first : look + 1].sum()), 1.0)

    base = rate(0, DEPLOYED - 1)
    return standing(np.array([rate(look - SPAN + 1, look) < (1 - FALL) * base for look in LOOKS]))


def threshold_ratio(leads: Leads) -> Found:
    """Deals closed in four weeks over leads created in them, 20 % below the second half of the baseline."""
    view = View.of(leads)
    closed = np.zeros(WEEKS)
    for age in range(view.won.shape[1]):
        closed[age:] += view.won[: WEEKS - age, age]
    half = slice(DEPLOYED // 2, DEPLOYED)
    base = float(closed[half].sum() / view.entered[half].sum())

    def ratio(look: int) -> float:
        last = slice(look - SPAN + 1, look + 1)
        return float(closed[last].sum()) / max(float(view.entered[last].sum()), 1.0)

    return standing(np.array([ratio(look) < (1 - FALL) * base for look in LOOKS]))


def _window(look: int) -> slice:
    return slice(max(DEPLOYED, newest(look) - WINDOW + 1), newest(look) + 1)


def threshold_matured(leads: Leads) -> Found:
    """The last eight matured weeks, 20 % below the baseline."""
    view = View.of(leads)
    alarm = [
        look >= FIRST_WINDOW and view.rate(_window(look)) < (1 - FALL) * view.rate(view.baseline(look))
        for look in LOOKS
    ]
    return standing(np.array(alarm))


def z_test_matured(leads: Leads) -> Found:
    """The last eight matured weeks against the baseline: two proportions, two-sided 5 %."""
    view = View.of(leads)

    def z(look: int) -> float:
        now, before = _window(look), view.baseline(look)
        n, m = float(view.entered[now].sum()), float(view.entered[before].sum())
        pooled = float(view.matured[now].sum() + view.matured[before].sum()) / (n + m)
        error = float(np.sqrt(pooled * (1 - pooled) * (1 / max(n, 1.0) + 1 / m)))
        return (view.rate(now) - view.rate(before)) / error if error and n else 0.0

    return standing(np.array([look >= FIRST_WINDOW and z(look) < -1.96 for look in LOOKS]))


def adwin(leads: Leads) -> Found:
    """River's ADWIN, fed lead by lead as cohorts mature."""
    return _river(leads, _package("river.drift").ADWIN())


def page_hinkley(leads: Leads) -> Found:
    """River's Page-Hinkley, fed lead by lead as cohorts mature."""
    return _river(leads, _package("river.drift").PageHinkley())


def _river(leads: Leads, detector: Any) -> Found:
    view = View.of(leads)
    raised = []
    for cohort in range(newest(WEEKS - 1) + 1):
        detected = False
        for outcome in view.outcomes[cohort].tolist():
            detector.update(outcome)
            detected |= bool(detector.drift_detected)
        look = cohort + MATURING
        if detected and cohort >= DEPLOYED and view.fell(look):
            raised.append(look)
    return Found.of(raised)


def pelt(leads: Leads) -> Found:
    """ruptures' PELT on weekly matured rates (l2, penalty 2 s^2 log n, s^2 from the baseline)."""
    view = View.of(leads)
    rates = view.matured / np.maximum(view.entered, 1.0)
    model = _package("ruptures")
    alarm = np.zeros(len(LOOKS), dtype=bool)
    for i, look in enumerate(LOOKS):
        if newest(look) < DEPLOYED:
            continue
        signal = rates[: newest(look) + 1]
        variance = float(rates[view.baseline(look)].var(ddof=1))
        # a linear kernel's cost is l2's, and the search is PELT, in C: the same breaks 400 times faster than Pelt()
        fitted = model.KernelCPD(kernel="linear", min_size=2).fit(signal[:, None])
        ends = fitted.predict(pen=2.0 * variance * np.log(signal.size))
        start = ends[-2] if len(ends) > 1 else 0
        alarm[i] = start >= DEPLOYED and signal[start:].mean() < rates[view.baseline(look)].mean()
    return standing(alarm)


def evidently(leads: Leads) -> Found:
    """Evidently's drift preset: the last eight matured weeks against the baseline, weekly."""
    view = View.of(leads)
    package, presets, pandas = _package("evidently"), _package("evidently.presets"), _package("pandas")
    definition = package.DataDefinition(categorical_columns=["closed"])

    def dataset(cohorts: slice) -> Any:
        column = np.concatenate(view.outcomes[cohorts]).astype(str)
        return package.Dataset.from_pandas(pandas.DataFrame({"closed": column}), data_definition=definition)

    alarm = np.zeros(len(LOOKS), dtype=bool)
    reference: tuple[slice, Any] | None = None
    for i, look in enumerate(LOOKS):
        if look < FIRST_WINDOW or not view.fell(look, WINDOW):
            continue
        if reference is None or reference[0] != view.baseline(look):
            reference = (view.baseline(look), dataset(view.baseline(look)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = package.Report([presets.DataDriftPreset()]).run(dataset(_window(look)), reference[1])
        drifted = next(m for m in result.dict()["metrics"] if m["metric_name"].startswith("DriftedColumnsCount"))
        alarm[i] = drifted["value"]["count"] > 0
    return standing(alarm)


def nannyml_average(leads: Leads) -> Found:
    """NannyML's average of the realised outcome in chunks of four matured weeks, threshold 3 standard deviations."""
    view = View.of(leads)
    pandas, package = _package("pandas"), _package("nannyml")
    chunk = _four_week_chunker()

    def frame(cohorts: range) -> Any:
        parts = [np.stack([view.outcomes[c], np.full(view.outcomes[c].size, c)], axis=1) for c in cohorts]
        return pandas.DataFrame(np.concatenate(parts), columns=["closed", "cohort"])

    last = newest(WEEKS - 1) + 1
    whole = DEPLOYED + (last - DEPLOYED) // SPAN * SPAN
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = package.SummaryStatsAvgCalculator(column_names=["closed"], chunker=chunk()).fit(
            frame(range(DEPLOYED))
        )
        table = fitted.calculate(frame(range(DEPLOYED, whole))).filter(period="analysis").to_df()
    low = (table["closed"]["value"] < table["closed"]["lower_threshold"]).to_numpy()
    starts = np.arange(DEPLOYED, whole, SPAN)
    # a chunk is known when its last week has matured, and stands until the next one is
    alarm = np.zeros(len(LOOKS), dtype=bool)
    for start, is_low in zip(starts, low, strict=True):
        known = start + SPAN - 1 + MATURING - DEPLOYED
        alarm[known : known + SPAN] = is_low
    return standing(alarm)


@cache
def _four_week_chunker() -> Any:
    """A chunker by SPAN weeks of entry, as NannyML's documentation has one derive it."""
    chunks = _package("nannyml.chunk")

    class FourWeeks(chunks.Chunker):  # type: ignore[misc, name-defined]
        def _split(self, data: Any) -> list[Any]:
            groups = data.groupby((data["cohort"] - data["cohort"].min()) // SPAN)
            return [chunks.Chunk(key=str(key), data=part.reset_index(drop=True)) for key, part in groups]

    return FourWeeks


def _package(name: str) -> Any:
    """A module of a peer; loud ones are kept quiet while they are imported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(name)


@dataclass(frozen=True)
class Peer:
    """One of them: its label in the table, its package ('' for plain arithmetic), and the share of histories."""

    name: str
    label: str
    judge: Callable[[Leads], Found]
    package: str = ""
    share: float = 1.0

    def version(self) -> str:
        return metadata.version(self.package) if self.package else ""

    def missing(self) -> str:
        """Why its package can't be used; '' where it can."""
        if not self.package:
            return ""
        reasons = json.loads(FAILED.read_text(encoding="utf-8")) if FAILED.exists() else {}
        if self.package in reasons:
            return f"did not install: {reasons[self.package]}"
        try:
            _package(self.package)
        except Exception as error:  # noqa: BLE001 whatever a package raises while imported is the reason to tell
            return f"could not be imported: {type(error).__name__}: {error}"
        return ""


PEERS = (
    Peer("threshold_raw", "BI threshold: last 4 weeks' leads, 20 % below the baseline", threshold_raw),
    Peer("threshold_ratio", "deals closed / leads created over 4 weeks, 20 % below", threshold_ratio),
    Peer("threshold_matured", "cohorts older than 13 weeks, last 8 of them, 20 % below", threshold_matured),
    Peer("z_test_matured", "the same with a z-test, two-sided 5 %", z_test_matured),
    Peer("evidently", "Evidently, drift preset, matured", evidently, "evidently", 0.05),
    Peer("nannyml", "NannyML, 4-week average ± 3 sd, matured", nannyml_average, "nannyml"),
    Peer("page_hinkley", "River, Page–Hinkley, matured", page_hinkley, "river"),
    Peer("adwin", "River, ADWIN, matured", adwin, "river"),
    Peer("pelt", "ruptures, PELT (l2, 2σ² log n), matured", pelt, "ruptures"),
)
