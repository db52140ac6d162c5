"""Facts as sentences (`metrics.findings`): of data, pairs, rules, alerts and what is overdue."""

from __future__ import annotations

import datetime as dt
from typing import assert_never

from leadline.dashboard.words.formats import (
    counted,
    listed,
    long_day,
    number,
    one_line,
    one_of,
    percent,
    within_a_sentence,
)
from leadline.data.templates import kind_words, several_words
from leadline.metrics.declared.made_words import is_plural
from leadline.metrics.findings import (
    AgreedBy,
    AgreedCount,
    AgreedDay,
    AgreedDays,
    AgreedShare,
    AgreedTerm,
    AgreedText,
    AsTold,
    BareNumber,
    ChangedAfterBreach,
    CharterChange,
    ComparedLeads,
    CurrencyMixed,
    DefinitionChanged,
    DoubledRows,
    EnteredLate,
    ExportedLater,
    Fact,
    FewUnits,
    GoneSegment,
    HeldBack,
    ImportNamed,
    LateDecision,
    MachineOpensCounted,
    MissedCheckpoint,
    MissingValues,
    NeededField,
    NegativeAmounts,
    NewSegment,
    NoBaseline,
    NoBreachWith,
    NoBreachWithout,
    NoRows,
    NotBreached,
    NotSplit,
    NotYetAWeek,
    ObjectiveUnwatched,
    OpensWithoutClicks,
    OtherCurrency,
    QuarantinedRows,
    RecordingBegan,
    Reversal,
    ReviewersDisagree,
    SilentWeeks,
    SinceDecision,
    SourceBehind,
    StaleSource,
    SteersBlindly,
    SuddenZero,
    UncountedMetric,
    UndecidedAlert,
    UnjudgedRule,
    Unpromised,
    UntoldLink,
    VolumeGap,
    WeekSpan,
)
from leadline.metrics.results import SourceState

STILL = 0.03
"""a change of clicks that is told as none"""


def fact_words(fact: Fact | None) -> str:
    """One sentence on one line, '' for None; names that came with a file stand in it unescaped."""
    return "" if fact is None else one_line(_sentence(fact))


def source_note(source: SourceState) -> str:
    """What stands beside a source that is not fresh, '' for one that is."""
    if source.note is None:
        return "nothing landed yet" if source.state == "empty" else ""
    return fact_words(source.note)


