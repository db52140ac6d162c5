"""The server owns the workspace; the command line works through it, and without it once it is gone."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from leadline.dashboard.service import client
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from tests.dashboard.cli.test_cli_charter import CHARTER
from tests.dashboard.command_line import assert_one_sentence, run
from tests.dashboard.serving import LEADLINE, Served, free_port, serving
from tests.dashboard.shapes import LANDED, REVIEW, assert_shape
from tests.torture.clients import run as run_apart

LEADS = "lead_id,created_at,workflow\n" + "".join(
    f"{number},2023-{1 + number % 12:02}-{1 + number % 28:02},lead-routing\n" for number in range(300)
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served") / "team"
    run("init", folder)
    with serving(folder) as running:
        yield running


@pytest.fixture
def told(served: Served) -> client.Server:
    server = client.announced(served.workspace)
    assert server is not None
    return server


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    file = tmp_path / "leads.csv"
    file.write_text(LEADS)
    return file


def test_every_command_works_while_a_dashboard_serves_the_workspace(
    served: Served, leads: Path, tmp_path: Path
) -> None:
    team = served.workspace
    landed = run("ingest", leads, "--json", workspace=team)
    assert (landed.status, landed.json["files"][0]["rows"]["new"]) == (0, 300)
    assert_shape(landed.json, LANDED)
    assert "leads.csv" in run("imports", workspace=team).out
    charter = tmp_path / "charter.yaml"
    charter.write_text(CHARTER)
    assert run("charter", charter, workspace=team).status == 0
    checked = run("check", "--as-of", "2024-01-31", "--json", workspace=team)
    assert checked.status in (0, 4)
    assert_shape(checked.json, REVIEW)
    assert [workflow["workflow"] for workflow in checked.json["workflows"]] == ["lead-routing"]
    replayed = run("replay", "--from", "2024-01-01", "--to", "2024-01-31", "--json", workspace=team)
    assert [json.loads(line)["as_of"] for line in replayed.out.splitlines()] == [
        "2024-01-07",
        "2024-01-14",
        "2024-01-21",
        "2024-01-28",
    ]
    assert f"served at http://127.0.0.1:{served.port}" in run("doctor", workspace=team).out
    number = str(landed.json["files"][0]["import_id"])
    assert run("undo", number, workspace=team).status == 0
    assert "taken back" in run("imports", workspace=team).out


def test_errors_come_through_the_server_as_the_same_sentence(served: Served, tmp_path: Path) -> None:
    ran = run("undo", "99", workspace=served.workspace)
    assert_one_sentence(ran)
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text(CHARTER.replace("close_rate", "clothes_rate").replace("2024-01-01", "January"))
    assert run("charter", faulty, workspace=served.workspace).err.count("\n") == 3


def test_commands_at_the_same_time_all_come_through(served: Served, tmp_path: Path) -> None:
    files = []
    for number in range(4):
        file = tmp_path / f"part{number}.csv"
        file.write_text(LEADS.replace("\n", f"\nP{number}-", 300))
        files.append(file)

    def ingest(file: Path) -> int:
        return subprocess.run(
            [LEADLINE, "ingest", file, "--accept", "doubled_rows", "--workspace", served.workspace],
            capture_output=True,
            check=False,
        ).returncode

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ingest, files)) == [0, 0, 0, 0]
    listed = run("imports", "--json", workspace=served.workspace).json["imports"]
    assert (
        sorted(record["rows"]["new"] for record in listed if record["file"].startswith("part")) == [300] * 4
    )


def test_a_second_dashboard_tells_where_the_first_one_is(served: Served) -> None:
    ran = run("dashboard", "--no-browser", workspace=served.workspace)
    assert (ran.status, f"http://127.0.0.1:{served.port}" in ran.out) == (0, True)


def test_the_server_file_is_for_its_user_alone(served: Served) -> None:
    file = served.workspace / ".leadline" / "server.json"
    assert file.stat().st_mode & 0o777 == 0o600


def _headers(told: client.Server, **changed: str | None) -> dict[str, str]:
    headers: dict[str, str | None] = {
        "Authorization": f"Bearer {told.token}",
        "Content-Type": "application/json",
    }
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    return {name: value for name, value in headers.items() if value is not None}


def _asked(
    served: Served, headers: dict[str, str], body: bytes = b"{}", command: str = "imports"
) -> tuple[int, Any]:
    status, answer = served.ask("POST", f"{client.API}{command}", body, headers)
    return status, json.loads(answer.splitlines()[-1])


def test_the_api_answers_to_the_token(served: Served, told: client.Server) -> None:
    assert _asked(served, _headers(told)) == (200, {"done": True})


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Authorization": None}, 401),
        ({"Authorization": "Bearer guess"}, 401),
        ({"Authorization": "Bearer gu\u00e4ss"}, 401),
        ({"Origin": "http://127.0.0.1:8501"}, 403),
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": None}, 415),
    ],
    ids=["no token", "another token", "letters beyond ASCII", "a web page", "not JSON", "no kind"],
)
def test_the_api_answers_to_nothing_else(
    served: Served, told: client.Server, changed: dict[str, str | None], status: int
) -> None:
    answered, body = _asked(served, _headers(told, **changed))
    assert answered == status
    assert body["error"].endswith(".")


@pytest.mark.parametrize("path", ["/", "/_stcore/health", f"{client.API}imports"])
def test_no_other_host_name_is_answered_to(served: Served, told: client.Server, path: str) -> None:
    status, body = served.ask("GET", path, None, _headers(told, Host="evil.example"))
    assert status == 400
    assert b"Leadline" not in body


@pytest.mark.parametrize(
    ("command", "body", "status"),
    [
        ("frobnicate", b"{}", 404),
        ("health", b"{}", 404),
        ("imports", b"[]", 400),
        ("imports", b"{", 400),
        ("imports", b"\xff", 400),
        ("imports", b" " * 1_000_001, 413),
    ],
    ids=["no such command", "health is asked by GET", "not an object", "cut off", "not text", "too large"],
)
def test_a_request_that_makes_no_sense_is_refused(
    served: Served, told: client.Server, command: str, body: bytes, status: int
) -> None:
    answered, told_back = _asked(served, _headers(told), body, command)
    assert answered == status
    assert told_back["error"].endswith(".")


def test_arguments_that_make_no_sense_are_an_error_and_the_server_stays(
    served: Served, told: client.Server
) -> None:
    status, body = _asked(served, _headers(told), b'{"as_of": [1]}', "check")
    assert status == 200
    assert "leadline.log" in body["error"]
    assert _asked(served, _headers(told)) == (200, {"done": True})


def test_the_dashboards_page_is_served(served: Served) -> None:
    status, page = served.ask("GET", "/", None, {"Cookie": served.cookie})
    assert status == 200
    assert b"<title>" in page


def test_only_loopback_is_listened_to(served: Served) -> None:
    with closing(socket.socket()) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
            address = probe.getsockname()[0]
        except OSError:
            pytest.skip("this machine has no address but loopback")
    if address.startswith("127."):
        pytest.skip("this machine has no address but loopback")
    with closing(socket.socket()) as caller:
        caller.settimeout(2)
        assert caller.connect_ex((address, served.port)) != 0


def test_after_kill_9_the_commands_open_the_workspace_themselves(tmp_path: Path, leads: Path) -> None:
    run("init", tmp_path / "team")
    with serving(tmp_path / "team") as running:
        assert run("ingest", leads, workspace=running.workspace).status == 0
        running.stop(signal.SIGKILL)
        assert client.announced(running.workspace) is not None
        ran = run("imports", "--json", workspace=running.workspace)
        assert [record["rows"]["new"] for record in ran.json["imports"]] == [300]
        assert run("check", "--as-of", "2024-01-31", workspace=running.workspace).status == 4
        assert client.announced(running.workspace) is None


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_stopped_leaves_the_workspace_tidy(
    tmp_path: Path, leads: Path, how: signal.Signals
) -> None:
    run("init", tmp_path / "team")
    with serving(tmp_path / "team") as running:
        run("ingest", leads, workspace=running.workspace)
        status, out, err = running.stop(how)
    assert status == (0 if how is signal.SIGINT else -signal.SIGTERM)
    assert (out.count("\n"), err) == (1, "")
    assert f"http://127.0.0.1:{running.port}" in out
    assert sorted(file.name for file in (running.workspace / ".leadline").iterdir()) == [
        "browsers.key",
        "committed.json",
        "lock",
    ]
    assert not (running.workspace / "leadline.duckdb.wal").exists()


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    run("init", tmp_path)
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = run("dashboard", "--no-browser", "--port", str(taken.getsockname()[1]), workspace=tmp_path)
    assert_one_sentence(ran)
    assert "--port" in ran.err
    assert client.announced(tmp_path) is None


def test_a_server_file_of_a_process_that_is_gone_is_passed_over_at_once(tmp_path: Path) -> None:
    run("init", tmp_path)
    gone = subprocess.Popen(["true"])
    gone.wait()
    _announce(tmp_path, gone.pid, free_port())
    assert run("imports", workspace=tmp_path).status == 0


def test_another_program_on_the_port_is_not_taken_for_the_server(tmp_path: Path, served: Served) -> None:
    run("init", tmp_path)
    _announce(tmp_path, os.getpid(), served.port)
    assert client.serving(tmp_path) is None
    assert run("imports", workspace=tmp_path).status == 0


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"pid": 1}', '{"pid": "x", "port": 1, "token": "", "version": ""}']
)
def test_a_server_file_that_makes_no_sense_is_passed_over(tmp_path: Path, content: str) -> None:
    run("init", tmp_path)
    (tmp_path / ".leadline" / "server.json").write_text(content)
    assert run("imports", workspace=tmp_path).status == 0


def test_a_dashboard_of_another_version_asks_to_be_started_again(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "VERSION", "9.9.9")
    ran = run("imports", workspace=served.workspace)
    assert_one_sentence(ran)
    assert "start it again" in ran.err


def _announce(workspace: Path, pid: int, port: int) -> None:
    told = {"pid": pid, "port": port, "token": "t", "version": client.VERSION}
    (workspace / ".leadline" / "server.json").write_text(json.dumps(told))


def test_a_workspace_is_backed_up_while_it_is_served_and_not_replaced_then(
    served: Served, leads: Path, tmp_path: Path
) -> None:
    team, file, again = served.workspace, tmp_path / "team.backup", tmp_path / "again"
    run("ingest", leads, workspace=team)
    made = run("backup", file, workspace=team)
    assert (made.status, made.err) == (0, "")
    assert_one_sentence(run("backup", file, workspace=team))
    assert_one_sentence(run("restore", file, "--replace", workspace=team))
    assert run("restore", file, workspace=again).status == 0
    listed = run("imports", "--json", workspace=team)
    assert run("imports", "--json", workspace=again).out == listed.out


@pytest.mark.skipif(os.name == "nt", reason="limits of a process are set as on POSIX")
def test_a_dashboard_that_has_no_room_to_begin_is_one_sentence(tmp_path: Path) -> None:
    run("init", tmp_path)
    with open_warehouse(open_workspace(tmp_path)):
        pass
    ended = run_apart("dashboard", "--no-browser", workspace=tmp_path, largest=100)
    assert ended.status == 2
    assert "make room on its disk" in ended.err
    assert sorted(file.name for file in (tmp_path / ".leadline").iterdir()) == [
        "browsers.key",
        "committed.json",
        "lock",
    ]


def test_a_file_put_into_the_inbox_of_a_served_workspace_lands(served: Served) -> None:
    inbox = served.workspace / "inbox"
    inbox.mkdir()
    (inbox / "late.csv").write_text("lead_id,created_at,workflow\nlate,2024-06-20,lead-routing\n")
    (inbox / "asks.csv").write_text("lead_id,created_at\nL1,03/04/2024\nL2,05/06/2024\n")
    waiting = served.workspace / ".leadline" / "inbox.json"
    deadline = time.monotonic() + 30
    while not ((inbox / "landed" / "late.csv").exists() and waiting.exists()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert "asks.csv" in waiting.read_text()
    assert "late.csv" in run("imports", workspace=served.workspace).out
