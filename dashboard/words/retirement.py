"""Workflows that are over, in words."""

from __future__ import annotations

from leadline.dashboard.words.formats import NAME_LETTERS, day, one_line, shortened
from leadline.metrics.agreement.retirement import Retired

OFFER = "Is this workflow over?"
WHAT_IT_DOES = (
    "A retired workflow is not watched any more: it leaves the review, its alerts end, and its gate says that it can't "
    "say. A pause or a stop stays. Its charter, decisions and reviews are kept, and it can be watched again."
)


def retired_sentence(one: Retired) -> str:
    """'lead-routing: retired on 15 Nov 2026 by Ana. Replaced by the new agent'"""
    by = shortened(one_line(one.by), NAME_LETTERS)
    return (
        f"{one_line(one.workflow)}: retired on {day(one.on)} by {by}. {shortened(one_line(one.reason), 200)}"
    )
