"""One study at one week end → what the review says of the workflow: pairs, rules, cost, findings, lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from leadline.metrics.agreement.charter import Charter, StoppingRule
from leadline.metrics.agreement.checkpoints import observed_checkpoints
from leadline.metrics.agreement.conditions import COST
from leadline.metrics.agreement.rules import WeekObservation, evaluate_rule
from leadline.metrics.agreement.workflow_history import stopped_by
from leadline.metrics.answers import answered, standing_decision
from leadline.metrics.charter_terms import CHECKPOINT_MISSED, digest
from leadline.metrics.cohorts import WonAmounts
from leadline.metrics.findings import (
    BareNumber,
    CurrencyMixed,
    DefinitionChanged,
    EnteredLate,
    Fact,
    HeldBack,
    NoRows,
    NotYetAWeek,
    OtherCurrency,
    SilentWeeks,
    SinceDecision,
    StaleSource,
    SuddenZero,
    UnjudgedRule,
    WeekSpan,
)
from leadline.metrics.measures import Measure, RateMeasure, currency_of
from leadline.metrics.recovery import Standing, Story
from leadline.metrics.results import (
    Aftermath,
    Change,
    Cost,
    Evidence,
    Finding,
    Pair,
    Recovered,
    RuleState,
    Series,
    StandingRule,
    Unjudged,
    WorkflowReview,
)
from leadline.metrics.silence import broke_off, silences
from leadline.metrics.statistics import cost as costs
from leadline.metrics.statistics.divergence import LOOK_BACK_WEEKS, OutcomeState, change_since, verdict
from leadline.metrics.statistics.fitness import Freshness, last_week_end
from leadline.metrics.statistics.outcomes import Tally
from leadline.metrics.statistics.proxies import Estimate, has_improved, unknown
from leadline.metrics.statistics.rule_window import WINDOW_WEEKS
from leadline.metrics.study import Study
from leadline.metrics.totals import against_total, volume_of
from leadline.metrics.verdicts import ALIGNED, DATA_PROBLEM, RECOVERING, TOO_EARLY, Verdict, meaning, rank

Sources = Mapping[str, Freshness | None]

DEALS = ("close_rate", "won_deals")
"""outcomes of which each event is a won deal"""
TOO_LATE_DAYS = 21
"""a source this much later than its own pace allows no verdict at all"""


@dataclass(frozen=True)
class Known:
    """What is known of one workflow at the end of a day: all that its verdicts, rules and cost may rest on."""

    as_of: dt.date
    through: dt.date
    """the Sunday up to which all sources are complete"""
    week: int
    """the week that ends on it"""
    sources: Sources
    findings: tuple[Finding, ...]
    amounts: WonAmounts | None

    def blocking(self, outcome: str) -> Finding | None:
        """What is in the way of judging a metric in the newest week."""
        found = (f for f in self.findings if f.blocks_verdict and f.metric in (None, outcome))
        return next(found, None)

    def redefined(self, *metrics: str) -> Finding | None:
        """The first of some metrics that counts something else than was agreed."""
        found = (f for f in self.findings if f.metric in metrics and isinstance(f.about, DefinitionChanged))
        return next(found, None)


def judge(study: Study, sources: Sources, amounts: WonAmounts | None, as_of: dt.date) -> WorkflowReview:
    """The workflow's review with what was known at the end of `as_of`."""
    charter = study.charter
    known = _known(study, sources, amounts, as_of)
    week = known.week
    unjudged = _unjudged(study, known)
    set_aside = {one.outcome for one in unjudged}
    fit = [name for name in charter.outcomes if known.blocking(name) is None]
    pairs = sorted(_pairs(study, known), key=lambda pair: (pair.outcome in set_aside, rank(pair.verdict)))
    rules, aftermath = _rules(study, known), _aftermath(study, pairs, week)
    cost = _cost(study, _open_stories(study, fit, week), week, amounts)
    return WorkflowReview(
        workflow=charter.workflow,
        name=charter.name,
        owner=charter.owner,
        deployed_on=charter.deployed_on,
        verdict=pairs[0].verdict if pairs else DATA_PROBLEM,
        pairs=tuple(pairs),
        rules=rules,
        cost=cost,
        series=_lines(study, week),
        findings=(*known.findings, *_left_out_of_cost(study, cost, amounts)),
        baseline=(study.calendar.start(study.span.first), study.calendar.end(study.span.last)),
        next_checkpoint=next_checkpoint(charter, as_of),
        complete_through=known.through,
        charter=charter,
        aftermath=aftermath,
        breakdowns=tuple(b for b in study.breakdowns(week) if known.blocking(b.outcome) is None),
        linkages=tuple(k for k in study.linkages(week) if known.blocking(k.outcome) is None),
        unjudged=unjudged,
        decision=standing_decision(study.memory, as_of),
        stopped=stopped_by([each for each in study.memory.taken if each.on <= as_of]),
        answered=answered(study.memory, rules, aftermath, as_of),
        alerts=tuple((rule, alert) for rule, alert, day in study.memory.raised if day <= as_of),
    )


