"""Every proxy beside every outcome at one week end: how much each changed, and the verdict on the two."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from leadline.metrics.findings import (
    NotYetAWeek,
    SinceDecision,
)
from leadline.metrics.known import Known
from leadline.metrics.measures.measure import currency_of
from leadline.metrics.measures.outcomes import RateMeasure
from leadline.metrics.recovery import Standing, Story
from leadline.metrics.results import (
    Change,
    Evidence,
    Pair,
    Recovered,
)
from leadline.metrics.statistics.divergence import LOOK_BACK_WEEKS, OutcomeState, change_since, verdict
from leadline.metrics.statistics.proxies import Estimate, has_improved, unknown
from leadline.metrics.study import Study
from leadline.metrics.verdicts import ALIGNED, DATA_PROBLEM, RECOVERING, TOO_EARLY, Verdict, meaning


def judged_pairs(study: Study, known: Known) -> list[Pair]:
    changes = {name: change_of_proxy(study, name, known.week) for name in study.charter.proxies}
    return [
        _pair(study, proxy, change, outcome, known)
        for outcome in study.charter.outcomes
        for proxy, change in changes.items()
    ]


def change_of_proxy(study: Study, name: str, week: int) -> Change:
    estimate = study.proxy_change(name, week)
    improved = has_improved(estimate, study.catalog[name].higher_is_better, study.charter.materiality_proxy)
    measure, deployed = study.proxies[name], study.span.deployed
    change = told_change(estimate, improved, currency=currency_of(measure))
    counted = measure.counted(deployed, week) if isinstance(measure, RateMeasure) else None
    return replace(change, first=study.calendar.start(deployed), counted=counted)


def told_change(
    estimate: Estimate,
    improved: bool | None = None,
    currency: str | None = None,
    *,
    is_certain: bool = False,
) -> Change:
    """What is told of an estimate: no change where its interval says nothing yet, unless more is certain of it."""
    told = is_certain or not estimate.says_nothing
    return Change(
        relative=estimate.relative if told else None,
        low=estimate.low if told else None,
        high=estimate.high if told else None,
        units=estimate.units,
        improved=improved if told else None,
        baseline_value=estimate.baseline_value,
        current_value=estimate.current_value,
        currency=currency,
    )


@dataclass(frozen=True)
class Compared:
    """The cohorts that a change is of, in one segment or in all."""

    first: int
    week: int
    segment: int | None = None


def change_of_outcome(
    study: Study, outcome: str, estimate: Estimate, of: Compared, *, is_certain: bool = False
) -> Change:
    """`is_certain`: something is said of the outcome that its change belongs to, however wide its interval is."""
    higher_is_better, material = study.catalog[outcome].higher_is_better, study.charter.materiality_outcome
    measure = study.outcomes[outcome]
    told = measure.told(estimate)
    improved = has_improved(told, higher_is_better, material)
    change = told_change(told, improved, measure.table.currency, is_certain=is_certain)
    return replace(
        change,
        is_of_target=measure.target is not None,
        first=study.calendar.start(of.first),
        counted=measure.counted(of.first, of.week, of.segment),
    )


def _total_change(study: Study, outcome: str, state: OutcomeState, week: int) -> Change | None:
    """Of the weeks since the alarm's; without one, of those that the outcome's own change is told of."""
    total = study.totals.get(outcome)
    if total is None:
        return None
    first = max(study.span.deployed, week - LOOK_BACK_WEEKS + 1)
    if state.alarm and state.since is not None:
        first = state.since
    return told_change(total.told(change_since(total.model, first, week)), currency=total.table.currency)


def _pair(study: Study, proxy: str, proxy_change: Change, outcome: str, known: Known) -> Pair:
    week = known.week
    standing = study.standing(outcome, week)
    blocked = known.blocking(outcome) or known.redefined(proxy)
    if standing is None or blocked is not None:
        code: Verdict = DATA_PROBLEM if blocked else TOO_EARLY
        note = blocked.about if blocked else NotYetAWeek(study.charter.deployed_on)
        return Pair(
            proxy, outcome, code, None, None, None, proxy_change, told_change(unknown()), None, None, note
        )
    state = standing.state
    code = verdict_of(study, standing, proxy_change.improved, week)
    story = standing.story
    back = story.recovering(week) if story is not None and code == RECOVERING else None
    first = story.since if back is not None and story is not None else state.since if state.alarm else None
    model = study.outcomes[outcome].model
    change = state.change if back is None else change_since(model, back.first, week, back.segment)
    speaking = standing
    if back is not None:  # what had drifted speaks for nothing any more
        followed = study.anew(outcome, back.first)
        speaking = Standing(followed.states[week - back.first], followed, story)
    compared = first if back is None else back.first
    segment = (state.segment if state.alarm else None) if back is None else back.segment
    if compared is None:
        compared = max(study.span.deployed, week - LOOK_BACK_WEEKS + 1)
    expected = None
    if code == TOO_EARLY and state.weeks_until_enough is not None:
        expected = known.through + dt.timedelta(weeks=state.weeks_until_enough)
    return Pair(
        proxy=proxy,
        outcome=outcome,
        verdict=code,
        mechanism=state.mechanism if code != TOO_EARLY else None,
        since=study.calendar.start(first) if first is not None else None,
        segment=_segment(study, outcome, back.segment if back else state.segment),
        proxy_change=proxy_change,
        outcome_change=change_of_outcome(
            study, outcome, change, Compared(compared, week, segment), is_certain=meaning(code).has_cost
        ),
        evidence=_evidence(study, outcome, speaking, week),
        answer_expected=expected,
        note=SinceDecision(back.decision.on) if back else None,
        total_change=_total_change(study, outcome, state, week),
        recovered=_recovered(study, outcome, story, week) if story is not None else None,
    )


def verdict_of(study: Study, standing: Standing, improved: bool | None, week: int) -> Verdict:
    """What a pair shows, and where its outcome drifted before, how far that is over."""
    code: Verdict = verdict(standing.state, improved, study.charter.materiality_outcome)
    if standing.story is None:
        return code
    if standing.story.recovered is not None:
        return ALIGNED if code == TOO_EARLY else code
    return RECOVERING if standing.story.recovering(week) else code


def _recovered(study: Study, outcome: str, story: Story, week: int) -> Recovered | None:
    if story.recovered is None or story.recovered_in is None:
        return None
    decision, drifted = story.recovered.decision, story.recovered.drifted_to(week)
    return Recovered(
        outcome=outcome,
        on=study.calendar.end(story.recovered_in),
        decision=decision.id,
        decided_on=decision.on,
        drifted_to=None if drifted is None else study.outcomes[outcome].relative(drifted),
    )


def _segment(study: Study, outcome: str, segment: int | None) -> str | None:
    if segment is None or not study.charter.segments:
        return None
    return f"{study.charter.segments[0]}={study.outcomes[outcome].table.segments[segment]}"


def _evidence(study: Study, outcome: str, standing: Standing, week: int) -> Evidence:
    state, begun = standing.state, standing.followed.first
    trace = standing.followed.traces[state.trace]
    weeks = week - begun + 1
    limit = 1.0 / study.yearly_budget
    odds = trace.odds(limit)[:weeks]
    return Evidence(
        odds=float(odds[-1]),
        limit=limit,
        weeks=tuple(study.calendar.start(begun + t) for t in range(weeks)),
        odds_by_week=tuple(float(value) for value in odds),
        alarm=state.alarm,
        season_learned=study.outcomes[outcome].model.season.learned,
    )
