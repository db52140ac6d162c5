"""`[serve]` of `leadline.toml`: where the dashboard listens, by which address people know it, and how they sign in."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from leadline.data.documents.faults import shown
from leadline.data.documents.values import Section, Value
from leadline.data.workspace.workspace import Workspace

LOOPBACK = "127.0.0.1"
HOSTS = (LOOPBACK, "0.0.0.0", "::")  # noqa: S104 - beyond loopback only with a login
"""addresses that can be listened to; the command line reaches the server by loopback, which all of them hold"""
Login = Literal["header", "oidc"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_ENVIRONMENT = "env:"
_PROMPTS = ("select_account", "login")
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*/?")


@dataclass(frozen=True)
class Public:
    """The address by which people know the dashboard."""

    origin: str
    """'https://leadline.example.com', with the port where it is not the usual one"""
    path: str = ""
    """'/leadline', or '' where it is all of the host's"""

    @property
    def host(self) -> str:
        """As a browser sends it: 'leadline.example.com', with the port where it is not the usual one."""
        return self.origin.partition("://")[2]

    @property
    def url(self) -> str:
        return self.origin + self.path


@dataclass(frozen=True)
class Header:
    """A proxy that signs people in says in a header who they are."""

    email: str
    trusted_proxies: tuple[Network, ...]
    """whose word counts, as the socket's peer; nobody else's does"""


@dataclass(frozen=True)
class Oidc:
    """An OpenID Connect provider."""

    metadata: str
    client_id: str
    client_secret: str
    unverified_email: bool = False
    """whether an address counts of which the provider does not say that it was verified"""
    prompt: str = ""
    """what the provider is to ask each time; nothing, because not every provider knows every word"""


@dataclass(frozen=True)
class Serving:
    """How a workspace is served. The default: this machine alone, and the browser that had the one-time address."""

    host: str = LOOPBACK
    public: Public | None = None
    login: Login | None = None
    header: Header | None = None
    oidc: Oidc | None = None

    @property
    def path(self) -> str:
        return self.public.path if self.public else ""


def read_serving(workspace: Workspace) -> Serving:
    """Raises WorkspaceError over every fault of `[serve]`, each with its line and what to write."""
    table = workspace.settings.table(
        "serve",
        ("host", "public", "login", "oidc", "header"),
        'write [serve] and under it public = "https://…"',
    )
    if table is None:
        return Serving()
    public, login = _public(table.get("public")), _login(table.get("login"))
    host = _host(table.get("host"))
    header = _header(table, login == "header")
    oidc = _oidc(table, login == "oidc")
    if host != LOOPBACK and login is None:
        table.faults.add(
            table.line_of("host"),
            f"serve.host is {shown(host)}, which others can reach, and nobody signs in; "
            'write login = "oidc" or login = "header", or host = "127.0.0.1".',
        )
    if login is not None and public is None and not table.has("public"):
        table.faults.add(
            table.line_of("login"),
            "serve.public is missing, and a login needs the address that people open; "
            'write such as public = "https://leadline.example.com".',
        )
    if login is not None and "access" not in workspace.settings.values:
        table.faults.add(
            table.line_of("login"),
            "nobody has a role, so nobody who signs in would see anything; write [access.people] and lines such as "
            '"ana@example.com" = "owner".',
        )
    table.faults.raise_if_any()
    return Serving(host, public, login, header, oidc)


def _host(value: Value | None) -> str:
    if value is None:
        return LOOPBACK
    said = value.scalar("an address to listen to") or LOOPBACK
    if said not in HOSTS:
        value.fault(
            f"serve.host is {shown(said)}; write 127.0.0.1 for this machine alone, or 0.0.0.0 (:: with IPv6) for all "
            "of its addresses."
        )
        return LOOPBACK
    return said


def _login(value: Value | None) -> Login | None:
    said = value.scalar('"oidc" or "header"') if value else None
    if value and said not in (None, "header", "oidc"):
        value.fault(f'serve.login is {shown(said or "")}; write "oidc" or "header", or leave it out.')
    return "header" if said == "header" else "oidc" if said == "oidc" else None


