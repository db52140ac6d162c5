"""What machines ask a workspace that is being served: gates, metrics, health.

Gates are answered from their files (`service.gate_files`), never by a query: one is asked before each unit perhaps,
also while an import lands. `POST /ofrep/v1/evaluate/flags[/WORKFLOW]` speaks the OpenFeature Remote Evaluation
Protocol, in which a workflow is a flag whose value is whether it may go on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from leadline.dashboard.service import (
    feeds,
    gate_files,
    mcp_server,
    open_metrics,
    open_warehouse,
    tokens,
    weekly,
)
from leadline.dashboard.service.admission.requests import MACHINES
from leadline.dashboard.service.assistant_answers import ASSISTANT_COMMANDS
from leadline.dashboard.service.channels import notifying
from leadline.dashboard.words.conventions import writing
from leadline.dashboard.words.feeds import CALENDAR_TYPE, FEED_TYPE
from leadline.dashboard.words.weekly_message import unsubscribe_page
from leadline.data.errors import LeadlineError
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.gate import GateAnswer

_LARGEST_BODY = 100_000
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_NOT_KEPT = {"Cache-Control": "no-store"}
_ASKED_AGAIN = {"Cache-Control": "private, no-cache"}
_NOT_PASSED_ON = {"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
_PAGE = {
    **_NOT_KEPT,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'",
}
_FEEDS = {
    "checkpoints.ics": (feeds.calendar, CALENDAR_TYPE),
    "alerts.atom": (feeds.alerts_feed, FEED_TYPE),
}
Endpoint = Callable[[Request], Awaitable[Response]]
Asked = Callable[[Request, tokens.Token], Awaitable[Response]]


class _UnusableError(Exception):
    """What was sent can't be evaluated: OFREP's error code, and a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def routes(path: Path, prefix: str = "") -> list[Route]:
    """All of them, under `prefix`; whether it is alive is told at the root as well. `path`: the workspace's folder."""
    below = [Route(prefix + each.path, each.endpoint, methods=each.methods) for each in _routes(path)]
    return [*below, *(health_routes() if prefix else [])]


def _routes(path: Path) -> list[Route]:
    machines = _Machines(path)
    return [
        *health_routes(),
        Route("/metrics", machines.with_token("read", machines.metrics)),
        Route("/gate/{workflow}", machines.with_token("gate", machines.gate)),
        Route("/ofrep/v1/evaluate/flags", machines.with_token("gate", machines.flags), methods=["POST"]),
        Route(
            "/ofrep/v1/evaluate/flags/{workflow}",
            machines.with_token("gate", machines.flag),
            methods=["POST"],
        ),
        Route("/mcp", machines.with_token("read", machines.assistants), methods=["GET", "POST", "DELETE"]),
        Route("/feeds/unsubscribe/{token}", machines.unsubscribe, methods=["GET", "POST"]),
        Route("/feeds/{token}/{name}", machines.feed),
        # what is unknown is said to be, instead of being shown as a page
        *(Route(f"/{name}", _unknown, methods=_METHODS) for name in MACHINES),
        *(Route(f"/{name}/{{rest:path}}", _unknown, methods=_METHODS) for name in MACHINES),
    ]


def health_routes() -> list[Route]:
    """Whether it is alive, and whether the workspace can be read."""
    return [Route("/healthz", _healthz), Route("/readyz", _readyz)]


