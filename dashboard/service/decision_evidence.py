"""What a decision rests on: the review that somebody saw, and for a stop never one that is still to be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadline.data.landing import digests
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charters_in_force import charters_in_force
from leadline.metrics.agreement.shown_evidence import Kept, newest_kept
from leadline.metrics.agreement.workflow_history import STANDING
from leadline.metrics.results import Review
from leadline.metrics.review import review
from leadline.metrics.review_basis import review_basis

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse


def shown_to_decide(warehouse: Warehouse, workspace: Workspace, workflow: str, kind: str) -> Review | Kept:
    """What a decision of that kind rests on: the review that was kept last where one of today would show the same.

    A pause or a stop rests on it in any case, because a machine is not to go on while millions of rows are counted.
    """
    catalog, today = load_catalog(workspace), workspace.today()
    charters = charters_in_force(warehouse, workspace, catalog).charters
    basis = review_basis(digests.head(warehouse), workspace, charters, catalog, today)
    kept = newest_kept(warehouse, workflow, basis)
    if kept is not None and (kept.is_current or kind in STANDING):
        return kept
    return review(warehouse, workspace, today)
