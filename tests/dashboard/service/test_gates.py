"""Gates from end to end: reviews, breaches and decisions in the ledger, the file that machines read, the command."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import leadline
from leadline.dashboard.service import gate_files, gates, notify
from leadline.dashboard.service import webhooks as sender
from leadline.dashboard.service.ledger_commands import LEDGER_COMMANDS
from leadline.data.errors import WorkspaceError
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement import outbox
from leadline.metrics.agreement.alerts import alerts
from leadline.metrics.agreement.decisions import NewDecision, record_decision
from leadline.metrics.agreement.entries import entries
from leadline.metrics.agreement.record_review import sync_alerts
from leadline.metrics.agreement.verification import verify
from leadline.metrics.results import Review, RuleState
from tests.conftest import SMALL
from tests.dashboard.command_line import assert_one_sentence, run
from tests.dashboard.receivers import hook
from tests.dashboard.serving import LEADLINE
from tests.metrics.shown import SUNDAY, TEXT, charter, review, rule, workflow

DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
NAME = "lead-routing"


class Team:
    """One workflow that is reviewed and decided on; its clock is the workspace's own."""

    def __init__(self, warehouse: Warehouse, workspace: Workspace, gate: str = "") -> None:
        self.warehouse, self.workspace = warehouse, workspace
        self.agree(gate)
        self.on(SUNDAY)

    def agree(self, gate: str) -> None:
        self.text = f"{TEXT}{gate}\n"
        (self.workspace.charters / f"{NAME}.yaml").write_text(self.text)

    def on(self, day: dt.date) -> None:
        self.day = day
        self.workspace = replace(self.workspace, settings=replace(SMALL, as_of=day))
        # the command reads its clock from the file
        (self.workspace.path / "leadline.toml").write_text(f"as_of = {day}\n")

    def sees(self, *rules: RuleState, verdict: str = "diverging", days_later: int = 0) -> Review:
        """What `leadline check` does."""
        self.on(self.day + days_later * DAY)
        shown = replace(review(workflow(*rules, agreed=charter(self.text), verdict=verdict)), as_of=self.day)  # type: ignore[arg-type]
        sync_alerts(self.warehouse, shown)
        gates.refresh(self.warehouse, self.workspace, reviewed=True)
        self.shown = shown
        return shown

    def decides(self, kind: str, alert: str | None = None) -> None:
        new = NewDecision(kind, "As agreed", "Head of Sales", "CEO", self.day, alert, None if alert else NAME,
                          next_checkpoint=self.day + WEEK)  # fmt: skip
        record_decision(self.warehouse, new, self.shown)
        gates.refresh(self.warehouse, self.workspace)

    def gate(self, key: str | None = None) -> tuple[bool | None, str]:
        said = gate_files.ask(self.workspace, NAME, key, "an agent")
        assert said is not None
        return said.value, said.variant

    def turns(self) -> list[tuple[bool | None, str]]:
        return [(e.payload["value"], e.payload["variant"]) for e in entries(self.warehouse, ("gate_turned",))]


@pytest.fixture
def team(warehouse: Warehouse, workspace: Workspace) -> Team:
    return Team(warehouse, workspace)


@pytest.fixture
def strict(warehouse: Warehouse, workspace: Workspace) -> Team:
    return Team(warehouse, workspace, "gate: {on: breach, unknown: closed}")


def test_a_breach_alone_closes_only_the_gate_of_a_charter_that_says_so(strict: Team) -> None:
    strict.sees(rule("breached"))
    assert strict.gate() == (False, "pause")
    strict.agree("gate: {on: decision}")
    gates.refresh(strict.warehouse, strict.workspace)
    assert strict.gate() == (True, "run")
    strict.agree("gate: {on: never}")
    gates.refresh(strict.warehouse, strict.workspace)
    assert strict.gate() == (True, "run")


def test_a_rule_that_asks_for_less_closes_nothing(strict: Team) -> None:
    strict.sees(rule("breached", action="adjust"), rule("breached", "floor", action="review"))
    assert strict.gate() == (True, "run")


@pytest.mark.parametrize("state", ["ok", "no_data", "recovering"])
def test_what_a_rule_reads_by_now_does_not_open_it(strict: Team, state: str) -> None:
    strict.sees(rule("breached"))
    strict.sees(rule(state, ended_on=SUNDAY if state == "ok" else None), verdict="watch", days_later=1)  # type: ignore[arg-type]
    assert [alert.is_open for alert in alerts(strict.warehouse)] == [state != "ok"]
    assert strict.gate() == (False, "pause")
    strict.decides("continue")
    assert strict.gate() == (True, "run")