class _Machines:
    """What machines with a token are answered about one workspace."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def with_token(self, may: tokens.May, answer: Asked) -> Endpoint:
        """The endpoint that answers only to tokens of this kind."""

        async def endpoint(request: Request) -> Response:
            held = self._held(request)
            if held is None:
                sentence = "Send a token of this workspace as 'Authorization: Bearer …'; see 'leadline token --help'."
                return PlainTextResponse(f"{sentence}\n", 401, {"WWW-Authenticate": "Bearer"})
            if held.may != may:
                return PlainTextResponse(f"This token may not do that; make one with '--may {may}'.\n", 403)
            try:
                return await answer(request, held)
            except LeadlineError as e:
                return PlainTextResponse(f"{e}\n", 503)

        return endpoint

    async def gate(self, request: Request, held: tokens.Token) -> Response:
        """`run` or `pause`, for whoever compares a text; JSON where that is asked for."""
        workspace, workflow = self._workspace(), request.path_params["workflow"]
        said = gate_files.ask(workspace, workflow, request.query_params.get("key"), held.name)
        if said is None:
            return PlainTextResponse("There is no such workflow.\n", 404)
        if "application/json" in request.headers.get("accept", ""):
            return _json(_told(workspace, said))
        return PlainTextResponse("run" if said.may_run else "pause", headers=_NOT_KEPT)

    async def flag(self, request: Request, held: tokens.Token) -> Response:
        """One workflow as a flag."""
        workspace, workflow = self._workspace(), request.path_params["workflow"]
        try:
            key = _targeting_key(await _body(request))
        except _UnusableError as e:
            return _refused(e.code, str(e), workflow)
        said = gate_files.ask(workspace, workflow, key, held.name)
        if said is None:
            return _refused("FLAG_NOT_FOUND", "There is no such workflow.", workflow, 404)
        return _json(_flag(workspace, said))

    async def flags(self, request: Request, held: tokens.Token) -> Response:
        """All workflows, and a tag by which a caller that has them already is told so."""
        workspace = self._workspace()
        try:
            key = _targeting_key(await _body(request))
        except _UnusableError as e:
            return _refused(e.code, str(e))
        asked = (gate_files.ask(workspace, name, key, held.name) for name in gate_files.workflows(workspace))
        content = {"flags": [_flag(workspace, said) for said in asked if said is not None]}
        tagged = _tagged(json.dumps(content, sort_keys=True))
        return _unchanged(request, tagged) or _json(content, tagged)

    async def metrics(self, request: Request, held: tokens.Token) -> Response:
        """OpenMetrics."""
        text = await run_in_threadpool(self._measured)
        return Response(text, media_type=open_metrics.CONTENT_TYPE)

    async def assistants(self, request: Request, held: tokens.Token) -> Response:
        """The Model Context Protocol: three tools that read. Nothing is told without being asked, so there is no stream
        to listen to, and no session to end."""
        if request.method != "POST":
            return PlainTextResponse("Assistants ask with POST.\n", 405, {"Allow": "POST"})
        if not mcp_server.is_installed():
            return PlainTextResponse(f"{mcp_server.MISSING}\n", 501)
        return _Assisted(self._asked)

    def _asked(self, command: str, arguments: Mapping[str, Any]) -> str:
        workspace = self._workspace()
        answer = ASSISTANT_COMMANDS[command].answer(
            open_warehouse.shared_warehouse(workspace), workspace, arguments
        )
        return str(next(answer)["text"])

    async def feed(self, request: Request) -> Response:
        """Checkpoints or alerts, for programs that send no headers: the token stands in the address."""
        held = tokens.holder(self._path, request.path_params["token"])
        made = _FEEDS.get(request.path_params["name"])
        if held is None or held.may != "read" or made is None:
            return await _unknown(request)
        write, media_type = made
        try:
            text = await run_in_threadpool(self._written, write)
        except LeadlineError as e:
            return PlainTextResponse(f"{e}\n", 503)
        told = _ASKED_AGAIN | _NOT_PASSED_ON | _tagged(text)
        return _unchanged(request, told) or Response(text, media_type=media_type, headers=told)

    def _written(self, write: Callable[[Any, Workspace], str]) -> str:
        workspace = self._workspace()
        return write(open_warehouse.shared_warehouse(workspace), workspace)

    async def unsubscribe(self, request: Request) -> Response:
        """Ends somebody's weekly message: asked first, because mail programs open links by themselves."""
        if request.method == "GET":
            return HTMLResponse(unsubscribe_page(is_done=False), headers=_PAGE | _NOT_PASSED_ON)
        try:
            is_known = await run_in_threadpool(self._left, request.path_params["token"])
        except LeadlineError as e:
            return PlainTextResponse(f"{e}\n", 503)
        if not is_known:
            return await _unknown(request)
        return HTMLResponse(unsubscribe_page(is_done=True), headers=_PAGE | _NOT_PASSED_ON)

    def _left(self, token: str) -> bool:
        workspace = self._workspace()
        people = list(notifying(workspace).people)
        return weekly.leave_by_token(open_warehouse.shared_warehouse(workspace), token, people)

    def _measured(self) -> str:
        workspace = self._workspace()
        return open_metrics.text(open_warehouse.shared_warehouse(workspace), workspace)

    def _workspace(self) -> Workspace:
        return open_warehouse.workspace_at(self._path)

    def _held(self, request: Request) -> tokens.Token | None:
        given = request.headers.getlist("authorization")
        scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        return tokens.holder(self._path, token.strip()) if scheme.lower() == "bearer" else None


