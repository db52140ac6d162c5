"""What machines ask a served workspace: the real server on loopback, its answers, and who gets none."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from leadline.dashboard.service import weekly
from leadline.dashboard.service.assistant_answers import fitted
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from tests.dashboard.command_line import assert_one_sentence, run
from tests.dashboard.serving import LEADLINE, serving
from tests.metrics.shown import TEXT

NAME = "lead-routing"
FLAG, FLAGS = f"/ofrep/v1/evaluate/flags/{NAME}", "/ofrep/v1/evaluate/flags"


def awaited(asked: Coroutine[Any, Any, Any]) -> Any:
    """What `asked` answers, run in a thread of its own: the browser tests of this worker keep a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asked).result()


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Machine:
    """Asks one server with one token."""

    workspace: Path
    port: int
    token: str
    reading: str

    def ask(
        self, method: str, path: str, body: object = None, *, token: str | None = None, **headers: str
    ) -> Answer:
        held = self.token if token is None else token
        sent = {"Authorization": f"Bearer {held}"} if held else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        raw = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, path, raw, sent)
            response = connection.getresponse()
            told = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, response.read().decode(), told)

    def decides(self, kind: str) -> None:
        """As somebody does on the command line while the dashboard runs."""
        later = ["--next", "2024-07-07"]
        ran = run("decide", NAME, kind, "--reason", "As agreed", *later, workspace=self.workspace)
        assert ran.status == 0, ran

    def agrees(self, gate: str, on: str = "2024-06-30") -> None:
        """The charter as it stands from now on, on that day; somebody looks at once."""
        (self.workspace / "leadline.toml").write_text("as_of = 2024-06-30\n")
        file = self.workspace / "charters" / f"{NAME}.yaml"
        file.write_text(f"{TEXT}{gate}\n")
        run("check", workspace=self.workspace)
        (self.workspace / "leadline.toml").write_text(f"as_of = {on}\n")


def new_token(workspace: Path, name: str, may: str) -> str:
    ran = run("token", "new", name, "--may", may, workspace=workspace)
    assert ran.status == 0, ran
    token = ran.out.splitlines()[-1]
    assert re.fullmatch(r"[A-Za-z0-9_-]{32,}", token)
    return token


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("gates") / "team"
    run("init", folder)
    with serving(folder) as served:
        asking = Machine(
            folder, served.port, new_token(folder, "agent", "gate"), new_token(folder, "board", "read")
        )
        asking.agrees("")
        yield asking


def test_a_gate_is_a_word_to_compare_or_json_where_that_is_asked_for(machine: Machine) -> None:
    machine.agrees("")
    machine.decides("continue")
    assert (machine.ask("GET", f"/gate/{NAME}").body, machine.ask("GET", f"/gate/{NAME}").status) == (
        "run",
        200,
    )
    machine.decides("pause")
    told = machine.ask("GET", f"/gate/{NAME}")
    assert (told.status, told.body, told.headers["cache-control"]) == (200, "pause", "no-store")
    as_json = machine.ask("GET", f"/gate/{NAME}", Accept="application/json").json
    assert as_json == run("gate", NAME, "--json", workspace=machine.workspace).json
    assert (as_json["value"], as_json["variant"]) == (False, "pause")
    machine.decides("continue")
    assert machine.ask("GET", f"/gate/{NAME}").body == "run"


@pytest.mark.parametrize(("unknown", "word"), [("open", "run"), ("closed", "pause")])
def test_where_it_can_not_be_said_the_charter_says_what_to_do(
    machine: Machine, unknown: str, word: str
) -> None:
    machine.agrees(f"gate: {{unknown: {unknown}}}", on="2024-07-09")
    machine_said = machine.ask("POST", FLAG, {"context": {}})
    assert machine.ask("GET", f"/gate/{NAME}").body == word
    assert (machine_said.status, machine_said.json["reason"], machine_said.json["variant"]) == (
        200,
        "STALE",
        "review",
    )
    assert "value" not in machine_said.json
    assert machine_said.json["metadata"]["unknown"] == unknown