def _unjudged(study: Study, known: Known) -> tuple[Unjudged, ...]:
    """Outcomes without anything to be compared with, beside others that have it: they never decide the verdict."""
    if all(name in study.unusable for name in study.charter.outcomes):
        return ()
    found = ((name, known.blocking(name)) for name in study.charter.outcomes if name in study.unusable)
    return tuple(Unjudged(name, finding.about) for name, finding in found if finding is not None)


def judge_standing(
    study: Study, sources: Sources, amounts: WonAmounts | None, as_of: dt.date
) -> tuple[StandingRule, ...]:
    """The states of the rules of an earlier version of a charter, judged by that version's own terms."""
    as_agreed = digest(study.charter.source)
    known = _known(study, sources, amounts, as_of)
    return tuple(StandingRule(as_agreed, rule) for rule in _rules(study, known))


def _known(study: Study, sources: Sources, amounts: WonAmounts | None, as_of: dt.date) -> Known:
    through = last_week_end(min([as_of, *(s.covers for s in sources.values() if s is not None)]))
    week = min(study.calendar.position(through), study.calendar.weeks - 1)
    return Known(as_of, through, week, sources, _findings(study, sources, week, as_of), amounts)


def next_checkpoint(charter: Charter, as_of: dt.date) -> dt.date | None:
    """The first checkpoint after `as_of`: every so many weeks from the deployment."""
    if not charter.checkpoint_weeks:
        return None
    step = 7 * charter.checkpoint_weeks
    passed = max((as_of - charter.deployed_on).days // step + 1, 1)
    return charter.deployed_on + dt.timedelta(days=step * passed)


def _findings(study: Study, sources: Sources, week: int, as_of: dt.date) -> tuple[Finding, ...]:
    found = [*_redefined(study), *study.baseline_findings(week), *study.anomalies(week, as_of)]
    for source, state in sources.items():
        if state is None:
            found.append(Finding(NoRows(source), blocks_verdict=False))
        elif state.late:
            behind = (as_of - state.newest).days
            late = StaleSource(source, state.newest, behind, state.usual_gap_days)
            blocks = behind - state.usual_gap_days > TOO_LATE_DAYS
            found.append(Finding(late, blocks_verdict=blocks))
    found += study.judged.findings(as_of)
    found += _currencies(study, week)
    reach = max((state.covers for state in sources.values() if state is not None), default=as_of)
    for name, counted in study.outcomes.items():
        if name in study.unusable or week < study.span.deployed:
            continue
        empty = next((first for first, last in silences(study, name, week) if last == week), None)
        if empty is None:
            empty = broke_off(study, name, reach)
        is_told = any(
            f.blocks_verdict and f.metric == name for f in found
        )  # its amounts, not its rows, are gone
        if empty is not None and not is_told:
            look = study.where_to_look(name, as_of)
            silent = SuddenZero(counted.metric.label, study.calendar.start(empty), look)
            found.append(Finding(silent, blocks_verdict=True, metric=name))
    return (*found, *_bare_numbers(study, week), *_late_entry(study, week))


def _redefined(study: Study) -> list[Finding]:
    """Metrics that count something else than what was agreed: nothing was agreed on what they count now."""
    return [
        Finding(
            DefinitionChanged(study.catalog[one.metric].label, one.registered_on, one.version),
            True,
            one.metric,
        )
        for one in study.memory.redefined
    ]


def _currencies(study: Study, week: int) -> list[Finding]:
    """Amounts that are left out because they are in another currency than most, of every metric that has any."""
    found = []
    for name in dict.fromkeys((*study.proxies, *study.outcomes)):
        mixed = study.currencies_mixed(name, week) if name not in study.unusable else None
        if mixed is not None:
            found.append(Finding(mixed, blocks_verdict=mixed.share_before is not None, metric=name))
    return found


def _bare_numbers(study: Study, week: int) -> list[Finding]:
    """Rules on money with a number that names no currency, where amounts in several have landed."""
    found = []
    for rule in study.charter.stopping_rules:
        name, when = rule.when.metric or "", rule.when
        if (
            when.number is None
            or when.currency
            or name not in study.catalog
            or study.catalog[name].unit != "money"
        ):
            continue
        main = currency_of(study.proxies.get(name) or study.outcomes[name])
        mixed = study.currencies_mixed(name, week)
        if mixed is not None and main is not None:
            bare = BareNumber(rule.id, study.catalog[name].label, main, mixed.others)
            found.append(Finding(bare, blocks_verdict=False, metric=name))
    return found


def _currency_blocks(study: Study, metric: str, week: int) -> CurrencyMixed | None:
    """The shift of currencies that alone would read as a change of the metric, if there is one."""
    mixed = study.currencies_mixed(metric, week)
    return mixed if mixed is not None and mixed.share_before is not None else None


def _left_out_of_cost(study: Study, cost: Cost | None, amounts: WonAmounts | None) -> list[Finding]:
    """What the money of a cost leaves out, where it comes from the won deals' amounts."""
    if cost is None or cost.value is None or amounts is None or not amounts.others:
        return []
    if any(study.catalog[name].brings_money for name in study.outcomes):
        return []
    mixed = CurrencyMixed("The cost in money", amounts.others, 1.0 - amounts.share)
    return [Finding(mixed, blocks_verdict=False)]


def _late_entry(study: Study, week: int) -> list[Finding]:
    """How far outcomes are entered, each notice once with all the outcomes that it concerns."""
    outcomes: dict[HeldBack | EnteredLate, list[str]] = {}
    for name, counted in study.outcomes.items():
        if name not in study.unusable and week >= study.span.deployed and counted.reported is not None:
            told = counted.reported.finding("", study.calendar, week)
            if told is not None:
                outcomes.setdefault(told, []).append(name)
    found = []
    for told, names in outcomes.items():
        first, *others = (study.catalog[name].label for name in names)
        about = replace(told, label=first, also=tuple(others))
        found.append(Finding(about, blocks_verdict=False, metric=names[0] if not others else None))
    return found


def _pairs(study: Study, known: Known) -> list[Pair]:
    changes = {name: _proxy(study, name, known.week) for name in study.charter.proxies}
    return [
        _pair(study, proxy, change, outcome, known)
        for outcome in study.charter.outcomes
        for proxy, change in changes.items()
    ]


def _proxy(study: Study, name: str, week: int) -> Change:
    estimate = study.proxy_change(name, week)
    improved = has_improved(estimate, study.catalog[name].higher_is_better, study.charter.materiality_proxy)
    change = told_change(estimate, improved, currency=currency_of(study.proxies[name]))
    return replace(change, first=study.calendar.start(study.span.deployed))


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


def _change_of(
    study: Study, outcome: str, estimate: Estimate, first: int, *, is_certain: bool = False
) -> Change:
    """`first`: week from which on. `is_certain`: something is said of the outcome that its change belongs to, however
    wide its interval is."""
    higher_is_better, material = study.catalog[outcome].higher_is_better, study.charter.materiality_outcome
    counted = study.outcomes[outcome]
    told = counted.told(estimate)
    improved = has_improved(told, higher_is_better, material)
    change = told_change(told, improved, counted.table.currency, is_certain=is_certain)
    return replace(change, is_of_target=counted.target is not None, first=study.calendar.start(first))


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
    code = _verdict(study, standing, proxy_change.improved, week)
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
        outcome_change=_change_of(study, outcome, change, compared, is_certain=meaning(code).has_cost),
        evidence=_evidence(study, outcome, speaking, week),
        answer_expected=expected,
        note=SinceDecision(back.decision.on) if back else None,
        total_change=_total_change(study, outcome, state, week),
        recovered=_recovered(study, outcome, story, week) if story is not None else None,
    )