class _Assisted(Response):
    """An answer that the protocol's own library sends."""

    def __init__(self, ask: mcp_server.Ask) -> None:
        super().__init__()
        self._ask = ask

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await mcp_server.answer_http(self._ask, scope, receive, send)


def _tagged(content: str) -> dict[str, str]:
    return {"ETag": f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'}


def _unchanged(request: Request, told: Mapping[str, str]) -> Response | None:
    """The answer to who has this already, by its tag (RFC 9110, 13.1.2); None to who has not."""
    known = request.headers.get("if-none-match", "").split(",")
    if told["ETag"] in [each.strip().removeprefix("W/") for each in known]:
        return Response(status_code=304, headers=told)
    return None


async def _healthz(request: Request) -> Response:
    return PlainTextResponse("ok\n")


async def _readyz(request: Request) -> Response:
    is_ready = await run_in_threadpool(_is_ready)
    return PlainTextResponse("ok\n") if is_ready else PlainTextResponse("not ready\n", 503)


async def _unknown(request: Request) -> Response:
    return PlainTextResponse("There is nothing at this address.\n", 404)


def _is_ready() -> bool:
    try:
        warehouse = open_warehouse.shared_warehouse(open_warehouse.current_workspace())
        return bool(warehouse.select("select 1"))
    except Exception:
        return False  # whatever it is, nobody can be served


async def _body(request: Request) -> Any:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_BODY:
            raise _UnusableError("PARSE_ERROR", "The request is too large.")
    try:
        return json.loads(bytes(body))
    except (ValueError, RecursionError):
        raise _UnusableError("PARSE_ERROR", "The request is not JSON.") from None


def _targeting_key(body: Any) -> str | None:
    context = body.get("context", {}) if isinstance(body, Mapping) else None
    key = context.get("targetingKey") if isinstance(context, Mapping) else None
    if not isinstance(context, Mapping) or not isinstance(key, str | None):
        sentence = "Send an object with a 'context', whose 'targetingKey', where there is one, is a text."
        raise _UnusableError("INVALID_CONTEXT", sentence)
    return key


def _told(workspace: Workspace, said: GateAnswer) -> dict[str, Any]:
    with writing(workspace.settings.locale):
        return gate_files.answer_json(said)


def _flag(workspace: Workspace, said: GateAnswer) -> dict[str, Any]:
    """A flag as OFREP has it; without its value where that can't be said, so that the caller's own default counts."""
    told = _told(workspace, said)
    reason = "STALE" if said.value is None else "SPLIT" if said.variant == "human" else "STATIC"
    metadata = {name: told[name] for name in told if name not in ("workflow", "value", "variant")}
    value = {} if said.value is None else {"value": said.value}
    return {
        "key": said.workflow,
        "reason": reason,
        "variant": said.variant,
        **value,
        "metadata": {name: known for name, known in metadata.items() if known is not None},
    }


def _refused(code: str, sentence: str, workflow: str | None = None, status: int = 400) -> Response:
    key = {} if workflow is None else {"key": workflow}
    return JSONResponse({**key, "errorCode": code, "errorDetails": sentence}, status)


def _json(content: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(content, headers={**_NOT_KEPT, **(headers or {})})
