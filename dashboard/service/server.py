"""Serves the dashboard and, beside it, the local API through which commands reach an open workspace.

The process holds the workspace's DuckDB file from start to end (`service.open_warehouse`). It listens on loopback
unless `[serve]` says otherwise, and everything that is asked of it passes `service.admission.guard` first.
The API wants the token of the server file, JSON, and no browser's `Origin`.
"""

from __future__ import annotations

import contextlib
import gc
import hmac
import importlib
import json
import os
import pkgutil
import signal
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from leadline.dashboard.service import (
    access,
    client,
    failures,
    inbox_watch,
    machine_routes,
    open_warehouse,
    streamlit_options,
)
from leadline.dashboard.service.admission import streamlit_doors
from leadline.dashboard.service.admission.guard import Guard
from leadline.dashboard.service.admission.serve_settings import Serving, read_serving
from leadline.dashboard.service.admission.visitors import PARAMETER, Visitors
from leadline.dashboard.service.commands import COMMANDS
from leadline.data.errors import LeadlineError, WorkspaceError
from leadline.data.workspace.workspace import Workspace

SCRIPT = Path(__file__).parents[1] / "app.py"
_PAGES = "leadline.dashboard.views.caches"
"""what all pages import; named as the script is, because pages know the service and it knows none of them"""
FIRST_PORT = 8501
_PORTS_TRIED = 50
_LARGEST_REQUEST = 1_000_000
_HANDLES_LOOKED_AT = 256
"""among which the listening socket is: it is one of the first that the process opens"""


def serve(
    workspace: Workspace,
    port: int | None,
    browser: bool,
    garbage_thresholds: tuple[int, int, int],
    tell: Callable[[str], None],
) -> int:
    """Serves the workspace until Ctrl+C or SIGTERM; 0 when it ends. Raises WorkspaceError if it can't begin.

    A workspace that is being served already is not served twice: its address is told instead. Without `port`, the
    first one that is free; `garbage_thresholds` are `gc`'s from when all is imported on. The address is told by `tell`.
    """
    if running := client.serving(workspace.path):
        address = client.fresh_address(running)
        tell(f"{workspace.path} is being served already, at {address} .")
        if browser:
            _open_browser(address)
        return 0
    serving = read_serving(workspace)
    chosen = _free_port(port, serving.host)
    open_warehouse.serve(workspace.path)
    open_warehouse.shared_warehouse(workspace)
    visitors = Visitors(workspace.path)
    server = client.announce(workspace.path, chosen)
    try:
        address = _address(serving, server, visitors)
        tell(f"Leadline serves {workspace.path} at {address} (Ctrl+C stops it).")
        if browser:
            threading.Thread(target=_open_when_ready, args=(server, address), daemon=True).start()
        _run(workspace, server, serving, visitors, garbage_thresholds)
    except KeyboardInterrupt:
        pass
    finally:
        _end(workspace, server)
    return 0


def _address(serving: Serving, server: client.Server, visitors: Visitors) -> str:
    """Where somebody opens it: good for one browser where nobody signs in."""
    url = serving.public.url if serving.public else server.url
    return url if serving.login else f"{url}/?{PARAMETER}={visitors.new_secret()}"


def _end(workspace: Workspace, server: client.Server) -> None:
    client.withdraw(workspace.path, server)
    open_warehouse.close_shared(workspace.path)


def _run(
    workspace: Workspace,
    server: client.Server,
    serving: Serving,
    visitors: Visitors,
    garbage_thresholds: tuple[int, int, int],
) -> None:
    import uvicorn.config
    from streamlit.starlette import App

    @contextlib.asynccontextmanager
    async def lifespan(_: App) -> AsyncIterator[dict[str, Any]]:
        _import_ahead()
        _send_at_once(server.port)
        gc.set_threshold(*garbage_thresholds)
        watched = inbox_watch.begin(workspace.path)
        yield {}
        watched.set()
        # here, because a SIGTERM ends the process right after the server's own shutdown
        _end(workspace, server)

    app = App(
        SCRIPT,
        routes=[
            *routes(workspace.path, server.token, lambda: _address(serving, server, visitors)),
            *machine_routes.routes(workspace.path, serving.path),
        ],
        middleware=[
            Middleware(
                Guard,
                serving=serving,
                visitors=visitors,
                workspace=lambda: open_warehouse.workspace_at(workspace.path),
                streamlit=streamlit_doors.Doors(server.url, serving),
            )
        ],
        secrets=streamlit_options.secrets(workspace.path, serving),
        lifespan=lifespan,
    )
    # Streamlit looks for .streamlit/config.toml beside the program's first argument
    sys.argv = [str(SCRIPT)]
    for logger in uvicorn.config.LOGGING_CONFIG["loggers"].values():
        logger["level"] = "WARNING"
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ.update(streamlit_options.environment(workspace.path))
    app.run(config=streamlit_options.options(serving, server.port))


