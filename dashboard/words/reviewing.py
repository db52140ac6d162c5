"""What the page for reviewers says: how far they have come, how well they agree, and what so many can notice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlsplit

from leadline.dashboard.words.briefs import PART_LABELS
from leadline.dashboard.words.formats import counted, day, day_span, number, one_line, percent, shortened
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.tables import Table
from leadline.data.exports.rows.discretion import masked
from leadline.metrics.charter_terms import BrandPromise, Charter, Reviewing
from leadline.metrics.declared.question import as_marked
from leadline.metrics.outputs.briefs import PARTS, Brief
from leadline.metrics.reviewing.agreement import WEEKS
from leadline.metrics.reviewing.coding import DEFAULT, Coding, Named
from leadline.metrics.reviewing.draw import WEEKS_BACK
from leadline.metrics.reviewing.plan import Noticeable
from leadline.metrics.reviewing.queue import Output, Queue
from leadline.metrics.statistics.misclassification import Corrected
from leadline.metrics.validations import LEAST_TWICE, Failed, Seen, Validation

LETTERS_OF_A_LINK = 80
LETTERS_OF_A_REASON = 160


def progress_sentence(queue: Queue, monday: dt.date) -> str:
    """'12 of 20 outputs of the week of 17–23 Nov 2026 are reviewed; 3 of the weeks before were never looked at.'"""
    week = day_span(monday, monday + dt.timedelta(days=6))
    if not queue.planned:
        told = f"No outputs of the week of {week} have landed"
    else:
        are = "is" if queue.planned == 1 else "are"
        told = f"{queue.seen} of {counted(queue.planned, 'output')} of the week of {week} {are} reviewed"
    late = f"; {queue.overdue} of the three weeks before were never looked at" if queue.overdue else ""
    return f"{told}{late}."


def coding_sentence(waiting: Coding, monday: dt.date) -> str:
    """'12 of 20 conversations of the week of 17–23 Nov 2026 are coded; 3 of the weeks before were never read.'"""
    week = day_span(monday, monday + dt.timedelta(days=6))
    if not waiting.planned:
        told = f"No conversations of the week of {week} have landed"
    else:
        are = "is" if waiting.planned == 1 else "are"
        drawn = counted(waiting.planned, "conversation")
        told = f"{waiting.coded} of {drawn} drawn of the week of {week} {are} coded"
    late = f"; {waiting.overdue} of the three weeks before were never read" if waiting.overdue else ""
    return f"{told}{late}."


def marks(charter: Charter) -> tuple[tuple[str, str, str], ...]:
    """What a coder may mark: as it is written, on a button, and by which key."""
    promises = (
        (one.id, shortened(one_line(one.says), 48), f"{at}") for at, one in enumerate(charter.positioning, 1)
    )
    return (
        *((marked, escape_markdown(label), key) for marked, label, key in promises),
        ("other", "Something else", "O"),
        ("cannot-say", "Can't say", "X"),
        ("not-asked", "Was not asked", "Q"),
    )


def promise_examples(promise: BrandPromise) -> tuple[str, ...]:
    """What says a promise, and what does not, as was agreed."""
    told = (("Says it", promise.yes), ("Does not", promise.no))
    return tuple(f"{label}: {'; '.join(one_line(one) for one in words)}" for label, words in told if words)


def named_table(found: Named, charter: Charter) -> Table:
    """How often buyers named what first, of the conversations in which they were asked."""
    says = {as_marked(one.id): one.says for one in charter.positioning}
    says |= {as_marked(marked): label for marked, label, _ in marks(charter)[len(charter.positioning) :]}
    asked = sum(many for first, many in found.often if first != "not-asked")
    rows = [
        (
            one_line(says.get(as_marked(first)) or first or "nothing marked"),
            many,
            None if first == "not-asked" or not asked else percent(many / asked),
        )
        for first, many in found.often
    ]
    return Table(("Named first", "Conversations", "Of those asked"), tuple(rows))


def coders_sentence(found: Named) -> str:
    """How well coders agree on what was named first."""
    alpha = found.agreement
    if alpha.items < LEAST_TWICE or alpha.alpha is None or alpha.low is None or alpha.high is None:
        return (
            f"How well coders agree is not known yet: {LEAST_TWICE} conversations must be coded by two, and so far "
            f"{alpha.items} {'is' if alpha.items == 1 else 'are'}."
        )
    return (
        f"Coders agree by {number(alpha.alpha, 2)} (Krippendorff's alpha, likely {number(alpha.low, 2)} to "
        f"{number(alpha.high, 2)}) on {counted(alpha.items, 'conversation')} that two have read; "
        "1 is always, 0 as good as chance."
    )


def corrected_sentence(found: Corrected) -> str:
    """'Without the errors of coders 62 % (54–70 %) name an agreed promise first; 58 % as coded.'"""
    span = f"{percent(found.low)}–{percent(found.high)}"
    judged = counted(found.judged, "conversation")
    return (
        f"Without the errors of coders {percent(found.value)} ({span}) name an agreed promise first; "
        f"{percent(found.seen)} as coded. Coders see {percent(found.sensitivity)} of those who do, and "
        f"{percent(found.specificity)} of those who don't, by {judged} that two have read."
    )


def left_words(tasks: int, waiting: int) -> str:
    """'14 wait for you · 6 said and not landed yet'"""
    told = f"{tasks} wait for you" if tasks else "nothing waits for you"
    return f"{told} · {waiting} said and not landed yet" if waiting else told


def nothing_left(reviewer: str) -> str:
    """Where the queue of somebody is empty."""
    return (
        f"Nothing is left for {one_line(reviewer)}: what was drawn of the last {WEEKS_BACK} weeks is reviewed, "
        "or waits for somebody else."
    )


def left_landed(rows: int) -> str:
    """What somebody said and left, landed by itself."""
    return f"{counted(rows, 'verdict')} that had been said and left have landed; the data page can take them back."


def output_title(output: Output) -> str:
    """What the output is called; its identity where it has no name."""
    return one_line(output.title) or one_line(output.item_id)


def output_line(output: Output) -> str:
    """'asset A17 · version v4'"""
    version = f" · version {one_line(output.version)}" if output.version else ""
    return f"{one_line(output.what)} {one_line(output.item_id)}{version}"


def link_host(link: str) -> str | None:
    """Where a link leads; None where it is none that a browser may open."""
    try:
        parts = urlsplit(link.strip())
        host = parts.hostname
    except ValueError:
        return None
    return host if parts.scheme in ("http", "https") and host else None


def brief_facts(brief: Brief) -> tuple[tuple[str, str], ...]:
    """What the output was asked to be, a label and its words each; what was not said stands as such."""
    return tuple((PART_LABELS[part], one_line(brief.parts.get(part, "")) or "not said") for part in PARTS)


def noticed_sentence(agreed: Reviewing, found: Sequence[Noticeable]) -> str:
    """'… 10 → 20 % is noticed in about 11 weeks, 10 → 12 % is not within a year …'"""
    told = [
        f"{percent(one.failing)} → {percent(one.becomes)} "
        + (f"is noticed in about {counted(one.weeks, 'week')}" if one.weeks else "is not within a year")
        for one in found
    ]
    return (
        f"What {counted(agreed.a_week, 'output')} a week can notice of a share that fails: "
        f"{', '.join(told)} (half of such changes, after half a year of reviews)."
    )


def agreement_table(found: Sequence[Seen], agreed: Reviewing) -> Table:
    """One row a dimension: what passed, and how well two reviewers of one item agree."""
    headings = ("Dimension", "Outputs", "Passed", "Seen by two", "Agreement", "Likely", "In words")
    return Table(headings, tuple(_agreement_row(one, agreed) for one in found))


def _agreement_row(one: Seen, agreed: Reviewing) -> tuple[str | int | None, ...]:
    alpha = one.agreement
    told = one.is_told and alpha.alpha is not None and alpha.low is not None and alpha.high is not None
    return (
        one_line(one.dimension),
        one.items,
        percent(one.passed / one.items),
        alpha.items,
        number(alpha.alpha, 2) if told else None,
        f"{number(alpha.low, 2)} to {number(alpha.high, 2)}" if told else None,
        agreement_words(one, agreed.agreement),
    )


def agreement_words(one: Seen, floor: float) -> str:
    """Whether two reviewers of one item see the same."""
    if not one.is_told:
        return f"not known yet: {LEAST_TWICE} outputs must be seen by two"
    if one.agreement.alpha is None:
        return "all verdicts are the same, so that agreement can't be told from chance"
    if one.falls_short(floor):
        return f"reviewers don't agree on what they saw (below {number(floor, 2)})"
    if one.agreement.alpha < floor:
        return f"reviewers may agree less than {number(floor, 2)}; more outputs must be seen by two to tell"
    return f"reviewers agree ({number(floor, 2)} was agreed)"


def agreement_note() -> str:
    """What the table rests on."""
    return (
        f"Krippendorff's alpha over the last {WEEKS} weeks: 1 is always the same verdict, 0 as good as chance; "
        "'likely' is its 95 % interval. An output passes where most of its reviewers say so."
    )


def validation_sentences(found: Validation, floor: float | None) -> tuple[str, ...]:
    """'84 % of 128 outputs passed “brand” in the last 26 weeks (2 reviewers); reviewers agree, 0.82 (0.71–0.93).'

    `floor`: the agreement that the charter asks for; None where it says nothing of reviewing.
    """
    return tuple(
        _validation_sentence(one, DEFAULT.agreement if floor is None else floor) for one in found.seen
    )


def _validation_sentence(one: Seen, floor: float) -> str:
    alpha = one.agreement
    span = (
        f", {number(alpha.alpha, 2)} ({number(alpha.low, 2)}–{number(alpha.high, 2)})"
        if one.is_told and alpha.alpha is not None and alpha.low is not None and alpha.high is not None
        else ""
    )
    return (
        f"{percent(one.passed / one.items)} of {counted(one.items, 'output')} passed “{one_line(one.dimension)}” "
        f"in the last {WEEKS} weeks ({counted(one.reviewers, 'reviewer')}); {agreement_words(one, floor)}{span}."
    )


def failed_sentences(found: Validation) -> tuple[str, ...]:
    """'Failed “accuracy” on 3 Nov 2026: C00412, a price that nobody agreed.', without addresses and numbers."""
    return tuple(
        f"Failed “{one_line(one.dimension)}” on {day(one.on)}: {one_line(one.item_id)}, {_reason(one)}."
        for one in found.failed
    )


def _reason(one: Failed) -> str:
    told = masked(shortened(one_line(one.reason), LETTERS_OF_A_REASON)).rstrip(".")
    return f"“{told}”" if told else "nobody said why"


def failed_table(found: Sequence[Failed]) -> Table:
    """The newest outputs that failed."""
    headings = ("Reviewed", "Output", "Failed on", "Why")
    return Table(
        headings,
        tuple(
            (day(one.on), one_line(one.item_id), one_line(one.dimension), one_line(one.reason) or "not said")
            for one in found
        ),
    )
