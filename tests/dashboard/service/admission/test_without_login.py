"""A workspace that is served without a login: the browser that had the printed address, and nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from leadline.dashboard.service.admission.visitors import Visitors
from tests.dashboard.command_line import run
from tests.dashboard.service.admission.asking import asked
from tests.dashboard.serving import Served, serving
from tests.dashboard.sessions import session_at

DOORS = (
    "/",
    "/upload",
    "/_stcore/host-config",
    "/media/0123456789abcdef.csv",
    "/_stcore/upload_file/a/b",
    "/static/js/index.js",
    "/component/x/index.html",
    "/auth/login",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("admission") / "team"
    run("init", folder)
    with serving(folder) as running:
        yield running


def test_the_printed_address_opens_once_and_gives_a_cookie_that_goes_on_opening(served: Served) -> None:
    path = served.address("/alerts?alert=A1").removeprefix(f"http://127.0.0.1:{served.port}")
    first = asked(served.port, path)
    cookie = first.headers["set-cookie"]
    assert (first.status, first.headers["location"]) == (303, "/alerts?alert=A1")
    assert all(each in cookie for each in ("HttpOnly", "SameSite=lax", "Path=/"))
    second = asked(served.port, path)
    assert (second.status, "good once" in second.text) == (403, True)
    known = cookie.partition(";")[0]
    assert asked(served.port, "/", Cookie=known).status == 200
    # who has the cookie and follows a used address again is led on
    assert asked(served.port, path, Cookie=known).headers["location"] == "/alerts?alert=A1"


def test_without_the_cookie_every_door_answers_403_in_a_sentence(served: Served) -> None:
    for path in DOORS:
        method = "PUT" if "upload_file" in path else "GET"
        told = asked(served.port, path, method, **({"Content-Length": "0"} if method == "PUT" else {}))
        assert (told.status, told.text.rstrip().endswith(".")) == (403, True), path
    page = asked(served.port, "/", Accept="text/html")
    assert page.status == 403
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    with pytest.raises(InvalidStatus) as refused, session_at(served.port):
        pass
    assert refused.value.response.status_code == 403
    assert b"printed" in (refused.value.response.body or b"")


def test_a_cookie_of_another_workspace_a_forged_or_an_old_one_opens_nothing(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = served.cookie.partition("=")[0]
    own = Visitors(served.workspace)
    with monkeypatch.context() as earlier:
        earlier.setattr("time.time", lambda: 1_700_000_000.0)
        old = own.new_cookie()
    issued, nonce, signature = own.new_cookie().split(".")
    for value in (
        old,
        Visitors(tmp_path).new_cookie(),
        f"{int(issued) + 1}.{nonce}.{signature}",
        "",
        "..",
        "\u00e4.b.c",
    ):
        assert asked(served.port, "/", Cookie=f"{name}={value}".encode().decode("latin-1")).status == 403, (
            value
        )
    assert asked(served.port, "/", Cookie=f"{name}={own.new_cookie()}").status == 200


def test_every_answer_may_not_be_framed_nor_guessed_at(served: Served) -> None:
    for path, status in (("/", 200), ("/healthz", 200), ("/gate/x", 401), ("/_stcore/metrics", 404)):
        told = asked(served.port, path, Cookie=served.cookie, Accept="text/html")
        assert told.status == status
        assert told.headers["x-content-type-options"] == "nosniff"
        assert told.headers["referrer-policy"] == "no-referrer"
        policy = told.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
    assert (
        json.loads(asked(served.port, "/_stcore/host-config", Cookie=served.cookie).text)["allowedOrigins"]
        == []
    )


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost:3000", "null", "http://127.0.0.1.evil.example"]
)
def test_pages_of_other_addresses_reach_nothing_with_the_cookie(served: Served, origin: str) -> None:
    assert asked(served.port, "/", Cookie=served.cookie, Origin=origin).status == 403
    with pytest.raises(InvalidStatus) as refused, session_at(served.port, served.cookie, Origin=origin):
        pass
    assert refused.value.response.status_code == 403
    assert asked(served.port, "/media/x", Cookie=served.cookie, Sec_Fetch_Site="same-site").status == 403
    told = {"Cookie": served.cookie, "Origin": "null"}
    assert asked(served.port, "/", **told, Sec_Fetch_Site="same-origin").status == 200
    assert asked(served.port, "/", **told, Sec_Fetch_Site="cross-site").status == 403
    # a link in a message may lead here
    assert (
        asked(
            served.port, "/", Cookie=served.cookie, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate"
        ).status
        == 200
    )


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example"])
def test_other_hosts_are_answered_400(served: Served, host: str) -> None:
    for path in ("/", "/healthz", "/gate/x", "/_stcore/health"):
        assert asked(served.port, path, Cookie=served.cookie, Host=host).status == 400
    assert asked(served.port, "/healthz", Host=["localhost", "evil.example"]).status == 400


def test_files_are_taken_from_sessions_that_show_an_uploader_alone(served: Served, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text("lead_id,created_at\n1,2024-01-01\n")
    with session_at(served.port, served.cookie) as elsewhere:
        elsewhere.open("data")
        session = elsewhere._session
        told = asked(
            served.port, f"/_stcore/upload_file/{session}/x", "PUT", Cookie=served.cookie, Content_Length="0"
        )
        assert (told.status, "upload page" in told.text) == (403, True)
    with session_at(served.port, served.cookie) as uploading:
        uploading.open("upload")
        assert "leads.csv" in uploading.upload(file).text()
        too_much = asked(
            served.port,
            f"/_stcore/upload_file/{uploading._session}/x",
            "PUT",
            Cookie=served.cookie,
            Content_Length=str(2 * 10**9),
        )
        assert too_much.status == 413