@pytest.mark.parametrize(("kind", "after"), [("continue", (True, "run")), ("adjust", (True, "adjust"))])
def test_a_decision_on_the_alert_opens_it(strict: Team, kind: str, after: tuple[bool, str]) -> None:
    strict.sees(rule("breached"))
    strict.decides(kind, alerts(strict.warehouse)[0].id)
    assert strict.gate() == after
    assert strict.turns() == [(False, "pause"), after]


def test_a_decision_on_another_alert_leaves_it_closed(strict: Team) -> None:
    strict.sees(rule("breached"), rule("breached", "floor", action="stop"))
    assert strict.gate() == (False, "stop")
    by_rule = {alert.rule: alert.id for alert in alerts(strict.warehouse)}
    strict.decides("continue", by_rule["floor"])
    assert strict.gate() == (False, "pause")
    strict.decides("continue", by_rule["divergence"])
    assert strict.gate() == (True, "run")


def test_a_pause_of_the_workflow_is_no_decision_to_go_on_once_it_is_lifted_elsewhere(strict: Team) -> None:
    strict.sees(rule("breached"), rule("breached", "floor", action="stop"))
    by_rule = {alert.rule: alert.id for alert in alerts(strict.warehouse)}
    strict.decides("pause")
    strict.decides("continue", by_rule["floor"])
    assert strict.gate() == (False, "pause")


def test_what_got_worse_after_it_was_let_go_on_closes_it_again(strict: Team) -> None:
    strict.sees(rule("breached"))
    strict.decides("continue", alerts(strict.warehouse)[0].id)
    strict.sees(rule("breached", action="stop"), days_later=1)
    assert strict.gate() == (False, "stop")


def test_a_pause_stands_however_old_it_is_and_only_a_decision_lifts_it(team: Team) -> None:
    team.sees(rule("ok"), verdict="aligned")
    assert team.gate() == (True, "run")
    team.decides("pause")
    for later in (0, 1, 8, 400):
        team.on(SUNDAY + later * DAY)
        assert team.gate() == (False, "pause")
    team.sees(rule("ok"), verdict="aligned")
    assert team.gate() == (False, "pause")
    team.decides("stop")
    assert team.gate() == (False, "stop")
    team.decides("continue")
    assert team.gate() == (True, "run")
    assert team.turns() == [(False, "pause"), (False, "stop"), (True, "run")]
    assert verify(team.warehouse) == ()


def test_it_lapses_when_nobody_looks_after_a_checkpoint(team: Team) -> None:
    """Checkpoints of a workflow deployed on 1 January 2024 fall on Mondays; the day itself still counts."""
    gates.refresh(team.warehouse, team.workspace)
    assert team.gate() == (None, "review")
    team.sees(rule("ok"), verdict="aligned")
    said = [(team.on(SUNDAY + days * DAY), team.gate())[1] for days in (0, 1, 2, 9)]
    assert said == [(True, "run"), (True, "run"), (None, "review"), (None, "review")]
    gates.looked_today(team.warehouse, team.workspace)
    assert team.gate() == (True, "run")
    assert team.turns() == []


def test_the_first_question_of_a_day_is_noted_and_entered_by_the_next_review(team: Team) -> None:
    team.sees(rule("ok"), verdict="aligned")
    for _ in range(3):
        team.gate()
    assert entries(team.warehouse, ("gate_asked",)) == ()
    team.sees(rule("ok"), verdict="aligned")
    team.sees(rule("ok"), verdict="aligned")
    team.on(SUNDAY + DAY)
    team.gate()
    team.sees(rule("ok"), verdict="aligned", days_later=1)
    told = [(e.payload["on"], e.by, e.workflow) for e in entries(team.warehouse, ("gate_asked",))]
    assert told == [("2024-06-30", "an agent", NAME), ("2024-07-01", "an agent", NAME)]
    assert sorted(gate_files.asked(team.workspace)) == []


def test_a_gate_that_a_dying_process_left_behind_the_ledger_is_written_when_the_workspace_is_opened(
    team: Team,
) -> None:
    team.sees(rule("ok"), verdict="aligned")
    new = NewDecision("stop", "At once", "Ann", "CEO", SUNDAY, workflow=NAME)
    record_decision(team.warehouse, new, team.shown)  # and here the process is killed
    assert team.gate() == (True, "run")
    gates.settle(team.warehouse, team.workspace)
    assert team.gate() == (False, "stop")
    for file in (team.workspace.path / "gates").glob("*.*"):
        file.unlink()  # as in a workspace that was restored from a backup
    (team.workspace.path / "gates" / ".ledger").unlink(missing_ok=True)
    gates.settle(team.warehouse, team.workspace)
    assert team.gate() == (False, "stop")


