"""Counts about the exports → what a reader must know of them before believing a number.

A finding names the import that brought the trouble. It blocks a verdict only where so many of an outcome's own events
are lost that the loss alone would read as a material decline.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.agreement.charter import Charter
from leadline.metrics.checks import NEEDED_BY, AmountOf, Checks, Field, Landing, Opens
from leadline.metrics.findings import (
    DoubledRows,
    HowMany,
    ImportNamed,
    MachineOpensCounted,
    MissingValues,
    NegativeAmounts,
    OpensWithoutClicks,
    QuarantinedRows,
    VolumeGap,
    WeekSpan,
)
from leadline.metrics.measures.outcomes import RateMeasure
from leadline.metrics.measures.span import Span
from leadline.metrics.results import Finding
from leadline.metrics.statistics.anomaly import STEP_SIDE, Jump, gaps, jump, lost_share
from leadline.metrics.statistics.divergence import LOOK_BACK_WEEKS, MIN_BASELINE_WEEKS
from leadline.metrics.statistics.left_out import MOST_OF_A_MEAN, LeftOut, would_read_as_change

MAIL_PRIVACY = dt.date(2021, 9, 20)
"""since then Apple Mail opens e-mails by itself"""
LEAST_ROWS = 5
POINTS = 0.05
"""an import is told of where so much more of it is in quarantine or doubled than of those before"""
ANSWER_WEEKS = 2
"""a missing first answer is one that did not come within so many weeks"""


def anomalies(
    checks: Checks,
    charter: Charter,
    outcomes: Mapping[str, RateMeasure],
    span: Span,
    week: int,
    as_of: dt.date,
) -> list[Finding]:
    """The findings with what was known at the end of `week`, and of the imports that tell of days up to `as_of`."""
    return [
        *_gaps(checks, span, week),
        *(f for field in checks.fields for f in _lacking(checks, field, charter, outcomes, span, week)),
        *_imports(checks, charter, outcomes, as_of),
        *(f for metric, opens in checks.opens.items() for f in _of_opens(metric, opens, span, week)),
    ]


def _gaps(checks: Checks, span: Span, week: int) -> list[Finding]:
    found = []
    for entity, entered in checks.entered.items():
        for gap in gaps(entered, span.first, week):
            weeks = _weeks(span, gap.first, gap.last, week)
            found.append(Finding(VolumeGap(entity, weeks, float(gap.usual)), blocks_verdict=False))
    return found


def _lacking(
    checks: Checks,
    field: Field,
    charter: Charter,
    outcomes: Mapping[str, RateMeasure],
    span: Span,
    week: int,
) -> list[Finding]:
    if isinstance(field.needed, AmountOf):
        return _of_amounts(checks, field, field.needed, charter, outcomes, span, week)
    through = week - (ANSWER_WEEKS if field.needed == "first_response_at" else 0)
    found = jump(field.missing, field.rows, span.first, through) if through > span.first else None
    if found is None:
        return []
    number, how_many = _brought_by(field, found)
    missing = MissingValues(
        field=field.needed,
        segment=field.segment,
        weeks=_weeks(span, found.first, found.last, through),
        share=float(found.share),
        share_before=float(found.share_before),
        brought_by=ImportNamed(number, checks.files.get(number)),
        how_many=how_many,
    )
    needed_by = NEEDED_BY[field.needed] if field.needed else ()
    affected = [name for name, counted in outcomes.items() if counted.metric.counted_as in needed_by]
    since = max(span.deployed, week - LOOK_BACK_WEEKS + 1)
    lost = lost_share(field.missing, field.rows, found.share_before, since, week)
    blocks = bool(affected) and lost > charter.materiality_outcome
    names: list[str | None] = [*affected] or [None]
    return [Finding(missing, blocks, metric=name) for name in names]


def _of_amounts(
    checks: Checks,
    field: Field,
    about: AmountOf,
    charter: Charter,
    outcomes: Mapping[str, RateMeasure],
    span: Span,
    week: int,
) -> list[Finding]:
    """Rows without an amount, or with one below 0, where there are more or fewer than before; and steady ones below 0.

    It blocks where that alone would read as a change; of a mean, which is of the rest, where most of it is gone.
    """
    since = max(span.deployed, week - LOOK_BACK_WEEKS + 1)
    first = _settled(field, about, span)
    before, now = (
        LeftOut(float(field.rows[weeks].sum()), float(field.missing[weeks].sum()))
        for weeks in (slice(first, span.last + 1), slice(since, week + 1))
    )
    usual = _as_usual(checks, about, before, now, slice(first, span.last + 1), slice(since, week + 1))
    found = jump(field.missing, field.rows, first, week) if week > first else None
    stretch, brought_by, how_many = WeekSpan(span.calendar.start(since), None), None, None
    share, share_before = now.share or 0.0, before.share or 0.0
    if found is not None:
        number, how_many = _brought_by(field, found)
        stretch, brought_by = (
            _weeks(span, found.first, found.last, week),
            ImportNamed(number, checks.files.get(number)),
        )
        share, share_before = found.share, found.share_before
    findings = []
    for name, label, is_mean in about.metrics:
        is_of_rest = is_mean and not about.below_zero
        shifted = would_read_as_change(
            before, usual, MOST_OF_A_MEAN if is_of_rest else charter.materiality_outcome
        )
        blocks = shifted and name in outcomes
        told: MissingValues | NegativeAmounts
        if about.event_weeks is not None:
            if not (shifted or now.left_out):
                continue
            told = NegativeAmounts(
                label,
                about.template,
                now.share or 0.0,
                share_before=before.share,
                brought_by=brought_by,
                count=int(now.left_out),
                is_event=True,
            )
        elif not (shifted or found):
            if not (about.below_zero and now.left_out):
                continue
            told = NegativeAmounts(
                label, about.column, now.share or 0.0, is_time=about.is_time, count=int(now.left_out)
            )
        elif about.below_zero:
            told = NegativeAmounts(
                label,
                about.column,
                share,
                stretch,
                share_before,
                brought_by,
                about.is_time,
                int(now.left_out),
            )
        else:
            told = MissingValues(
                "amount",
                "",
                stretch,
                share,
                share_before,
                brought_by,
                how_many,
                label,
                about.template,
                about.column,
                is_mean,
            )
        findings.append(Finding(told, blocks, metric=name))
    return findings


def _settled(field: Field, about: AmountOf, span: Span) -> int:
    """The first week of the baseline to compare with: not the first ones that landed, in which events that come long
    after their units are still to come."""
    begun = np.flatnonzero(field.rows)
    if about.event_weeks is None or not begun.size:
        return span.first
    return max(span.first, min(int(begun[0]) + about.event_weeks, span.last + 1 - MIN_BASELINE_WEEKS))


def _as_usual(
    checks: Checks, about: AmountOf, before: LeftOut, now: LeftOut, past: slice, live: slice
) -> LeftOut:
    """Of events before their units entered: now among as many events as were usual for what entered. Those that come
    later are still to come, and no fall of the outcome either makes the share another."""
    entered = checks.entered.get(about.entity)
    if about.event_weeks is None or entered is None or not entered[past].any():
        return now
    usual = before.amounts * float(entered[live].sum() / entered[past].sum())
    return LeftOut(max(usual, now.left_out), now.left_out)


def _brought_by(field: Field, found: Jump) -> tuple[int, HowMany]:
    """The import with most rows without a value in the stretch, and how many of them it brought."""
    inside = slice(found.first, found.last + 1)
    brought = {number: float(weeks[inside].sum()) for number, weeks in field.by_import.items()}
    number = max(brought, key=lambda n: (brought[n], n))
    if brought[number] == found.missing:
        return number, "all"
    return number, "most" if brought[number] > found.missing / 2 else "many"


def _imports(
    checks: Checks, charter: Charter, outcomes: Mapping[str, RateMeasure], as_of: dt.date
) -> list[Finding]:
    known = [landing for landing in checks.landings if landing.first_on <= as_of]
    found: list[Finding] = []
    for template in sorted({landing.template for landing in known}):
        of_template = [landing for landing in known if landing.template == template]
        left_out = [n for n in of_template if not _repaired(n, of_template)]
        unread = sum(n.quarantined for n in left_out) > charter.materiality_outcome * sum(
            n.read for n in of_template
        )
        for place, landing in enumerate(of_template):
            before = of_template[:place]
            usual = _share(sum(n.quarantined for n in before), sum(n.read for n in before))
            if landing in left_out and _stands_out(landing.quarantined, landing.read, usual):
                named = ImportNamed(landing.import_id, landing.file)
                aside = QuarantinedRows(named, landing.quarantined, landing.read, template)
                hit = [n for n, counted in outcomes.items() if template in _event_sources(counted.metric)]
                names: list[str | None] = [*hit] if unread and hit else [None]
                found += [Finding(aside, name is not None, metric=name) for name in names]
            usual = _share(sum(n.doubled for n in before), sum(n.read for n in before))
            if _stands_out(landing.doubled, landing.read, usual):
                named = ImportNamed(landing.import_id, landing.file)
                doubled = DoubledRows(named, landing.doubled, landing.read, template)
                found.append(Finding(doubled, blocks_verdict=False))
    return found


def _repaired(landing: Landing, of_template: list[Landing]) -> bool:
    """Whether a later export of the same kind read as much and left at most half as many rows out."""
    later = [n for n in of_template if n.import_id > landing.import_id]
    return any(n.read >= landing.read and 2 * n.quarantined <= landing.quarantined for n in later)


def _event_sources(metric: Metric) -> tuple[str, ...]:
    """The templates that the metric's events come from: all but the first, which says what entered."""
    return metric.sources[1:] or metric.sources


