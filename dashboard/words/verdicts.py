"""Results as sentences: state, then number, then what to do. Plain text out; no Streamlit and no Plotly here.

Sentences use the catalog's own words for each metric, so that a metric of `metrics.yaml` is told as well as a
built-in one. Text is not escaped here; `escape_markdown` is for the moment at which it is shown on a page.
"""

from __future__ import annotations

import datetime as dt
from typing import assert_never

from leadline.dashboard.words.changes import (
    Catalog,
    agreeing,
    built_in,
    is_from_none,
    metric_label,
    segment_words,
)
from leadline.dashboard.words.codes import in_the_past, rule_state_words, source_words, verdict_words
from leadline.dashboard.words.costs import events_metric
from leadline.dashboard.words.due import agreed_or_decided, seen_words
from leadline.dashboard.words.findings import fact_words
from leadline.dashboard.words.formats import (
    NAME_LETTERS,
    counted,
    day,
    interval,
    is_unchanged,
    listed,
    long_day,
    metric_value,
    money,
    number,
    one_line,
    one_of,
    percent,
    sentence_case,
    shortened,
    signed_percent,
)
from leadline.dashboard.words.levels import level_by, level_phrase
from leadline.dashboard.words.rules import as_counted, rule_called
from leadline.data.templates import kind_words
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.charter_terms import Charter
from leadline.metrics.results import (
    Aftermath,
    Breakdown,
    Evidence,
    LastKnown,
    Pair,
    Recovered,
    Review,
    RuleState,
    SourceState,
    Stopped,
    WorkflowReview,
)
from leadline.metrics.verdicts import ALIGNED, DATA_PROBLEM, RECOVERING, Verdict, meaning, rank

PORTFOLIO = 6
"""workflows from which on a review is a portfolio: told by numbers, and names only where they are few"""
MOST_NAMED = 3
UNJUDGEABLE = "Its exports can't be judged as they are, so no verdict is given."


def headline(workflow: WorkflowReview, catalog: Catalog | None = None) -> str:
    """The statement and the action agreed for it, to be read aloud or put into a message."""
    return f"{statement(workflow, catalog)} {agreed_or_decided(workflow)}".rstrip()


def statement(workflow: WorkflowReview, catalog: Catalog | None = None, then: dt.date | None = None) -> str:
    """State, then numbers, then since when; every verdict in its own honest form.

    'Lead routing agent is drifting. Response time is 8 minutes, down from 2.8 hours; of 100 leads 13 close (likely
    12–16), down from 20, since the week of 12 February 2024.'

    `then`: the day of a review that is looked back at, told as past:
    'Lead routing agent was drifting on 30 June 2024. Seen then: Response time is …'
    """
    metrics = built_in() if catalog is None else catalog
    name = display_name(workflow)
    pair = workflow.lead_pair
    # a name may hold braces: replaced, not formatted
    words = verdict_words(workflow.verdict)
    state = words.statement.replace("{name}", name)
    if then is not None:
        state = f"{name} {in_the_past(words.singular)} on {long_day(then)}. Seen then:"
    body = (
        _data_problem(workflow)
        if workflow.verdict == DATA_PROBLEM or pair is None
        else _body(pair, metrics, workflow.mix_of(pair))
    )
    back = f" {recovered_sentence(workflow, workflow.recovered, metrics)}" if workflow.recovered else ""
    after = workflow.since_decision if meaning(workflow.verdict).is_judged else None
    since = since_decision(after, metrics) if after else ""
    told = [state, "" if since and workflow.verdict == RECOVERING else body, _rose(workflow, metrics), since]
    stopped = f" {stopped_sentence(workflow.stopped)}" if workflow.stopped else ""
    return f"{' '.join(each for each in told if each)}{back}{_unjudged(workflow, metrics)}{stopped}"


def stopped_sentence(stopped: Stopped) -> str:
    """'Stopped on 1 March 2026; 32 have entered since.'"""
    words = "Stopped" if stopped.kind == "stop" else "Paused"
    said = f"{words} on {long_day(stopped.on)}"
    match stopped.entered:
        case None:
            return f"{said}."
        case 0:
            return f"{said}; nothing has entered since."
        case 1:
            return f"{said}; 1 has entered since."
        case many:
            return f"{said}; {number(many)} have entered since."


