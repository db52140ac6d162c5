"""Frames hold the values of the results, cell by cell, and say what is not known by leaving it out."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pandas as pd
import pytest

from leadline.dashboard.service.python import frames
from leadline.dashboard.service.python.results import FrameOf, Registered, Replay, landing_of
from leadline.data.errors import LeadlineError
from leadline.data.exports.landing_report import FileReport, Reason, RowCounts
from leadline.metrics import results
from tests.dashboard import example_reviews as examples
from tests.dashboard.service.python.example_results import review

ALL: tuple[FrameOf, ...] = ("pairs", "workflows", "rules", "weeks", "sources")


@pytest.mark.parametrize("of", ALL)
def test_every_frame_has_its_columns_and_dtypes_also_without_a_row(of: FrameOf) -> None:
    for found in (review(data=()), review(examples.drifting(), examples.data_problem())):
        frame = found.to_frame(of)
        assert {name: str(kind) for name, kind in frame.dtypes.items()} == frames.COLUMNS[of]
        assert set(frame.attrs["units"]) <= set(frame.columns)


def test_a_pair_is_a_row_with_the_values_of_the_result() -> None:
    drifting = examples.drifting()
    pair = drifting.pairs[0]
    row = review(drifting).to_frame().iloc[0]
    assert (row["workflow"], row["workflow_verdict"]) == (drifting.workflow, drifting.verdict)
    assert (row["verdict"], row["proxy"], row["outcome"]) == (pair.verdict, pair.proxy, pair.outcome)
    assert row["since"] == pd.Timestamp(pair.since)
    assert row["outcome_change"] == pair.outcome_change.relative
    assert row["proxy_change_high"] == pair.proxy_change.high
    assert row["proxy_improved"] == pair.proxy_change.improved
    assert row["outcome_units"] == pair.outcome_change.units
    assert pair.evidence is not None
    assert row["evidence_odds"] == pair.evidence.odds


def test_a_workflow_without_a_pair_is_not_missing() -> None:
    bare = dataclasses.replace(examples.holding(), pairs=())
    frame = review(examples.drifting(), bare).to_frame()
    last = frame.iloc[-1]
    assert (last["workflow"], last["verdict"]) == (bare.workflow, bare.verdict)
    assert last[["proxy", "outcome_change", "evidence_odds"]].isna().all()


def test_what_is_not_known_is_missing_and_never_zero() -> None:
    unknown = results.Change(None, None, None, 0)
    pair = examples.pair(proxy_change=unknown, since=None, evidence=None)
    row = review(examples.drifting(pairs=(pair,))).to_frame().iloc[0]
    assert row[["proxy_change", "proxy_improved", "since", "evidence_odds"]].isna().all()


def test_the_weeks_of_a_series_are_rows() -> None:
    workflow = examples.drifting()
    frame = review(workflow).to_frame("weeks")
    series = workflow.series[0]
    rows = frame[frame["metric"] == series.metric]
    assert list(rows["week"].dt.date) == list(series.weeks)
    assert list(rows["index_projected"]) == list(series.projected)
    assert list(rows["units"]) == list(series.units)


def test_a_drift_tells_what_it_cost() -> None:
    workflow = examples.drifting()
    assert workflow.cost is not None
    row = review(workflow).to_frame("workflows").iloc[0]
    assert (row["cost_units"], row["cost_currency"]) == (workflow.cost.units, workflow.cost.currency)
    assert row["headline"].startswith(workflow.name)


def test_rules_and_sources_are_rows() -> None:
    found = review(examples.drifting())
    rule, source = found.workflows[0].rules[0], found.data[0]
    assert tuple(found.to_frame("rules").iloc[0][["rule", "state", "action"]]) == (
        rule.id,
        rule.state,
        rule.action,
    )
    assert tuple(found.to_frame("sources").iloc[0][["source", "state"]]) == (source.source, source.state)


def test_a_replay_has_one_row_a_week_workflow_and_pair() -> None:
    first, second = review(examples.drifting(), examples.holding()), review(examples.drifting())
    later = dataclasses.replace(second, as_of=first.as_of + dt.timedelta(weeks=1))
    frame = Replay((first, later)).to_frame()
    pairs = [len(workflow.pairs) for each in (first, later) for workflow in each.workflows]
    assert len(frame) == sum(pairs)
    assert frame["as_of"].is_monotonic_increasing
    assert len(frame[["as_of", "workflow", "proxy", "outcome"]].drop_duplicates()) == len(frame)


def test_rows_that_no_frame_has_are_refused() -> None:
    with pytest.raises(LeadlineError, match=r"There is no frame of 'verdicts'; write one of 'pairs', "):
        review().to_frame("verdicts")  # type: ignore[arg-type]


def test_a_landing_has_rows_by_reason() -> None:
    report = FileReport(
        file="leads.csv",
        state="landed",
        template="leads",
        import_id=3,
        rows=RowCounts(read=10, new=6, unchanged=1, quarantined=2, skipped=1),
        reasons=(
            Reason("bad_date", (4, 9), 2, "created_at is 'soon'."),
            Reason("totals_row", (11,), 1, "A total."),
        ),
    )
    frame = landing_of(report.to_dict(), dry_run=False).to_frame()
    assert list(zip(frame["became"], frame["rows"], strict=True)) == [
        ("new", 6), ("unchanged", 1), ("quarantined", 2), ("skipped", 1),
    ]  # fmt: skip
    assert list(frame["first_line"].dropna()) == [4, 11]
    assert set(frame["import_id"]) == {3}


def test_a_registered_charter_is_a_row() -> None:
    charter = Registered("lead-routing", 2, True, None, "charters/lead-routing.yaml", ("No audience.",))
    row = charter.to_frame().iloc[0]
    assert (row["version"], row["is_new"], row["open_points"]) == (2, True, 1)
    assert row[["signed_by"]].isna().all()
