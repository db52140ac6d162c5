"""A PostgreSQL server of our own: an empty cluster in a folder, on a unix socket there, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


def _program(name: str) -> str:
    """The newest of Debian's versions, or the one on the path; skips where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: int(p.parts[4]))
    program = str(found[-1]) if found else shutil.which(name)
    if program is None:
        pytest.skip(f"needs PostgreSQL's {name}, which is not installed here")
    return program


@dataclass(frozen=True)
class Server:
    """A running server."""

    address: str
    """its connection string"""
    restart: Callable[[], None]
    """ends every connection"""


@contextmanager
def postgres_server() -> Iterator[Server]:
    """A server for as long as the block runs. It refuses to be root, so root runs it as 'postgres'."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    user = "postgres" if os.name == "posix" and os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="leadline-pg-"))
    if user:
        shutil.chown(folder, user)

    def run(*command: str) -> None:
        done = subprocess.run(
            command, user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        assert done.returncode == 0, done.stderr

    data = str(folder / "data")
    try:
        run(initdb, "-D", data, "-U", "leadline", "-A", "trust", "--no-sync", "-E", "UTF8")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=10"
        run(pg_ctl, "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield Server(
                f"host={folder} user=leadline dbname=postgres",
                lambda: run(pg_ctl, "-D", data, "-m", "fast", "-w", "restart"),
            )
        finally:
            run(pg_ctl, "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
