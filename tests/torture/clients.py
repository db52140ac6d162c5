"""The command line as somebody else runs it: a process of its own, that may be killed, starved or kept out."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.dashboard.serving import LEADLINE

PATIENCE = 300
_DROP_FROM_BOUNDING_SET, _OVERRIDE_PERMISSIONS = 24, 1


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    words: tuple[str, ...]
    status: int
    out: str
    err: str

    @property
    def refused(self) -> bool:
        return self.status == 2

    def assert_done_or_refused(self) -> None:
        """Done, or refused in sentences that a person can act on: no stack trace, nothing that nobody expected."""
        assert self.status in (0, 1, 2, 3, 4), self
        assert "Traceback" not in self.out + self.err, self
        assert "did not expect" not in self.out + self.err, self
        if self.refused:
            lines = self.err.strip().splitlines()
            assert 0 < len(lines) <= 2, self
            assert all(line.endswith((".", "?")) for line in lines), self
        else:
            assert not self.err, self


def start(*words: str | Path, workspace: Path, largest: int | None = None, **environment: str) -> Client:
    """Runs `leadline WORDS…` without waiting for it. `largest`: bytes that a file of it may have, see `full`."""

    def before() -> None:
        obey_permissions()
        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))

    process = subprocess.Popen(
        [LEADLINE, *map(str, words), "--workspace", workspace],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | environment,
        preexec_fn=before,
    )
    return Client(tuple(map(str, words)), process)


@dataclass(frozen=True)
class Client:
    words: tuple[str, ...]
    process: subprocess.Popen[str]

    def wait(self) -> Ended:
        out, err = self.process.communicate(timeout=PATIENCE)
        return Ended(self.words, self.process.returncode, out, err)

    def kill(self) -> None:
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=PATIENCE)


def run(*words: str | Path, workspace: Path, largest: int | None = None, **environment: str) -> Ended:
    """Runs it to its end, which must be one that a person can live with."""
    ended = start(*words, workspace=workspace, largest=largest, **environment).wait()
    ended.assert_done_or_refused()
    return ended


def obey_permissions() -> None:
    """Root may write anywhere; a command run by root in a test must not."""
    if os.geteuid() == 0:
        ctypes.CDLL(None, use_errno=True).prctl(_DROP_FROM_BOUNDING_SET, _OVERRIDE_PERMISSIONS, 0, 0, 0)


@contextmanager
def full(process: subprocess.Popen[Any], largest: int) -> Iterator[None]:
    """No file of that running process grows beyond so many bytes: what a full disk does to it."""
    before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (largest, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nobody may write in that folder."""
    paths = [folder, *folder.rglob("*")]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in paths}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for path, mode in modes.items():
            if path.exists():
                path.chmod(mode)
