"""How far long work has come, on a terminal only: one line of standard error, wiped when the work is done."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType

_QUIET_SECONDS = 0.8
"""work shorter than this shows nothing"""


class Progress:
    """`with Progress('Landing') as progress: progress.step('deals.csv')`. Silent where nobody watches."""

    def __init__(self, doing: str, quiet: bool = False) -> None:
        self._doing = doing
        self._quiet = quiet
        self._step = ""
        self._started = time.monotonic()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._shown = False

    def step(self, what: str) -> None:
        self._step = what

    def __enter__(self) -> Progress:
        if sys.stderr.isatty() and not self._quiet:
            self._thread = threading.Thread(target=self._show, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread:
            self._thread.join()
        self._wipe()

    def _show(self) -> None:
        while not self._ended.wait(_QUIET_SECONDS if not self._shown else 0.5):
            seconds = int(time.monotonic() - self._started)
            sys.stderr.write(f"\r\x1b[2K{self._doing} {self._step} … {seconds} s"[:200])
            sys.stderr.flush()
            self._shown = True

    def _wipe(self) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
