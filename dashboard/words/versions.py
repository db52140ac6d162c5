"""Versions and who handled what, as sentences and tables: did it help, did it come with the drift, was it the agent?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import assert_never

from leadline.dashboard.words.briefs import ratio_words
from leadline.dashboard.words.changes import Catalog, units_words
from leadline.dashboard.words.formats import (
    counted,
    day,
    listed,
    number,
    one_line,
    percent,
    sentence_case,
    shortened,
    within_a_sentence,
)
from leadline.dashboard.words.tables import Table, label_of
from leadline.metrics.causes import (
    OBJECTIVE,
    BesidePeople,
    Causes,
    Coincidence,
    Version,
    VersionEffect,
)
from leadline.metrics.outputs.people import NOTICED_FALL

_LETTERS = 40
_LETTERS_OF_A_NOTE = 80
WEEKS_IN_HALF_A_YEAR = 26


def cause_sentences(causes: Causes, catalog: Catalog) -> tuple[tuple[str, str], ...]:
    """What a review says of them, each with what it is about: an objective that was redefined, versions that came with
    the drift or made a difference, what was left to people."""
    told: list[tuple[str, str]] = []
    if causes.redefined:
        told.append(("Intent", redefined_sentence(causes.redefined)))
    told += [("Version", said) for said in coincidence_sentences(causes.coincidences, catalog)]
    telling = [
        each
        for each in causes.effects
        if each.helped in ("better", "worse") or each.version == causes.redefined
    ]
    told += [("Version", said) for said in effect_sentences(telling, catalog)]
    for beside in causes.people:
        told.append(("Agent", f"{people_sentence(beside, catalog)} {notice_sentence(beside)}"))
    return tuple(told)


def redefined_sentence(version: Version) -> str:
    """'The objective was redefined on 9 Nov 2026: qualified appointments (from speed to qualified appointments).'"""
    note = shortened(one_line(version.note or ""), _LETTERS_OF_A_NOTE)
    why = f" ({within_a_sentence(note)})" if note else ""
    return f"The objective was redefined on {day(version.since)}: {within_a_sentence(_name(version))}{why}."


def _name(version: Version) -> str:
    return shortened(one_line(version.name), _LETTERS_OF_A_NOTE if version.what == OBJECTIVE else _LETTERS)


def version_name(version: Version) -> str:
    """'Prompt v4', 'The objective “qualified appointments”'"""
    if version.what == OBJECTIVE:
        return f"The objective “{_name(version)}”"
    return sentence_case(f"{version.what} {_name(version)}")


def effect_sentences(effects: Sequence[VersionEffect], catalog: Catalog) -> tuple[str, ...]:
    """One a version and outcome; outcomes of which a version has too few are named in one."""
    told = []
    for each in effects:
        alike = [other for other in effects if (other.version, other.helped) == (each.version, "too_few")]
        if each.helped != "too_few":
            told.append(effect_sentence(each, catalog))
        elif each is alike[0]:
            told.append(effect_sentence(each, catalog, alike[1:]))
    return tuple(told)


def effect_sentence(found: VersionEffect, catalog: Catalog, also: Sequence[VersionEffect] = ()) -> str:
    """'Prompt v4 (since 6 Apr 2026) helped: close rate 1.4 × (1.1–1.8) that under v3, at equal age.'

    `also`: of the same version, outcomes of which too few are known, too.
    """
    begin = f"{version_name(found.version)} (since {day(found.version.since)})"
    name = within_a_sentence(begin)
    label = within_a_sentence(label_of(found.outcome, catalog))
    before = (
        f"under {shortened(one_line(found.before), _LETTERS)}"
        if found.before
        else "of what entered before it"
    )
    told = f"{label} {ratio_words(found.ratio)} that {before}, at equal age" if found.ratio else ""
    match found.helped:
        case "better":
            return f"{begin} helped: {told}; certain since {day(found.told_on) if found.told_on else 'then'}."
        case "worse":
            return f"{begin} made it worse: {told}; certain since {day(found.told_on) if found.told_on else 'then'}."
        case "alike":
            return f"{begin} changed nothing that matters: {told}."
        case "open":
            if found.ratio and (found.ratio.low > 1 or found.ratio.high < 1):
                return (
                    f"Whether {name} helped is not certain yet: {told}; looked at every week, a range like that also "
                    "comes by chance."
                )
            return f"Whether {name} helped can't be told yet: {told}."
        case "too_few":
            metric = catalog.get(found.outcome)
            entered = units_words(metric, found.units) if metric else counted(found.units, "unit")
            of = [label, *(within_a_sentence(label_of(other.outcome, catalog)) for other in also)]
            why = f"{entered} entered under it, too few or too young ({listed(of)})"
            return f"Whether {name} helped can't be told yet: {why}."
        case _:
            assert_never(found.helped)


def coincidence_sentences(found: Sequence[Coincidence], catalog: Catalog) -> tuple[str, ...]:
    """One a version, with every drift that it is near to."""
    versions = dict.fromkeys(each.version for each in found)
    return tuple(
        coincidence_sentence(*(each for each in found if each.version == version), catalog=catalog)
        for version in versions
    )


def coincidence_sentence(first: Coincidence, *others: Coincidence, catalog: Catalog) -> str:
    """'Prompt v4 went live on 8 Apr 2026, in the week of 6 Apr 2026, in which the drift of close rate seems to have
    begun: …'"""
    live = first.version.since
    told = []
    for each in (first, *others):
        label = within_a_sentence(label_of(each.outcome, catalog))
        weeks = (live - dt.timedelta(days=live.weekday()) - each.drift_since).days // 7
        when = f"{counted(abs(weeks), 'week')} {'after' if weeks > 0 else 'before'}" if weeks else "in"
        drift = f"the drift of {label} seems" if each is first else f"that of {label} seems"
        told.append(f"{when} the week of {day(each.drift_since)}, in which {drift} to have begun")
    return (
        f"{version_name(first.version)} went live on {day(live)}, {listed(told, len(told))}: near in time, which is no "
        "proof that one caused the other."
    )


