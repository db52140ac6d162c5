"""One scene behind the figure on pages and the picture in cards: what one tells, the other tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from leadline.dashboard.drawings.canvas import Box, Canvas
from leadline.dashboard.drawings.divergence import divergence_chart
from leadline.dashboard.drawings.divergence_png import draw_divergence
from leadline.dashboard.drawings.divergence_scene import Scene, scene_of
from leadline.dashboard.drawings.lettering import ready_to_draw
from leadline.dashboard.words.theme import LIGHT
from leadline.metrics.results import WorkflowReview
from tests.dashboard import example_reviews as examples


def of(workflow: WorkflowReview) -> Scene:
    scene = scene_of(workflow, workflow.pairs[0], compact=False)
    assert scene is not None
    return scene


def without(workflow: WorkflowReview, *places: int) -> WorkflowReview:
    """Nothing is known of those weeks; negative places count from the newest."""
    gone = {place % len(workflow.series[0].weeks) for place in places}
    return replace(
        workflow,
        series=tuple(
            replace(
                one,
                projected=tuple(None if at in gone else level for at, level in enumerate(one.projected)),
            )
            for one in workflow.series
        ),
    )


def test_the_figure_and_the_picture_write_the_same_words_beside_their_events() -> None:
    workflow = examples.drifting()
    words = [event.words for event in of(workflow).events]
    figure = divergence_chart(workflow, workflow.pairs[0], "light")
    with ready_to_draw():
        canvas = Canvas(1040, 460, LIGHT.background)
        draw_divergence(canvas, Box(8, 8, 1032, 452), workflow, workflow.pairs[0], LIGHT)
    assert len(words) == 3
    assert set(words) <= {annotation.text for annotation in figure.layout.annotations}
    assert set(words) <= {written.text for written in canvas.written}


def test_the_first_of_several_breaches_is_called_the_first() -> None:
    workflow = examples.drifting()
    (breached,) = [rule for rule in workflow.rules if rule.state == "breached"]
    assert [event.words for event in of(workflow).events if event.kind == "breached"] == [
        "Rule breached 5 May 2024"
    ]
    twice = replace(workflow, rules=(breached, replace(breached, id="another")))
    assert [event.words for event in of(twice).events if event.kind == "breached"] == [
        "First rule breached 5 May 2024"
    ]


@pytest.mark.parametrize("place", [20, -3])
def test_a_week_alone_between_two_gaps_is_a_dot_whether_complete_or_young(place: int) -> None:
    workflow = without(examples.drifting(), place - 1, place + 1)
    week = workflow.series[0].weeks[place]
    alone = [stroke for stroke in of(workflow).strokes if stroke.weeks == (week,)]
    assert len(alone) == 2
    traces = [
        trace
        for trace in divergence_chart(workflow, workflow.pairs[0], "light").data
        if trace.mode == "markers" and tuple(trace.x) == (week,)
    ]
    assert len(traces) == 2


def test_the_week_at_which_the_projection_begins_is_no_dot_of_its_own() -> None:
    workflow = examples.drifting()
    line = next(stroke.line for stroke in of(workflow).strokes if stroke.is_projected)
    cut = without(workflow, line.young_from)
    joint = line.series.weeks[line.young_from - 1]
    assert not any(stroke.is_projected and stroke.weeks == (joint,) for stroke in of(cut).strokes)


def test_levels_are_kept_within_the_picture_and_the_end_says_where_the_line_has_gone() -> None:
    workflow = examples.drifting()
    steep = replace(
        workflow,
        series=tuple(
            replace(one, projected=tuple(900.0 if level is not None else None for level in one.projected))
            if one.metric == workflow.pairs[0].outcome
            else one
            for one in workflow.series
        ),
    )
    scene = of(steep)
    levels = [level for stroke in scene.strokes for level in stroke.levels]
    assert scene.lowest <= min(levels) <= max(levels) == scene.highest
    assert [end.beyond for end in scene.ends if end.line.ink == "outcome"] == [" ↑"]
