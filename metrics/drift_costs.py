"""What a drift costs: of one outcome, what is missing since it began, and what that is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from leadline.metrics.cohorts import WonAmounts
from leadline.metrics.findings import (
    CurrencyMixed,
)
from leadline.metrics.measures.outcomes import RateMeasure
from leadline.metrics.recovery import Story
from leadline.metrics.results import (
    Cost,
    Finding,
)
from leadline.metrics.statistics import cost as costs
from leadline.metrics.statistics.outcomes import Tally
from leadline.metrics.statistics.proxies import unknown
from leadline.metrics.study import Study
from leadline.metrics.totals import against_total, volume_of

DEALS = ("close_rate", "won_deals")
"""outcomes of which each event is a won deal"""


def open_stories(study: Study, outcomes: Iterable[str], week: int) -> dict[str, Story]:
    """Outcome → its drift, of those whose alarm stands or stood since the first of those that go on was raised; none
    where no alarm stands and nothing is on its way back."""
    found = {
        name: standing.story
        for name in dict.fromkeys(outcomes)
        if (standing := study.standing(name, week)) is not None
        and standing.story is not None
        and standing.story.recovered is None
    }
    going_on = [story.raised for story in found.values() if _goes_on(story, week)]
    return {name: story for name, story in found.items() if going_on and story.alarmed >= min(going_on)}


def _goes_on(story: Story, week: int) -> bool:
    return story.alarmed == week or story.recovering(week) is not None


def cost_of_drift(
    study: Study, stories: Mapping[str, Story], week: int, amounts: WonAmounts | None
) -> Cost | None:
    """Of one outcome, never a sum over several: the one whose alarm was raised first, of several the one closest to
    money, and where it has none the next one that has. It stays the same when another one alarms."""
    stories = {name: story for name, story in stories.items() if study.catalog[name].has_cost}
    if not stories:
        return None

    def by_turn(name: str) -> tuple[int, bool, bool]:
        return stories[name].raised, not study.catalog[name].brings_money, name not in DEALS

    costs_in_turn = (
        _cost_of(study, name, stories[name], week, amounts) for name in sorted(stories, key=by_turn)
    )
    first = next(costs_in_turn)
    if first is None or first.value is not None:
        return first
    return next((cost for cost in costs_in_turn if cost is not None and cost.value is not None), first)


def _cost_of(study: Study, name: str, story: Story, week: int, amounts: WonAmounts | None) -> Cost | None:
    """Of the cohorts since the drift began, in the segment that carries it; what is on its way back still costs.

    None where only as much is missing as an enlarged volume brought too much: in total, nothing is.
    """
    tally = _drifted(study, name, story, week, story.segment)
    if tally.observed >= tally.expected:
        return None
    metric, table = study.catalog[name], study.outcomes[name].table
    watched = (
        each for each in study.outcomes if each not in study.unusable and study.catalog[each].brings_money
    )
    value = next((each for each in watched if study.shifted_currency(each, week) is None), None)
    counted = study.outcomes[name]
    if metric.missing is not None:
        missed, currency = (
            costs.amount_missed(tally, counted.amount_of_event, metric.is_money),
            table.currency,
        )
    elif metric.kind == "ratio" and metric.unit == "money":
        # what would have brought as many at the baseline's cost was spent beyond that
        each = counted.told(unknown(0, counted.model.baseline.final_rate)).baseline_value
        missed, currency = costs.missed(tally, costs.Worth(each, 0.0) if each else None), table.currency
    elif value is not None:
        missed, currency = costs.missed(tally, None), study.outcomes[value].table.currency
        same = _drifted(study, value, story, week, _same_segment(study, name, value, story.segment))
        money = costs.amount_missed(same, study.outcomes[value].amount_of_event, is_money=True)
        if money.units > 0:
            missed = replace(
                missed, value=money.value, value_low=money.value_low, value_high=money.value_high
            )
    else:
        worth, currency = _worth(study, name, amounts)
        missed = costs.missed(tally, worth)
    return Cost(
        units=missed.units,
        low=missed.low,
        high=missed.high,
        value=missed.value,
        value_low=missed.value_low,
        value_high=missed.value_high,
        currency=currency if missed.value is not None else None,
        outcome=name,
    )


def _drifted(study: Study, name: str, story: Story, week: int, segment: int | None) -> Tally:
    """What the drift's cohorts showed of an outcome; of an enlarged volume, what the baseline's would have brought."""
    counted = study.outcomes[name]
    tally = counted.model.tally(story.since, week, segment)
    volume = volume_of(counted.metric, study.proxies.values())
    return tally if volume is None else against_total(tally, volume, story.since, week)


def _same_segment(study: Study, name: str, other: str, segment: int | None) -> int | None:
    """The segment's place among another outcome's; None for all together."""
    if segment is None:
        return None
    wanted = study.outcomes[name].table.segments[segment]
    return next(
        (at for at, found in enumerate(study.outcomes[other].table.segments) if found == wanted), None
    )


def _worth(study: Study, name: str, amounts: WonAmounts | None) -> tuple[costs.Worth | None, str | None]:
    """Money per event of an outcome, from the amounts of won deals, and its currency; None where they tell nothing."""
    share = deals_per_outcome(study, study.outcomes[name])
    if amounts is None or share is None:
        return None, None
    # of deals in other currencies nothing is counted
    share *= amounts.share
    return costs.worth_per_outcome(amounts.count, amounts.total, amounts.squares, share), amounts.currency


def deals_per_outcome(study: Study, counted: RateMeasure) -> float | None:
    """Won deals for each event of an outcome, in the baseline; None where that isn't known."""
    if counted.metric.counted_as in DEALS:
        return 1.0
    deals = "won_deals" if counted.model.cohorts.of_time else "close_rate"
    closing = study.outcomes.get(deals)
    rate = counted.model.baseline.final_rate
    if closing is None or rate <= 0 or not {"leads", "appointments"} & {*counted.metric.sources}:
        return None
    return closing.model.baseline.final_rate / rate


def left_out_of_cost(study: Study, cost: Cost | None, amounts: WonAmounts | None) -> list[Finding]:
    """What the money of a cost leaves out, where it comes from the won deals' amounts."""
    if cost is None or cost.value is None or amounts is None or not amounts.others:
        return []
    if any(study.catalog[name].brings_money for name in study.outcomes):
        return []
    mixed = CurrencyMixed("The cost in money", amounts.others, 1.0 - amounts.share)
    return [Finding(mixed, blocks_verdict=False)]