def _sentence(fact: Fact) -> str:
    match fact:
        case NoRows():
            return f"No {several_words(fact.source)} of this workflow have been landed yet."
        case StaleSource():
            return (
                f"The newest entry of {kind_words(fact.source)} is of {long_day(fact.newest)}, "
                f"{number(fact.behind_days)} days before the review; it is never silent for more than "
                f"{number(fact.usual_gap_days)} days, so the export is stale or cut off."
            )
        case SourceBehind():
            late = f" (late for {', '.join(fact.late_for)})" if fact.late_for else ""
            return f"newest entry is {number(fact.days)} days old{late}"
        case ExportedLater():
            return f"first exported on {long_day(fact.exported_on)}; seen with what was entered by then"
        case SuddenZero():
            look = f"; look at {_import(fact.look_at)}" if fact.look_at else ""
            return (
                f"{fact.label} has had no event in any segment since the week of {long_day(fact.since)}, although "
                "more than a dozen were to be expected: that is an export that broke off or counts otherwise, not a "
                f"decline{look}."
            )
        case SilentWeeks():
            return f"{fact.label} has no event {_weeks(fact.weeks)}: these weeks of the export are missing"
        case CurrencyMixed():
            return _currency_mixed(fact)
        case DefinitionChanged():
            return (
                f"What {within_a_sentence(fact.label)} counts was changed in metrics.yaml since version {fact.version} "
                f"of the charter was registered on {long_day(fact.registered_on)}: nothing was agreed on what it "
                "counts now; register the charter again, or take the change back."
            )
        case VolumeGap():
            return (
                f"No {fact.entity} entered {_weeks(fact.weeks)}, although about {number(fact.usual)} a week are "
                "usual: if the work did not pause, an export is missing."
            )
        case MissingValues():
            return _missing_values(fact)
        case NegativeAmounts():
            return _negative_amounts(fact)
        case ReviewersDisagree():
            return _reviewers_disagree(fact)
        case QuarantinedRows():
            return (
                f"{_imported(fact.brought_by)} left {number(fact.rows)} of its {number(fact.read)} rows of "
                f"{fact.template} in quarantine: until they are repaired, they are missing from every number."
            )
        case DoubledRows():
            return (
                f"{_imported(fact.brought_by)} held {number(fact.rows)} of its {number(fact.read)} rows of "
                f"{fact.template} more than once; each counts once, but the export should be looked at."
            )
        case OpensWithoutClicks():
            return (
                f"Opens rose by {percent(fact.opens, 0)} from one week to the next (week of {long_day(fact.week)}) "
                f"while clicks {_followed(fact.clicks)}: opens by machines or another way of counting are likelier "
                "than more readers."
            )
        case MachineOpensCounted():
            return (
                "This export doesn't mark opens by machines, so the open rate counts them as readers (Apple Mail "
                "opens every e-mail by itself since September 2021); clicks are the better sign."
            )
        case RecordingBegan():
            if fact.before:
                return (
                    f"{_capital(fact.label)} before the week of {long_day(fact.since)} ({fact.before:,}) are no part "
                    "of the baseline: in those weeks there were clearly fewer, as where what led to them is not in the "
                    "export, and a rise at that time is no improvement."
                )
            return (
                f"{_recorded(fact.label, fact.since)}: what entered before then "
                "is left out, and a rise at that time is recording that began, not an improvement."
            )
        case NewSegment():
            return _new_segment(fact)
        case ObjectiveUnwatched():
            proof = within_a_sentence(one_line(fact.label))
            return f"The objective is proved by {proof}, which the charter does not watch, so nothing here judges it."
        case SteersBlindly():
            return _steers_blindly(fact)
        case NotSplit():
            cannot = f"{_capital(within_a_sentence(fact.label))} can't be split by {fact.dimension}"
            if not fact.template:
                return f"{cannot}: the two of a pair may differ in it."
            return f"{cannot}: its rows of {kind_words(fact.template)} have none."
        case GoneSegment():
            return _gone_segment(fact)
        case HeldBack():
            return _held_back(fact)
        case EnteredLate():
            return (
                f"Of the events of {_outcomes(fact)} in the week of {long_day(fact.week)}, about "
                f"{percent(fact.share, 0)} are entered by the export of {long_day(fact.exported_on)}, as successive "
                f"exports tell ({counted(fact.events, 'entry', 'entries')}): so much fewer are expected of it."
            )
        case NoBaseline():
            return _no_baseline(fact)
        case NotYetAWeek():
            return (
                f"The workflow runs since {long_day(fact.deployed_on)}; its first whole week is not over yet."
            )
        case SinceDecision():
            return f"Measured on what entered since the decision of {long_day(fact.decided_on)}."
        case UnjudgedRule():
            return _unjudged(fact)
        case FewUnits():
            return f"it rests on {number(fact.units)} units, fewer than the {number(fact.agreed)} agreed"
        case OtherCurrency():
            amounts = f"the amounts of {within_a_sentence(fact.label)}" if fact.label else "the deals"
            return f"{amounts} are in {fact.deals or 'no currency'}, the rule is in {fact.rule}"
        case BareNumber():
            others = listed([name or "no currency" for name in fact.others], len(fact.others))
            return (
                f"Rule {fact.rule} names no currency: it is held against {within_a_sentence(fact.label)} in "
                f"{fact.currency}, without its amounts in {others}."
            )
        case ChangedAfterBreach():
            who = f"on {long_day(fact.changed_on)}, by {fact.by}" if fact.changed_on else "not registered"
            return f"Changed after the breach of {long_day(fact.breached_on)} ({who}): {change_words(fact.change)}"
        case UncountedMetric():
            exports = listed([kind_words(source) for source in fact.sources], len(fact.sources))
            needs = f": land the exports it rests on ({exports})" if exports else ""
            return f"{fact.label} has no data yet{needs}."
        case Unpromised():
            return _unpromised(fact)
        case ComparedLeads():
            return _compared(fact)
        case UntoldLink():
            return _untold(fact)
        case Reversal():
            total, each = ("rose", "fell") if fact.total_rose else ("fell", "rose")
            return (
                f"In total {fact.label.lower()} {total}, yet within every {fact.dimension} it {each}: what changed "
                f"the total is the mix by {fact.dimension} (Simpson's paradox)."
            )
        case NotBreached():
            if fact.since is None:
                return "It is not breached any more."
            return f"No longer breached since {long_day(fact.since)}."
        case NoBreachWithout():
            return f"{_imported(fact.taken_back)} was taken back; without it there is no breach."
        case NoBreachWith():
            return f"What landed later ({_import(fact.landed)}) shows no breach."
        case LateDecision():
            return f"Look again: the checkpoint of decision {fact.decision} ({fact.kind}) has passed without a look."
        case UndecidedAlert():
            return f"No decision on alert {fact.alert} since it was raised."
        case MissedCheckpoint():
            return "Nobody has closed a review since this checkpoint was due."
        case AsTold():
            return fact.text
        case _:
            assert_never(fact)


