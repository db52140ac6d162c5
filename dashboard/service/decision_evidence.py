"""What a decision rests on: the review that somebody saw, and for a stop never one that is still to be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadline.data.errors import CharterError
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


def shown_to_decide(
    warehouse: Warehouse, workspace: Workspace, workflow: str, kind: str
) -> Review | Kept | None:
    """What a decision of that kind rests on: the review that was kept last where one of today would show the same.

    A pause or a stop rests on it in any case, because a machine is not to go on while millions of rows are counted; and
    on nothing where no review of that workflow can be made.
    """
    try:
        kept = newest_kept(warehouse, workflow, basis_of_today(warehouse, workspace))
        if kept is not None and (kept.is_current or kind in STANDING):
            return kept
        shown = review(warehouse, workspace, workspace.today())
    except CharterError:
        if kind not in STANDING:
            raise
        return newest_kept(warehouse, workflow, "")
    is_shown = any(each.workflow == workflow for each in shown.workflows)
    return shown if is_shown or kind not in STANDING else None


def basis_of_today(warehouse: Warehouse, workspace: Workspace) -> str:
    """Names what a review of today rests on, but for what the ledger says. Raises CharterError as a review does."""
    catalog = load_catalog(workspace)
    charters = charters_in_force(warehouse, workspace, catalog).charters
    return review_basis(digests.head(warehouse), workspace, charters, catalog, workspace.today())
