"""What the workflow's gate may say after any fault: what was decided last, and while that is open, what was before it.

A crash opens none: who was told that a pause is recorded finds the gate shut, whatever died since.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from leadline.dashboard.service import gate_files
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.agreement.decisions import decisions

SAYS = {"pause": False, "continue": True, None: None}
"""decision -> whether the workflow may go on; None: nobody has decided, and nobody looked"""


@dataclass
class Gate:
    """Of one workflow."""

    workflow: str
    decided: str | None = None
    """what was recorded last"""
    begun: str | None = None
    """what somebody began to record, of which nobody knows what became"""

    def next(self) -> str:
        """The other one."""
        return "pause" if self.decided != "pause" else "continue"

    def compare(self, folder: Path) -> None:
        """What a machine is told now, before anybody has opened the workspace again. Raises AssertionError."""
        state = gate_files.read_state(open_workspace(folder), self.workflow)
        said = None if state is None else state.paused is None
        allowed = {SAYS[self.decided] is not False, *([SAYS[self.begun] is not False] if self.begun else [])}
        assert said is None or said in allowed, f"the gate says {said} after {self.decided} and {self.begun}"

    def learn(self, warehouse: Warehouse) -> None:
        """What became of the decision that was begun. Raises AssertionError where another one stands."""
        kept = next((each.kind for each in decisions(warehouse, self.workflow)), None)
        assert kept in (self.decided, self.begun), f"{kept} stands, not {self.decided} or {self.begun}"
        self.decided, self.begun = kept, None
