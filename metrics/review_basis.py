"""What a review rests on, as one short name: two reviews of one name show the same of every workflow.

Facts by the newest note of their digests, what was agreed, settings, the week that is judged, and this Leadline. What
was decided since is no part of it: it stands in the ledger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from importlib.metadata import version

from leadline.data.landing import digests
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.charter_terms import Charter
from leadline.metrics.fingerprint import fingerprint, statistics_code
from leadline.metrics.statistics.fitness import last_week_end


def review_basis(
    facts: digests.Head | None,
    workspace: Workspace,
    charters: Sequence[Charter],
    catalog: Mapping[str, Metric],
    as_of: dt.date,
) -> str:
    """Of the review at the end of that day. `facts`: the newest note of the digests, before the first was counted."""
    settings = workspace.settings
    return fingerprint(
        facts,
        [(charter.workflow, charter.source) for charter in charters],
        catalog,
        (settings.timezone, settings.false_alarm_budget),
        last_week_end(as_of),
        (version("leadline"), statistics_code()),
    )
