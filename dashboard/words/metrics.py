"""Metrics that people declare, as sentences: what is counted, what they would say, what is wrong with their filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from leadline.dashboard.words.changes import change_sentence
from leadline.dashboard.words.formats import (
    counted,
    listed,
    magnitude,
    metric_value,
    one_line,
    sentence_case,
    shortened,
    within_a_sentence,
)
from leadline.dashboard.words.tables import Cell, Table
from leadline.data.templates import kind_words, several_words, templates
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.declared.declaration import (
    Condition,
    Count,
    Duration,
    Mean,
    Named,
    OwnEvent,
    Ratio,
    Rows,
    SameFirst,
    Share,
    Sum,
    ValuePerUnit,
)
from leadline.metrics.declared.made_words import as_written
from leadline.metrics.landed_words import (
    Backwards,
    EarlierEvents,
    EmptyFilter,
    Mismatch,
    ShortHistory,
    WrongCurrency,
)
from leadline.metrics.previews import MetricPreview

_WORDS_LISTED = 6
_WORD_LETTERS = 40
EXAMPLE = 0.2


def unsegmented_sentence(segment: str) -> str:
    """A segment that a charter names and no row has."""
    return (
        f"watch.segments names “{shortened(one_line(segment), 60)}”, and no row that has landed has a value there; "
        "write the column's heading, or leave it out."
    )


def column_words(column: str) -> str:
    """'first response at'."""
    return one_line(column.replace("_", " "))


def counted_words(metric: Metric) -> str:
    """'Share of units (kind is ticket) with events (kind is renewed) within 40 weeks.'"""
    within = f" within {counted(metric.within_weeks, 'week')}" if metric.within_weeks else ""
    match metric.declaration:
        case Share(of, event):
            if isinstance(event, Rows):
                return f"Share of {_rows(of)} with {_rows(event)}{within}."
            return f"Share of {_rows(of)} {_own_event(event)}{within if event.word is None else ''}."
        case ValuePerUnit(of, event, amount):
            return f"The {column_words(amount)} of {_rows(event)}{within}, for each of {_rows(of)}."
        case Count(of, first_of):
            first = f", the first of each of {_rows(first_of)}{within}" if first_of else ""
            return f"{sentence_case(_rows(of))} in a week, by {column_words(of.at)}{first}."
        case Mean(of, amount):
            return f"The average {column_words(amount)} of {_rows(of)}."
        case Duration(of, to):
            return f"Time from {column_words(of.at)} to {column_words(to)} of {_rows(of)}, the median."
        case Sum(of, amount):
            return f"The {column_words(amount)} of {_rows(of)} in a week, summed."
        case Named(of):
            return f"Share of {_rows(of)} in whose codes a promise of the charter's positioning is named."
        case SameFirst(of, _, whose):
            return f"Of two {column_words(whose)}s of a week, in {_rows(of)}, how likely both name the same first."
        case Ratio(Sum(of, amount), per):
            each = f"each of {_rows(per.of)}"
            if isinstance(per, Sum):
                each = f"each of the {column_words(per.amount)} of {_rows(per.of)}"
            return f"The {column_words(amount)} of {_rows(of)} in a week, for {each}."
        case other:
            assert_never(other)


def _rows(rows: Rows) -> str:
    where = listed([_condition(one) for one in rows.where], len(rows.where))
    return f"{kind_words(rows.template)} ({where})" if where else kind_words(rows.template)


def _condition(one: Condition) -> str:
    return f"{column_words(one.column)} is {_either(one.words)}"


def _either(words: Sequence[str]) -> str:
    *first, last = (_quoted(word) for word in words)
    return f"{', '.join(first)} or {last}" if first else last


def _quoted(word: str) -> str:
    return shortened(one_line(word), _WORD_LETTERS)


def _own_event(event: OwnEvent) -> str:
    column = column_words(event.column)
    if event.word is not None:
        return f"whose {column} is {_quoted(event.word)}"
    unless = listed([_condition(one) for one in event.unless], len(event.unless))
    within = f" within {as_written(event.within_minutes)}" if event.within_minutes else ""
    return f"with {column}{f' (unless {unless})' if unless else ''}{within}"


def example_sentences(metric: Metric) -> tuple[str, str]:
    """What a review says where the metric got worse by a fifth, and where it got better."""
    worse, better = (
        phrase.replace("{change}", magnitude(EXAMPLE)) for phrase in (metric.worse, metric.better)
    )
    return f"{sentence_case(worse)}.", f"{sentence_case(better)}."


def today_sentence(metric: Metric, preview: MetricPreview) -> str:
    """What it would say today of the time since the deployment; '' where that is not known."""
    if preview.change is None or preview.change.relative is None:
        return ""
    return change_sentence(metric, preview.change, preview.currency)


def volume_sentence(metric: Metric, preview: MetricPreview) -> str:
    """'48 tickets a week on average, in the last 26 weeks; lately 74 %.'"""
    a_week = preview.units_a_week
    weeks = counted(len(preview.weeks), "week")
    entity = one_line(metric.entity)
    latest = next((value for value in reversed(preview.levels) if value is not None), None)
    lately = "" if latest is None else f"; lately {metric_value(latest, metric.unit, preview.currency)}"
    if metric.kind == "sum":
        return f"In the last {weeks}{lately} a week."
    many = metric_value(a_week if a_week < 10 else round(a_week), "count")
    if metric.kind == "volume":
        return f"{many} {entity} a week on average, in the last {weeks}."
    return f"{many} {entity} a week on average, in the last {weeks}{lately}."


def replaced_sentence(metric: Metric) -> str:
    """Of a metric that a workspace has declared anew under the name of one that comes with Leadline."""
    return (
        f"{one_line(metric.label)} is what metrics.yaml declares under the name {metric.id}, and no longer the metric "
        "of that name that comes with Leadline."
    )


def unused_sentence(metric: Metric) -> str:
    """Of keys in metrics.yaml that earlier versions took and that change nothing."""
    keys = listed(metric.unused)
    return f"{keys} of {metric.id} in metrics.yaml changes nothing: nothing of it comes later. Leave it out."


def unpositioned_sentence(label: str) -> str:
    """Of a metric that is of what a charter wants buyers to say, where it does not say it."""
    return (
        f"{one_line(label)}: the charter has no positioning, so that whatever buyers name counts; write under "
        "positioning: what they should be able to say."
    )


def unknown_codes_sentence(words: Sequence[str]) -> str:
    """Of codes that a charter's positioning does not know."""
    named = listed([_quoted(word) for word in words], _WORDS_LISTED)
    are = "is no promise" if len(words) == 1 else "are no promises"
    return (
        f"Coders have marked {named}, which {are} of the charter's positioning and count as other; mark promises by "
        "their ids, or add them there."
    )