def test_the_evaluation_protocol_tells_value_variant_and_why(machine: Machine) -> None:
    machine.agrees("gate: {holdout: 50%}")
    machine.decides("adjust")
    said = {}
    for number in range(12):
        told = machine.ask("POST", FLAG, {"context": {"targetingKey": f"lead {number}"}}).json
        assert told["key"] == NAME
        said[told["variant"]] = (told["value"], told["reason"])
        by_command = run("gate", NAME, "--key", f"lead {number}", "--json", workspace=machine.workspace).json
        assert by_command["variant"] == told["variant"]
    assert said == {"adjust": (True, "STATIC"), "human": (False, "SPLIT")}
    machine.decides("stop")
    told = machine.ask("POST", FLAG, {"context": {"targetingKey": "lead 1"}}).json
    assert (told["value"], told["variant"], told["reason"]) == (False, "stop", "STATIC")
    assert {type(value) for value in told["metadata"].values()} <= {str, int, float, bool}
    machine.decides("continue")


def test_all_flags_at_once_are_told_once(machine: Machine) -> None:
    machine.agrees("")
    machine.decides("continue")
    first = machine.ask("POST", FLAGS, {"context": {"targetingKey": "x"}})
    assert [(flag["key"], flag["value"]) for flag in first.json["flags"]] == [(NAME, True)]
    again = machine.ask(
        "POST", FLAGS, {"context": {"targetingKey": "x"}}, If_None_Match=first.headers["etag"]
    )
    assert (again.status, again.body, again.headers["etag"]) == (304, "", first.headers["etag"])
    machine.decides("pause")
    now = machine.ask("POST", FLAGS, {"context": {"targetingKey": "x"}}, If_None_Match=first.headers["etag"])
    assert (now.status, now.json["flags"][0]["value"]) == (200, False)
    machine.decides("continue")


@pytest.mark.parametrize("path", [FLAG, FLAGS])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "PARSE_ERROR"),
        (b"{", "PARSE_ERROR"),
        (b"\xff\xfe", "PARSE_ERROR"),
        (b"[" * 50_000, "PARSE_ERROR"),
        (b'"' + b"x" * 200_000 + b'"', "PARSE_ERROR"),
        (b"[]", "INVALID_CONTEXT"),
        (b'{"context": []}', "INVALID_CONTEXT"),
        (b'{"context": {"targetingKey": 7}}', "INVALID_CONTEXT"),
    ],
)
def test_what_can_not_be_evaluated_is_refused_with_its_code(
    machine: Machine, path: str, body: bytes, code: str
) -> None:
    told = machine.ask("POST", path, body)
    assert (told.status, told.json["errorCode"], told.json.get("key")) == (
        400,
        code,
        NAME if path == FLAG else None,
    )


def test_an_unknown_workflow_is_no_flag(machine: Machine) -> None:
    told = machine.ask("POST", f"{FLAGS}/nothing", {"context": {}})
    assert (told.status, told.json["errorCode"], told.json["key"]) == (404, "FLAG_NOT_FOUND", "nothing")
    for name in ("nothing", "..%2F..%2Fleadline", "%2e%2e", ".ledger", "x" * 300):
        told = machine.ask("GET", f"/gate/{name}")
        assert told.status in (400, 404)
        assert "run" not in told.body


ASKED = [("GET", f"/gate/{NAME}"), ("POST", FLAG), ("POST", FLAGS), ("GET", "/metrics")]


