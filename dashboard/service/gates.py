"""Gates after a review or a decision: what the ledger makes of them, their turns recorded, their files written."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from leadline.dashboard.service import gate_files, open_metrics
from leadline.data.errors import LeadlineError, WorkspaceError
from leadline.data.workspace.private_files import write_private
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charters_in_force import charters_in_force, charters_to_stop
from leadline.metrics.agreement.entries import Entry, entries, newest_of
from leadline.metrics.agreement.gate_states import GATE_KINDS, gate_states, record_turns
from leadline.metrics.results import Review

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse

_ONE_AT_A_TIME = threading.Lock()
_SEEN = ".ledger"
"""in the folder of gates: the newest row of the ledger that they rest on"""


def recorded(
    warehouse: Warehouse, workspace: Workspace, review: Review, *, looked: bool = False
) -> tuple[Entry, ...]:
    """After a review of today was recorded: what is measured of it is noted, and every gate is written anew."""
    try:
        open_metrics.note(workspace, review)
    except OSError:
        logging.getLogger("leadline.dashboard").exception("What is measured could not be noted.")
    return refresh(warehouse, workspace, reviewed=looked)


def refresh(warehouse: Warehouse, workspace: Workspace, *, reviewed: bool = False) -> tuple[Entry, ...]:
    """Writes every gate anew and records those that turned. `reviewed`: somebody has just looked at all of them.

    Raises LeadlineError where the files can't be written: what was decided stands in the ledger all the same.
    """
    today, newest = workspace.today(), newest_of(warehouse, GATE_KINDS)
    charters, looked = charters_to_stop(warehouse, workspace), _looked(warehouse, workspace)
    if reviewed:
        judged = charters_in_force(warehouse, workspace, load_catalog(workspace)).charters
        looked |= {each.workflow: today for each in judged}
    with _ONE_AT_A_TIME:
        # what was read from the ledger before a decision must not be written after what that decision made of it
        gate_files.write_states(workspace, gate_states(warehouse, charters, looked), today)
    asked = gate_files.asked(workspace) if reviewed else {}
    # machines know by now; this waits until whoever else writes, a long import perhaps, has done
    with warehouse.joined():
        turned = record_turns(warehouse, gate_states(warehouse, charters, looked), today, asked)
    gate_files.forget_asked(workspace, asked, today)
    with suppress(OSError):
        write_private(workspace.path / gate_files.GATES / _SEEN, str(newest).encode())
    return turned


def looked_today(warehouse: Warehouse, workspace: Workspace) -> None:
    """Notes that somebody looked at the newest review; writes only what is not noted yet."""
    today = workspace.today()
    names = gate_files.workflows(workspace)
    states = [gate_files.read_state(workspace, name) for name in names]
    if not states or any(state is None or state.reviewed_on != today for state in states):
        refresh(warehouse, workspace, reviewed=True)


def settle(warehouse: Warehouse, workspace: Workspace) -> None:
    """Writes gates that a process which died has left behind the ledger, or that a restored workspace lacks."""
    try:
        seen = int((workspace.path / gate_files.GATES / _SEEN).read_text(encoding="ascii"))
    except (OSError, ValueError):
        seen = 0
    if newest_of(warehouse, GATE_KINDS) <= seen:
        return
    try:
        refresh(warehouse, workspace)
    except LeadlineError:
        # whatever was to be done is done all the same; 'leadline check' says what is wrong
        logging.getLogger("leadline.dashboard").exception("The gates could not be written anew.")


def _looked(warehouse: Warehouse, workspace: Workspace) -> dict[str, dt.date]:
    """The last review of each, as its file says; where that is lost, as its last turn or closed review does."""
    told: dict[str, dt.date] = {}
    for entry in entries(warehouse, ("gate_turned", "review_closed")):
        day = entry.payload.get("reviewed_on" if entry.kind == "gate_turned" else "on")
        if entry.workflow and day:
            told[entry.workflow] = max(dt.date.fromisoformat(day), told.get(entry.workflow, dt.date.min))
    for name in gate_files.workflows(workspace):
        with suppress(WorkspaceError):
            state = gate_files.read_state(workspace, name)
            if state is not None and state.reviewed_on is not None:
                told[name] = state.reviewed_on
    return told