def _steers_blindly(fact: SteersBlindly) -> str:
    proxy, outcome = (within_a_sentence(one_line(label)) for label in (fact.proxy, fact.outcome))
    odds = ""
    if fact.before is not None and fact.now is not None:
        odds = f": {number(fact.before, 1)} × the odds before, {number(fact.now, 1)} × now"
    layer = one_line(fact.layer.replace("_", " "))
    return f"The {layer} steers by {proxy}, which no longer predicts {outcome}{odds}."


OF_INTENT = frozenset({"steers_blindly", "objective_unwatched"})
"""codes of what is said of the charter's intent, not of the data"""


def change_words(change: CharterChange) -> str:
    """'Rule close-rate-floor was loosened: close_rate < 15% became close_rate < 12%.'"""
    before, after = _term(change, change.before), _term(change, change.after)
    became = f"{before} became {after}"
    turned = {"looser": "loosened", "tighter": "tightened", "changed": "changed"}[change.direction]
    match change.what:
        case "rule_added":
            return f"Rule {change.subject} was added: {after}."
        case "rule_removed":
            return f"Rule {change.subject} was removed: {before}."
        case "rule_changed":
            return f"Rule {change.subject} was {turned}: {became}."
        case "baseline_moved":
            return f"The baseline was moved: {became}."
        case "yardstick":
            return f"What {change.subject} is held against was {turned}: {became}."
        case "metric_added":
            return f"{change.subject} is watched now."
        case "metric_removed":
            return f"{change.subject} is not watched any more."
        case "materiality":
            return f"What counts as material ({change.subject}) was {turned}: {became}."
        case "deployment":
            return f"The day of the deployment was moved: {became}."
        case "checkpoints":
            return f"Checkpoints: {became}."
        case "gate":
            return f"The gate ({change.subject}) was {turned}: {became}."
        case "entry_lag":
            return f"How late outcomes are entered: {became}."
        case "segments":
            return f"Segments: {became}."
        case "signature":
            return f"The signature: {became}."
        case "words":
            return f"{change.subject}: {became}."
        case _:
            assert_never(change.what)


def _term(change: CharterChange, term: AgreedTerm | None) -> str:
    """What was agreed on one side of a change; also where that is nothing."""
    words = _agreed(term) if term else ""
    match change.what, change.aspect:
        case "yardstick", _:
            return words or "the baseline of the charter"
        case "checkpoints", _:
            return f"every {words}" if term else "none"
        case "entry_lag", _:
            return f"up to {words} late" if term else "as the imports tell"
        case "signature", _:
            return f"signed by {words}" if term else "not signed"
        case "rule_changed", "recover":
            return f"back at {words}" if term else "back when no longer over the threshold"
        case _:
            return words or "nothing"


def _agreed(term: AgreedTerm) -> str:
    match term:
        case AgreedText():
            return term.text
        case AgreedDay():
            return long_day(term.day)
        case AgreedDays():
            return f"{long_day(term.first) if term.first else 'the beginning'} to {long_day(term.last)}"
        case AgreedShare():
            return percent(term.share)
        case AgreedCount():
            return counted(term.count, term.of)
        case AgreedBy():
            return f"{term.by} on {long_day(term.on)}"
        case _:
            assert_never(term)


