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
from tests.dashboard.serving import Served

PUBLIC, SIGNED_IN = "leadline.example.com", "ana@example.com"
SERVED = f"""\
[serve]
public = "https://{PUBLIC}"
login = "header"
[serve.header]
email = "X-Forwarded-Email"
trusted_proxies = ["127.0.0.1"]
[access.people]
"{SIGNED_IN}" = "owner"
"""
"""a workspace of a team behind a proxy; the command line reaches it by loopback as ever"""
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
    token: str = ""
    """with which a machine asks over HTTP"""

    def next(self) -> str:
        """The other one."""
        return "pause" if self.decided != "pause" else "continue"

    def compare(self, folder: Path) -> None:
        """What a machine is told now, before anybody has opened the workspace again. Raises AssertionError."""
        state = gate_files.read_state(open_workspace(folder), self.workflow)
        assert state is not None, f"{self.workflow} has no gate"
        self._is_allowed(state.paused is None)

    def compare_served(self, served: Served) -> None:
        """What the running server tells a machine; and whom it shows its pages. Raises AssertionError."""
        told, word = served.ask(
            "GET", f"/gate/{self.workflow}", headers={"Authorization": f"Bearer {self.token}"}
        )
        assert (told, word) in ((200, b"run"), (200, b"pause")), (told, word)
        self._is_allowed(word == b"run")
        for path, headers, status in (
            (f"/gate/{self.workflow}", {}, 401),
            ("/", {"Host": PUBLIC}, 403),
            ("/", {"Host": PUBLIC, "X-Forwarded-Email": "eve@example.com"}, 403),
            ("/", {"Host": PUBLIC, "X-Forwarded-Email": SIGNED_IN}, 200),
        ):
            assert served.ask("GET", path, headers=headers)[0] == status, (path, headers)

    def _is_allowed(self, said: bool) -> None:
        allowed = {SAYS[self.decided] is not False, *([SAYS[self.begun] is not False] if self.begun else [])}
        assert said in allowed, f"the gate says {said} after {self.decided} and {self.begun}"

    def learn(self, warehouse: Warehouse) -> None:
        """What became of the decision that was begun. Raises AssertionError where another one stands."""
        kept = next((each.kind for each in decisions(warehouse, self.workflow)), None)
        assert kept in (self.decided, self.begun), f"{kept} stands, not {self.decided} or {self.begun}"
        self.decided, self.begun = kept, None
