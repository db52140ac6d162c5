"""A proxy that signs people in: whose word counts, what each role reaches, under the path of `public`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.dashboard.command_line import run
from tests.dashboard.service.admission.asking import Told, asked
from tests.dashboard.serving import Served, serving
from tests.dashboard.sessions import Session, session_at

HOST, PREFIX = "leadline.example.com", "/drift"
READER, LEAD, NOBODY = "ana@example.com", "lea@example.com", "eve@example.com"
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


def session_of(served: Served, email: str, **headers: str) -> Session:
    return session_at(served.port, public=HOST + PREFIX, X_Forwarded_Email=email, **headers)  # type: ignore[return-value]


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


def test_the_command_line_works_beside_and_tells_the_public_address(served: Served) -> None:
    assert run("imports", workspace=served.workspace).status == 0
    told = run("dashboard", "--no-browser", workspace=served.workspace)
    assert f"https://{HOST}{PREFIX}" in told.out
    assert "open=" not in told.out
