"""Files landing one after the other in a thread of their own, so that whoever began it can go elsewhere meanwhile."""

from __future__ import annotations

import contextvars
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from leadline.data.exports.landing_report import FileReport
from leadline.data.landing.land import Step, Tell

_log = logging.getLogger("leadline.dashboard")
_STEPS: dict[Step, tuple[float, str]] = {
    "receiving": (0.0, "is being received"),
    "reading": (0.1, "is being read and checked"),
    "waiting": (0.6, "waits for another import that is landing"),
    "comparing": (0.65, "is being compared with what is known"),
    "writing": (0.75, "is being written"),
}
"""step -> the share of a file's time that is over when it begins, and its words"""


@dataclass(frozen=True)
class ToLand:
    """One file and how to land it; `land` is told a callback for its steps and raises nothing it expects."""

    name: str
    land: Callable[[Tell], FileReport]


@dataclass
class LandingWork:
    """How far the files have come. Made by `begin`; read from any thread."""

    names: Sequence[str]
    reports: list[FileReport] = field(default_factory=list)
    step: Step = "receiving"
    over: threading.Event = field(default_factory=threading.Event)

    def share(self) -> float:
        """How much is done, 0 to 1."""
        done = len(self.reports)
        return 1.0 if done >= len(self.names) else (done + _STEPS[self.step][0]) / len(self.names)

    def words(self) -> str:
        """'leads.csv (2 of 3) is being written', without a full stop."""
        at = min(len(self.reports), len(self.names) - 1)
        which = f" ({at + 1} of {len(self.names)})" if len(self.names) > 1 else ""
        return f"{self.names[at]}{which} {_STEPS[self.step][1]}"


def begin(files: Sequence[ToLand]) -> LandingWork:
    """Begins landing the files; each lands whole or not at all, whatever becomes of the others."""
    work = LandingWork([file.name for file in files])
    here = contextvars.copy_context()

    def tell(step: Step) -> None:
        work.step = step

    def run() -> None:
        try:
            for file in files:
                tell("receiving")
                work.reports.append(_landed(file, tell))
        finally:
            work.over.set()

    threading.Thread(target=here.run, args=(run,), name="leadline-landing", daemon=True).start()
    return work


def _landed(file: ToLand, tell: Tell) -> FileReport:
    try:
        return file.land(tell)
    except Exception:
        _log.exception("%s could not be landed.", file.name)
        return FileReport(
            file.name,
            "refused",
            message=f"{file.name} could not be landed because of a fault in Leadline, and nothing of it was; "
            "tell whoever runs Leadline here: why stands in the server's window.",
            code="fault",
        )