@pytest.mark.parametrize(("method", "path"), ASKED)
def test_who_has_no_token_or_one_of_another_kind_is_told_nothing(
    machine: Machine, method: str, path: str
) -> None:
    body = {"context": {}} if method == "POST" else None
    own, other = (machine.reading, machine.token) if path == "/metrics" else (machine.token, machine.reading)
    assert machine.ask(method, path, body, token=own).status == 200
    assert machine.ask(method, path, body, token=other).status == 403
    for token in ("", "x", own[:-1], own + "x", own.swapcase()):
        told = machine.ask(method, path, body, token=token)
        assert (told.status, told.headers["www-authenticate"]) == (401, "Bearer")
    for header in (own, f"Basic {own}", f"Token {own}"):
        assert machine.ask(method, path, body, token="", Authorization=header).status == 401
    # the token of the command line is another thing
    server = json.loads((machine.workspace / ".leadline" / "server.json").read_text())
    assert machine.ask(method, path, body, token=server["token"]).status == 401
    assert machine.ask(method, path, body, token=own, Host="evil.example").status == 400


def test_a_revoked_token_is_a_strangers_from_the_next_request_on(machine: Machine) -> None:
    token = new_token(machine.workspace, "passing", "gate")
    assert machine.ask("GET", f"/gate/{NAME}", token=token).status == 200
    assert run("token", "revoke", "passing", workspace=machine.workspace).status == 0
    assert machine.ask("GET", f"/gate/{NAME}", token=token).status == 401
    assert new_token(machine.workspace, "passing", "gate") != token
    assert machine.ask("GET", f"/gate/{NAME}", token=token).status == 401


def test_of_tokens_only_hashes_are_kept(machine: Machine) -> None:
    listed = run("token", "list", "--json", workspace=machine.workspace).json["tokens"]
    assert {(each["name"], each["may"]) for each in listed} >= {("agent", "gate"), ("board", "read")}
    told = (
        run("ledger", "--json", workspace=machine.workspace).out
        + run("token", "list", workspace=machine.workspace).out
    )
    kept = [
        file.read_bytes() for file in machine.workspace.rglob("*") if file.is_file() and file.name != "lock"
    ]
    for token in (machine.token, machine.reading):
        assert token not in told
        assert not [1 for content in kept if token.encode() in content]
    file = machine.workspace / ".leadline" / "tokens.json"
    assert file.stat().st_mode & 0o777 == 0o600
    for arguments in (["new", "agent", "--may", "gate"], ["revoke", "nobody"], ["new", "a b", "--may", "read"],
                      ["new", "x", "--may", "write"]):  # fmt: skip
        assert_one_sentence(run("token", *arguments, workspace=machine.workspace))


def test_health_needs_no_token_and_tells_nothing_else(machine: Machine) -> None:
    for path in ("/healthz", "/readyz"):
        told = machine.ask("GET", path, token="")
        assert (told.status, told.body) == (200, "ok\n")
    assert machine.ask("GET", "/healthz", token="", Host="evil.example").status == 400


@pytest.mark.parametrize(
    "path",
    ["/gate", "/gate/", f"/gate/{NAME}/x", "/ofrep", "/ofrep/v1/evaluate", "/ofrep/v2/evaluate/flags", "/metrics/x",
     "/mcp/x", "/feeds", "/feeds/secret/x.csv"],
)  # fmt: skip
def test_an_unknown_path_of_ours_is_no_page(machine: Machine, path: str) -> None:
    for method in ("GET", "POST", "PUT"):
        told = machine.ask(method, path)
        assert (told.status, "<html" in told.body) == (404, False)


def test_metrics_are_what_the_last_review_said(machine: Machine) -> None:
    machine.agrees("")
    told = machine.ask("GET", "/metrics", token=machine.reading)
    assert told.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    lines = told.body.splitlines()
    assert lines[-1] == "# EOF"
    assert f'leadline_verdict{{workflow="{NAME}",verdict="data_problem"}} 1' in lines
    assert f'leadline_verdict{{workflow="{NAME}",verdict="diverging"}} 0' in lines
    assert f'leadline_rule_breached{{workflow="{NAME}",rule="divergence"}} 0' in lines
    assert "leadline_outbox_pending 0" in lines
    names = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert names == {
        "leadline_verdict", "leadline_rule_breached", "leadline_source_age_days", "leadline_outbox_pending",
    }  # fmt: skip


