"""What each metric of a charter counted when it was registered, and what counts otherwise by now.

A charter names its metrics; what they count stands in `metrics.yaml`, which may be edited any day. The row of the
ledger that tells of a registration therefore keeps the definitions, without their words.
"""

from __future__ import annotations

from collections.abc import Mapping

from leadline.metrics.agreement.catalog import Metric, load_catalog
from leadline.metrics.charter_terms import Charter

Definitions = Mapping[str, object]
"""metric → what it counts (`Metric.definition`); None where it is as it comes with Leadline"""


def definitions(charter: Charter, catalog: Mapping[str, Metric]) -> dict[str, object]:
    """Of everything that a charter watches."""
    built_in = load_catalog(None)
    watched = (*charter.proxies, *charter.outcomes)
    return {
        name: None
        if name in built_in and built_in[name].definition == metric.definition
        else metric.definition
        for name in watched
        if (metric := catalog.get(name)) is not None
    }


def redefined(charter: Charter, catalog: Mapping[str, Metric], agreed: Definitions | None) -> tuple[str, ...]:
    """The metrics that counted something else when the charter was registered."""
    now = definitions(charter, catalog)
    return tuple(name for name in now if agreed is not None and name in agreed and agreed[name] != now[name])