def whole_sentence(outcomes: Sequence[Metric]) -> str:
    """Of outcomes that have no segments, in a charter that names some."""
    named = listed([one_line(one.label) for one in outcomes], len(outcomes))
    be = "is" if len(outcomes) == 1 else "are"
    told = f"{named} {be} judged as a whole, not by segment, as sums, sums for each and pairs are"
    split = [one.label for one in outcomes if one.kind != "pairs"]
    return f"{told}; what each segment did is shown of sums." if split else f"{told}."


def mismatch_sentence(found: Mismatch) -> str:
    """What of a metric does not go with what has landed."""
    match found:
        case Backwards(label, template, at, to, units, wrong):
            named, ended = column_words(at), column_words(to)
            return (
                f"{one_line(label)}: {ended} comes before {named} in {wrong:,} of {units:,} {kind_words(template)}, "
                "which then count as done at once; exchange the two."
            )
        case EarlierEvents(label, events, earlier):
            return (
                f"{one_line(label)}: {earlier:,} of {events:,} events are dated before the unit entered and count as "
                "if after it; look at the dates in the export."
            )
        case EmptyFilter():
            return _empty_filter_sentence(found)
        case other:
            assert_never(other)


def _empty_filter_sentence(found: EmptyFilter) -> str:
    """'Renewal rate: nothing is counted, no events have landed whose kind is renewd. …'"""
    looked_for = listed([_condition(one) for one in found.where], len(found.where))
    rows = several_words(found.template)
    if found.elsewhere:
        whose = listed([_quoted(name) if name else "no workflow" for name in found.elsewhere], _WORDS_LISTED)
        return (
            f"{one_line(found.label)}: nothing is counted, all {rows} whose {looked_for} belong to {whose}, none to "
            f"{_quoted(found.workflow)}."
        )
    told = f"{one_line(found.label)}: nothing is counted, no {rows} have landed whose {looked_for}."
    for column, words in found.landed:
        name = column_words(column)
        if not words:
            has_column = templates()[found.template].column(column) is not None
            told += (
                f" {sentence_case(name)} is empty everywhere."
                if has_column
                else f" No export has brought {name}."
            )
            continue
        more = f" and {len(words) - _WORDS_LISTED} more" if len(words) > _WORDS_LISTED else ""
        told += f" What has landed has {name} {_either(words[:_WORDS_LISTED])}{more}."
    return told


