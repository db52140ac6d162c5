"""What people use today: packages that watch for drift, with their defaults, on what was known at each look.

They see what `plain_peers` see and are shown the same kindness. Each is imported when it is first asked.
"""

from __future__ import annotations

import importlib
import os
import warnings
from functools import cache
from typing import Any

import numpy as np

from benchmarks.detection.answers import Found, standing
from benchmarks.detection.plain_peers import MATURING, SPAN, WINDOW, View, newest
from leadline.data.samples.flows import Leads

# two of the packages report their use to their makers unless told not to
os.environ.update({"DO_NOT_TRACK": "1", "NML_DISABLE_USAGE_LOGGING": "1"})


def adwin(leads: Leads) -> Found:
    """River's ADWIN, fed lead by lead as cohorts mature."""
    return _river(leads, package("river.drift").ADWIN())


def page_hinkley(leads: Leads) -> Found:
    """River's Page-Hinkley, fed lead by lead as cohorts mature."""
    return _river(leads, package("river.drift").PageHinkley())


def _river(leads: Leads, detector: Any) -> Found:
    view = View.of(leads)
    raised = []
    for cohort in range(newest(view.weeks - 1) + 1):
        detected = False
        for outcome in view.outcomes[cohort].tolist():
            detector.update(outcome)
            detected |= bool(detector.drift_detected)
        look = cohort + MATURING
        if detected and cohort >= view.deployed and view.fell(look):
            raised.append(look)
    return Found.of(raised)


def pelt(leads: Leads) -> Found:
    """ruptures' PELT on weekly matured rates (l2, penalty 2 s^2 log n, s^2 from the baseline)."""
    view = View.of(leads)
    rates = view.matured / np.maximum(view.entered, 1.0)
    model = package("ruptures")
    alarm = np.zeros(len(view.looks), dtype=bool)
    for i, look in enumerate(view.looks):
        if newest(look) < view.deployed:
            continue
        signal = rates[: newest(look) + 1]
        variance = float(rates[view.baseline(look)].var(ddof=1))
        # a linear kernel's cost is l2's, and the search is PELT, in C: the same breaks 400 times faster than Pelt()
        fitted = model.KernelCPD(kernel="linear", min_size=2).fit(signal[:, None])
        ends = fitted.predict(pen=2.0 * variance * np.log(signal.size))
        start = ends[-2] if len(ends) > 1 else 0
        alarm[i] = start >= view.deployed and signal[start:].mean() < rates[view.baseline(look)].mean()
    return standing(alarm, view.deployed)


def evidently(leads: Leads) -> Found:
    """Evidently's drift preset: the last eight matured weeks against the baseline, weekly.

    The preset says whether anything drifted by its first metric, which is what is run here, with its defaults; its
    other metrics draw the pictures, in six of seven parts of its time.
    """
    view = View.of(leads)
    drift, metrics, pandas = package("evidently"), package("evidently.metrics"), package("pandas")
    definition = drift.DataDefinition(categorical_columns=["closed"])

    def dataset(cohorts: slice) -> Any:
        column = np.concatenate(view.outcomes[cohorts]).astype(str)
        return drift.Dataset.from_pandas(pandas.DataFrame({"closed": column}), data_definition=definition)

    alarm = np.zeros(len(view.looks), dtype=bool)
    reference: tuple[slice, Any] | None = None
    for i, look in enumerate(view.looks):
        if look < view.first_window or not view.fell(look, WINDOW):
            continue
        if reference is None or reference[0] != view.baseline(look):
            reference = (view.baseline(look), dataset(view.baseline(look)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = drift.Report([metrics.DriftedColumnsCount()]).run(
                dataset(view.window(look)), reference[1]
            )
        (drifted,) = result.dict()["metrics"]
        alarm[i] = drifted["value"]["count"] > 0
    return standing(alarm, view.deployed)


def nannyml_average(leads: Leads) -> Found:
    """NannyML's average of the realised outcome in chunks of four matured weeks, threshold 3 standard deviations."""
    view = View.of(leads)
    pandas, nannyml = package("pandas"), package("nannyml")
    chunk = _four_week_chunker()

    def frame(cohorts: range) -> Any:
        parts = [np.stack([view.outcomes[c], np.full(view.outcomes[c].size, c)], axis=1) for c in cohorts]
        return pandas.DataFrame(np.concatenate(parts), columns=["closed", "cohort"])

    last = newest(view.weeks - 1) + 1
    whole = view.deployed + (last - view.deployed) // SPAN * SPAN
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = nannyml.SummaryStatsAvgCalculator(column_names=["closed"], chunker=chunk()).fit(
            frame(range(view.deployed))
        )
        table = fitted.calculate(frame(range(view.deployed, whole))).filter(period="analysis").to_df()
    low = (table["closed"]["value"] < table["closed"]["lower_threshold"]).to_numpy()
    starts = np.arange(view.deployed, whole, SPAN)
    # a chunk is known when its last week has matured, and stands until the next one is
    alarm = np.zeros(len(view.looks), dtype=bool)
    for start, is_low in zip(starts, low, strict=True):
        known = start + SPAN - 1 + MATURING - view.deployed
        alarm[known : known + SPAN] = is_low
    return standing(alarm, view.deployed)


@cache
def _four_week_chunker() -> Any:
    """A chunker by SPAN weeks of entry, as NannyML's documentation has one derive it."""
    chunks = package("nannyml.chunk")

    class FourWeeks(chunks.Chunker):  # type: ignore[misc, name-defined]
        def _split(self, data: Any) -> list[Any]:
            groups = data.groupby((data["cohort"] - data["cohort"].min()) // SPAN)
            return [chunks.Chunk(key=str(key), data=part.reset_index(drop=True)) for key, part in groups]

    return FourWeeks


def package(name: str) -> Any:
    """A module of a peer; loud ones are kept quiet while they are imported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(name)