def newest_of_events(checks: Checks, metric: Metric, as_of: dt.date) -> Landing | None:
    """The newest import that tells of days up to `as_of` of a template that the metric's events come from."""
    sources = _event_sources(metric)
    known = [n for n in checks.landings if n.template in sources and n.first_on <= as_of]
    return max(known, key=lambda n: n.import_id, default=None)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _stands_out(part: int, whole: int, usual: float) -> bool:
    return part >= LEAST_ROWS and _share(part, whole) >= usual + POINTS


def _of_opens(metric: str, opens: Opens, span: Span, week: int) -> list[Finding]:
    found = []
    end = span.calendar.end(week)
    step = next((s for s in opens.steps if s.week + STEP_SIDE - 1 <= week), None)
    if step is not None:
        rose = OpensWithoutClicks(span.calendar.start(step.week), float(step.opens), float(step.clicks))
        found.append(Finding(rose, blocks_verdict=False, metric=metric))
    totals = opens.totals_on is not None and opens.totals_on <= end
    unmarked = opens.sent_on is not None and opens.sent_on <= end
    marked = opens.marked_on is not None and opens.marked_on <= end
    if end >= MAIL_PRIVACY and (totals or (unmarked and not marked)):
        found.append(Finding(MachineOpensCounted(), blocks_verdict=False, metric=metric))
    return found


def _weeks(span: Span, first: int, last: int, through: int) -> WeekSpan:
    """A stretch of weeks; open where it reaches the newest one that can tell."""
    return WeekSpan(span.calendar.start(first), None if last == through else span.calendar.start(last))