def _verdict(study: Study, standing: Standing, improved: bool | None, week: int) -> Verdict:
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


def _rules(study: Study, known: Known) -> tuple[RuleState, ...]:
    """The states of the charter's rules, with what was done to them after a breach."""
    return tuple(
        replace(
            _rule(study, rule, known),
            marks=study.memory.marks_of(rule.id, known.as_of),
        )
        for rule in study.charter.stopping_rules
    )


def _other_currency(study: Study, rule: StoppingRule) -> OtherCurrency | None:
    """The currency of a rule's number, where its metric is told in another."""
    name = rule.when.metric or ""
    told = currency_of(study.proxies.get(name) or study.outcomes[name])
    written = [side.currency for side in (rule.when, rule.recover) if side is not None and side.currency]
    other = next((each for each in written if told is not None and each != told), None)
    return OtherCurrency(told, other, study.catalog[name].label) if other else None


def _rule(study: Study, rule: StoppingRule, known: Known) -> RuleState:
    """The rule's state after all weeks since the deployment, each seen as it was."""
    when = rule.when
    if when.verdict == CHECKPOINT_MISSED:
        # people are late or not, whatever the exports do
        return evaluate_rule(rule, _looks_held(study, rule, last_week_end(known.as_of)), None)
    baseline_value = None
    if when.metric in study.proxies or when.metric in study.outcomes:
        measure = study.proxies.get(when.metric or "") or study.outcomes[when.metric or ""]
        if known.week >= study.span.deployed:
            baseline_value = measure.change(known.week).baseline_value
    weeks = [_observed(study, rule, week, known) for week in range(study.span.deployed, known.week + 1)]
    return evaluate_rule(rule, weeks, baseline_value)


