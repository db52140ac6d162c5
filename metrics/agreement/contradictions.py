"""What of a charter contradicts itself, which is refused when it is agreed; what was agreed before is read as it is."""

from __future__ import annotations

from collections.abc import Mapping

from leadline.data.templates import templates
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.charter_terms import Charter
from leadline.metrics.declared.declaration import Declaration, OwnEvent, Share
from leadline.metrics.declared.foregone import words_left
from leadline.metrics.declared.same_event import event_of, is_among


def contradictions(charter: Charter, catalog: Mapping[str, Metric]) -> tuple[str, ...]:
    """A sentence for each proxy that counts the very event of an outcome, or some of these, or the units without it: it
    can't rise while the outcome falls, so that no drift would ever show. The same unit is fine."""
    return tuple(sentence for _, sentence in contradicting(charter, catalog))


def contradicting(charter: Charter, catalog: Mapping[str, Metric]) -> tuple[tuple[str, str], ...]:
    """The same, each with the proxy that it is of."""
    pairs = [(proxy, outcome) for proxy in charter.proxies for outcome in charter.outcomes]
    return tuple(
        (
            proxy,
            f"watch.proxies: {proxy} counts {said} the outcome {outcome}, so that the two can't drift apart; "
            "remove one of the two, or watch a proxy of an earlier step.",
        )
        for proxy, outcome in pairs
        if (said := _said_of(catalog[proxy], catalog[outcome]))
    )


def _said_of(proxy: Metric, outcome: Metric) -> str:
    if _is_same(proxy, outcome):
        return "the same event as"
    return "the units that are left by" if _is_rest(proxy.declaration, outcome.declaration) else ""


def _is_rest(one: Declaration, other: Declaration) -> bool:
    """Whether the one counts what the other doesn't: failed and passed, or lost and won of closed deals."""
    match one, other:
        case Share(of, OwnEvent(column, str() as word) as event), Share(
            units, OwnEvent(name, str() as counted) as wanted
        ):
            described = templates()[of.template].column(column)
            yes_no = {"yes", "no"} if described is not None and described.type == "boolean" else None
            same = (of, column, event.unless) == (units, name, wanted.unless)
            return same and word != counted and (words_left(of, column) or yes_no) == {word, counted}
        case _:
            return False


def _is_same(proxy: Metric, outcome: Metric) -> bool:
    counted, wanted = (event_of(one.declaration, one.higher_is_better) for one in (proxy, outcome))
    if counted is None or wanted is None:
        return proxy.declaration == outcome.declaration
    return is_among(counted, wanted)