def _new_segment(fact: NewSegment) -> str:
    share = "" if fact.share is None else f", {within_a_sentence(fact.label)} so far {percent(fact.share)}"
    told = (
        f"New since the week of {long_day(fact.since)}: {fact.dimension} “{fact.name}”, "
        f"{number(fact.units)} {fact.entity}{share}; the baseline never saw it"
    )
    if fact.compared_from is None:
        return f"{told}, so it is left out of the comparison and counts as another mix."
    since = long_day(fact.compared_from)
    return f"{told}, so what entered since the week of {since} is compared with its own first weeks."


def _gone_segment(fact: GoneSegment) -> str:
    came = "nothing" if not fact.units else f"hardly anything ({number(fact.units)} {fact.entity})"
    return (
        f"Since the week of {long_day(fact.since)}, {came} has come in of {fact.dimension} “{fact.name}”, before about "
        f"{number(fact.usual, 1 if fact.usual < 10 else 0, bare=True)} {fact.entity} a week "
        f"({percent(fact.share, 0)} of all): the total is without it, which counts as another mix."
    )


def _currency_mixed(fact: CurrencyMixed) -> str:
    names = [name or "no currency" for name in fact.others or ("",)]
    others = listed(names, len(names))
    label = within_a_sentence(fact.label)
    if fact.share_before is not None:
        return (
            f"{percent(fact.share, 0)} of the amounts of {label} are in {others} (before: "
            f"{percent(fact.share_before, 0)}) and left out, so what it shows is another mix of currencies: bring its "
            "amounts in one currency."
        )
    share = "" if fact.share is None else f" ({percent(fact.share, 0)} of all)"
    return f"Amounts in {others}{share} are left out of {label}: currencies are kept apart."


def _missing_values(fact: MissingValues) -> str:
    came = f"; {fact.how_many} came with {_import(fact.brought_by)}" if fact.brought_by else ""
    before = f"(before: {percent(fact.share_before, 0)}{came})"
    told = f"{_capital(_weeks(fact.weeks))}, {percent(fact.share, 0)} of the"
    if not fact.label:
        return f"{told} {_lacking(fact)} {before}."
    then = "it is told of the rest alone" if fact.is_mean else "what it shows is how many have one"
    rows, column = kind_words(fact.template), fact.column.replace("_", " ")
    return f"{told} {rows} behind {within_a_sentence(fact.label)} have no {column} {before}: {then}."


def _reviewers_disagree(fact: ReviewersDisagree) -> str:
    who, what = ("reviewers", "outputs") if fact.dimension else ("coders", "conversations")
    on = f" on {one_line(fact.dimension)}" if fact.dimension else ""
    return (
        f"{_capital(who)} don't agree on what they saw{on}: {number(fact.agreement, 2)} of 1 on the "
        f"{number(fact.items)} {what} that two have judged, and {number(fact.floor, 2)} was agreed "
        f"(Krippendorff's alpha). Until they do, {within_a_sentence(fact.label)} says nothing; let them judge the same "
        f"{what} together and write down what passes."
    )