def _public(value: Value | None) -> Public | None:
    said = value.scalar("a web address") if value else None
    if value is None or said is None:
        return None
    try:
        url = urlsplit(said)
        port = url.port
    except ValueError:
        url, port = SplitResult("", "", "", "", ""), None
    is_plain = not (url.query or url.fragment or url.username or url.password)
    if (
        url.scheme not in ("http", "https")
        or not url.hostname
        or not is_plain
        or not _PATH.fullmatch(url.path)
    ):
        value.fault(
            f"serve.public is {shown(said)}, no address that people could open; write such as "
            'public = "https://leadline.example.com", with a path behind it where a proxy gives one.'
        )
        return None
    name = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    usual = {"http": 80, "https": 443}[url.scheme]
    origin = f"{url.scheme}://{name}" + (f":{port}" if port and port != usual else "")
    return Public(origin, url.path.rstrip("/"))


def _header(table: Section, wanted: bool) -> Header | None:
    told = table.section("header", ("email", "trusted_proxies"))
    if not wanted:
        return None
    if told is None or not told.has("email") or not told.has("trusted_proxies"):
        table.faults.add(
            told.line if told else table.line_of("login"),
            'login = "header" needs the header and who may send it; write [serve.header] and under it '
            'email = "X-Forwarded-Email" and trusted_proxies = ["127.0.0.1"].',
        )
        return None
    email = told.text("email")
    if email and not _HEADER_NAME.fullmatch(email):
        told.values["email"].fault(
            f"serve.header.email is {shown(email)}, no name of a header; write such as X-Forwarded-Email."
        )
    proxies = [_network(each) for each in told.items("trusted_proxies", 'such as ["127.0.0.1"]')]
    if not proxies:
        told.values["trusted_proxies"].fault(
            'serve.header.trusted_proxies is empty; write such as ["127.0.0.1"].'
        )
    return Header(email.lower(), tuple(each for each in proxies if each is not None))


def _network(value: Value) -> Network | None:
    said = value.scalar("an address such as 127.0.0.1") or ""
    try:
        network = ipaddress.ip_network(said)
    except ValueError:
        value.fault(
            f"serve.header.trusted_proxies holds {shown(said)}, no address; write one such as 127.0.0.1 or 10.0.0.0/24."
        )
        return None
    if network.prefixlen == 0:
        value.fault(
            f"serve.header.trusted_proxies holds {said}, which is everybody; name the proxy's address."
        )
    return network


def _oidc(table: Section, wanted: bool) -> Oidc | None:
    told = table.section("oidc", ("metadata", "client_id", "client_secret", "unverified_email", "prompt"))
    if not wanted:
        return None
    needed = ("metadata", "client_id", "client_secret")
    if told is None or not all(told.has(key) for key in needed):
        table.faults.add(
            told.line if told else table.line_of("login"),
            'login = "oidc" needs the provider; write [serve.oidc] and under it '
            'metadata = "https://id.example.com/.well-known/openid-configuration", client_id = "leadline" and '
            'client_secret = "env:LEADLINE_OIDC_SECRET".',
        )
        return None
    if missing := [each for each in ("authlib", "httpx") if find_spec(each) is None]:
        table.faults.add(
            table.line_of("login"),
            f"login = \"oidc\" needs {' and '.join(missing)}, not installed here; run pip install 'leadline[team]'.",
        )
    metadata, client, secret = (told.text(key) for key in needed)
    url = urlsplit(metadata)
    if url.scheme != "https" and url.hostname not in ("localhost", LOOPBACK, "::1"):
        told.values["metadata"].fault(
            f"serve.oidc.metadata is {shown(metadata)}; write the https address of the provider's "
            "openid-configuration."
        )
    if secret.startswith(_ENVIRONMENT):
        name = secret.removeprefix(_ENVIRONMENT)
        secret = os.environ.get(name, "")
        if not secret:
            told.values["client_secret"].fault(
                f"serve.oidc.client_secret names the variable {shown(name)}, which is not set here; set it where the "
                "dashboard is started."
            )
    unverified, prompt = told.get("unverified_email"), told.text("prompt") if told.has("prompt") else ""
    if prompt not in ("", *_PROMPTS):
        told.values["prompt"].fault(
            f"serve.oidc.prompt is {shown(prompt)}; write {' or '.join(_PROMPTS)}, or leave it out."
        )
    return Oidc(metadata, client, secret, unverified.flag() if unverified else False, prompt)