def test_an_openfeature_client_halts_and_goes_on_by_decision_alone(machine: Machine) -> None:
    api = pytest.importorskip("openfeature.api", reason="the OpenFeature client is not installed")
    ofrep = pytest.importorskip(
        "openfeature.contrib.provider.ofrep", reason="its OFREP provider is not installed"
    )
    from openfeature.evaluation_context import EvaluationContext

    def provider(token: str) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return ofrep.OFREPProvider(f"http://127.0.0.1:{machine.port}", headers_factory=lambda: headers)

    api.set_provider(provider(machine.token))
    client, unit = api.get_client(), EvaluationContext("lead 1")
    machine.agrees("")
    said = []
    for kind in ("continue", "pause", "stop", "adjust"):
        machine.decides(kind)
        told = client.get_boolean_details(NAME, kind in ("pause", "stop"), unit)
        said.append((told.value, told.variant, told.error_code))
    assert said == [
        (True, "run", None),
        (False, "pause", None),
        (False, "stop", None),
        (True, "adjust", None),
    ]
    machine.agrees("", on="2024-07-09")
    for default in (True, False):
        told = client.get_boolean_details(NAME, default, unit)
        assert (told.value, told.variant, str(told.reason)) == (default, "review", "STALE")
    assert client.get_boolean_details("nothing", True, unit).error_code.value == "FLAG_NOT_FOUND"
    api.set_provider(provider("wrong"))
    assert api.get_client().get_boolean_value(NAME, False, unit) is False
    api.shutdown()


@pytest.mark.timed
def test_a_kept_connection_is_answered_without_waiting_for_an_acknowledgement(machine: Machine) -> None:
    """Headers and body are two packets; the second one waited 40 ms for the first to be acknowledged."""
    machine.agrees("")
    with closing(http.client.HTTPConnection("127.0.0.1", machine.port, timeout=30)) as connection:
        took = []
        for _ in range(40):
            begun = time.perf_counter()
            connection.request("GET", f"/gate/{NAME}", headers={"Authorization": f"Bearer {machine.token}"})
            assert connection.getresponse().read() == b"run"
            took.append(time.perf_counter() - begun)
    assert sorted(took)[20] < 0.02


def test_feeds_answer_to_a_reading_token_in_their_address_and_to_nothing_else(machine: Machine) -> None:
    machine.agrees("")
    machine.decides("continue")
    calendar = machine.ask("GET", f"/feeds/{machine.reading}/checkpoints.ics", token="")
    assert calendar.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = calendar.body.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "DTSTART;VALUE=DATE:20240707" in lines, "the day that the decision named"
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") > 10
    assert machine.ask("GET", f"/feeds/{machine.reading}/checkpoints.ics", token="").body == calendar.body
    known = calendar.headers["etag"]
    unchanged = machine.ask("GET", f"/feeds/{machine.reading}/checkpoints.ics", token="", If_None_Match=known)
    assert (unchanged.status, unchanged.body) == (304, "")
    alerts = machine.ask("GET", f"/feeds/{machine.reading}/alerts.atom", token="")
    assert alerts.headers["etag"] != known
    root = ElementTree.fromstring(alerts.body)
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    assert root.findtext("{http://www.w3.org/2005/Atom}id", "").startswith("urn:leadline:")
    for path in (
        f"/feeds/{machine.token}/alerts.atom",
        f"/feeds/{machine.reading}/other",
        f"/feeds/{machine.reading}",
        f"/feeds/{'x' * 43}/alerts.atom",
        "/feeds/alerts.atom",
    ):
        assert machine.ask("GET", path, token=machine.reading).status == 404


