"""Outputs beside what they were told, as sentences and tables: complete briefs, authors, outputs without a brief."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.formats import (
    day,
    listed,
    number,
    one_line,
    percent,
    sentence_case,
    shortened,
    within_a_sentence,
)
from leadline.dashboard.words.tables import Cell, Table, label_of
from leadline.data.templates import kind_words
from leadline.metrics.outputs.briefs import Brief, Part, Unbriefed
from leadline.metrics.outputs.comparisons import NO_BRIEF, By, Comparison, OutputsCompared
from leadline.metrics.statistics.comparison import LEAST_EVENTS, LEAST_UNITS, Ratio

HOW_COMPARED = (
    "Compared at equal age among everything that entered since the deployment; in brackets the likely range. It shows "
    "what goes together, not what causes what: whoever writes better briefs may do other things better too."
)
_TITLES: dict[By, str] = {
    "completeness": "by brief",
    "brief": "brief by brief",
    "author": "by who wrote the brief",
}
_COMPLETE: dict[str, str] = {
    "complete": "a complete brief",
    "incomplete": "an incomplete brief",
    "none": "no brief",
}
_LETTERS = 60


def headline(found: OutputsCompared, catalog: Catalog) -> str:
    """'Assets with a complete brief: asset usage rate 2.9 × (2.1–4.0) that of those with no brief.'"""
    for one in found.comparisons:
        ratio = one.ratios.get("complete") if one.by == "completeness" else None
        if ratio is not None and "complete" in one.clear:
            return f"{_sentence(one, 'complete', ratio, found.briefs, catalog)}"
    told = [one for one in found.comparisons if one.by == "completeness"]
    if not told:
        return "Nothing to compare yet: all outputs that have landed have the same kind of brief, or none."
    if all(ratio is None for one in told for ratio in one.ratios.values()):
        return "Too few outputs with a brief to tell whether a complete one makes a difference."
    return "No difference between outputs with a complete brief and others is clear so far."


def comparison_title(one: Comparison, catalog: Catalog) -> str:
    """'Asset usage rate by who wrote the brief'"""
    return f"{label_of(one.outcome, catalog)} {_TITLES[one.by]}"


def comparison_table(one: Comparison, briefs: Mapping[str, Brief], catalog: Catalog) -> Table:
    """One row a group, the largest first."""
    metric = catalog.get(one.outcome)
    entity = sentence_case(one_line(metric.entity)) if metric else "Outputs"
    rows: list[tuple[Cell, ...]] = []
    for group in one.groups:
        ratio = one.ratios.get(group.name)
        beside = (
            "compared with this"
            if group.name == one.reference
            else ratio_words(ratio)
            if ratio
            else "too few"
        )
        clear = "yes" if group.name in one.clear else "" if group.name == one.reference else "no"
        so_far = percent(group.rate) if group.rate is not None else ""
        name = sentence_case(group_words(one.by, group.name, briefs))
        rows.append((name, group.units, group.events, so_far, beside, clear))
    return Table(("Group", entity, "Reached it", "So far", "At equal age", "Clear"), tuple(rows))


def comparison_sentences(one: Comparison, briefs: Mapping[str, Brief], catalog: Catalog) -> Iterator[str]:
    """Each clear difference; where there is none, what can be said."""
    clear = [group.name for group in one.groups if group.name in one.clear]
    for name in clear:
        ratio = one.ratios[name]
        if ratio is not None:
            yield _sentence(one, name, ratio, briefs, catalog)
    few = [group for group in one.groups if group.name != one.reference and one.ratios[group.name] is None]
    if few:
        names = listed([group_words(one.by, group.name, briefs) for group in few], 3)
        yield (
            f"Too few to say anything of {names}: at least {LEAST_UNITS} outputs of each are needed, and "
            f"{LEAST_EVENTS} that reached it."
        )
    if not clear and len(few) < len(one.groups) - 1:
        yield "No difference is clear beyond noise, all comparisons considered."


def _sentence(one: Comparison, name: str, ratio: Ratio, briefs: Mapping[str, Brief], catalog: Catalog) -> str:
    metric = catalog.get(one.outcome)
    units = sentence_case(one_line(metric.entity)) if metric else "Outputs"
    label = within_a_sentence(label_of(one.outcome, catalog))
    return (
        f"{units} with {group_words(one.by, name, briefs)}: {label} {ratio_words(ratio)} that of those with "
        f"{group_words(one.by, one.reference, briefs)}, at equal age."
    )


def ratio_words(ratio: Ratio) -> str:
    """'2.9 × (2.1–4.0)'"""
    return f"{number(ratio.value, 1)} × ({number(ratio.low, 1)}–{number(ratio.high, 1)})"


def group_words(by: By, name: str, briefs: Mapping[str, Brief]) -> str:
    """'a complete brief', 'brief B7 “Month-end close”', 'a brief by Ana'"""
    if by == "completeness":
        return _COMPLETE[name]
    if by == "author":
        return f"a brief by {shortened(one_line(name), _LETTERS)}"
    if name == NO_BRIEF:
        return "no brief"
    brief = briefs.get(name)
    title = f" “{shortened(one_line(brief.title), _LETTERS)}”" if brief and brief.title else ""
    return f"brief {shortened(one_line(name), _LETTERS)}{title}"


def briefs_table(briefs: Mapping[str, Brief]) -> Table:
    """One row a brief, the newest first, with what it does not say."""
    rows = tuple(
        (
            shortened(one_line(one.id), _LETTERS),
            shortened(one_line(one.title or ""), _LETTERS),
            one_line(one.author or ""),
            day(one.written_on),
            listed(list(one.missing), 5) or "nothing",
        )
        for one in briefs.values()
    )
    return Table(("Brief", "Title", "Written by", "On", "It does not say"), rows)


def unbriefed_table(found: Sequence[Unbriefed]) -> Table:
    """One row an output without a brief that is known."""
    rows = tuple(
        (
            kind_words(each.template),
            shortened(one_line(each.id), _LETTERS),
            day(each.entered_on),
            f"names {one_line(each.brief)}, which has not landed" if each.brief else "names none",
        )
        for each in found
    )
    return Table(("Kind", "Output", "Entered", "Brief"), rows)


PART_LABELS: dict[Part, str] = {
    "outcome": "Outcome",
    "audience": "Audience",
    "positioning": "Positioning",
    "constraints": "Constraints",
    "context": "Context",
}
PART_HELP: dict[Part, str] = {
    "outcome": "What should happen because of it, such as: sales send it after the first call.",
    "audience": "Who reads it, and what they have to decide.",
    "positioning": "The promise that it stands for.",
    "constraints": "What it must keep to.",
    "context": "Where it is used, and what they know by then.",
}


def name_problem(name: str, *, is_known: bool) -> str:
    """Why a brief can't be kept under a name."""
    if is_known:
        told = shortened(one_line(name), _LETTERS)
        return f"A brief “{told}” is known already; give this one another name, or export the other one anew."
    return "Give the brief a name, such as B17: its outputs say by it that they were made from it."


def kept_sentence(name: str, import_id: int | None, missing: Sequence[str]) -> str:
    """'Brief B17 is kept (import 12). It does not say positioning yet.'"""
    told = f"Brief {shortened(one_line(name), _LETTERS)} is kept"
    where = f" as import {import_id}; take it back under Data" if import_id else ""
    lacks = (
        f" It is incomplete: it does not say {listed(list(missing), 5)}." if missing else " It is complete."
    )
    return f"{told}{where}.{lacks}"
