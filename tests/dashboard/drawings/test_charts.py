"""The pictures: what is drawn, where it stands, how it is labelled; nothing drawn that nobody measured."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
import pytest

from leadline.dashboard.drawings.divergence import divergence_chart, evidence_chart
from leadline.dashboard.drawings.divergence_scene import axis_note, describe
from leadline.dashboard.words.theme import DARK, LIGHT
from leadline.metrics.results import Evidence, WorkflowReview
from tests.dashboard import example_reviews as examples


def draw(workflow: WorkflowReview, *, compact: bool = False, mode: str = "light") -> go.Figure:
    return divergence_chart(workflow, workflow.pairs[0], mode, compact=compact)


def lines(figure: go.Figure, name: str) -> list[Any]:
    return [trace for trace in figure.data if trace.name == name]


def texts(figure: go.Figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def test_response_time_is_turned_over_so_that_up_is_better() -> None:
    figure = draw(examples.drifting())
    (line,) = lines(figure, "Response time, known")
    assert line.y[0] == pytest.approx(100, abs=5)
    assert line.y[-1] == pytest.approx(195, abs=3)


def test_the_axis_says_what_is_turned_over_and_what_is_dashed() -> None:
    workflow = examples.drifting()
    note = axis_note(workflow, workflow.pairs[0])
    assert note.startswith("Index, 100 = baseline. Up is better for both: response time")
    assert "Dashed: projected" in note
    holding = examples.holding()
    assert "turned over" not in axis_note(holding, holding.pairs[0])


def test_the_interval_of_a_turned_metric_still_has_its_low_end_below() -> None:
    figure = draw(examples.drifting())
    band = next(trace for trace in figure.data if trace.name == "interval" and max(trace.y) > 150)
    half = len(band.y) // 2
    assert all(high >= low for high, low in zip(band.y[:half], reversed(band.y[half:]), strict=True))


def test_young_cohorts_are_dashed_and_complete_ones_solid_and_they_meet() -> None:
    figure = draw(examples.drifting())
    (known,) = lines(figure, "Close rate, known")
    (projected,) = lines(figure, "Close rate, projected")
    assert known.line.dash == "solid"
    assert projected.line.dash not in (None, "solid")
    assert known.x[-1] == projected.x[0]
    assert known.y[-1] == projected.y[0]


def test_what_is_still_to_come_is_hatched_between_known_and_projected() -> None:
    figure = draw(examples.drifting())
    (pending,) = lines(figure, "pending")
    assert pending.fillpattern.shape == "/"
    assert min(pending.y) < 67


def test_a_metric_that_is_known_at_once_has_no_projected_part() -> None:
    assert lines(draw(examples.drifting()), "Response time, projected") == []


def test_lines_are_labelled_at_their_ends_with_the_change_that_the_verdict_rests_on() -> None:
    notes = texts(draw(examples.drifting()))
    assert any(text.startswith("<b>Response time</b><br>−95 %, better") for text in notes)
    assert any(
        text.startswith("<b>Close rate</b><br>−33 %<br>") and "dashed: projected" in text for text in notes
    )


def test_a_change_that_is_not_known_is_labelled_so() -> None:
    assert any("not known yet" in text for text in texts(draw(examples.data_problem())))


def test_labels_of_lines_that_end_together_stand_apart() -> None:
    figure = draw(examples.holding(series=tuple(
        replace(one, projected=(100.0,) * 78, known=(100.0,) * 78) for one in examples.holding().series
    )), compact=True)  # fmt: skip
    low, high = figure.layout.yaxis.range
    ends = sorted(note.y for note in figure.layout.annotations if note.x == 1)
    assert ends[1] - ends[0] > 0.2 * (high - low)
    assert all(low <= end <= high for end in ends)


def test_deployment_start_of_the_drift_and_breach_are_marked() -> None:
    notes = texts(draw(examples.drifting()))
    assert {"Deployed 1 Jan 2024", "Drift since the week of 12 Feb 2024", "Rule breached 5 May 2024"} <= set(
        notes
    )
    shaded = [shape for shape in draw(examples.drifting()).layout.shapes if shape.type == "rect"]
    assert [str(shape.x0)[:10] for shape in shaded] == ["2024-02-12", "2024-05-05"]


def test_where_nothing_alarms_nothing_is_shaded() -> None:
    for workflow in (examples.holding(), examples.too_early(), examples.data_problem()):
        assert [shape for shape in draw(workflow).layout.shapes if shape.type == "rect"] == []


def test_marks_outside_the_weeks_drawn_are_left_out() -> None:
    workflow = examples.drifting(deployed_on=dt.date(2019, 1, 1))
    assert not any("Deployed" in text for text in texts(draw(workflow)))


def test_a_proxy_that_grew_tenfold_leaves_the_picture_and_says_so() -> None:
    grown = examples.series("asset_volume", "Assets produced", "proxy", end=1000, horizon=0, unit="count")
    workflow = examples.holding(series=(grown, examples.holding().series[1]))
    figure = draw(workflow)
    assert figure.layout.yaxis.range[1] <= 320
    (line,) = lines(figure, "Assets produced, known")
    assert max(line.y) <= figure.layout.yaxis.range[1]
    assert any("↑" in text for text in texts(figure))


def test_a_duration_that_grew_threefold_stays_above_the_floor() -> None:
    slow = examples.series(
        "response_time", "Response time", "proxy", end=350, horizon=0, higher_is_better=False
    )
    figure = draw(examples.drifting(series=(slow, examples.drifting().series[1])))
    assert figure.layout.yaxis.range[0] >= 0
    assert any("↓" in text for text in texts(figure))


def test_weeks_without_a_value_leave_a_gap_in_lines_and_bands() -> None:
    whole = examples.drifting().series[1]
    holes = tuple(None if 20 <= at < 30 else point for at, point in enumerate(whole.projected))
    gap = replace(whole, projected=holes, known=holes, low=tuple(None if p is None else p - 5 for p in holes),
                  high=tuple(None if p is None else p + 5 for p in holes))  # fmt: skip
    figure = draw(examples.drifting(series=(examples.drifting().series[0], gap)))
    before, after = lines(figure, "Close rate, known")
    assert (before.x[-1], after.x[0]) == (whole.weeks[19], whole.weeks[30])
    missing = {whole.weeks[at] for at in range(20, 30)}
    for trace in figure.data:
        if trace.name == "interval" and trace.y[0] is not None and max(trace.y) < 150:
            assert not missing & set(trace.x)


def test_a_workflow_without_any_series_says_why_nothing_is_drawn() -> None:
    figure = draw(examples.drifting(series=()))
    assert texts(figure) == ["No week has enough data to draw yet."]


@pytest.mark.parametrize("compact", [True, False])
@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(
    "workflow",
    [examples.drifting(), examples.holding(), examples.too_early(), examples.data_problem(), examples.tiny(),
     examples.hostile()],
    ids=lambda workflow: workflow.name[:20],
)  # fmt: skip
def test_every_kind_of_workflow_can_be_drawn(workflow: WorkflowReview, mode: str, compact: bool) -> None:
    figure = draw(workflow, compact=compact, mode=mode)
    assert figure.to_json()
    colours = {"light": LIGHT, "dark": DARK}[mode]
    assert {note.font.color for note in figure.layout.annotations} <= {
        colours.proxy, colours.outcome, colours.muted, colours.hues["red"],
    }  # fmt: skip


def test_names_are_escaped_in_every_text_that_plotly_reads() -> None:
    figure = draw(examples.hostile())
    told = [*texts(figure), *(text for trace in figure.data for text in trace.text or ())]
    assert any("&lt;b&gt;Bold" in text for text in told)
    assert not any("<b>Bold" in text or "<script" in text for text in told)


def test_the_description_tells_the_verdict_and_both_changes() -> None:
    workflow = examples.drifting()
    assert describe(workflow, workflow.pairs[0]) == (
        "Divergence chart, drifting since the week of 12 February 2024. Response time −95 %, better; Close rate −33 %."
    )


def test_the_pointer_is_told_value_units_interval_and_maturity() -> None:
    (line,) = lines(draw(examples.drifting()), "Close rate, projected")
    assert "320 units" in line.text[-1]
    assert "between" in line.text[-1]
    assert "projected" in line.text[-1]


def test_the_evidence_is_drawn_against_its_limit() -> None:
    figure = evidence_chart(examples.evidence(310, 150), "light")
    assert figure.layout.yaxis.type == "log"
    assert any("limit 150 to 1" in text for text in texts(figure))
    assert any("310 to 1" in text for text in texts(figure))
    assert max(figure.data[0].y) == pytest.approx(310)


def test_evidence_without_a_trace_says_so() -> None:
    assert texts(evidence_chart(Evidence(1.0, 150.0), "dark")) == ["No week has been weighed yet."]
