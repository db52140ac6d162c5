"""Reviews as `metrics.review` gives them, made up but consistent: for tests of sentences, charts and pages."""

from __future__ import annotations

import datetime as dt
import math
import random
from dataclasses import replace
from typing import Literal

from leadline.metrics.findings import AsTold
from leadline.metrics.results import (
    Change,
    Cost,
    Evidence,
    Finding,
    Pair,
    Review,
    RuleState,
    Series,
    SourceState,
    WorkflowReview,
)

AS_OF = dt.date(2024, 6, 30)
DEPLOYED = dt.date(2024, 1, 1)
SINCE = dt.date(2024, 2, 12)
HOSTILE = (
    "<b>Bold</b> [click](https://evil.example) $x^2$ :red[now] `code` # *x* <script>alert(1)</script> "
    "www.evil.example a@evil.example :smile: :material/home: -> <- >= &amp; __init__\nnext line"
)


def weeks(count: int = 78, last: dt.date = dt.date(2024, 6, 24)) -> tuple[dt.date, ...]:
    return tuple(last - dt.timedelta(weeks=count - 1 - place) for place in range(count))


def series(
    metric: str = "close_rate",
    label: str = "Close rate",
    role: Literal["proxy", "outcome"] = "outcome",
    *,
    end: float = 67.0,
    turns_on: dt.date = SINCE,
    horizon: int = 17,
    higher_is_better: bool = True,
    unit: str = "share",
    baseline_value: float = 0.2,
    wobble: float = 2.5,
    half_width: float = 8.0,
    units: int = 320,
    count: int = 78,
    seed: int = 1,
) -> Series:
    """An index that stays at 100 until `turns_on`, then goes to `end` within five weeks."""
    noise = random.Random(seed)
    known, projected, low, high, maturity = [], [], [], [], []
    for week in weeks(count):
        ramp = min(max((week - turns_on).days / 35, 0.0), 1.0)
        level = 100 + (end - 100) * ramp + noise.gauss(0, wobble)
        age = (AS_OF - week).days / 7
        share = (
            1.0
            if horizon == 0
            else min(1.0, 1 - math.exp(-3 * age / horizon) + (0.05 if age >= horizon else 0))
        )
        width = half_width * (1 + (1 - share))
        projected.append(level)
        known.append(level * share)
        low.append(level - width)
        high.append(level + width)
        maturity.append(share)
    return Series(
        metric=metric,
        label=label,
        role=role,
        higher_is_better=higher_is_better,
        unit=unit,
        weeks=weeks(count),
        known=tuple(known),
        projected=tuple(projected),
        low=tuple(low),
        high=tuple(high),
        maturity=tuple(maturity),
        values=tuple(baseline_value * point / 100 for point in projected),
        units=(units,) * count,
    )


def evidence(odds: float = 310.0, limit: float = 150.0, count: int = 26) -> Evidence:
    start = AS_OF - dt.timedelta(days=6)
    trace = tuple(max(1.0, odds ** min(1.0, (place / (count - 1)) * 1.25 - 0.25)) for place in range(count))
    return Evidence(
        odds=odds,
        limit=limit,
        weeks=tuple(start - dt.timedelta(weeks=count - 1 - place) for place in range(count)),
        odds_by_week=trace,
    )


FASTER = Change(-0.95, -0.96, -0.94, 2870, improved=True, baseline_value=168.0, current_value=8.4)
FEWER_CLOSE = Change(-0.33, -0.42, -0.22, 1450, baseline_value=0.201, current_value=0.135)


def pair(**changed: object) -> Pair:
    base = Pair(
        proxy="response_time",
        outcome="close_rate",
        verdict="diverging",
        mechanism="fewer",
        since=SINCE,
        segment=None,
        proxy_change=FASTER,
        outcome_change=FEWER_CLOSE,
        evidence=evidence(),
    )
    return replace(base, **changed)  # type: ignore[arg-type]


def drifting(**changed: object) -> WorkflowReview:
    base = WorkflowReview(
        workflow="lead-routing",
        name="Lead routing agent",
        owner="Head of Demand Generation",
        deployed_on=DEPLOYED,
        verdict="diverging",
        pairs=(
            pair(),
            pair(
                outcome="qualified_appointment_rate",
                verdict="watch",
                outcome_change=Change(-0.12, -0.24, 0.02, 1710, baseline_value=0.31, current_value=0.273),
                evidence=evidence(88.0),
            ),
        ),
        rules=(
            RuleState("divergence", "breached", dt.date(2024, 5, 5), "pause", None, None, "diverging"),
            RuleState(
                "close-rate-floor", "pending", dt.date(2024, 6, 30), "review", 0.147, 0.15, "close_rate < 15%"
            ),
        ),
        cost=Cost(41.0, 26.0, 55.0, 402_000.0, 255_000.0, 540_000.0, "EUR", "close_rate"),
        series=(
            series("response_time", "Response time", "proxy", end=5, turns_on=DEPLOYED, horizon=0,
                   higher_is_better=False, unit="minutes", baseline_value=168, half_width=1.5, wobble=1, seed=2),
            series(),
            series("qualified_appointment_rate", "Qualified appointment rate", end=88, horizon=8, seed=3,
                   baseline_value=0.31),
        ),
        findings=(),
        baseline=(dt.date(2023, 1, 2), dt.date(2023, 12, 31)),
        next_checkpoint=dt.date(2024, 7, 7),
        complete_through=AS_OF,
    )  # fmt: skip
    return replace(base, **changed)  # type: ignore[arg-type]


