"""Runs a command where the workspace's database is open: in the process that serves it, else in this one.

One process owns the DuckDB file. While a dashboard serves the workspace, `.leadline/server.json` there (only
its user can read it) tells its port and a token, and a command is sent to it; otherwise the command takes the
workspace's lock and opens the database itself. Both ways run the same functions of `dashboard.service.commands`.

An answer is a stream of lines, one JSON object each: `{"item": {...}}` for every result as it is ready, then
`{"done": true}`; or `{"error": "one sentence"}`. An answer without its last line was cut off.
"""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from leadline.dashboard.service.command import CUT_OFF
from leadline.data.errors import InUseError, LeadlineError, WorkspaceError
from leadline.data.workspace.workspace import Workspace

SERVER_FILE = "server.json"
HOST = "127.0.0.1"
API = "/api/leadline/"
_STARTING_SECONDS = 10.0
"""how long a server that is alive but not answering yet is waited for"""
_RESUMING_SECONDS = 60.0
"""how long a command that was cut off waits for others that were cut off with it"""

VERSION = version("leadline")

Json = dict[str, Any]


@dataclass(frozen=True)
class Server:
    """A process that serves a workspace on loopback."""

    pid: int
    port: int
    token: str
    version: str

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"


class CutOffError(WorkspaceError):
    """The server died, or fell silent, before its answer was complete."""


def run(workspace: Workspace, command: str, arguments: Mapping[str, Any]) -> Iterator[Json]:
    """The command's results, one by one as they are ready. Raises LeadlineError with one sentence.

    Where the server dies at work, what became of the work is looked up in the workspace and the rest is done.
    """
    begun, told = dt.datetime.now(dt.UTC).replace(tzinfo=None), 0
    try:
        for item in _run(workspace, command, arguments):
            told += 1
            yield item
    except CutOffError as e:
        cut_off = {CUT_OFF: {"told": told, "begun": begun.isoformat()}}
        try:
            yield from _run(workspace, command, {**arguments, **cut_off})
        except InUseError:
            raise e from None


def _run(workspace: Workspace, command: str, arguments: Mapping[str, Any]) -> Iterator[Json]:
    from leadline.dashboard.service import charter_files, gates, tokens
    from leadline.dashboard.service.commands import COMMANDS
    from leadline.data.warehouse import open_warehouse

    if server := serving(workspace.path):
        yield from _remotely(server, command, arguments)
        return
    patience = _RESUMING_SECONDS if CUT_OFF in arguments else None
    with ExitStack() as stack:
        try:
            warehouse = stack.enter_context(open_warehouse(workspace, patience))
        except WorkspaceError:
            # a dashboard may have taken the workspace while this command waited for it
            if not (server := serving(workspace.path)):
                raise
        else:
            # whoever holds the lock is alone: a server file still here was left by one that was killed
            _file(workspace.path).unlink(missing_ok=True)
            charter_files.settle(warehouse, workspace)
            gates.settle(warehouse, workspace)
            tokens.settle(warehouse, workspace)
            yield from COMMANDS[command].answer(warehouse, workspace, arguments)
            return
    yield from _remotely(server, command, arguments)


def announce(path: Path, port: int) -> Server:
    """Writes the server file of this process, which only its user can read. Raises WorkspaceError."""
    server = Server(pid=os.getpid(), port=port, token=secrets.token_urlsafe(32), version=VERSION)
    written = _file(path).with_suffix(f".{server.pid}")
    try:
        written.unlink(missing_ok=True)
        handle = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(server), file)
        written.replace(_file(path))
    except OSError as e:
        written.unlink(missing_ok=True)
        raise WorkspaceError(
            f"The workspace {path} can't be served, because nothing can be written there ({e.strerror}); make room on "
            "its disk, or check that you may write there."
        ) from e
    return server


def withdraw(path: Path, server: Server) -> None:
    """Removes the server file if it is still that server's."""
    if announced(path) == server:
        _file(path).unlink(missing_ok=True)


def _file(path: Path) -> Path:
    from leadline.data.workspace.lock import PRIVATE_FOLDER

    return path / PRIVATE_FOLDER / SERVER_FILE


def announced(path: Path) -> Server | None:
    """What the server file says; None where there is none or it is not ours."""
    try:
        told = json.loads(_file(path).read_text(encoding="utf-8"))
        return Server(
            pid=int(told["pid"]),
            port=int(told["port"]),
            token=str(told["token"]),
            version=str(told["version"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def serving(path: Path) -> Server | None:
    """The server of that workspace, when it answers to its token. One that is just starting is waited for."""
    give_up = time.monotonic() + _STARTING_SECONDS
    while (server := announced(path)) and _alive(server.pid):
        answered = _health(server)
        if answered is not None:
            return server if answered else None
        if time.monotonic() > give_up:
            return None
        time.sleep(0.2)
    return None


def fresh_address(server: Server) -> str:
    """Where a browser may open it, once where nobody signs in. Raises WorkspaceError where the server is gone."""
    try:
        with closing(http.client.HTTPConnection(HOST, server.port, timeout=5)) as connection:
            connection.request("GET", f"{API}address", headers=_headers(server))
            told = json.loads(connection.getresponse().read(10_000))
            return str(told["url"])
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as e:
        raise WorkspaceError(
            f"The dashboard that serves this workspace (process {server.pid}) tells no address; stop it and start it "
            "again."
        ) from e


def _alive(pid: int) -> bool:
    if os.name == "nt":
        return True  # asking would end the process there; the port tells
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _health(server: Server) -> bool | None:
    """True where it is our server, False where something else answers, None where nothing does."""
    try:
        with closing(http.client.HTTPConnection(HOST, server.port, timeout=5)) as connection:
            connection.request("GET", f"{API}health", headers=_headers(server))
            response = connection.getresponse()
            told = json.loads(response.read(10_000) or b"{}")
            return response.status == 200 and isinstance(told, dict) and told.get("pid") == server.pid
    except (ConnectionError, TimeoutError):
        return None
    except (OSError, http.client.HTTPException, ValueError):
        return False


def _headers(server: Server) -> dict[str, str]:
    return {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}


def _remotely(server: Server, command: str, arguments: Mapping[str, Any]) -> Iterator[Json]:
    if server.version != VERSION:
        raise WorkspaceError(
            f"The dashboard that serves this workspace (process {server.pid}) runs Leadline {server.version} "
            f"and this command is {VERSION}; stop that dashboard and start it again."
        )
    try:
        with closing(http.client.HTTPConnection(HOST, server.port, timeout=5)) as connection:
            connection.connect()
            if connection.sock is not None:
                connection.sock.settimeout(None)  # landing a large file takes what it takes
            connection.request("POST", API + command, json.dumps(dict(arguments)), _headers(server))
            response = connection.getresponse()
            for line in response:
                told = json.loads(line)
                if "item" in told:
                    yield told["item"]
                elif "error" in told:
                    raise LeadlineError(str(told["error"]))
                elif told.get("done"):
                    return
    except (OSError, http.client.HTTPException, ValueError) as e:
        raise CutOffError(
            f"The dashboard that serves this workspace (process {server.pid}) stopped answering; "
            "run 'leadline imports' to see what has landed, then repeat the command."
        ) from e
    raise CutOffError(
        f"The dashboard that serves this workspace (process {server.pid}) ended before its answer was "
        "complete; run 'leadline imports' to see what has landed, then repeat the command."
    )
