"""The pictures: what is drawn, where it stands, how it is labelled; nothing drawn that nobody measured."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.dashboard.drawings.divergence import _apart, divergence_chart, evidence_chart, panel_charts
from leadline.dashboard.words.theme import DARK, LIGHT
from leadline.metrics.results import Evidence, WorkflowReview
from tests.dashboard import example_reviews as examples


def draw(workflow: WorkflowReview, *, compact: bool = False, mode: str = "light") -> go.Figure:
    return divergence_chart(workflow, workflow.pairs[0], mode, compact=compact)


def texts(figure: go.Figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def test_levels_stand_at_the_ends_of_their_lines_with_their_range() -> None:
    notes = texts(draw(examples.drifting()))
    assert any(note.startswith("<b>14 of 100</b><br>") and "likely 12–16" in note for note in notes)
    assert "was 20 of 100" in notes


def test_a_level_that_is_not_known_is_said_to_be() -> None:
    assert "not known yet" in texts(draw(examples.data_problem()))


@settings(max_examples=200)
@given(
    st.floats(0, 1), st.floats(0, 1), st.tuples(st.floats(0.05, 0.4), st.floats(0.05, 0.4))
)  # fmt: skip
def test_words_at_the_ends_stand_apart_and_near_the_field(
    one: float, other: float, tall: tuple[float, float]
) -> None:
    low, high = _apart(sorted((one, other)), list(tall))
    assert high - low >= sum(tall) / 2 - 1e-9
    assert low - tall[0] / 2 >= -0.1 - 1e-9
    assert high + tall[1] / 2 <= max(1.1, sum(tall) - 0.1) + 1e-9


def test_every_word_has_a_row_or_a_margin_of_its_own() -> None:
    figure = draw(examples.drifting(), compact=True)
    rows = {
        (str(note.yref), note.y, note.yshift or 0, str(note.xref), note.x)
        for note in figure.layout.annotations
    }
    assert len(rows) == len(figure.layout.annotations)


def test_open_dots_are_hollow_and_the_pointer_is_told_their_range() -> None:
    (dots,) = [trace for trace in draw(examples.drifting()).data if trace.name == "Close rate"]
    assert dots.marker.color[-1] != dots.marker.color[0]
    assert "320 units" in dots.text[-1]
    assert "leads still open: likely" in dots.text[-1]
    assert "still open" not in dots.text[0]


def test_side_by_side_both_panels_leave_the_same_room_for_words() -> None:
    workflow = examples.drifting()
    one, other = panel_charts(workflow, workflow.pairs[0], "light")
    assert (one.layout.margin.r, one.layout.height) == (other.layout.margin.r, other.layout.height)
    assert panel_charts(examples.drifting(series=()), workflow.pairs[0], "light") == []


def test_dots_outside_the_field_are_drawn_at_its_edge() -> None:
    grown = examples.series("asset_volume", "Assets produced", "proxy", end=1000, horizon=0, unit="count")
    figure = draw(examples.holding(series=(grown, examples.holding().series[1])))
    assert all(0.0 <= y <= 1.0 for trace in figure.data for y in trace.y)


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
        colours.proxy, colours.outcome, colours.text, colours.muted, colours.hues["red"],
    }  # fmt: skip


def test_names_are_escaped_in_every_text_that_plotly_reads() -> None:
    figure = draw(examples.hostile())
    told = [*texts(figure), *(text for trace in figure.data for text in trace.text or ())]
    assert any("&lt;b&gt;Bold" in text for text in told)
    assert not any("<b>Bold" in text or "<script" in text for text in told)


def test_the_evidence_is_drawn_against_its_limit() -> None:
    figure = evidence_chart(examples.evidence(310, 150), "light")
    assert figure.layout.yaxis.type == "log"
    assert any("limit 150 to 1" in text for text in texts(figure))
    assert any("310 to 1" in text for text in texts(figure))
    assert max(figure.data[0].y) == pytest.approx(310)


def test_evidence_without_a_trace_says_so() -> None:
    assert texts(evidence_chart(Evidence(1.0, 150.0), "dark")) == ["No week has been weighed yet."]