def holding(**changed: object) -> WorkflowReview:
    base = WorkflowReview(
        workflow="content-studio",
        name="Content studio",
        owner="Head of Content",
        deployed_on=dt.date(2024, 1, 15),
        verdict="aligned",
        pairs=(
            Pair("asset_volume", "asset_usage_rate", "aligned", None, None, None,
                 Change(1.84, 1.71, 1.98, 2210, True, 31.0, 88.0),
                 Change(0.02, -0.05, 0.09, 1930, None, 0.41, 0.418), evidence(1.3)),
        ),
        rules=(RuleState("usage-floor", "ok", None, "adjust", 0.418, 0.33, "asset_usage_rate < baseline - 20%"),),
        cost=None,
        series=(
            series("asset_volume", "Assets produced", "proxy", end=284, turns_on=dt.date(2024, 1, 15), horizon=0,
                   unit="count", baseline_value=31, half_width=14, wobble=6, seed=4),
            series("asset_usage_rate", "Assets used by sales", end=102, horizon=6, seed=5, baseline_value=0.41),
        ),
        findings=(),
        baseline=(dt.date(2023, 1, 2), dt.date(2024, 1, 14)),
        next_checkpoint=dt.date(2024, 7, 14),
        complete_through=AS_OF,
    )  # fmt: skip
    return replace(base, **changed)  # type: ignore[arg-type]


def too_early(**changed: object) -> WorkflowReview:
    base = WorkflowReview(
        workflow="personalization",
        name="Newsletter personalization",
        owner="Head of CRM",
        deployed_on=dt.date(2024, 5, 27),
        verdict="too_early",
        pairs=(
            Pair("open_rate", "qualified_appointment_rate", "too_early", None, None, None,
                 Change(0.31, 0.27, 0.35, 41_200, True, 0.22, 0.288),
                 Change(-0.04, -0.31, 0.28, 96, None, 0.08, 0.077), evidence(1.9), dt.date(2024, 9, 8)),
        ),
        rules=(
            RuleState("divergence", "no_data", None, "review", None, None, "diverging", AsTold("too early to judge")),
        ),
        cost=None,
        series=(
            series("open_rate", "Open rate", "proxy", end=131, turns_on=dt.date(2024, 5, 27), horizon=0,
                   baseline_value=0.22, half_width=3, seed=6),
            series("qualified_appointment_rate", "Qualified appointment rate", end=96, horizon=10, seed=7,
                   turns_on=dt.date(2024, 5, 27), baseline_value=0.08, half_width=14, wobble=5),
        ),
        findings=(),
        baseline=(dt.date(2023, 1, 2), dt.date(2024, 5, 26)),
        next_checkpoint=dt.date(2024, 7, 7),
        complete_through=AS_OF,
    )  # fmt: skip
    return replace(base, **changed)  # type: ignore[arg-type]


def data_problem() -> WorkflowReview:
    return drifting(
        workflow="outreach",
        name="Outreach writer",
        verdict="data_problem",
        pairs=(pair(verdict="data_problem", mechanism=None, since=None, evidence=None, segment=None,
                    outcome_change=Change(None, None, None, 0)),),
        rules=(RuleState("divergence", "no_data", None, "pause", None, None, "diverging", AsTold("deals are stale")),),
        cost=None,
        findings=(
            Finding(AsTold("Deals end on 3 May 2024, eight weeks before the leads do"), True, "close_rate"),
            Finding(AsTold("Amounts come in EUR and USD."), False, "won_value_per_lead"),
        ),
    )  # fmt: skip


def hostile() -> WorkflowReview:
    return drifting(workflow=HOSTILE, name=HOSTILE, owner=HOSTILE, pairs=(pair(segment=f"channel={HOSTILE}"),),
                    rules=(RuleState(HOSTILE, "breached", AS_OF, "pause", None, None, HOSTILE),),
                    series=tuple(replace(one, label=HOSTILE) for one in drifting().series),
                    findings=(Finding(AsTold(HOSTILE), False),))  # fmt: skip


def tiny() -> WorkflowReview:
    """A handful of leads: wide intervals, gaps and weeks of nothing."""
    short = series(count=6, half_width=70, wobble=40, units=3)
    gaps = replace(short, projected=(None, 140.0, None, 60.0, 95.0, 30.0), low=(None,) * 6, high=(None,) * 6)
    opened = replace(short, metric="open_rate", label="Open rate", role="proxy")
    return too_early(
        series=(opened, replace(gaps, metric="qualified_appointment_rate", label="Appointments"))
    )


SOURCES = (
    SourceState("leads", dt.date(2024, 6, 30), "fresh"),
    SourceState("deals", dt.date(2024, 6, 29), "fresh"),
    SourceState("emails", dt.date(2024, 6, 30), "fresh"),
    SourceState("assets", dt.date(2024, 6, 28), "fresh"),
)


def review(*workflows: WorkflowReview, **changed: object) -> Review:
    base = Review(AS_OF, AS_OF, workflows or (drifting(), too_early(), holding()), SOURCES)
    return replace(base, **changed)  # type: ignore[arg-type]


def empty_review() -> Review:
    return Review(AS_OF, AS_OF, (), ())
