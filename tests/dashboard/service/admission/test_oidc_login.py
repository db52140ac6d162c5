"""People sign in with an OpenID Connect provider: the real flow against one on loopback."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

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

    def get(self, address: str) -> Told:
        url = urlsplit(address)
        path = f"{url.path or '/'}{'?' + url.query if url.query else ''}"
        told = asked(url.port or self.port, path, Cookie=self.cookie, Accept="text/html")
        for line in told.headers.get_all("set-cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]
        return self.get(told.headers["location"]) if told.status in (302, 303, 307) else told

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