def short_history_sentence(found: ShortHistory) -> str:
    """Why a horizon is refused, and what to do."""
    least = f"write {counted(found.weeks, 'week')} or less" if found.weeks else "bring older exports"
    older = ", or bring older exports" if found.weeks else ""
    return (
        f"{found.metric} counts what comes within {counted(found.within_weeks, 'week')}, and what has landed goes back "
        f"{counted(found.weeks, 'week')}: nobody could tell yet what comes of anything; {least}{older}."
    )


def judged_by_sentence(charters: Sequence[str]) -> str:
    """What changing a metric that is watched means: ticked by whoever does it."""
    named = listed([one_line(name) for name in charters])
    be, it = ("is", "it") if len(charters) == 1 else ("are", "they")
    return f"{named} {be} judged by it again once {it} {be} registered anew, past weeks too."


def removal_sentence(label: str, charters: Sequence[str], falls_back: bool) -> str:
    """What removing a metric means, or why it can't be."""
    named, label = listed([one_line(name) for name in charters]), one_line(label)
    watch, it = ("watches", "that charter") if len(charters) == 1 else ("watch", "those charters")
    if falls_back:
        judged = f" {named} {watch} it and will be judged by that." if charters else ""
        return f"{label} is then what comes with Leadline under that name.{judged}"
    if charters:
        return f"{named} {watch} it; take it out of {it} first."
    return (
        f"No charter watches it. What {label} counted stays among the facts; its entry in metrics.yaml goes."
    )


def wrong_currency_sentence(found: WrongCurrency) -> str:
    """'Rule floor is in USD, and the amounts of average deal are in EUR; write 900 EUR.'"""
    label, names = within_a_sentence(one_line(found.label)), listed(found.landed, 4)
    told = f"rule {one_line(found.rule)} "
    told += f"is in {found.currency}" if found.currency else "names no currency"
    left = f" (those in {found.landed[0]} are told)" if len(found.landed) > 1 else ""
    plain = f"{found.number:,.9f}".rstrip("0").rstrip(".")
    instead = f"write {plain} {found.landed[0]}"
    if found.currency:
        instead = f"write the number in {found.landed[0]}"
    return f"{told}, and the amounts of {label} are in {names}{left}; {instead}."


def own_metrics_table(metrics: Sequence[Metric]) -> Table:
    """One row a metric of the workspace's own."""
    rows: list[tuple[Cell, ...]] = [
        (metric.label, metric.id, metric.role, counted_words(metric)) for metric in metrics
    ]
    return Table(("Metric", "In charters", "Watched as", "What is counted"), tuple(rows))
