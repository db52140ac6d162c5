"""What lies between intent and execution and nobody holds: an objective that nothing measures, a constraint that nobody
checks, a layer that steers by nothing or by a proxy that no longer predicts.

None is a fault: a charter may be agreed with gaps, which are asked back when it is registered and shown as one line
from the objective to the instruction.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.charter_terms import Charter, Constraint, LayerName
from leadline.metrics.findings import ObjectiveUnwatched, SteersBlindly
from leadline.metrics.results import Finding, Linkage

GapCode = Literal[
    "vague",
    "unproved",
    "proof_unwatched",
    "proof_is_proxy",
    "unchecked",
    "check_unwatched",
    "never_reviewed",
    "unsteered",
    "steer_unwatched",
    "no_longer_predicts",
]
Place = Literal["objective", "constraint"] | LayerName

_HOLDS_OF_ANYTHING = """
better best good great more most less improve improved improving increase engaging engagement quality high higher
excellent excellence innovative relevant impactful effective efficient efficiency success successful synergy world class
leading modern smart awesome optimal optimise optimize everything experience delight value growth grow
besser beste gut mehr verbessern qualität hochwertig effizient effektiv erfolg erfolgreich innovativ
meilleur meilleure bon mieux plus améliorer qualité efficace innovant pertinent succès
mejor mejores bueno más mejorar calidad eficaz eficiente innovador relevante éxito
"""
_SMALL_WORDS = """
a an the and or of to for in on at by with our we us be is are do make get all very as its their than
der die das und oder zu für mit wir unsere sein werden alles sehr le la les et ou de des du pour avec nos être
el los las y o para con nuestra nuestro ser muy todo
"""
_UNMEASURABLE = frozenset(f"{_HOLDS_OF_ANYTHING} {_SMALL_WORDS}".split())
_SPACELESS = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SHORT_WITHOUT_SPACES = 4


@dataclass(frozen=True)
class Gap:
    code: GapCode
    place: Place
    text: str = ""
    """what the charter says there"""
    metric: str = ""
    """that is named there, or the dimension that reviewers are to judge"""
    linkage: Linkage | None = None
    """for no_longer_predicts: the odds, before and now"""


def intent_gaps(
    charter: Charter,
    linkages: Sequence[Linkage] = (),
    dimensions: Collection[str] | None = None,
) -> tuple[Gap, ...]:
    """From the objective down. `linkages`: what the data say of its proxies by now; `dimensions`: what reviewers have
    judged in the workflow, None where that was not asked."""
    watched = {*charter.proxies, *charter.outcomes}
    return (
        *_of_objective(charter, watched),
        *(gap for one in charter.intent.constraints if (gap := _of_constraint(one, watched, dimensions))),
        *_of_layers(charter, watched, linkages),
    )


def _of_objective(charter: Charter, watched: set[str]) -> Iterator[Gap]:
    objective = charter.intent.objective
    if not objective:
        return
    if is_vague(objective.text):
        yield Gap("vague", "objective", objective.text)
    if not objective.proved_by:
        yield Gap("unproved", "objective", objective.text)
    elif objective.proved_by not in watched:
        yield Gap("proof_unwatched", "objective", objective.text, objective.proved_by)
    elif objective.proved_by in charter.proxies:
        yield Gap("proof_is_proxy", "objective", objective.text, objective.proved_by)


def _of_constraint(one: Constraint, watched: set[str], dimensions: Collection[str] | None) -> Gap | None:
    if one.checked_by is None:
        return Gap("unchecked", "constraint", one.text)
    if one.checked_by.kind == "metric" and one.checked_by.name not in watched:
        return Gap("check_unwatched", "constraint", one.text, one.checked_by.name)
    if one.checked_by.kind == "review" and dimensions is not None:
        judged = {each.casefold() for each in dimensions}
        if one.checked_by.name.casefold() not in judged:
            return Gap("never_reviewed", "constraint", one.text, one.checked_by.name)
    return None


def _of_layers(charter: Charter, watched: set[str], linkages: Sequence[Linkage]) -> Iterator[Gap]:
    if charter.cascade is None:
        return
    for name, layer in charter.cascade.layers:
        if not layer:
            continue
        if not layer.steers_by:
            yield Gap("unsteered", name, layer.text)
        elif layer.steers_by not in watched:
            yield Gap("steer_unwatched", name, layer.text, layer.steers_by)
        elif broken := broken_link(linkages, layer.steers_by, charter.intent.objective.proved_by):
            yield Gap("no_longer_predicts", name, layer.text, layer.steers_by, broken)


def broken_link(linkages: Sequence[Linkage], proxy: str, preferred: str = "") -> Linkage | None:
    """The outcome that a proxy does not predict any more, the objective's own first; None while it predicts any."""
    told = [one for one in linkages if one.proxy == proxy and one.verdict != "not known"]
    if any(one.verdict in ("predicts", "weaker") and one.outcome == preferred for one in told):
        return None
    lost = [one for one in told if one.verdict == "no longer predicts"]
    return next((one for one in lost if one.outcome == preferred), lost[0] if lost else None)


def is_vague(text: str) -> bool:
    """Whether nothing in a text can be measured: a single word, or words alone that hold of anything ('be better').

    Text of scripts without spaces is vague where it has fewer than four letters.
    """
    words = re.findall(r"\w+", text.casefold())
    if _SPACELESS.search(text):
        return sum(len(word) for word in words) < _SHORT_WITHOUT_SPACES
    return len(words) < 2 or all(word in _UNMEASURABLE for word in words)


def unmeasured(gaps: Sequence[Gap]) -> tuple[tuple[GapCode, tuple[Gap, ...]], ...]:
    """Gaps by what they lack, so that each is asked once."""
    by_code: dict[GapCode, list[Gap]] = {}
    for gap in gaps:
        by_code.setdefault(gap.code, []).append(gap)
    return tuple((code, tuple(found)) for code, found in by_code.items())


def intent_findings(
    charter: Charter, catalog: Mapping[str, Metric], linkages: Sequence[Linkage]
) -> Iterator[Finding]:
    """What of the gaps bears on a review: the objective that nothing here judges, and the layer nearest to execution
    that steers by what no longer predicts."""

    def label(name: str) -> str:
        return catalog[name].label if name in catalog else name

    gaps = intent_gaps(charter, linkages)
    for gap in gaps:
        if gap.code == "proof_unwatched":
            yield Finding(ObjectiveUnwatched(label(gap.metric)), blocks_verdict=False)
    for gap in [gap for gap in gaps if gap.code == "no_longer_predicts"][-1:]:
        if (link := gap.linkage) is not None:
            odds = (link.baseline.value, link.now.value)
            told = SteersBlindly(gap.place, label(gap.metric), label(link.outcome), *odds)
            yield Finding(told, blocks_verdict=False, metric=link.outcome)
