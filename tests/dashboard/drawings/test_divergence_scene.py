"""One scene behind the figure on pages and the picture in cards: what one tells, the other tells."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import replace

import pytest

from leadline.dashboard.drawings.canvas import Box, Canvas
from leadline.dashboard.drawings.divergence import divergence_chart
from leadline.dashboard.drawings.divergence_png import draw_divergence
from leadline.dashboard.drawings.divergence_scene import Panel, Scene, describe, scene_of
from leadline.dashboard.drawings.lettering import ready_to_draw
from leadline.dashboard.drawings.small_line import small_line
from leadline.dashboard.words.theme import LIGHT
from leadline.metrics.results import Change, WorkflowReview
from tests.dashboard import example_reviews as examples

WEEK = dt.timedelta(weeks=1)


def of(workflow: WorkflowReview) -> Scene:
    scene = scene_of(workflow, workflow.pairs[0])
    assert scene is not None
    return scene


def outcome(workflow: WorkflowReview) -> Panel:
    return of(workflow).panels[-1]


def with_outcome(change: Change, **changed: object) -> WorkflowReview:
    return examples.drifting(pairs=(examples.pair(outcome_change=change, **changed),))


def test_the_figure_and_the_picture_write_the_same_words() -> None:
    workflow = examples.drifting()
    figure = divergence_chart(workflow, workflow.pairs[0], "light")
    with ready_to_draw():
        canvas = Canvas(1040, 460, LIGHT.background)
        draw_divergence(canvas, Box(8, 8, 1032, 452), workflow, workflow.pairs[0], LIGHT)
    drawn = " ".join(written.text for written in canvas.written)
    shown = " ".join(note.text for note in figure.layout.annotations)
    for words in ("8.4 minutes", "was 2.8 hours", "14 of 100", "was 20 of 100", "likely 12–16", "since 12 Feb",
                  "went live 1 Jan", "more leads close", "leads still open"):  # fmt: skip
        assert words in drawn, words
        assert words in shown, words


def test_the_level_now_is_the_figure_over_the_weeks_that_it_is_of() -> None:
    change = replace(examples.FEWER_CLOSE, first=dt.date(2024, 3, 4))
    panel = outcome(with_outcome(change))
    now, before = panel.level("now"), panel.level("before")
    assert now is not None
    assert before is not None
    assert (now.first, now.value) == (dt.date(2024, 3, 4), change.current_value)
    assert (before.last, before.value) == (examples.DEPLOYED, change.baseline_value)
    assert panel.span == pytest.approx((0.201 * 0.58, 0.201 * 0.78))


def test_a_review_that_was_kept_without_its_first_week_begins_at_the_drift_and_its_proxy_at_the_deployment() -> (
    None
):
    proxy, drifted = of(examples.drifting()).panels
    assert [level.first for level in (*proxy.levels, *drifted.levels) if level.kind == "now"] == [
        examples.DEPLOYED, examples.SINCE,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "deployed", [dt.date(2024, 1, 1) + dt.timedelta(days=day) for day in range(0, 28, 5)]
)
def test_no_dot_mixes_what_entered_before_and_after_the_deployment(deployed: dt.date) -> None:
    scene = of(examples.drifting(deployed_on=deployed))
    start = deployed - dt.timedelta(days=deployed.weekday())
    for panel in scene.panels:
        assert panel.dots
        assert all(dot.last < start or dot.first >= start for dot in panel.dots)
        ends = [(dot.first, dot.last) for dot in panel.dots]
        assert all(one[1] < other[0] for one, other in itertools.pairwise(ends))


def test_up_is_better_whichever_way_the_metric_goes() -> None:
    proxy, drifted = of(examples.drifting()).panels
    assert proxy.height(8.4) > proxy.height(168.0)
    assert drifted.height(0.2) > drifted.height(0.13)
    assert (proxy.up, drifted.up) == ("faster", "more leads close")


def test_ninety_and_ninety_eight_per_cent_less_time_can_be_told_apart() -> None:
    proxy = of(examples.drifting()).panels[0]
    assert proxy.is_logarithmic
    assert proxy.height(168 * 0.05) - proxy.height(168 * 0.10) > 0.1


def test_a_share_begins_at_zero_and_an_open_range_does_not_flatten_it() -> None:
    panel = outcome(examples.drifting())
    assert panel.begins_at_zero
    assert panel.height(0.201) - panel.height(0.135) > 0.2


def test_a_metric_that_was_nothing_before_can_be_drawn() -> None:
    none = Change(None, None, None, 300, baseline_value=0.0, current_value=0.12)
    workflow = with_outcome(none)
    empty = tuple(replace(one, values=tuple(0.0 for _ in one.values)) for one in workflow.series)
    panel = outcome(replace(workflow, series=empty))
    assert not panel.is_logarithmic
    assert 0.0 <= panel.height(0.0) < panel.height(0.5) <= 1.0


def test_only_what_is_worse_for_certain_is_shaded_and_orange() -> None:
    assert outcome(examples.drifting()).shade is not None
    assert outcome(examples.drifting()).ink == "outcome"
    steady = outcome(examples.holding())
    assert (steady.shade, steady.ink, steady.words.effect) == (None, "text", "no clear change")
    unknown = outcome(examples.data_problem())
    assert (unknown.shade, unknown.ink, unknown.words.now) == (None, "muted", "not known yet")


def test_the_shade_has_the_name_of_the_cost_where_that_is_of_this_outcome() -> None:
    workflow = examples.drifting()
    assert outcome(workflow).gap == ("41 deals fewer", "41 fewer")
    assert workflow.cost is not None
    other = replace(workflow, cost=replace(workflow.cost, outcome="qualified_appointment_rate"))
    assert outcome(other).gap == ()


def test_of_one_segment_the_dots_of_the_whole_are_left_out() -> None:
    panel = outcome(examples.drifting(pairs=(examples.pair(segment="channel=referral"),)))
    assert panel.dots == ()
    assert panel.name == "Close rate, channel “referral”"


def test_a_target_is_agreed_and_was_never_there() -> None:
    target = replace(examples.FEWER_CLOSE, is_of_target=True)
    panel = outcome(with_outcome(target))
    assert panel.words.before == "agreed: 20 of 100"
    assert [level.kind for level in panel.levels] == ["carried", "now"]


def test_what_entered_lately_is_open_with_its_range() -> None:
    dots = outcome(examples.drifting()).dots
    assert [dot.is_open for dot in dots].count(True) == 2
    assert all(dot.is_open == (dot in dots[-2:]) for dot in dots)
    assert all(
        dot.low is not None and dot.high is not None and dot.low < dot.value < dot.high for dot in dots
    )


def test_there_is_one_since_and_it_is_the_drifts() -> None:
    assert [event.words for event in of(examples.drifting()).events] == ["went live 1 Jan", "since 12 Feb"]
    assert [event.kind for event in of(examples.holding()).events] == ["deployed"]


def test_a_day_outside_the_weeks_drawn_is_no_mark() -> None:
    assert of(examples.drifting(deployed_on=dt.date(2019, 1, 1))).event("deployed") is None


def test_the_description_tells_the_verdict_and_both_levels() -> None:
    workflow = examples.drifting()
    assert describe(workflow, workflow.pairs[0]) == (
        "Divergence chart, drifting since the week of 12 February 2024. Response time: 8.4 minutes (likely 6.7–10 "
        "minutes), was 2.8 hours; Close rate: 14 of 100 (likely 12–16), was 20 of 100."
    )


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_small_line_holds_numbers_alone(mode: str) -> None:
    workflow = examples.hostile()
    drawn = small_line(workflow, workflow.pairs[0], mode)
    assert re.fullmatch(r"<svg [^>]*>(<(poly)?line [^<>]*/>)+</svg>", drawn)
    assert not re.search("script|Bold", drawn)
    assert small_line(examples.drifting(series=()), examples.pair(), mode) == ""
