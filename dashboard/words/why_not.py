"""Why something can't be judged, promised or compared, as words: outcomes, rules, proxies."""

from __future__ import annotations

import datetime as dt
from typing import assert_never

from leadline.dashboard.words.formats import counted, long_day, number, one_of, within_a_sentence
from leadline.data.templates import kind_words
from leadline.metrics.declared.made_words import is_plural
from leadline.metrics.findings import ComparedLeads, NoBaseline, UnjudgedRule, Unpromised, UntoldLink


def no_baseline_words(fact: NoBaseline) -> str:
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
            only = f"{recorded_words(fact.label, fact.recorded_since)}, so"
            if not fact.weeks:
                return f"{only} there is no baseline; {needed}"
            return f"{only} the baseline has only {has}; {needed}"
        case _:
            assert_never(fact.why)


def unjudged_words(fact: UnjudgedRule) -> str:
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


def unpromised_words(fact: Unpromised) -> str:
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


def compared_words(fact: ComparedLeads) -> str:
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


def untold_words(fact: UntoldLink) -> str:
    match fact.why:
        case "no_lead":
            return f"No {fact.entity} of this time can be compared yet."
        case "nearly_all":
            return f"Nearly all {fact.entity} have it now, so it no longer tells them apart."
        case "hardly_any":
            return f"Hardly any {fact.entity} have it now, so it no longer tells them apart."
        case _:
            assert_never(fact.why)


def recorded_words(label: str, since: dt.date) -> str:
    verb = "are" if is_plural(label) else "is"
    return f"{label} {verb} recorded only since the week of {long_day(since)}"