def test_a_link_of_the_weekly_message_asks_first_and_then_ends_it(machine: Machine) -> None:
    settings = machine.workspace / "leadline.toml"
    settings.write_text('as_of = 2024-06-30\n[notify.people]\n"ana@example.com" = "all"\n')
    with open_warehouse(open_workspace(copied(machine))) as warehouse:
        link = f"/feeds/unsubscribe/{weekly.leaving_token(warehouse, 'ana@example.com')}"
    asked = machine.ask("GET", link, token="")
    assert (asked.status, "End it" in asked.body) == (200, True)
    assert "frame-ancestors 'none'" in asked.headers["content-security-policy"]
    assert "weekly message ended" not in run("ledger", workspace=machine.workspace).out
    assert machine.ask("POST", link[:-1] + "?", token="").status == 404
    assert machine.ask("POST", link, b"List-Unsubscribe=One-Click", token="").status == 200
    assert "weekly message ended" in run("ledger", workspace=machine.workspace).out


def copied(machine: Machine) -> Path:
    """The workspace as a backup has it, which may be opened beside the server."""
    backup, folder = machine.workspace.parent / "copy.zip", machine.workspace.parent / "copy"
    assert run("backup", backup, workspace=machine.workspace).status == 0
    assert run("restore", backup, workspace=folder).status == 0
    return folder


def test_an_assistant_reads_and_writes_nothing_and_a_revoked_token_is_refused(machine: Machine) -> None:
    mcp = pytest.importorskip("mcp", reason="the extra leadline[mcp] is not installed")
    from mcp.client.streamable_http import streamable_http_client

    machine.agrees("")
    token = new_token(machine.workspace, "assistant", "read")
    before = run("ledger", workspace=machine.workspace).out

    async def asked() -> dict[str, str]:
        headers = {"Authorization": f"Bearer {token}"}
        address = f"http://127.0.0.1:{machine.port}/mcp"
        async with (
            pytest.importorskip("httpx2").AsyncClient(headers=headers, timeout=30) as http_client,
            mcp.Client(streamable_http_client(address, http_client=http_client)) as assistant,
        ):
            tools = (await assistant.list_tools()).tools
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
            arguments = {"workflow": {"workflow": NAME}}
            return {
                tool.name: (await assistant.call_tool(tool.name, arguments.get(tool.name, {})))
                .content[0]
                .text
                for tool in tools
            }

    told = awaited(asked())
    assert set(told) == {"week", "workflow", "due"}
    due = run("check", "--json", workspace=machine.workspace).json["workflows"][0]["due"]["text"]
    assert json.loads(told["week"])["workflows"][0]["due"] == due
    assert json.loads(told["workflow"])["due"]["text"] == due
    assert run("ledger", workspace=machine.workspace).out == before
    for held in (machine.token, ""):
        assert machine.ask("POST", "/mcp", {}, token=held).status in (401, 403)
    for method in ("GET", "DELETE"):
        refused = machine.ask(method, "/mcp", token=token)
        assert (refused.status, refused.headers["allow"]) == (405, "POST")
    run("token", "revoke", "assistant", workspace=machine.workspace)
    assert machine.ask("POST", "/mcp", {}, token=token).status == 401


def test_an_assistant_on_this_machine_reads_through_standard_input(machine: Machine) -> None:
    mcp = pytest.importorskip("mcp", reason="the extra leadline[mcp] is not installed")
    machine.agrees("")
    command = mcp.StdioServerParameters(
        command=str(LEADLINE), args=["mcp", "--workspace", str(machine.workspace)]
    )

    async def asked() -> str:
        async with mcp.Client(command) as assistant:
            return str((await assistant.call_tool("workflow", {"workflow": "nobody"})).content[0].text)

    assert "There is no workflow 'nobody' in this review; there is lead-routing." in awaited(asked())


def test_an_answer_has_less_than_8_kb_whatever_it_is_about() -> None:
    many = [{"workflow": "ü" * 5_000, "number": number} for number in range(500)]
    told = fitted({"sentence": "ü" * 9_000}, {"workflows": many, "findings": ["x"]})
    assert len(told.encode()) < 8_000
    assert json.loads(told)["left_out_for_room"]["workflows"] == 500 - len(json.loads(told)["workflows"])