def _looks_held(study: Study, rule: StoppingRule, through: dt.date) -> list[WeekObservation]:
    memory, first = study.memory, study.calendar.end(study.span.deployed)
    return observed_checkpoints(rule, study.charter, memory.held, memory.kept_from, first, through)


def observations(study: Study, rule: StoppingRule, week: int) -> list[WeekObservation]:
    """What a rule would have seen in every week from the deployment to `week`."""
    if rule.when.verdict == CHECKPOINT_MISSED:
        return _looks_held(study, rule, study.calendar.end(week))
    return [_observed(study, rule, w) for w in range(study.span.deployed, week + 1)]


def _observed(study: Study, rule: StoppingRule, week: int, known: Known | None = None) -> WeekObservation:
    """What one week showed of a rule. A broken export is no reason to rewrite the weeks before it broke.

    `known`: what stands in the way of its newest week, and what deals are worth.
    """
    end = study.calendar.end(week)
    metric = rule.when.metric
    newest = known if known is not None and week == known.week else None
    through = study.calendar.weeks - 1 if known is None else known.week
    if metric == COST:
        return _observed_cost(study, rule, week, newest, known.amounts if known else None)
    if metric is not None and metric in (*study.proxies, *study.outcomes):
        if metric in study.unusable:
            return WeekObservation(end, True, frozenset(), None, 0)
        blocked = newest.blocking(metric) if newest else None
        reason = blocked.about if blocked else _missing(study, metric, week, through, WINDOW_WEEKS)
        if reason is not None:
            return WeekObservation(end, True, frozenset(), None, 0, reason, blocked=True)
        if (other := _other_currency(study, rule)) is not None:
            return WeekObservation(end, True, frozenset(), None, 0, other)
        found = study.value(metric, week, rule.min_sample)
        seen = WeekObservation(end, True, frozenset(), found.value, found.units)
        return replace(seen, like_baseline=found.like_baseline)
    verdicts: set[Verdict] = set()
    units = 0
    reason = None
    judged = [name for name in study.charter.outcomes if name not in study.unusable]
    for outcome in judged or study.charter.outcomes:
        standing = study.standing(outcome, week)
        blocked = None
        if newest and outcome not in study.unusable:
            blocked = newest.blocking(outcome) or newest.redefined(*study.charter.proxies)
        broken = blocked.about if blocked else _missing(study, outcome, week, through, 1)
        if broken is not None or outcome in study.unusable:
            verdicts.add(DATA_PROBLEM)
            reason = reason or broken
        elif standing is not None:
            units = max(units, standing.state.change.units)
            verdicts |= {_verdict_with(study, proxy, standing, week) for proxy in study.charter.proxies}
    return WeekObservation(end, True, frozenset(verdicts), None, units, reason, reason is not None)


def _missing(study: Study, metric: str, week: int, through: int, over: int) -> Fact | None:
    """Why a metric could not be judged in `week`: weeks of its export that are missing among the last `over` ones, as
    known at the end of `through`, or amounts that came in other currencies."""
    if metric in study.unusable:
        return None
    if (shifted := _currency_blocks(study, metric, week)) is not None:
        return shifted
    if metric not in study.outcomes:
        return None
    for first, last in silences(study, metric, through):
        if first <= week < last + over:
            weeks = WeekSpan(study.calendar.start(first), study.calendar.start(last))
            return SilentWeeks(study.catalog[metric].label, weeks)
    return None