def _rose(workflow: WorkflowReview, catalog: Catalog) -> str:
    """'At the same time, won value per lead is €1.6k (likely €1.3k–1.9k), up from €1k.': outcomes beside the deciding
    one that clearly became better; '' where none did."""
    lead = workflow.lead_pair
    if lead is None or not meaning(workflow.verdict).is_judged:
        return ""
    better = {
        pair.outcome: level_phrase(pair.outcome, pair.outcome_change, catalog)
        for pair in workflow.pairs
        if pair.outcome != lead.outcome and pair.verdict == ALIGNED and pair.outcome_change.improved
    }
    return f"At the same time, {listed(list(better.values()), len(better))}." if better else ""


def _unjudged(workflow: WorkflowReview, catalog: Catalog) -> str:
    """' 1 of 2 outcomes can't be judged yet: …'; '' where all can, or none."""
    if not workflow.unjudged:
        return ""
    outcomes = len({pair.outcome for pair in workflow.pairs})
    first = workflow.unjudged[0]
    reason = (
        _full_stop(fact_words(first.reason)) if first.reason else f"{metric_label(first.outcome, catalog)}."
    )
    return f" {number(len(workflow.unjudged))} of {number(outcomes)} outcomes can't be judged yet: {reason}"


def note_words(workflow: WorkflowReview, told: str) -> str:
    """Why the deciding pair has its verdict, as far as `told` doesn't say it already; '' for nothing more."""
    pair = workflow.lead_pair
    note = fact_words(pair.note) if pair and pair.note else ""
    is_told = note in told or (workflow.verdict == RECOVERING and workflow.since_decision is not None)
    return "" if is_told else note


def since_decision(after: Aftermath, catalog: Catalog) -> str:
    """'Since the decision of 5 May 2025, of 100 leads 16 close (likely 14–18), down from 20; when it was decided 12 of
    100: better, but not recovered.'

    Empty where it has recovered, which is told by itself.
    """
    if after.is_recovered:
        return ""
    began = f"Since the decision of {long_day(after.decided_on)}"
    if after.change.relative is None:
        return f"{began} too little has entered to say whether it helps."
    then = level_by(after.outcome, after.change, after.drifted_to, catalog)
    phrase = level_phrase(after.outcome, after.change, catalog)
    return f"{began}, {phrase}{then and f'; when it was decided {then}'}: {seen_words(after).lower()}."


def recovered_sentence(workflow: WorkflowReview, recovered: Recovered, catalog: Catalog) -> str:
    """'Close rate recovered on 23 February 2025, 24 weeks after the decision of 8 September 2024 (D1), from 11 of
    100.'"""
    weeks = (recovered.on - recovered.decided_on).days // 7
    change = next((pair.outcome_change for pair in workflow.pairs if pair.outcome == recovered.outcome), None)
    drifted = level_by(recovered.outcome, change, recovered.drifted_to, catalog) if change else ""
    since = f", from {drifted}" if drifted else ""
    return (
        f"{sentence_case(metric_label(recovered.outcome, catalog))} recovered on {long_day(recovered.on)}, "
        f"{counted(weeks, 'week')} after the decision of {long_day(recovered.decided_on)} "
        f"({one_line(recovered.decision)}){since}."
    )


def _body(pair: Pair, metrics: Catalog, mix: Breakdown | None) -> str:
    """What the deciding pair shows, and what the total did where its outcome is per unit of the proxy."""
    total = total_sentence(pair, metrics) if meaning(pair.verdict).is_telling else ""
    return f"{_of_pair(pair, metrics, mix)} {total}".rstrip()