def test_machines_hear_of_a_decision_before_an_import_that_is_underway_has_landed(team: Team) -> None:
    team.sees(rule("ok"), verdict="aligned")
    new = NewDecision("stop", "At once", "Ann", "CEO", SUNDAY, workflow=NAME)
    record_decision(team.warehouse, new, team.shown)
    lands, landed = threading.Event(), threading.Event()

    def land() -> None:
        with team.warehouse.transaction():
            lands.set()
            landed.wait(30)

    with ThreadPoolExecutor(2) as pool:
        pool.submit(land)
        assert lands.wait(30)
        refreshed = pool.submit(gates.refresh, team.warehouse, team.workspace)
        give_up = time.monotonic() + 20
        while team.gate() != (False, "stop") and time.monotonic() < give_up:
            time.sleep(0.02)
        assert (team.gate(), refreshed.done()) == ((False, "stop"), False)
        landed.set()
        assert [entry.kind for entry in refreshed.result(30)] == ["gate_turned"]


def test_files_are_for_their_user_alone_whole_and_gone_with_their_workflow(team: Team) -> None:
    before = os.umask(0)
    try:
        team.sees(rule("ok"), verdict="aligned")
        team.gate()
    finally:
        os.umask(before)
    folder = team.workspace.path / "gates"
    modes = {file.name: file.stat().st_mode & 0o777 for file in [folder, *folder.rglob("*")]}
    assert {name: mode for name, mode in modes.items() if mode not in (0o600, 0o700)} == {}
    (folder / f"{NAME}.json").write_text('{"value": true, "state"')
    with pytest.raises(WorkspaceError, match="run 'leadline check'"):
        team.gate()
    (team.workspace.charters / f"{NAME}.yaml").unlink()
    gates.refresh(team.warehouse, team.workspace)
    assert gate_files.ask(team.workspace, NAME, None, "x") is None


@pytest.mark.parametrize(
    "name", ["../secret", "..", "", "a/b", "a\\b", "x" * 65, "lead-routing.json/", ".ledger"]
)
def test_no_name_reads_another_file(team: Team, name: str) -> None:
    (team.workspace.path / "secret.json").write_text("{}")
    assert gate_files.ask(team.workspace, name, None, "x") is None


STATUSES = [("continue", 0), ("adjust", 0), ("pause", 3), ("stop", 3)]


@pytest.mark.parametrize(("kind", "status"), STATUSES)
def test_the_command_answers_by_its_status(team: Team, kind: str, status: int) -> None:
    team.sees(rule("ok"), verdict="aligned")
    team.decides(kind)
    ran = run("gate", NAME, "--json", workspace=team.workspace.path)
    assert ran.status == status
    assert list(ran.json) == [
        "workflow", "value", "variant", "unknown", "reason", "rule", "decision", "since", "as_of", "valid_until",
        "charter_version",
    ]  # fmt: skip
    told = (ran.json["value"], ran.json["variant"], ran.json["decision"], ran.json["since"])
    (decision,) = entries(team.warehouse, ("decision",))
    variant = {"continue": "run"}.get(kind, kind)
    assert told == (status == 0, variant, decision.subject, "2024-06-30")


def test_python_is_answered_as_the_command_is(team: Team) -> None:
    team.sees(rule("ok"), verdict="aligned")
    team.decides("pause")
    with leadline.open(team.workspace.path) as opened:
        said = opened.gate(NAME)
        told = run("gate", NAME, "--json", workspace=team.workspace.path).json
        assert {name: said.to_frame()[name].iloc[0] for name in ("workflow", "variant", "reason")} == {
            name: told[name] for name in ("workflow", "variant", "reason")
        }
        assert (said.value, said.since, said._repr_html_().count("Paused on")) == (False, SUNDAY, 1)
        with pytest.raises(leadline.LeadlineError, match="no workflow"):
            opened.gate("lead-rooting")


def test_the_command_can_not_say_of_what_nobody_knows_or_looks_at(team: Team) -> None:
    path = team.workspace.path
    gates.refresh(team.warehouse, team.workspace)
    ran = run("gate", NAME, "--json", workspace=path)
    assert (ran.status, ran.json["value"], ran.json["variant"], ran.json["as_of"]) == (
        4,
        None,
        "review",
        None,
    )
    ran = run("gate", "lead-rooting", workspace=path)
    assert (ran.status, ran.out, ran.err.count("\n")) == (4, "", 1)
    assert run("gate", "lead-rooting", "--json", workspace=path).json["value"] is None
    assert_one_sentence(run("gate", NAME, workspace=path / "nowhere"))


