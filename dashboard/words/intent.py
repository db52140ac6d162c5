"""From intent to instruction as sentences: what is held by a number, and what nobody holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never, get_args

from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.formats import (
    counted,
    listed,
    number,
    one_line,
    sentence_case,
    shortened,
    within_a_sentence,
)
from leadline.dashboard.words.levels import levels
from leadline.dashboard.words.review_card import Figure, currency_of
from leadline.dashboard.words.tables import label_of
from leadline.metrics.agreement.intent_gaps import Gap, GapCode, Place, unmeasured
from leadline.metrics.charter_terms import Cascade, LayerName
from leadline.metrics.results import Linkage, Odds, WorkflowReview

_QUOTED = 90
PLACES: dict[Place, str] = {
    "objective": "objective",
    "constraint": "constraint",
    "business_objective": "business objective",
    "planning_decision": "planning decision",
    "instruction": "instruction",
}


def gap_sentence(gap: Gap, catalog: Catalog) -> str:
    """One gap, as it stands beside its place: 'Nobody checks this: …'"""
    metric = within_a_sentence(label_of(gap.metric, catalog)) if gap.metric else ""
    match gap.code:
        case "vague":
            return (
                f"“{_quoted(gap.text)}” can't be measured; say who does what more often, such as “More qualified "
                "appointments from inbound leads”."
            )
        case "unproved":
            return (
                "No metric proves the objective; name one, such as 'proved_by: qualified_appointment_rate'."
            )
        case "proof_unwatched":
            return f"The objective is proved by {metric}, which the charter does not watch."
        case "proof_is_proxy":
            return f"The objective is proved by {metric}, a proxy: it can rise while the business falls."
        case "unchecked":
            return f"Nobody checks “{_quoted(gap.text)}”."
        case "check_unwatched":
            return f"“{_quoted(gap.text)}” is to be seen in {metric}, which the charter does not watch."
        case "never_reviewed":
            return f"Reviewers are to check “{one_line(gap.metric)}”, and no review of that dimension has landed."
        case "unsteered":
            return f"The {PLACES[gap.place]} steers by nothing that is measured."
        case "steer_unwatched":
            return f"The {PLACES[gap.place]} steers by {metric}, which the charter does not watch."
        case "no_longer_predicts":
            return _broken(gap, metric, catalog)
        case _:
            assert_never(gap.code)


def _broken(gap: Gap, metric: str, catalog: Catalog) -> str:
    found = gap.linkage
    outcome = within_a_sentence(label_of(found.outcome, catalog)) if found else "the outcome"
    odds = f": {odds_words(found)}" if found else ""
    return f"The {PLACES[gap.place]} steers by {metric}, which no longer predicts {outcome}{odds}."


def odds_words(found: Linkage) -> str:
    """'2.6 × the odds before, 0.9 × (0.7–1.1) now'"""
    before, now = found.baseline, found.now
    return f"{_odds(before)} before, {_odds(now, interval=True)} now"


def _odds(odds: Odds, *, interval: bool = False) -> str:
    if odds.value is None:
        return "odds not known"
    span = ""
    if interval and odds.low is not None and odds.high is not None:
        span = f" ({number(odds.low, 1)}–{number(odds.high, 1)})"
    return f"{number(odds.value, 1)} × the odds{span}"


def questions(gaps: Sequence[Gap], catalog: Catalog) -> tuple[str, ...]:
    """What is asked back when a charter is registered: each kind of gap once, with what to write."""
    return tuple(_question(code, found, catalog) for code, found in unmeasured(gaps))


def _question(code: GapCode, found: Sequence[Gap], catalog: Catalog) -> str:
    if len(found) > 1 or code in ("unchecked", "unsteered"):
        texts = listed([f"“{_quoted(gap.text)}”" for gap in found], 4)
        if code == "unchecked":
            return (
                f"Who checks {texts}? Write {{text: …, checked_by: review language}}, or a metric or a rule in place "
                "of the dimension."
            )
        if code == "unsteered":
            places = listed([PLACES[gap.place] for gap in found])
            return f"By which metric does the {places} steer? Write {{text: …, steers_by: close_rate}}, for example."
    return " ".join(gap_sentence(gap, catalog) for gap in found)


def _quoted(text: str) -> str:
    return shortened(one_line(text), _QUOTED)


@dataclass(frozen=True)
class Step:
    """One step of the line from the objective to the instruction."""

    label: str
    """'Objective'"""
    text: str
    """what was agreed; '' where nothing was"""
    figure: Figure | None
    """the metric that proves it or by which it steers, with its live value; None where none is named or watched"""
    gaps: tuple[str, ...]
    """what nobody holds there"""


def steps(workflow: WorkflowReview, gaps: Sequence[Gap], catalog: Catalog) -> tuple[Step, ...]:
    """Objective, business objective, planning decision, instruction; the objective has the constraints' gaps too."""
    charter = workflow.charter
    if charter is None:
        return ()
    objective = charter.intent.objective
    told = [Step("Objective", one_line(objective.text), _figure(workflow, objective.proved_by, catalog), ())]
    for name, layer in (charter.cascade or Cascade()).layers:
        figure = _figure(workflow, layer.steers_by, catalog)
        told.append(Step(sentence_case(PLACES[name]), one_line(layer.text), figure, ()))
    places: tuple[tuple[Place, ...], ...] = (("objective",), *((name,) for name in get_args(LayerName)))
    return tuple(
        replace(step, gaps=tuple(gap_sentence(gap, catalog) for gap in gaps if gap.place in of))
        for step, of in zip(told, places, strict=True)
    )


def _figure(workflow: WorkflowReview, name: str, catalog: Catalog) -> Figure | None:
    changes = {pair.proxy: pair.proxy_change for pair in workflow.pairs}
    changes |= {pair.outcome: pair.outcome_change for pair in workflow.pairs}
    metric = catalog.get(name)
    if metric is None or name not in changes:
        return None
    found = levels(changes[name], metric.unit, metric, currency_of(workflow, name))
    return Figure(metric.label, found.now, found.before, found.span, found.effect)


def gaps_sentence(gaps: Sequence[Gap], catalog: Catalog) -> str:
    """The line's heading: the gravest gap, and how many others there are."""
    if not gaps:
        return "From the objective to the instruction, everything is held by something that is measured."
    order: tuple[GapCode, ...] = (
        "no_longer_predicts", "vague", "unproved", "proof_unwatched", "proof_is_proxy", "steer_unwatched",
        "unsteered", "check_unwatched", "never_reviewed", "unchecked",
    )  # fmt: skip
    first, *rest = sorted(gaps, key=lambda gap: (order.index(gap.code), -gaps.index(gap)))
    more = f" {sentence_case(counted(len(rest), 'more gap'))} below." if rest else ""
    return f"{gap_sentence(first, catalog)}{more}"