def _of_pair(pair: Pair, metrics: Catalog, mix: Breakdown | None) -> str:
    """In one sentence or two, according to its verdict and mechanism."""
    proxy = sentence_case(level_phrase(pair.proxy, pair.proxy_change, metrics, with_span=False))
    outcome = level_phrase(pair.outcome, pair.outcome_change, metrics, segment=pair.segment)
    since = f", since the week of {long_day(pair.since)}" if pair.since else ""
    label = metric_label(pair.outcome, metrics)
    where = f" It comes from {segment_words(pair.segment)}." if pair.segment else ""
    if meaning(pair.verdict).is_judged and pair.mechanism == "slower":
        comes = agreeing(label, "comes later than it", "come later than they")
        ends = agreeing(label, "it ends", "they end")
        late = f"{label} {comes} used to{since}, but nothing says yet that {ends} lower"
        return f"{proxy}; {late}.{where}"
    if meaning(pair.verdict).is_judged and pair.mechanism == "mix":
        lower = f"{label} {agreeing(label, 'is', 'are')} lower in total"
        return f"{proxy}; {lower} because {_mix(mix)}, not because any part does worse."
    match pair.verdict:
        case "diverging":
            return f"{proxy}; {outcome}{since}."
        case "declining":
            return f"{sentence_case(outcome)}{since}; {_without_gain(pair, metrics)}."
        case "watch":
            if pair.outcome_change.relative is None:
                return f"{proxy}; too little of {label} is known yet to call it.{where}"
            return f"{proxy}; {outcome}, which is not yet clear enough to call."
        case "recovering":
            towards = "what was agreed" if pair.outcome_change.is_of_target else "its baseline"
            return f"{sentence_case(label)} is coming back towards {towards}: by now {outcome}."
        case "aligned":
            return f"{proxy}{_holding(pair, outcome, label, metrics)}."
        case "too_early":
            if pair.answer_expected:
                return f"{proxy}; an answer on {label} can be expected from {long_day(pair.answer_expected)}."
            return f"{proxy}; too little of {label} is known yet for an answer."
        case "data_problem":
            return UNJUDGEABLE
        case _:
            assert_never(pair.verdict)


def total_sentence(pair: Pair, catalog: Catalog) -> str:
    """What the outcome's total did where its units are what was multiplied; empty where nothing tells.

    'In total, used assets fell too: 0.8 a week, 1.2 before.'
    """
    change, metric = pair.total_change, catalog.get(pair.outcome)
    if change is None or metric is None or change.current_value is None or change.baseline_value is None:
        return ""
    if change.relative is None:
        return ""
    event = events_metric(pair.outcome, catalog)
    unit = event.unit if event else "money" if metric.kind == "value" else "count"
    before, now = (
        metric_value(value, unit, change.currency) for value in (change.baseline_value, change.current_value)
    )
    what = one_line(event.entity) if event else "it"
    if change.low is not None and change.low > 0:
        return f"Only {_per_unit(metric)}, though: in total, {what} rose to {now} a week from {before}."
    if change.high is not None and change.high < 0:
        return f"In total, {what} fell too: {now} a week, {before} before."
    return f"In total, {what} neither fell nor rose clearly: {now} a week, {before} before."


def _per_unit(metric: Metric) -> str:
    return f"per {one_of(one_line(metric.entity))}"


def _mix(mix: Breakdown | None) -> str:
    """'the mix by channel changed (−25 %, likely range 21–29 %; “referral” is 8 % of it, before 25 %)'."""
    if mix is None:
        return "the mix of what comes in changed"
    change = mix.mix_change
    span = interval(change.low, change.high)
    told = f"{signed_percent(change.relative)}{f', likely range {span}' if span else ''}"
    most = min(mix.parts, key=lambda part: part.mix_effect, default=None)
    part = ""
    if most is not None and most.mix_effect < 0:
        share = "gone" if most.share_now == 0 else f"{percent(most.share_now)} of it"
        part = f"; “{one_line(most.name)}” is {share}, before {percent(most.share_before)}"
    return f"the mix by {one_line(mix.dimension)} changed ({told}{part})"


