"""A proxy that signs people in: whose word counts, what each role reaches, under the path of `public`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.dashboard.command_line import run
from tests.dashboard.service.admission.asking import Told, asked
from tests.dashboard.serving import Served, free_port, serving
from tests.dashboard.sessions import session_at

HOST, PREFIX = "leadline.example.com", "/drift"
READER, LEAD, NOBODY = "ana@example.com", "lea@example.com", "eve@example.com"
ANALYST = "ian@example.com"
ROOT = Path(__file__).parents[4]
SETTINGS = f"""
[serve]
public = "https://{HOST}{PREFIX}"
login = "header"
[serve.header]
email = "X-Forwarded-Email"
trusted_proxies = ["127.0.0.1"]
[access.people]
"{READER}" = "reader"
"Lea@example.com" = "lead"
"{ANALYST}" = "analyst"
"""
PAGES = ("/", "/workflow", "/alerts", "/upload", "/charters", "/outputs", "/decisions", "/data", "/anything")
DOORS = (
    *PAGES,
    "/media/0123456789abcdef.csv",
    "/_stcore/host-config",
    "/_stcore/upload_file/a/b",
    "/static/js/index.js",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("header") / "team"
    run("init", folder)
    (folder / "leadline.toml").write_text(SETTINGS)
    with serving(folder) as running:
        yield running


def through_proxy(
    served: Served, path: str, email: str | list[str] | None, **headers: str | list[str]
) -> Told:
    named = {} if email is None else {"X-Forwarded-Email": email}
    return asked(served.port, PREFIX + path, **{"Host": HOST, **named, **headers})  # type: ignore[arg-type]


def wait_for(port: int) -> None:
    """Until somebody listens there."""
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("nobody listens")


def test_nobody_and_who_is_not_named_reach_no_page_no_download_and_no_websocket(served: Served) -> None:
    for path in DOORS:
        told = through_proxy(served, path, NOBODY)
        assert (told.status, told.text.startswith(f"{NOBODY} has no role here")) == (403, True), path
        unnamed = through_proxy(served, path, None, Accept="text/html")
        assert (unnamed.status, "Sign in to see" in unnamed.text) == (403, True), path
        assert "frame-ancestors" in unnamed.headers["content-security-policy"]
    for headers in ({"X_Forwarded_Email": NOBODY}, {}):
        with pytest.raises(InvalidStatus) as refused:
            session_at(served.port, public=HOST + PREFIX, **headers).__enter__()
        assert refused.value.response.status_code == 403


def test_a_reader_reads_and_writes_nothing(served: Served) -> None:
    assert {through_proxy(served, path, READER).status for path in PAGES} == {200}
    with session_at(served.port, public=HOST + PREFIX, X_Forwarded_Email=READER) as reader:
        assert "role here, “reader”, may not land exports" in reader.open("upload").text()
        session = reader._session
        sent = asked(
            served.port,
            f"{PREFIX}/_stcore/upload_file/{session}/x",
            "PUT",
            Host=HOST,
            X_Forwarded_Email=READER,
            Content_Length="0",
        )
        assert (sent.status, "may land" in sent.text) == (403, True)


def test_a_forged_header_counts_from_no_other_peer_and_a_doubled_one_not_at_all(served: Served) -> None:
    forged = through_proxy(served, "/", READER, peer="127.0.0.2")
    assert (forged.status, "Sign in" in forged.text) == (403, True)
    with pytest.raises(InvalidStatus):
        session_at(served.port, public=HOST + PREFIX, peer="127.0.0.2", X_Forwarded_Email=READER).__enter__()
    # what a proxy says of who is connected to it is nobody's business here
    via = through_proxy(served, "/", READER, peer="127.0.0.2", X_Forwarded_For="127.0.0.1")
    assert via.status == 403
    doubled = through_proxy(served, "/", [READER, LEAD])
    assert (doubled.status, "came 2 times" in doubled.text) == (400, True)
    for odd in (f"{READER}, {LEAD}", f"{READER} {LEAD}", "ana"):
        assert through_proxy(served, "/", odd).status == 400, odd
    assert through_proxy(served, "/", None, X_Leadline_Email=READER, X_Leadline_Signed_In="yes").status == 403


def test_the_word_between_guard_and_pages_can_not_be_sent_by_anybody(served: Served) -> None:
    with session_at(
        served.port, public=HOST + PREFIX, X_Forwarded_Email=READER, X_Leadline_Email=LEAD
    ) as reader:
        assert "role here, “reader”" in reader.open("upload").text()


def test_a_role_that_is_taken_away_ends_an_open_page_at_its_next_question(served: Served) -> None:
    file: Path = served.workspace / "leadline.toml"
    with session_at(served.port, public=HOST + PREFIX, X_Forwarded_Email=LEAD) as lead:
        assert "no role here" not in lead.open("decisions").text()
        file.write_text(SETTINGS.replace("Lea@", "Leo@"))
        try:
            assert f"{LEAD} has no role here" in lead.again().text()
            assert through_proxy(served, "/decisions", LEAD).status == 403
        finally:
            file.write_text(SETTINGS)
    assert through_proxy(served, "/decisions", LEAD).status == 200


def test_hosts_origins_and_paths_are_those_of_public(served: Served) -> None:
    known = {"X_Forwarded_Email": READER}
    port = served.port
    assert asked(port, f"{PREFIX}/", **known).status == 400  # loopback: not for pages
    assert asked(port, f"{PREFIX}/", Host="other.example.com", **known).status == 400
    assert asked(port, f"{PREFIX}/", Host=f"{HOST}:443", **known).status == 200
    assert asked(port, "/", Host=HOST, **known).status == 404
    assert asked(port, f"{PREFIX}ing", Host=HOST, **known).status == 404
    assert asked(port, f"{PREFIX}/", Host=HOST, Origin=f"https://{HOST}", **known).status == 200
    assert asked(port, f"{PREFIX}/", Host=HOST, Origin=f"http://{HOST}", **known).status == 403
    for host in (HOST, f"127.0.0.1:{port}", "localhost"):
        assert asked(port, "/healthz", Host=host).status == 200
        assert asked(port, f"{PREFIX}/readyz", Host=host).status == 200
        assert asked(port, f"{PREFIX}/gate/x", Host=host).status == 401
        assert asked(port, f"{PREFIX}/feeds", Host=host).status == 404
    assert asked(port, f"{PREFIX}/gate/x", Host=f"127.0.0.1:{port}", peer="127.0.0.2").status == 401
    assert asked(port, f"{PREFIX}/gate/x", Host="other.example.com").status == 400
    # the command line's own door: not by the name that the world knows, nor from elsewhere
    assert asked(port, "/api/leadline/health").status == 401
    assert asked(port, "/api/leadline/health", Host=HOST).status == 400
    # no way around by how a path is written
    for path in (
        "/gate/../_stcore/host-config",
        "//_stcore/host-config",
        "/%2e%2e/_stcore/host-config",
        "/healthz/..",
        "/x/../gate/y",
    ):
        told = asked(port, f"{PREFIX}{path}", Host=HOST)
        assert (told.status in (400, 401, 403, 404), "allowedOrigins" in told.text) == (True, False), path


def test_the_command_line_works_beside_and_tells_the_public_address(served: Served) -> None:
    assert run("imports", workspace=served.workspace).status == 0
    told = run("dashboard", "--no-browser", workspace=served.workspace)
    assert f"https://{HOST}{PREFIX}" in told.out
    assert "open=" not in told.out


def test_the_command_line_is_asked_for_its_role_where_it_acts_through_the_server(served: Served) -> None:
    file = served.workspace / "leadline.toml"
    file.write_text(
        SETTINGS.replace("[access.people]", '[access]\ncommand_line = "analyst"\n[access.people]')
    )
    try:
        refused = run("token", "new", "x", "--may", "read", workspace=served.workspace)
        assert (refused.status, "may not make tokens" in refused.err) == (2, True)
        assert run("imports", workspace=served.workspace).status == 0
    finally:
        file.write_text(SETTINGS)


@pytest.fixture(scope="module")
def nginx(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of Debian's nginx with our example, before the real server; a cookie tells its login who comes."""
    if not (binary := shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")):
        pytest.skip("nginx is not installed here")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    with _signs_in() as login:
        example = (ROOT / "deploy" / "nginx.conf").read_text()
        for ours, here in (
            ("listen 443 ssl;", f"listen 127.0.0.1:{port};"),
            ("127.0.0.1:8501", f"127.0.0.1:{served.port}"),
            ("127.0.0.1:4180", f"127.0.0.1:{login}"),
        ):
            assert ours in example
            example = example.replace(ours, here)
        example = "\n".join(line for line in example.splitlines() if "ssl_certificate" not in line)
        temporary = "\n".join(
            f"{kind}_temp_path {folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        file = folder / "nginx.conf"
        file.write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
            f"http {{ access_log off; {temporary}\n{example}\n}}\n"
        )
        running = subprocess.Popen([binary, "-e", folder / "error.log", "-c", file])
        try:
            wait_for(port)
            yield port
        finally:
            running.terminate()
            running.wait(timeout=10)


@contextmanager
def _signs_in() -> Iterator[int]:
    """What oauth2-proxy does for nginx: the address of whoever has its cookie."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            who = SimpleCookie(self.headers.get("Cookie", "")).get("signed_in")
            self.send_response(202 if who else 401)
            if who:
                self.send_header("X-Auth-Request-Email", who.value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_nginx_as_in_the_example_passes_login_websocket_upload_and_machines_on(
    served: Served, nginx: int
) -> None:
    me = f"signed_in={ANALYST}"
    assert asked(nginx, f"{PREFIX}/", Host=HOST).status == 401
    page = asked(nginx, f"{PREFIX}/", Host=HOST, Cookie=me, X_Forwarded_Email=LEAD)
    assert (page.status, "<title>" in page.text) == (200, True)
    xsrf = SimpleCookie(asked(nginx, f"{PREFIX}/_stcore/health", Host=HOST, Cookie=me).headers["set-cookie"])
    token = xsrf["_streamlit_xsrf"].value
    with session_at(
        nginx, f"{me}; _streamlit_xsrf={token}", HOST + PREFIX, token=token, Origin=f"https://{HOST}"
    ) as session:
        assert "Drop exports here" in session.open("upload").text()
        form = b'--x\r\nContent-Disposition: form-data; name="a.csv"; filename="a.csv"\r\n\r\nid\r\n1\r\n--x--\r\n'
        sent = asked(
            nginx,
            PREFIX + session._file_urls("a.csv").upload_url,
            "PUT",
            body=form,
            Host=HOST,
            Cookie=f"{me}; _streamlit_xsrf={token}",
            X_Xsrftoken=token,
            Content_Type="multipart/form-data; boundary=x",
        )
        assert sent.status == 204, sent
    # who is not signed in there, but has a token, and the other way round
    assert asked(nginx, f"{PREFIX}/gate/x", Host=HOST).status == 401
    assert asked(nginx, f"{PREFIX}/readyz", Host=HOST).text == "ok\n"
    assert "Authorization: Bearer" in asked(nginx, f"{PREFIX}/gate/x", Host=HOST, Cookie=me).text
