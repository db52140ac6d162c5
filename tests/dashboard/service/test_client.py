"""An answer of the server that was cut off, or makes no sense, is told in one sentence and never taken for whole."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from leadline.dashboard.service import client
from leadline.data.errors import LeadlineError, WorkspaceError
from leadline.data.workspace.workspace import Workspace


class _Server(HTTPServer):
    answer = b""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self._answer(json.dumps({"pid": os.getpid()}).encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(self.server.answer)

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def stand_in(workspace: Workspace) -> Iterator[_Server]:
    """A server that says whatever a test wants, announced for the workspace."""
    server = _Server(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    private = workspace.path / ".leadline"
    private.mkdir()
    client.announce(workspace.path, server.server_port)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_the_server_says_arrives_item_by_item(stand_in: _Server, workspace: Workspace) -> None:
    stand_in.answer = b'{"item": {"a": 1}}\n{"item": {"a": 2}}\n{"done": true}\n'
    assert list(client.run(workspace, "imports", {})) == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    "answer",
    [b"", b'{"item": {"a": 1}}\n', b'{"item": {"a": 1}}\n{"do', b"<html>", b'{"unheard": 1}\n'],
    ids=["nothing", "no last line", "half a line", "something else", "a line of another kind"],
)
def test_an_answer_without_its_last_line_is_an_error(
    stand_in: _Server, workspace: Workspace, answer: bytes
) -> None:
    stand_in.answer = answer
    with pytest.raises(WorkspaceError, match="leadline imports"):
        list(client.run(workspace, "imports", {}))


def test_an_error_of_the_server_is_raised_with_its_sentence(stand_in: _Server, workspace: Workspace) -> None:
    stand_in.answer = '{"error": "Nein, so nicht – geht nicht."}\n'.encode()
    with pytest.raises(LeadlineError, match=r"^Nein, so nicht – geht nicht\.$"):
        list(client.run(workspace, "imports", {}))


def test_a_server_that_withdraws_leaves_the_file_of_another_alone(workspace: Workspace) -> None:
    (workspace.path / ".leadline").mkdir()
    first = client.announce(workspace.path, 1)
    second = client.announce(workspace.path, 2)
    client.withdraw(workspace.path, first)
    assert client.announced(workspace.path) == second
    client.withdraw(workspace.path, second)
    assert client.announced(workspace.path) is None


def test_every_server_has_its_own_token(workspace: Workspace) -> None:
    (workspace.path / ".leadline").mkdir()
    tokens = {client.announce(workspace.path, 1).token for _ in range(10)}
    assert len(tokens) == 10
    assert all(len(token) >= 32 for token in tokens)


def test_nobody_else_can_ever_read_the_server_file(workspace: Workspace, tmp_path: Path) -> None:
    (workspace.path / ".leadline").mkdir()
    before = os.umask(0)
    try:
        client.announce(workspace.path, 1)
    finally:
        os.umask(before)
    assert (workspace.path / ".leadline" / "server.json").stat().st_mode & 0o777 == 0o600