def _negative_amounts(fact: NegativeAmounts) -> str:
    label = within_a_sentence(fact.label)
    if fact.is_event:
        many = counted(fact.count, f"event of {label} is", f"events of {label} are")
        share = "less than 1 %" if 0 < fact.share < 0.01 else percent(fact.share, 0)
        before = "" if fact.share_before is None else f", before {percent(fact.share_before, 0)}"
        count = "counts" if fact.count == 1 else "count"
        look = f" Look at {_import(fact.brought_by)}." if fact.brought_by else ""
        return f"{many} dated before the unit entered ({share}{before}) and {count} as if after it.{look}"
    if fact.is_time:
        before = "" if fact.share_before is None else f", before {percent(fact.share_before, 0)}"
        many = counted(fact.count, f"time of {label} ends", f"times of {label} end")
        told = f"{many} before {'it begins' if fact.count == 1 else 'they begin'} ({percent(fact.share, 0)}{before})"
        look = f" Look at {_import(fact.brought_by)}." if fact.brought_by else ""
        return f"{told} and {'counts' if fact.count == 1 else 'count'} as 0 minutes.{look}"
    if fact.weeks is None or fact.share_before is None:
        few = "less than 1 %" if fact.share < 0.01 else percent(fact.share, 0)
        return (
            f"{few.capitalize()} of the amounts of {label} are below 0 (refunds?) and lower it as they stand."
        )
    came = f"; look at {_import(fact.brought_by)}" if fact.brought_by else ""
    return (
        f"{_capital(_weeks(fact.weeks))}, {percent(fact.share, 0)} of the amounts of {label} are below 0 (before: "
        f"{percent(fact.share_before, 0)}{came}): signs that turned, or refunds, read as another level."
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _held_back(fact: HeldBack) -> str:
    weeks = f"the weeks since {long_day(fact.since)} (export of {long_day(fact.exported_on)})"
    match fact.told_by:
        case "charter":
            why = "by the charter, what happened so shortly before may not be entered yet"
        case "exports":
            why = "successive exports show that too little of what happened so shortly before is entered"
        case "last_changes":
            why = "rows were still changed so long after their date"
        case "nothing":
            why = (
                "nothing tells yet how late outcomes are entered; a second export will, or 'entry_lag: 7 days' in the "
                "charter"
            )
        case _:
            assert_never(fact.told_by)
    counts, it = ("count", "them") if fact.also else ("counts", "it")
    outcomes = _outcomes(fact)
    of = f"{outcomes[:1].upper()}{outcomes[1:]} of {weeks}"
    return f"{of} {counts} neither for nor against, and no alarm rests on {it}: {why}."


def _outcomes(fact: HeldBack | EnteredLate) -> str:
    """'close rate and won value per lead'."""
    labels = (fact.label, *fact.also)
    return listed([within_a_sentence(label) for label in labels], len(labels))


def _no_baseline(fact: NoBaseline) -> str:
    match fact.why:
        case "not_maturing":
            return f"{fact.label} can't be followed as an outcome, because it doesn't mature."
        case "nothing_landed":
            label = within_a_sentence(fact.label)
            return f"No {fact.entity} of this workflow have been landed, so {label} can't be counted."
        case "nothing_matches":
            label = within_a_sentence(fact.label)
            return (
                f"No {fact.entity} of this workflow that {label} counts have been landed: none at all, or none that "
                "its filter matches."
            )
        case "no_amount":
            column = fact.sources[0].replace("_", " ")
            rows = kind_words(fact.entity)
            return (
                f"{counted(fact.events, one_of(rows), rows)} of this workflow have landed, none with {column}, so "
                f"{within_a_sentence(fact.label)} can't be counted: bring an export that has it."
            )
        case "below_zero":
            label = within_a_sentence(fact.label)
            return (
                f"In the baseline, the amounts of {label} are below 0 in sum: no change of them can be told."
            )
        case "no_event":
            needs = " and ".join(fact.sources)
            return f"{fact.label} has no event at all yet: land the exports it rests on ({needs})."
        case "too_little":
            needed = (
                f"at least {number(fact.needed_weeks)} weeks and {number(fact.needed_events)} events are needed to "
                "compare with."
            )
            has = f"{counted(fact.weeks, 'whole week')} with {counted(fact.events, 'event')}"
            if fact.recorded_since is None:
                return f"{fact.label} has a baseline of {has}; {needed}"
            only = f"{_recorded(fact.label, fact.recorded_since)}, so"
            if not fact.weeks:
                return f"{only} there is no baseline; {needed}"
            return f"{only} the baseline has only {has}; {needed}"
        case _:
            assert_never(fact.why)


def _unjudged(fact: UnjudgedRule) -> str:
    match fact.why:
        case "no_week":
            return "no complete week has been observed yet"
        case "no_verdict":
            return "no verdict was given"
        case "data_problem":
            return "the data has a problem, so no verdict was given"
        case "too_early":
            return "it is too early for a verdict"
        case "no_value":
            return "there is no value"
        case "no_baseline_value":
            return "the baseline has no value to compare with"
        case "cost_too_early":
            return "it is too early to say what a drift would have cost"
        case "no_amounts":
            return "no won deal has an amount"
        case "no_money":
            return "the drift has no cost that is known in money"
        case "no_cost":
            return "a fall of these outcomes has no cost that can be counted"
        case "no_checkpoint":
            return "no checkpoint has passed since the charter was registered"
        case _:
            assert_never(fact.why)


def _unpromised(fact: Unpromised) -> str:
    match fact.why:
        case "nothing_landed":
            return f"No row of {fact.about} has been landed yet, so there is no volume to reckon with."
        case "no_outcome":
            return "The charter names no outcome."
        case "checkpoint":
            return "A missed checkpoint is a matter of people, not of volume: it is noticed when it is due."
        case "verdict":
            return f"A rule on the verdict '{fact.about}' waits for words, not for a size of decline."
        case "not_an_outcome":
            return "Delays are reckoned for rules on outcomes; this rule watches something else."
        case "no_baseline_value":
            return "The baseline has no value to compare with."
        case _:
            assert_never(fact.why)


def _compared(fact: ComparedLeads) -> str:
    match fact.by:
        case "response_time":
            return "leads answered sooner than the median lead of their week"
        case "answered_within_5_minutes":
            return f"leads answered within {number(fact.minutes)} minutes"
        case "open_rate":
            return "leads that opened an e-mail before"
        case "click_rate":
            return "leads that clicked in an e-mail before"
        case "score":
            return "leads with a score above the median of their week"
        case "reply_rate":
            return "leads that replied to an e-mail before"
        case "sooner":
            return f"{fact.entity} whose {within_a_sentence(fact.label)} was shorter than the median of their week"
        case "within":
            return f"{fact.entity} that had it within {number(fact.minutes)} minutes ({fact.label})"
        case "message":
            return f"{fact.entity} that had it before ({fact.label})"
        case _:
            assert_never(fact.by)


def _untold(fact: UntoldLink) -> str:
    match fact.why:
        case "no_lead":
            return f"No {fact.entity} of this time can be compared yet."
        case "nearly_all":
            return f"Nearly all {fact.entity} have it now, so it no longer tells them apart."
        case "hardly_any":
            return f"Hardly any {fact.entity} have it now, so it no longer tells them apart."
        case _:
            assert_never(fact.why)


def _lacking(fact: MissingValues) -> str:
    if fact.field is None:
        return f"entries have no {fact.segment}: they stand under 'unknown' in every breakdown"
    return _field(fact.field)


def _field(field: NeededField) -> str:
    match field:
        case "first_response_at":
            return (
                "leads have no first answer within two weeks: they were not answered, or the export lost it"
            )
        case "amount":
            return "won deals have no amount: their value is missing from every sum"
        case "asked":
            return (
                "coded conversations were not asked what the brand stands for: what buyers name is known of the others "
                "alone"
            )
        case "account":
            return "coded conversations do not say of which account they are: such are left out of every pair"
        case "deal_link":
            return "won deals lead to no lead that is known: no lead can be credited with them"
        case "appointment_link":
            return "held appointments lead to no lead that is known: no lead can be credited with them"
        case _:
            assert_never(field)


def _followed(clicks: float) -> str:
    if abs(clicks) < STILL:
        return "stayed as they were"
    return f"rose by only {percent(clicks, 0)}" if clicks > 0 else f"fell by {percent(-clicks, 0)}"


def _recorded(label: str, since: dt.date) -> str:
    verb = "are" if is_plural(label) else "is"
    return f"{label} {verb} recorded only since the week of {long_day(since)}"


def _weeks(weeks: WeekSpan) -> str:
    """'since the week of …', 'in the week of …' or 'from the week of … to that of …'."""
    start = long_day(weeks.first)
    if weeks.last is None:
        return f"since the week of {start}"
    if weeks.first == weeks.last:
        return f"in the week of {start}"
    return f"from the week of {start} to that of {long_day(weeks.last)}"


def _import(named: ImportNamed) -> str:
    return f"import {named.number}, {named.file or 'undone since'}"


def _imported(named: ImportNamed) -> str:
    return f"Import {named.number} ({named.file})"