def _holding(pair: Pair, outcome: str, label: str, metrics: Catalog) -> str:
    """How an outcome holds: that it rose, where it clearly did; else no more than that no decline shows."""
    change, metric = pair.outcome_change, metrics.get(pair.outcome)
    if pair.mechanism == "faster":
        comes = agreeing(label, "comes sooner than it", "come sooner than they")
        return f"; {label} {comes} used to, and beyond that {outcome}"
    if change.relative is None:
        return f"; {outcome}"
    if is_unchanged(change.relative):
        keep = agreeing(label, "keeps its", "keep their")
        return f", and {label} {keep} level: {outcome}"
    if change.improved:
        return f", and {outcome}"
    if (change.relative > 0) == (metric is None or metric.higher_is_better):
        return f", and no decline shows in {label}: {outcome}"
    return f", and no decline beyond what was agreed shows in {label}: {outcome}"


def _without_gain(pair: Pair, metrics: Catalog) -> str:
    change = pair.proxy_change
    label = metric_label(pair.proxy, metrics)
    metric = metrics.get(pair.proxy)
    if is_from_none(change) and metric is not None and not metric.higher_is_better:
        return f"{level_phrase(pair.proxy, change, metrics)}, too"
    if change.relative is None:
        unclear = change.current_value is not None
        return f"{label} {'did not clearly improve' if unclear else agreeing(label, 'is not known', 'are not known')}"
    worse = metric is not None and (change.relative < 0) == metric.higher_is_better
    if worse and change.low is not None and change.high is not None and change.low * change.high > 0:
        return f"{level_phrase(pair.proxy, change, metrics, with_span=False)}, too"
    return f"{label} did not clearly improve"


def known_sentence(known: LastKnown) -> str:
    """'Was drifting on 30 June 2024 (−50 %, €567k).'"""
    pair, cost = known.workflow.lead_pair, known.workflow.cost
    change = pair.outcome_change.relative if pair else None
    told = [
        signed_percent(change) if change is not None and not is_unchanged(change) else "",
        money(cost.value, cost.currency) if cost and cost.value is not None else "",
    ]
    figures = ", ".join(each for each in told if each)
    return f"{verdict_words(known.workflow.verdict).past} on {long_day(known.as_of)}{figures and f' ({figures})'}."


def _data_problem(workflow: WorkflowReview) -> str:
    return (
        f"{known_sentence(workflow.known)} {_in_the_way(workflow)}"
        if workflow.known
        else _in_the_way(workflow)
    )


def _in_the_way(workflow: WorkflowReview) -> str:
    aside = {one.outcome for one in workflow.unjudged}
    blocking = [f.about for f in workflow.findings if f.blocks_verdict and f.metric not in aside]
    if blocking:
        more = f" ({counted(len(blocking) - 1, 'more finding')} below.)" if len(blocking) > 1 else ""
        return _full_stop(fact_words(blocking[0])) + more
    if workflow.lead_pair and workflow.lead_pair.note:
        return _full_stop(fact_words(workflow.lead_pair.note))
    if workflow.lead_pair is None:
        return "None of its agreed metrics can be counted from the exports landed so far."
    return UNJUDGEABLE


def portfolio_sentence(review: Review, *, is_past: bool = False) -> str:
    """One sentence for everything that is watched, the worst first; `is_past`: a week that is looked back at."""
    total = len(review.workflows)
    if not total:
        return "No workflow has a charter yet, so there is nothing to judge."
    groups: dict[Verdict, list[str]] = {}
    for workflow in review.workflows:
        groups.setdefault(workflow.verdict, []).append(display_name(workflow))
    parts: list[str] = []
    for verdict in sorted(groups, key=rank):
        names, words = groups[verdict], verdict_words(verdict)
        of_all = f" of {number(total)} workflows" if not parts and total > 1 else ""
        told = words.singular if len(names) == 1 else words.plural
        told = in_the_past(told) if is_past else told
        named = f" ({listed(names)})" if len(names) <= MOST_NAMED or total < PORTFOLIO else ""
        parts.append(f"{number(len(names))}{of_all} {told}{named}")
    if total == 1:
        only = review.workflows[0]
        words = verdict_words(only.verdict)
        told = in_the_past(words.singular) if is_past else words.singular
        return f"{display_name(only)} {told}."
    return f"{'; '.join(parts)}."


