"""Stands before everything that is served: each request and websocket passes here, or is told in a sentence why not.

In this order: the host that is asked for, the page that asks, doors that are closed to everybody, who it is, what
the role of that person allows. Machines with a token and health pass on: their routes ask themselves.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from leadline.dashboard.service.access import Person, person_of
from leadline.dashboard.service.admission import identities, uploads
from leadline.dashboard.service.admission.identities import Claims, UnclearIdentityError
from leadline.dashboard.service.admission.requests import UPLOADS, Asked
from leadline.dashboard.service.admission.serve_settings import Serving
from leadline.dashboard.service.admission.streamlit_doors import Doors
from leadline.dashboard.service.admission.visitors import COOKIE_SECONDS, PARAMETER, Visitors
from leadline.data.errors import LeadlineError
from leadline.data.workspace.workspace import Workspace

_NO_ADDRESS = (
    "This dashboard opens by the address that is printed where it was started, which is good once; run 'leadline "
    "dashboard' there for a fresh one."
)
_OTHER_HOST = "This dashboard is not served under that name; open the address that it was started with."
_OTHER_PAGE = "This dashboard does not answer to pages of other addresses."
_NOT_HERE = "There is nothing at this address."
_SIGN_IN = "Sign in to see this dashboard."
_NOBODY = "has no role here, so there is nothing to see; ask an owner of the workspace to name you in leadline.toml."
_NO_UPLOAD = "Files can be sent from the upload page alone, by people who may land exports."
_FULL = "Others are sending files just now, and there is no room for another; try again in a minute."


class Guard:
    """The outermost part of the server."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        serving: Serving,
        visitors: Visitors,
        workspace: Callable[[], Workspace],
        streamlit: Doors,
    ) -> None:
        self._app = app
        self._serving = serving
        self._visitors = visitors
        self._workspace = workspace
        self._streamlit = streamlit
        self._room = uploads.Room(streamlit.bytes_uploaded)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        asked = Asked(scope, self._serving)

        async def told(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                known = {name for name, _ in self._streamlit.headers}
                kept = [each for each in message.get("headers", ()) if each[0].lower() not in known]
                message = {**message, "headers": [*kept, *self._streamlit.headers]}
            await send(message)

        try:
            claims = self._claims(asked)
            refused = self._refusal(asked, claims)
        except UnclearIdentityError as e:
            claims, refused = {}, _refused(str(e), 400, asked)
        except LeadlineError as e:
            claims, refused = {}, _refused(str(e), 503, asked)
        if refused is not None:
            await _answer(refused, scope, receive, told)
            return
        inner = identities.told_to_pages(scope, self._serving.header, claims)
        if asked.door == "upload" and scope["method"] not in ("DELETE", "OPTIONS"):
            await self._upload(asked, inner, receive, told)
        else:
            await self._app(inner, receive, told)

    def _claims(self, asked: Asked) -> Claims:
        """What the login says; nothing where there is none."""
        if asked.door in ("health", "api", "machine", "closed"):
            return {}
        if self._serving.header is not None:
            return identities.claims_of_header(asked, self._serving.header)
        if self._serving.oidc is not None:
            claims = self._streamlit.claims_of_cookies(asked.connection.cookies)
            is_ours = claims.get("origin") == (self._serving.public.origin if self._serving.public else None)
            return claims if is_ours else {"is_logged_in": False}
        return {}

    def _refusal(self, asked: Asked, claims: Claims) -> Response | None:
        if not asked.is_known_host:
            return _refused(_OTHER_HOST, 400, asked)
        if asked.door != "api" and not asked.is_own_origin:
            return _refused(_OTHER_PAGE, 403, asked)
        if asked.door == "closed" or not asked.path:
            return _refused(_NOT_HERE, 404, asked)
        if asked.door in ("health", "api", "machine"):
            return None
        if self._serving.login is None:
            return self._browser(asked)
        if asked.door == "login":
            return None if self._serving.oidc is not None else _refused(_NOT_HERE, 404, asked)
        if not claims.get("is_logged_in"):
            link = self._streamlit.sign_in_address() if self._serving.oidc is not None else None
            return _refused(_SIGN_IN, 403, asked, link)
        who = person_of(self._workspace(), claims)
        if not who.may_read:
            link = f"{self._serving.path}/auth/logout" if self._serving.oidc is not None else None
            return _refused(f"{who.name} {_NOBODY}", 403, asked, link, "Sign out")
        return self._no_upload(asked, who)

    def _browser(self, asked: Asked) -> Response | None:
        """Without a login: the browser that had the printed address."""
        is_known = self._visitors.is_known(asked.connection.cookies.get(self._visitors.cookie))
        given = parse_qsl(asked.scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        secret = next((value for name, value in given if name == PARAMETER), None)
        may_spend = asked.scope["type"] == "http" and asked.scope["method"] == "GET" and asked.door == "page"
        if secret is not None and may_spend and (self._visitors.spend(secret) or is_known):
            rest = urlencode([each for each in given if each[0] != PARAMETER])
            answer = RedirectResponse(asked.scope["path"] + (f"?{rest}" if rest else ""), 303)
            answer.headers["Cache-Control"] = "no-store"
            if not is_known:
                public = self._serving.public
                answer.set_cookie(
                    self._visitors.cookie,
                    self._visitors.new_cookie(),
                    max_age=COOKIE_SECONDS,
                    path=self._serving.path or "/",
                    secure=public is not None and public.origin.startswith("https"),
                    httponly=True,
                    samesite="lax",
                )
            return answer
        if not is_known:
            return _refused(_NO_ADDRESS, 403, asked)
        return self._no_upload(asked, person_of(self._workspace(), {}))

    def _no_upload(self, asked: Asked, who: Person) -> Response | None:
        if asked.door != "upload" or asked.scope["method"] in ("DELETE", "OPTIONS"):
            return None
        session = asked.path.removeprefix(UPLOADS).partition("/")[0]
        if not who.may("land") or not uploads.is_allowed(session):
            return _refused(_NO_UPLOAD, 403, asked)
        return None

    async def _upload(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        """Counts what comes, so that all uploads together stay within what the machine can hold."""
        length = asked.connection.headers.get("content-length", "")
        is_told = (
            length.isdecimal() and len(length) < 16 and "transfer-encoding" not in asked.connection.headers
        )
        size = int(length) if is_told else -1
        if size < 0:
            await _answer(_refused("Say how long the file is.", 411, asked), scope, receive, send)
            return
        if not self._room.take(size):
            await _answer(_refused(_FULL, 413, asked), scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            self._room.leave(size)


def _refused(
    sentence: str, status: int, asked: Asked, link: str | None = None, words: str = "Sign in"
) -> Response:
    """A sentence; as a small page where a browser shows it."""
    if "text/html" not in asked.connection.headers.get("accept", ""):
        return PlainTextResponse(f"{sentence}\n", status, {"Cache-Control": "no-store"})
    way = f'<p><a href="{html.escape(link)}">{html.escape(words)}</a></p>' if link else ""
    return HTMLResponse(
        _PAGE.format(sentence=html.escape(sentence), way=way), status, {"Cache-Control": "no-store"}
    )


_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Leadline</title><style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 18vh auto 0; padding: 0 1.5rem;
  color: light-dark(#12263a, #e8eef4); background: light-dark(#fbfcfd, #0d1b2a); }}
h1 {{ font-size: 1.2rem; }}
a {{ color: #fff; background: #0b5e9e; padding: .5rem 1.1rem; border-radius: .5rem; text-decoration: none; }}
</style></head><body><main><h1>Leadline</h1><p>{sentence}</p>{way}</main></body></html>
"""


async def _answer(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await answer(scope, receive, send)
        return
    socket = WebSocket(scope, receive, send)
    if "websocket.http.response" in scope.get("extensions", {}):
        await socket.send_denial_response(answer)
    else:
        await socket.close(1008)
