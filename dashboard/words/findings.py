"""Facts as sentences (`metrics.findings`): of data, pairs, rules, alerts and what is overdue."""

from __future__ import annotations

from typing import assert_never

from leadline.dashboard.words.charter_changes import ENTRY_LAG_FIELD, change_words
from leadline.dashboard.words.formats import (
    counted,
    listed,
    long_day,
    number,
    one_line,
    percent,
    within_a_sentence,
)
from leadline.dashboard.words.why_not import (
    compared_words,
    no_baseline_words,
    recorded_words,
    unjudged_words,
    unpromised_words,
    untold_words,
)
from leadline.data.templates import kind_words, several_words
from leadline.metrics.findings import (
    AsTold,
    BareNumber,
    ChangedAfterBreach,
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
    JudgedOtherwise,
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
        case JudgedOtherwise():
            return _judged_otherwise(fact)
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
                f"{recorded_words(fact.label, fact.since)}: what entered before then "
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
            return no_baseline_words(fact)
        case NotYetAWeek():
            return (
                f"The workflow runs since {long_day(fact.deployed_on)}; its first whole week is not over yet."
            )
        case SinceDecision():
            return f"Measured on what entered since the decision of {long_day(fact.decided_on)}."
        case UnjudgedRule():
            return unjudged_words(fact)
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
            return unpromised_words(fact)
        case ComparedLeads():
            return compared_words(fact)
        case UntoldLink():
            return untold_words(fact)
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


def _judged_otherwise(fact: JudgedOtherwise) -> str:
    points = number(abs(100 * fact.moved), 0)
    return (
        f"{one_line(fact.label)} changed by {points} points, which people who judge otherwise than before could have "
        f"done alone: of {fact.things} old ones that came again to them they say yes to {fact.now}, "
        f"then to {fact.before}."
    )


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
                "nothing tells yet how late outcomes are entered; a second export will, or the charter under "
                f"“{ENTRY_LAG_FIELD}”"
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
