"""A real `leadline dashboard` in a process of its own, for as long as a test needs it."""

from __future__ import annotations

import contextlib
import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from leadline.dashboard.service import client

LEADLINE = Path(sys.executable).with_name("leadline")
"""the installed console command"""


@dataclass(frozen=True)
class Served:
    workspace: Path
    port: int
    process: subprocess.Popen[str]

    def address(self, path: str = "/") -> str:
        """Where a browser may open that page, once; with the cookie that it gets then, ever after."""
        server = client.announced(self.workspace)
        assert server is not None
        opened = client.fresh_address(server)
        return opened.replace("/?", path + ("&" if "?" in path else "?"), 1)

    @cached_property
    def cookie(self) -> str:
        """Of a browser that has opened the printed address."""
        target = self.address().removeprefix(f"http://127.0.0.1:{self.port}")
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("GET", target)
            answer = connection.getresponse()
            assert answer.status == 303, (answer.status, answer.read())
            return str(answer.headers["set-cookie"]).partition(";")[0]

    def stop(self, how: signal.Signals) -> tuple[int, str, str]:
        """Ends it with a signal; its status and what it printed."""
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """One request; status and body."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.read()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    workspace: Path, before: Callable[[], None] | None = None, port: int | None = None
) -> Iterator[Served]:
    """Serves the workspace until the block ends, whatever state the process is in then.

    `before` is called in the new process before it becomes the server.
    """
    port = port or free_port()
    process = subprocess.Popen(
        [LEADLINE, "dashboard", "--no-browser", "--port", str(port), "--workspace", workspace],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        preexec_fn=before,
    )
    served = Served(workspace, port, process)
    try:
        _wait(served)
        yield served
    finally:
        if process.poll() is None:
            process.kill()
        with contextlib.suppress(ValueError):
            process.communicate(timeout=30)


def _wait(served: Served) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        if served.process.poll() is not None:
            raise AssertionError(f"the server ended: {served.process.communicate()}")
        with contextlib.suppress(OSError):
            if served.ask("GET", "/healthz")[0] == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not answer within a minute")
