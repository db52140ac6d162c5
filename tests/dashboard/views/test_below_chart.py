"""Under the divergence chart: segments, the link, maturing cohorts, marks; each as picture, sentence and table."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from leadline.dashboard.drawings import (
    divergence,
    linkage,
    marks,
    waterfall,
)
from leadline.dashboard.drawings.maturing import maturing_chart, maturing_sentence, maturing_table
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.cohorts import RateTable
from leadline.metrics.findings import AsTold, ComparedLeads
from leadline.metrics.maturing import Maturing, maturing, workflow_maturing
from leadline.metrics.results import Breakdown, Linkage, LinkPeriod, LinkVerdict, Odds, SegmentPart
from leadline.metrics.statistics.maturity import Cohorts
from tests.dashboard import example_reviews as examples
from tests.dashboard.conftest import Show
from tests.dashboard.paging import assert_nothing_is_live, opened, text
from tests.dashboard.views.test_pages_alerts import decision
from tests.data.example_exports import land_text

PAGE = "views/workflow/page.py"
CATALOG = load_catalog(None)
CLOSE = CATALOG["close_rate"]
MONDAY = dt.date(2024, 1, 1)
PARTS = (
    SegmentPart("paid_search", 351, 0.30, 0.31, 0.207, 0.109, -0.0001, -0.0296, True),
    SegmentPart("referral", 146, 0.16, 0.13, 0.242, 0.208, -0.0019, -0.0050, False),
)
BREAKDOWN = Breakdown("close_rate", "channel", examples.SINCE, 0.207, 0.1704, -0.0366, -0.002, -0.0346, PARTS)
LINK = Linkage(
    "response_time", "close_rate", "no longer predicts", ComparedLeads("response_time"),
    Odds(1.8, 1.4, 2.3, 2476, 465, 0.51), Odds(1.0, 0.8, 1.3, 1037, 108, 0.52),
    (
        LinkPeriod(dt.date(2023, 10, 2), dt.date(2023, 12, 31), Odds(1.8, 1.2, 2.6, 550, 113, 0.5)),
        LinkPeriod(dt.date(2024, 1, 1), dt.date(2024, 3, 31), Odds(1.0, 0.7, 1.4, 517, 92, 0.5)),
        LinkPeriod(dt.date(2024, 4, 1), dt.date(2024, 6, 30), Odds(None, None, None, 20, 1, 0.5)),
    ),
)  # fmt: skip


def test_steps_lead_from_the_baseline_to_now() -> None:
    figure = waterfall.waterfall_chart(BREAKDOWN, CLOSE, "light")
    (bars,) = figure.data
    assert bars.base[0] == 0
    assert bars.x[0] == BREAKDOWN.before
    assert bars.base[-2] + bars.x[-2] == pytest.approx(BREAKDOWN.now)
    assert bars.x[-1] == BREAKDOWN.now
    assert list(bars.marker.pattern.shape) == ["", "", "/", "", ""], "what is within noise is hatched"


def test_a_rise_of_what_should_fall_is_drawn_as_worse() -> None:
    slower = replace(CLOSE, higher_is_better=False)
    better, worse = (
        waterfall.waterfall_chart(BREAKDOWN, m, "light").data[0].marker.color[1] for m in (slower, CLOSE)
    )
    assert better != worse


def test_small_segments_share_one_step() -> None:
    many = tuple(replace(PARTS[0], name=f"s{n}", rate_effect=-0.002) for n in range(14))
    figure = waterfall.waterfall_chart(replace(BREAKDOWN, parts=many), CLOSE, "dark")
    assert list(figure.layout.yaxis.ticktext)[-3:] == ["5 more", "another mix", "<b>Now</b>"]


def test_the_breakdown_in_a_sentence_names_what_is_clear() -> None:
    assert waterfall.breakdown_sentence(BREAKDOWN, CLOSE) == (
        "Close rate of what entered since the week of 12 Feb 2024 is 17 %, was 20.7 %: −3.5 points inside the "
        "segments of channel, −0.2 points because their mix changed. Beyond noise in “paid_search”."
    )
    unclear = replace(
        BREAKDOWN, parts=PARTS[1:], reversal=AsTold("In total it fell, yet within every channel it rose.")
    )
    told = waterfall.breakdown_sentence(unclear, CLOSE)
    assert "In no single segment is the change clear of noise. In total it fell" in told


@pytest.mark.parametrize(
    ("effect", "unit", "words"),
    [
        (-0.0296, "share", "−3.0 points"),
        (0.0001, "share", "±0 points"),
        (1250.0, "money", "+€1.2k"),
        (-3, "count", "−3"),
    ],
)
def test_differences_carry_their_sign_and_unit(effect: float, unit: str, words: str) -> None:
    metric = next(one for one in load_catalog(None).values() if one.unit == unit)
    assert waterfall.points(effect, metric, "EUR" if unit == "money" else None) in (
        words,
        words.replace("1.2", "1.3"),
    )


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("predicts", "● Response time still predicts close rate"),
        ("weaker", "◐ Response time predicts close rate, but less than before"),
        ("no longer predicts", "◆ Response time no longer predicts close rate"),
        ("never did", "○ Response time never did predict close rate"),
        ("not known", "– Whether response time predicts close rate can't be told yet"),
    ],
)
def test_a_link_is_told_with_its_odds_before_and_lately(verdict: LinkVerdict, words: str) -> None:
    told = linkage.linkage_sentence(replace(LINK, verdict=verdict), CATALOG)
    assert told.startswith(words)
    assert "1.8 × the odds (1.4–2.3) in the baseline and 1.0 × the odds (0.8–1.3) lately" in told


def test_quarters_without_an_answer_are_left_out_and_the_deployment_is_marked() -> None:
    figure = linkage.linkage_chart(LINK, MONDAY, "light")
    assert len(figure.data[0].x) == 2
    assert [note.text for note in figure.layout.annotations] == ["Deployed 1 Jan 2024"]
    nothing = linkage.linkage_chart(replace(LINK, periods=LINK.periods[2:]), MONDAY, "light")
    assert "No quarter" in nothing.layout.annotations[0].text


def table() -> RateTable:
    """Three cohorts of 10, 20 and 0; events at ages 0 and 1."""
    entered = np.array([[10.0, 20.0, 0.0]])
    events = np.array([[[1.0, 2.0], [4.0, 6.0], [0.0, 0.0]]])
    return RateTable(("",), Cohorts(entered, events))


def test_cohorts_accumulate_and_what_is_not_over_is_not_known() -> None:
    found = maturing(table(), "close_rate", MONDAY, 1, (0, 0))
    assert found == Maturing(
        "close_rate", (MONDAY, dt.date(2024, 1, 8)), (0, 1), ((0.1, 0.3), (0.2, None)), (10, 20), (0.1, 0.3)
    )


def test_a_later_week_knows_more_and_an_empty_cohort_has_no_share() -> None:
    found = maturing(table(), "close_rate", MONDAY, 2, (0, 1), most=2)
    assert found.reached == ((0.2, 0.5), (None, None))
    assert found.baseline == (pytest.approx(5 / 30), pytest.approx(13 / 30))


def test_cohorts_of_a_workflow_are_counted_from_its_exports(warehouse: Warehouse) -> None:
    leads = "".join(f"L{n},2024-01-0{n},lead-routing\n" for n in range(1, 8))
    land_text(warehouse, "lead_id,created_at,workflow\n" + leads)
    land_text(
        warehouse,
        "deal_id,lead_id,created_at,closed_at,stage\nD1,L1,2024-01-02,2024-01-10,won\n",
        "deals.csv",
    )
    reviewed = examples.drifting(
        baseline=(MONDAY, dt.date(2024, 1, 14)), complete_through=dt.date(2024, 1, 21)
    )
    found = workflow_maturing(warehouse, CLOSE, reviewed)
    assert found is not None
    assert found.units == (7, 0, 0)
    assert found.reached[0][:4] == (0.0, pytest.approx(1 / 7), pytest.approx(1 / 7), None)
    assert workflow_maturing(warehouse, CATALOG["response_time"], reviewed) is None


def test_the_map_has_a_row_a_cohort_and_the_baseline_above() -> None:
    found = maturing(table(), "close_rate", MONDAY, 2, (0, 1))
    figure = maturing_chart(found, CLOSE, "dark")
    assert [trace.name for trace in figure.data] == ["cohorts", "baseline"]
    assert list(figure.data[0].z[1]) == [0.2, 0.5]
    assert "after 1 week<br>50 % of 20" in figure.data[0].text[1][1]
    assert maturing_table(found).rows[0] == ("baseline", None, *found.baseline)
    empty = replace(found, reached=((None, None),) * 3)
    assert "No cohort has entered yet" in maturing_chart(empty, CLOSE, "light").layout.annotations[0].text


def test_the_map_in_a_sentence_compares_at_equal_age() -> None:
    found = maturing(table(), "close_rate", MONDAY, 2, (0, 0))
    assert maturing_sentence(found, CLOSE) == (
        "Of the 20 leads that entered in the week of 8 Jan 2024, 50 % have come through by now, 1 week later; in the "
        "baseline it was 30 % at that age."
    )


def marked() -> list[marks.Mark]:
    return [
        marks.decision_mark(decision(changes="[the brief](https://evil.example)")),
        marks.charter_mark(2, dt.date(2024, 4, 1), "<b>Ann</b>"),
        marks.charter_mark(3, dt.date(2031, 4, 1), "Ann"),
    ]


def test_decisions_and_charter_changes_stand_at_the_foot_of_the_chart() -> None:
    workflow = examples.drifting()
    figure = marks.add_marks(
        divergence.divergence_chart(workflow, workflow.pairs[0], "light"), marked(), "light"
    )
    drawn = figure.data[-1]
    assert drawn.name == "marks"
    assert list(drawn.text) == ["1", "2"], "later than the chart: left out"
    assert marks.legend(figure, marked()) == "1 § charter 2, 1 Apr 2024 · 2 ◐ adjust, 6 May 2024"
    assert "&lt;b&gt;Ann" in drawn.customdata[0]
    assert all(figure.layout.yaxis.range[0] <= level <= figure.layout.yaxis.range[1] for level in drawn.y)


def test_marks_are_told_to_people_who_cannot_see_them() -> None:
    assert marks.describe_marks(marked()[:1]) == (
        "Marked: Decision D8 on 6 May 2024: adjust; [the brief](https://evil.example)."
    )
    assert marks.describe_marks([]) == ""


def test_the_page_tells_segments_link_and_cohorts(reviewing: Show) -> None:
    reviewing(examples.review(examples.drifting(breakdowns=(BREAKDOWN,), linkages=(LINK,))))
    app = opened(PAGE)
    told = text(app)
    assert "−3.5 points inside the segments of channel" in told
    assert "◆ Response time no longer predicts close rate" in told
    assert len(app.get("plotly_chart")) >= 3


def test_what_is_missing_is_said_in_its_place(reviewing: Show) -> None:
    reviewing(examples.review(examples.drifting()))
    told = text(opened(PAGE))
    assert "The charter names no segment" in told
    assert "whether one predicts the other is not known" in told


def test_hostile_segments_are_shown_as_they_stand(reviewing: Show) -> None:
    parts = tuple(replace(part, name=examples.HOSTILE) for part in PARTS)
    told = replace(BREAKDOWN, parts=parts, dimension=examples.HOSTILE, reversal=AsTold(examples.HOSTILE))
    reviewing(
        examples.review(
            examples.drifting(breakdowns=(told,), linkages=(replace(LINK, meaning=AsTold(examples.HOSTILE)),))
        )
    )
    assert_nothing_is_live(opened(PAGE))
    assert "<script>" not in str(waterfall.waterfall_chart(told, CLOSE, "light").to_plotly_json())