def _verdict_with(study: Study, proxy: str, standing: Standing, week: int) -> Verdict:
    # whether the proxy improved matters only while an alarm stands
    improved = _proxy(study, proxy, week).improved if standing.state.alarm else None
    return _verdict(study, standing, improved, week)


def _observed_cost(
    study: Study, rule: StoppingRule, week: int, newest: Known | None, amounts: WonAmounts | None
) -> WeekObservation:
    """What the drift had cost by then: nothing while no alarm stands, provided that one could have been noticed."""
    end = study.calendar.end(week)
    found = newest.findings if newest else ()
    blocked = next((f for f in found if f.blocks_verdict and f.metric not in study.unusable), None)
    judged = [name for name in study.charter.outcomes if name not in study.unusable]
    states = [state for name in judged if (state := study.state(name, week)) is not None]
    units = max((state.change.units for state in states), default=0)
    stories = _open_stories(study, judged, week)
    if blocked is not None or not (stories or any(state.is_judged for state in states)):
        reason = blocked.about if blocked else UnjudgedRule("cost_too_early")
        return WeekObservation(end, True, frozenset(), None, units, reason, blocked is not None)
    if not any(study.catalog[name].has_cost for name in judged):
        return WeekObservation(end, True, frozenset(), None, units, UnjudgedRule("no_cost"))
    cost = _cost(study, stories, week, amounts)
    if cost is None:
        return WeekObservation(end, True, frozenset(), 0.0, units)
    if cost.value is None:
        rests_on_deals = (
            amounts is None and _deals_per_outcome(study, study.outcomes[cost.outcome]) is not None
        )
        reason = UnjudgedRule("no_amounts" if rests_on_deals else "no_money")
        return WeekObservation(end, True, frozenset(), None, units, reason)
    if rule.when.currency not in (None, cost.currency):
        other = OtherCurrency(cost.currency, rule.when.currency)
        return WeekObservation(end, True, frozenset(), None, units, other)
    return WeekObservation(end, True, frozenset(), cost.value, units)


def _open_stories(study: Study, outcomes: Iterable[str], week: int) -> dict[str, Story]:
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


def _cost(study: Study, stories: Mapping[str, Story], week: int, amounts: WonAmounts | None) -> Cost | None:
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


def _aftermath(study: Study, pairs: list[Pair], week: int) -> tuple[Aftermath, ...]:
    """What each decision on the newest drift of each outcome has brought."""
    judged = {p.outcome: None for p in pairs if meaning(p.verdict).is_judged}
    found = []
    for outcome in judged:
        standing = study.standing(outcome, week)
        story = standing.story if standing else None
        for attempt in story.attempts if story else ():
            drifted = attempt.drifted_to(week)
            counted = study.outcomes[outcome]
            change = change_since(counted.model, attempt.first, week, attempt.segment)
            is_back = story is not None and (attempt is story.recovered or attempt.is_recovering(week))
            found.append(
                Aftermath(
                    decided_on=attempt.decision.on,
                    outcome=outcome,
                    change=_change_of(study, outcome, change, attempt.first, is_certain=is_back),
                    drifted_to=None if drifted is None else counted.relative(drifted),
                    is_back=is_back,
                    is_recovered=story is not None and attempt is story.recovered,
                )
            )
    return tuple(found)


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
    value = next((each for each in watched if _currency_blocks(study, each, week) is None), None)
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
    share = _deals_per_outcome(study, study.outcomes[name])
    if amounts is None or share is None:
        return None, None
    # of deals in other currencies nothing is counted
    share *= amounts.share
    return costs.worth_per_outcome(amounts.count, amounts.total, amounts.squares, share), amounts.currency


def _deals_per_outcome(study: Study, counted: RateMeasure) -> float | None:
    """Won deals for each event of an outcome, in the baseline; None where that isn't known."""
    if counted.metric.counted_as in DEALS:
        return 1.0
    deals = "won_deals" if counted.model.cohorts.of_time else "close_rate"
    closing = study.outcomes.get(deals)
    rate = counted.model.baseline.final_rate
    if closing is None or rate <= 0 or not {"leads", "appointments"} & {*counted.metric.sources}:
        return None
    return closing.model.baseline.final_rate / rate


def _lines(study: Study, week: int) -> tuple[Series, ...]:
    measures: list[Measure] = [
        *study.proxies.values(),
        *(o for n, o in study.outcomes.items() if n not in study.unusable),
    ]
    return tuple(m.series(week) for m in measures if week >= study.span.first and m.has_data(week))
