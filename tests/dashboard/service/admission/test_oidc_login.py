"""People sign in with an OpenID Connect provider: the real flow against one on loopback."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from websockets.exceptions import InvalidStatus

from tests.dashboard.command_line import run
from tests.dashboard.service.admission.asking import Told, asked
from tests.dashboard.serving import Served, free_port, serving
from tests.dashboard.sessions import session_at

pytest.importorskip("authlib", reason="pip install 'leadline[team]' to sign in with a provider")
from tests.dashboard.service.admission.provider import CLIENT, SECRET, Provider, provider

ANA = {"email": "ana@example.com", "email_verified": True, "name": "Ana Example"}


@pytest.fixture(scope="module")
def identity() -> Iterator[Provider]:
    with provider() as told:
        yield told


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, identity: Provider) -> Iterator[Served]:
    folder, port = tmp_path_factory.mktemp("oidc") / "team", free_port()
    run("init", folder)
    (folder / "leadline.toml").write_text(
        f'[serve]\npublic = "http://127.0.0.1:{port}"\nlogin = "oidc"\n[serve.oidc]\n'
        f'metadata = "{identity.metadata}"\nclient_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
        '[access.people]\n"ana@example.com" = "lead"\n'
    )
    with serving(folder, port=port) as running:
        yield running


class Browser:
    """Follows redirections and keeps cookies, as a browser does."""

    def __init__(self, served: Served) -> None:
        self.port = served.port
        self.cookies: dict[str, str] = {}

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def get(self, address: str, form: Mapping[str, str] | None = None) -> Told:
        """`form`: what is sent with it."""
        url = urlsplit(address)
        port, path = url.port or self.port, f"{url.path or '/'}{'?' + url.query if url.query else ''}"
        sent = {"Cookie": self.cookie, "Accept": "text/html"}
        if form is None:
            told = asked(port, path, **sent)
        else:
            kind = "application/x-www-form-urlencoded"
            told = asked(port, path, "POST", body=urlencode(form).encode(), Content_Type=kind, **sent)
        for line in told.headers.get_all("set-cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0" or not morsel.value:
                    del self.cookies[name]
        here = f"http://127.0.0.1:{port}{path}"
        return self.get(urljoin(here, told.headers["location"])) if told.status in (302, 303, 307) else told

    def sign_in(self) -> Told:
        link = re.search(r'href="([^"]*auth/login[^"]*)"', self.get("/").text)
        assert link
        return self.get(unescape(link[1]))

    def page(self, name: str) -> str:
        token = self.cookies.get("_streamlit_xsrf", "")
        with session_at(
            self.port, self.cookie, token=token, Origin=f"http://127.0.0.1:{self.port}"
        ) as session:
            return session.open(name).text()


def test_who_is_verified_and_named_reads_with_the_role_and_the_name_that_stand_there(
    served: Served, identity: Provider
) -> None:
    identity.person = ANA
    browser = Browser(served)
    assert browser.get("/").status == 403
    with pytest.raises(InvalidStatus):
        browser.page("upload")
    assert browser.sign_in().status == 200
    browser.get("/_stcore/health")
    assert "role here, “lead”, may not land exports" in browser.page("upload")
    # a restart keeps who is signed in
    served.stop(signal.SIGTERM)
    with serving(served.workspace, port=served.port):
        assert browser.get("/").status == 200
        assert browser.get("/auth/logout").status == 403
        assert browser.get("/").status == 403
        _others_see_nothing(served, identity)


def _others_see_nothing(served: Served, identity: Provider) -> None:
    for said in (
        {**ANA, "email_verified": False},
        {"email": ANA["email"]},
        {**ANA, "email": "eve@example.com"},
    ):
        identity.person = said
        told = Browser(served).sign_in()
        assert (told.status, "has no role here" in told.text, "Sign out" in told.text) == (403, True, True), (
            said
        )
    forged = Browser(served)
    forged.cookies["_streamlit_user"] = "2|1:0|10:1700000000|15:_streamlit_user|8:e30=|abc"
    assert forged.get("/").status == 403


MODULES = Path(__file__).parents[4] / "build" / "oidc" / "node_modules"
"""where `npm install --prefix build/oidc oidc-provider` puts it"""


def test_the_certified_provider_of_npm_signs_people_in(tmp_path: Path) -> None:
    """Discovery, authorization, its own pages for login and consent, code, identity token, sign-out."""
    node = shutil.which("node")
    if node is None or not (MODULES / "oidc-provider").is_dir():
        pytest.skip("the npm package oidc-provider is not installed here")
    theirs, ours, folder = free_port(), free_port(), tmp_path / "team"
    script = Path(__file__).with_name("real_provider.mjs")
    command = [node, script, MODULES, str(theirs), f"http://127.0.0.1:{ours}/oauth2callback"]
    run("init", folder)
    (folder / "leadline.toml").write_text(
        f'[serve]\npublic = "http://127.0.0.1:{ours}"\nlogin = "oidc"\n[serve.oidc]\n'
        f'metadata = "http://127.0.0.1:{theirs}/.well-known/openid-configuration"\nclient_id = "{CLIENT}"\n'
        f'client_secret = "{SECRET}"\n[access.people]\n"ana@example.com" = "reader"\n'
    )
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as provides:
        assert provides.stdout is not None
        assert provides.stdout.readline() == "listens\n"
        try:
            with serving(folder, port=ours) as served:
                assert _signed_in(served, "ana@example.com").status == 200
                unverified = _signed_in(served, "unverified-ana@example.com")
                assert (unverified.status, "address not verified" in unverified.text) == (403, True)
        finally:
            provides.terminate()


def _signed_in(served: Served, who: str) -> Told:
    """What somebody sees who signs in there, and agrees to what Leadline asks for."""
    browser = Browser(served)
    told = browser.sign_in()
    for form in ({"prompt": "login", "login": who, "password": "x"}, {"prompt": "consent"}):
        action = re.search(r'<form[^>]*action="([^"]+)"', told.text)
        assert action, told
        told = browser.get(unescape(action[1]), form)
    return told
