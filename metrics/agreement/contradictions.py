"""What of a charter contradicts itself, which is refused when it is agreed; what was agreed before is read as it is."""

from __future__ import annotations

from collections.abc import Mapping

from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.charter_terms import Charter
from leadline.metrics.declared.same_event import event_of, is_among


def contradictions(charter: Charter, catalog: Mapping[str, Metric]) -> tuple[str, ...]:
    """A sentence for each proxy that counts the very event of an outcome, or some of these: it can't rise while the
    outcome falls, so that no drift would ever show. The same unit is fine."""
    return tuple(
        f"watch.proxies: {proxy} counts the same event as the outcome {outcome}, so that the two can't drift apart; "
        "remove one of the two, or watch a proxy of an earlier step."
        for proxy in charter.proxies
        for outcome in charter.outcomes
        if _is_same(catalog[proxy], catalog[outcome])
    )


def _is_same(proxy: Metric, outcome: Metric) -> bool:
    counted, wanted = (event_of(one.declaration, one.higher_is_better) for one in (proxy, outcome))
    if counted is None or wanted is None:
        return proxy.declaration == outcome.declaration
    return is_among(counted, wanted)
