"""What a request is, before anybody has answered it: its host, its origin, and which door it stands at."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.types import Scope

from leadline.dashboard.service.admission.serve_settings import Serving

Door = Literal["health", "api", "machine", "closed", "upload", "login", "page"]
_HEALTH = ("/healthz", "/readyz", "/_stcore/health")
MACHINES = ("gate", "ofrep", "metrics", "mcp", "feeds")
"""beginnings of paths that machines ask with a token"""
_CLOSED = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent")
"""doors of Streamlit that nobody needs here"""
_LOGIN = ("/auth/login", "/auth/logout", "/oauth2callback")
UPLOADS = "/_stcore/upload_file/"
API = "/api/leadline/"
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
_FOREIGN_SITES = ("cross-site", "same-site")


@dataclass(frozen=True)
class Asked:
    """One request or websocket."""

    scope: Scope
    serving: Serving

    @property
    def connection(self) -> HTTPConnection:
        return HTTPConnection(self.scope)

    @property
    def peer(self) -> str:
        """The address that the socket is connected to, whatever headers say."""
        return str(self.scope["client"][0]) if self.scope.get("client") else ""

    @property
    def path(self) -> str:
        """Without the path of `public`; '' for what stands outside of it."""
        path, prefix = str(self.scope["path"]), self.serving.path
        if path.startswith(API) or path in _HEALTH[:2]:
            return path
        if not prefix:
            return path
        return path.removeprefix(prefix) or "/" if f"{path}/".startswith(f"{prefix}/") else ""

    @property
    def door(self) -> Door:
        path = self.path
        if path in _HEALTH:
            return "health"
        if path.startswith(API):
            return "api"
        if path.split("/")[1:2] and path.split("/")[1] in MACHINES:
            return "machine"
        if any(f"{path}/".startswith(f"{closed}/") for closed in _CLOSED):
            return "closed"
        if path.startswith(UPLOADS):
            return "upload"
        return "login" if path in _LOGIN else "page"

    @property
    def host(self) -> str | None:
        """As it was sent, in small letters; None where it was not sent exactly once."""
        hosts = self.connection.headers.getlist("host")
        return hosts[0].strip().lower() if len(hosts) == 1 else None

    @property
    def is_known_host(self) -> bool:
        """Whether it is ours: the public one, else loopback; loopback from loopback also for what machines ask."""
        host = self.host
        if host is None:
            return False
        public = self.serving.public
        # the command line is on this machine, and asks by no other name
        if (
            public is not None
            and self.door != "api"
            and host
            in (
                public.host.lower(),
                f"{public.host.lower()}:{_usual_port(public.origin)}",
            )
        ):
            return True
        is_loopback = _hostname(host) in _LOOPBACK_NAMES
        if public is None:
            return is_loopback
        return is_loopback and is_loopback_address(self.peer) and self.door in ("health", "api", "machine")

    @property
    def is_own_origin(self) -> bool:
        """Whether it was not a page of another address that asked."""
        headers = self.connection.headers
        origins = headers.getlist("origin")
        own = {f"http://{self.host}", f"https://{self.host}"}
        if self.serving.public is not None and _hostname(self.host or "") not in _LOOPBACK_NAMES:
            own = {self.serving.public.origin}
        elif self.serving.public is not None:
            own.add(self.serving.public.origin)
        # a form of ours sends none that names us, because no page of ours tells a referrer
        if origins == ["null"] and headers.get("sec-fetch-site") == "same-origin":
            return True
        if len(origins) > 1 or (origins and origins[0].lower() not in {each.lower() for each in own}):
            return False
        # a link from elsewhere may lead here; a picture, a script or a frame there may not be ours
        is_foreign = headers.get("sec-fetch-site") in _FOREIGN_SITES
        return not is_foreign or headers.get("sec-fetch-mode") == "navigate"


def is_loopback_address(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _usual_port(origin: str) -> int:
    return 443 if origin.startswith("https") else 80