def test_the_command_brings_no_heavy_library_along_and_opens_no_database(team: Team) -> None:
    team.sees(rule("ok"), verdict="aligned")
    script = (
        "import sys; sys.argv = ['leadline', 'gate', 'lead-routing', '--key', 'L1', '-w', sys.argv[1]]\n"
        "from leadline.dashboard.cli.start import main\n"
        "try:\n    main()\n"
        "except SystemExit as e:\n    print(e.code, sorted({m.partition('.')[0] for m in sys.modules}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, team.workspace.path], capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith("yes: No decision stops it.\n0 ["), ran
    brought = set(json.loads(ran.stdout.partition("\n0 ")[2].replace("'", '"')))
    assert not brought & {
        "streamlit",
        "plotly",
        "pandas",
        "scipy",
        "numpy",
        "duckdb",
        "matplotlib",
        "starlette",
    }


def test_the_installed_command_is_that_one(tmp_path: Path) -> None:
    ran: Any = subprocess.run([LEADLINE, "gate", "-h"], capture_output=True, text=True, check=False)
    assert (ran.returncode, "May this workflow go on?" in ran.stdout) == (0, True)


SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes, ok").decode()


def _delivers(team: Team, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """`deliver_turns`, with the workspace open here rather than in a server."""
    monkeypatch.setattr(
        notify.client,
        "run",
        lambda _, name, told: LEDGER_COMMANDS[name].run(team.warehouse, team.workspace, told),
    )
    return notify.deliver_turns(team.workspace)


def test_a_webhook_hears_once_of_each_turn_in_fields_that_are_signed(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhooks = pytest.importorskip(
        "standardwebhooks", reason="the receivers' side of signed webhooks is missing"
    )
    team.sees(rule("breached"))
    with hook() as receiver:
        monkeypatch.setenv("LEADLINE_WEBHOOKS", f"http://127.0.0.1:{receiver.port}/in?x=1#{SECRET}")
        assert _delivers(team, monkeypatch) == []
        assert receiver.sent == []  # the breach alone turned nothing, and alerts are for people
        team.decides("pause")
        receiver.status = 500
        (problem,) = _delivers(team, monkeypatch)
        assert "status 500" in problem
        assert "webhook" not in problem or SECRET[6:20] not in problem
        assert _delivers(team, monkeypatch) == []  # it waits before it tries again
        receiver.status = 200
        at = dt.datetime.now(dt.UTC).replace(tzinfo=None) + dt.timedelta(hours=1)
        monkeypatch.setattr(outbox, "now", lambda: at)
        assert _delivers(team, monkeypatch) == []
        assert _delivers(team, monkeypatch) == []
        (_, first), (headers, body) = receiver.sent
    assert {name.lower(): value for name, value in receiver.sent[0][0].items()}["webhook-id"] == headers[
        "webhook-id"
    ]
    told = webhooks.Webhook(SECRET).verify(body, headers)
    assert told == json.loads(first)
    assert told["type"] == "gate.turned"
    said = {name: told["data"][name] for name in ("workflow", "value", "variant", "decision", "was", "since")}
    (decision,) = entries(team.warehouse, ("decision",))
    assert said == {
        "workflow": NAME, "value": False, "variant": "pause", "decision": decision.subject, "was": None,
        "since": "2024-06-30",
    }  # fmt: skip
    with pytest.raises(webhooks.WebhookVerificationError):
        webhooks.Webhook(SECRET).verify(body.replace(b"false", b"true"), headers)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://127.0.0.1:1/x", "lacks the secret"),
        ("https://127.0.0.1:1/x#whsec_c2hvcnQ=", "lacks the secret"),
        (f"http://hooks.example.com/x#{SECRET}", "no https address"),
        (f"https://127.0.0.1:1/x#{SECRET}", "could not be reached"),
        (f"file:///etc/passwd#{SECRET}", "no https address"),
        (f"https://127.0.0.1:notaport/x#{SECRET}", "could not be reached"),
    ],
)
def test_an_address_that_can_not_be_told_is_said_without_its_secret(address: str, why: str) -> None:
    problem = sender.send(address, {"id": "gate_1", "content": {}})
    assert why in problem
    assert SECRET[6:] not in problem