def evidence_sentence(evidence: Evidence | None) -> str:
    """'The data speak 310 to 1 against “no change”; the limit is 150 to 1.'"""
    if evidence is None:
        return "There is no evidence to weigh yet."
    over = evidence.odds >= evidence.limit
    alarm = over if evidence.alarm is None else evidence.alarm
    side = {
        (True, True): "so an alarm stands",
        (True, False): "but a merely slower cycle is not ruled out yet, so no alarm stands",
        (False, True): "and the alarm raised earlier still stands",
        (False, False): "so no alarm stands",
    }[over, alarm]
    season = (
        "" if evidence.season_learned else " No season is taken out: the baseline spans less than a year."
    )
    return (
        f"The data speak {odds_words(evidence.odds)} against “no change”; "
        f"the limit is {odds_words(evidence.limit)}, {side}.{season}"
    )


def mechanism_sentence(pair: Pair, catalog: Catalog) -> str:
    """How the outcome changed, where the data can tell; empty where they can't."""
    where = segment_words(pair.segment) if pair.segment else "one part of the whole"
    metric = catalog.get(pair.outcome)
    is_count = metric is not None and metric.kind == "volume"
    return {
        "fewer": "It is a lower level than when the baseline ended, its season taken out."
        if is_count
        else "It is a lower level, not a delay: fewer come through at every age.",
        "faster": "It comes sooner than in the baseline; the level is reckoned with the shorter delays.",
        "slower": "It is a delay, not a lower level: what comes through takes longer than in the baseline.",
        "mix": "The mix of what comes in changed; inside each part, the outcome is as it was.",
        "segment": f"The change comes from {where}; elsewhere the outcome is close to its baseline.",
    }.get(pair.mechanism or "", "")


def odds_words(odds: float) -> str:
    """310.0 -> '310 to 1'; where the figure means nothing more, 'more than a million to 1'."""
    if odds > 1_000_000:
        return "more than a million to 1"
    return f"{number(odds, 1 if odds < 10 else 0, bare=True)} to 1"


def rule_sentence(
    rule: RuleState, unit: str = "count", currency: str | None = None, catalog: Catalog | None = None
) -> str:
    """'Drifting: breached since 5 May 2024' with value and threshold where the rule has them, and the day on which it
    could be judged last where that is not the newest."""
    called = sentence_case(rule_called(rule.when, rule.id, catalog))
    text = f"{called}: {rule_state_words(rule.state).word}"
    last = f"last judged {day(rule.last_judged)}" if rule.last_judged else ""
    if rule.state == "no_data":
        reason = fact_words(rule.reason).rstrip(".")
        told = f"{text}{':' if reason[:1].isupper() else ','} {reason}" if reason else text
        held = f"breached since {day(rule.held_since)} when it was judged last, {day(rule.last_judged)}"
        known = held if rule.held_since else last
        return f"{told}; {known}" if known else told
    if rule.since and rule.state != "ok":
        text += f" since {day(rule.since)}"
    if rule.value is not None and rule.threshold is not None:
        value, threshold = (metric_value(number_, unit, currency) for number_ in (rule.value, rule.threshold))
        text += f" ({value}{as_counted(rule, unit, currency)}; threshold {threshold})"
    return f"{text}, {last}" if last else text


def freshness_sentence(sources: tuple[SourceState, ...]) -> str:
    """'Data: all 4 sources fresh, newest 29 Jun 2024.' or the sources that are not, by name."""
    if not sources:
        return "No data landed yet."
    wrong = [source for source in sources if source.state != "fresh"]
    newest = max((source.newest for source in sources if source.newest), default=None)
    reach = f", newest {day(newest)}" if newest else ""
    if newest is None and all(source.state == "empty" for source in sources):
        return "No data landed yet"
    if not wrong:
        return f"{counted(len(sources), 'source')} fresh{reach}"
    parts = [f"{one_line(kind_words(source.source))} {source_words(source.state).word}" for source in wrong]
    return (
        f"{listed(parts)}; {number(len(sources) - len(wrong))} of {number(len(sources))} sources fresh{reach}"
    )


def display_name(workflow: WorkflowReview | Charter) -> str:
    """The charter's name on one line, cut where it would fill the page; the identity where it has none."""
    return shortened(one_line(workflow.name) or one_line(workflow.workflow), NAME_LETTERS)


def _full_stop(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