def routes(path: Path, token: str, new_address: Callable[[], str]) -> list[Route]:
    """The API: `health` and a fresh `address` by GET, every command by POST. `path` is the workspace's folder."""

    def refusal(request: Request) -> Response | None:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            return _error("This address answers only to the Leadline command line of the same user.", 401)
        if "origin" in request.headers:
            return _error("This address does not answer to web pages.", 403)
        if request.headers.get("content-type", "").split(";")[0] != "application/json":
            return _error("This address understands JSON only.", 415)
        return None

    async def health(request: Request) -> Response:
        return refusal(request) or JSONResponse({"pid": os.getpid(), "version": client.VERSION})

    async def address(request: Request) -> Response:
        return refusal(request) or JSONResponse({"url": new_address()})

    async def command(request: Request) -> Response:
        if refused := refusal(request):
            return refused
        name = request.path_params["command"]
        if name not in COMMANDS:
            return _error("There is no such command.", 404)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST_REQUEST:
                return _error("The request is too large.", 413)
        try:
            arguments = json.loads(bytes(body))
        except ValueError:
            arguments = None
        if not isinstance(arguments, dict):
            return _error("The request is not a JSON object.", 400)
        return StreamingResponse(_answer(path, name, arguments), media_type="application/x-ndjson")

    return [
        Route(f"{client.API}health", health, methods=["GET"]),
        Route(f"{client.API}address", address, methods=["GET"]),
        Route(f"{client.API}{{command}}", command, methods=["POST"]),
    ]


def _error(sentence: str, status: int) -> Response:
    return JSONResponse({"error": sentence}, status_code=status)


def _answer(path: Path, name: str, arguments: dict[str, Any]) -> Iterator[str]:
    """The command's results as lines of JSON; see `dashboard.service.client`. Runs in a worker thread."""
    try:
        workspace = open_warehouse.current_workspace()
        access.require_command(workspace, name)
        for item in COMMANDS[name].answer(open_warehouse.shared_warehouse(workspace), workspace, arguments):
            yield _line({"item": item})
        yield _line({"done": True})
    except LeadlineError as e:
        yield _line({"error": str(e)})
    except Exception as e:
        yield _line({"error": failures.unexpected(e, path)})


def _line(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, allow_nan=False) + "\n"


def _free_port(wanted: int | None, host: str) -> int:
    """The port wanted, or the first free one from 8501 on. Raises WorkspaceError where there is none."""
    for port in [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + _PORTS_TRIED):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    if wanted:
        raise WorkspaceError(
            f"Port {wanted} is taken or not allowed; choose another with --port, or leave it out."
        )
    raise WorkspaceError(
        f"No port from {FIRST_PORT} to {FIRST_PORT + _PORTS_TRIED - 1} is free; name one with --port."
    )


def _send_at_once(port: int) -> None:
    """Answers don't wait until the other side has acknowledged their headers, which takes 40 ms.

    asyncio asks for that where a socket names its protocol, and the one that Streamlit listens on names none. What is
    set for it holds for every connection that it takes.
    """
    if os.name == "nt":
        return
    for handle in range(_HANDLES_LOOKED_AT):
        with contextlib.suppress(OSError), socket.fromfd(handle, socket.AF_INET, socket.SOCK_STREAM) as known:
            listens = known.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            if listens and known.getsockname()[1:2] == (port,):
                known.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _import_ahead() -> None:
    """Imports what pages need before the first visitor comes, then spares it from garbage collection."""
    import leadline.dashboard.drawings

    for name in (
        "plotly.graph_objects",
        "pandas",
        "leadline.metrics.review",
        _PAGES,
    ):
        importlib.import_module(name)
    for module in pkgutil.iter_modules(leadline.dashboard.drawings.__path__, "leadline.dashboard.drawings."):
        importlib.import_module(module.name)
    gc.collect()
    gc.freeze()


def _open_when_ready(server: client.Server, address: str) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        with contextlib.suppress(OSError), socket.create_connection((client.HOST, server.port), timeout=1):
            _open_browser(address)
            return
        time.sleep(0.2)


def _open_browser(url: str) -> None:
    """Opens the page where there is a screen; a text browser in this terminal would only be in the way."""
    has_screen = (
        sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if has_screen:
        with contextlib.suppress(webbrowser.Error, OSError):
            webbrowser.open(url)
