"""Workflows judged before: where nothing has changed on which a verdict rests, it is not worked out again.

What landed for one workflow leaves the counts of the others as they were, so their reviews are found, not made.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict

from leadline.metrics.cohorts import WonAmounts
from leadline.metrics.fingerprint import fingerprint
from leadline.metrics.judging import judge
from leadline.metrics.known import Sources
from leadline.metrics.results import WorkflowReview
from leadline.metrics.study import Study


class Judgements:
    """At most `most` of them, those not asked for longest go first. May be used from any thread."""

    def __init__(self, most: int = 256) -> None:
        self._most = most
        self._guard = threading.Lock()
        self._known: OrderedDict[str, WorkflowReview] = OrderedDict()
        self.reckoned = 0
        """how many have been worked out rather than found"""

    def judge(
        self, study: Study, sources: Sources, amounts: WonAmounts | None, as_of: dt.date
    ) -> WorkflowReview:
        """As `metrics.judging.judge`, which sees nothing but what it is given."""
        key = fingerprint(study, sources, amounts, as_of)
        with self._guard:
            if (known := self._known.get(key)) is not None:
                self._known.move_to_end(key)
                return known
        found = judge(study, sources, amounts, as_of)
        with self._guard:
            self.reckoned += 1
            self._known[key] = found
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return found

    def forget(self) -> None:
        """Knows nothing any more."""
        with self._guard:
            self._known.clear()