def versions_table(versions: Sequence[Version]) -> Table:
    """One row a version, the newest first."""
    rows = tuple(
        (
            sentence_case(one.what),
            one_line(one.name),
            day(one.since),
            shortened(one_line(one.note or ""), 160),
        )
        for one in reversed(versions)
    )
    return Table(("What", "Version", "In use since", "Note"), rows)


def people_sentence(found: BesidePeople, catalog: Catalog) -> str:
    """What the agent's units did beside those left to people in the same weeks; where that is not clear, so."""
    label = within_a_sentence(label_of(found.outcome, catalog))
    metric = catalog.get(found.outcome)
    units = one_line(metric.entity) if metric else "units"
    rests = (
        f"{number(found.agent)} {units} of the agent and {number(found.human)} left to people, in the same "
        f"{counted(found.weeks, 'week')}"
    )
    if found.ratio is None:
        return f"Too few {units} were left to people to tell whether it is the agent: {rests}."
    told = f"{label} of the agent's {units} is {ratio_words(found.ratio)} that of those left to people"
    if not found.is_clear:
        return f"Not clear whether it is the agent: {told}, at equal age and mix ({rests})."
    higher = metric.higher_is_better if metric else True
    worse = (found.ratio.value < 1) == higher
    verdict = "It is the agent rather than the market" if worse else "The agent does better than people"
    return f"{verdict}: {told}, at equal age and mix ({rests})."


def notice_sentence(found: BesidePeople) -> str:
    """'9.8 % left to people at 82 a week: a fall of 35 % shows in about 25 weeks; it confirms, …'"""
    total = found.agent + found.human
    share, weekly = found.human / max(total, 1), total / max(found.weeks, 1)
    if found.notices_in is None:
        return "How long a fall would take to show can't be told yet."
    weeks = found.notices_in
    when = "in about half a year" if 22 <= weeks <= 30 else f"in about {counted(round(weeks), 'week')}"
    if weeks > 4 * WEEKS_IN_HALF_A_YEAR:
        when = "not within two years"
    return (
        f"{percent(share)} left to people at {number(weekly)} a week: a fall of {percent(NOTICED_FALL, 0)} shows "
        f"{when}; it confirms, it does not raise the alarm."
    )
