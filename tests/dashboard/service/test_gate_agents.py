"""The agents of docs/gate.md, run as they stand there: they halt, and they go on by decision alone."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from tests.dashboard.command_line import run
from tests.dashboard.service.test_machine_routes import Machine, machine
from tests.dashboard.serving import LEADLINE, free_port

__all__ = ["machine"]

PAGE = (Path(__file__).parents[3] / "docs" / "gate.md").read_text(encoding="utf-8")
LEADS = "L1\nL2\n"
ON_BREACH = """\
workflow: lead-routing
owner: Head of Demand Generation
deployed_on: 2024-01-01
watch: {proxies: [lead_volume], outcomes: [close_rate], baseline: {from: 2023-10-02, to: 2023-12-31}}
stopping_rules: [{id: too-few, when: lead_volume < 50, action: pause}]
gate: {on: breach}
"""
Agent = Callable[[Machine, str, bool], bool]


def _block(kind: str) -> str:
    """The one block of the page that is an agent in that language."""
    found = [text for text in re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL) if "gate" in text]
    return next(text for text in found if "lead-routing" in text and ("nodes" in text or kind != "json"))


def _environment(machine: Machine, is_up: bool) -> dict[str, str]:
    """As an agent has it; where the server is down, its address is one at which nobody answers."""
    path = f"{LEADLINE.parent}{os.pathsep}{os.environ['PATH']}"
    url = f"http://127.0.0.1:{machine.port if is_up else free_port()}"
    return {"PATH": path, "LEADLINE_WORKSPACE": str(machine.workspace), "LEADLINE_URL": url,
            "LEADLINE_TOKEN": machine.token}  # fmt: skip


def _went_on(out: str) -> bool:
    """Whether both leads were answered; else none may have been."""
    answered = [line for line in out.splitlines() if line.startswith("answered")]
    assert len(answered) in (0, 2), out
    assert answered or "halted before L1" in out, out
    return bool(answered)


def shell(machine: Machine, unknown: str, is_up: bool) -> bool:
    """Needs no server, so it is never down."""
    script = _block("sh").replace("unknown=open", f"unknown={unknown}")
    ran = subprocess.run(
        ["sh", "-c", script], input=LEADS, capture_output=True, text=True, check=True,
        env=_environment(machine, is_up),
    )  # fmt: skip
    return _went_on(ran.stdout)


def python(machine: Machine, unknown: str, is_up: bool) -> bool:
    pytest.importorskip(
        "openfeature.contrib.provider.ofrep", reason="the OpenFeature client is not installed"
    )
    ran = subprocess.run(
        [sys.executable, "-c", _block("python")], input=LEADS, capture_output=True, text=True, check=True,
        env={**_environment(machine, is_up), "UNKNOWN": unknown},
    )  # fmt: skip
    return _went_on(ran.stdout)


def n8n(machine: Machine, unknown: str, is_up: bool) -> bool:
    """The two nodes as n8n runs them: an error of the request goes on without an answer."""
    asks, decides = json.loads(_block("json"))["nodes"]
    assert asks["onError"] == "continueRegularOutput"
    options = asks["parameters"]["options"]
    address = asks["parameters"]["url"].replace(
        "https://leadline.example.com", _environment(machine, is_up)["LEADLINE_URL"]
    )
    item = {}
    try:
        request = urllib.request.Request(address, headers={"Authorization": f"Bearer {machine.token}"})
        with urllib.request.urlopen(request, timeout=options["timeout"] / 1000) as response:
            item[options["response"]["response"]["outputPropertyName"]] = response.read().decode()
    except urllib.error.URLError:
        pass
    (condition,) = decides["parameters"]["conditions"]["string"]
    field, otherwise = re.findall(r"\$json\.(\w+) \|\| '(\w+)'", condition["value1"])[0]
    return str(item.get(field) or {"open": otherwise, "closed": "pause"}[unknown]) == condition["value2"]


def github_actions(machine: Machine, unknown: str, is_up: bool) -> bool:
    asks, acts = yaml.safe_load(_block("yaml"))
    output = machine.workspace.parent / "output"
    output.write_text("")
    answers = {"open": asks["env"]["UNKNOWN"], "closed": "pause"}
    environment = {**_environment(machine, is_up), "UNKNOWN": answers[unknown], "GITHUB_OUTPUT": str(output)}
    subprocess.run(
        ["bash", "-eo", "pipefail", "-c", asks["run"]], env=environment, capture_output=True, check=True
    )
    (wanted,) = re.findall(r"== '(\w+)'", acts["if"])
    return output.read_text() == f"answer={wanted}\n"


AGENTS: dict[str, Agent] = {"shell": shell, "python": python, "n8n": n8n, "GitHub Actions": github_actions}
MISSING = {
    *(["python"] if find_spec("openfeature") is None else []),
    *(["GitHub Actions"] if shutil.which("curl") is None else []),
}


def _say(machine: Machine, unknown: str = "open", is_up: bool = True) -> set[bool]:
    """What the agents that can be run here do; they must all do the same."""
    return {agent(machine, unknown, is_up) for name, agent in AGENTS.items() if name not in MISSING}


@pytest.mark.parametrize("name", AGENTS)
def test_the_agent_can_be_run_here(name: str) -> None:
    if name in MISSING:
        pytest.skip("a part of this agent is not installed")


def test_agents_halt_at_a_decision_and_go_on_by_another_one_alone(machine: Machine) -> None:
    machine.agrees("")
    machine.decides("continue")
    assert _say(machine) == {True}
    machine.decides("pause")
    assert _say(machine) == {False}
    machine.agrees("")  # another review, in which nothing is breached
    machine.agrees("", on="2024-07-20")  # and however long nobody looks
    assert _say(machine) == {False}
    machine.agrees("")
    machine.decides("adjust")
    assert _say(machine) == {True}


def test_agents_halt_at_a_breach_of_what_has_landed_until_somebody_decides(machine: Machine) -> None:
    (machine.workspace / "leadline.toml").write_text("as_of = 2024-06-30\n")
    (machine.workspace / "charters" / "lead-routing.yaml").write_text(ON_BREACH)
    machine.decides("continue")

    def lands(name: str, first: dt.date, weeks: int, a_week: int) -> int | None:
        days = [first + dt.timedelta(weeks=week) for week in range(weeks)]
        rows = [
            f"{name}{day}-{lead},{day + dt.timedelta(days=lead % 7)},lead-routing"
            for day in days
            for lead in range(a_week)
        ]
        file = machine.workspace.parent / f"{name}.csv"
        file.write_text("\n".join(["lead_id,created_at,workflow", *rows]))
        assert run("ingest", file, workspace=machine.workspace).status == 0
        return run("check", workspace=machine.workspace).status

    assert lands("kept", dt.date(2023, 10, 2), 38, 60) in (0, 4)
    assert n8n(machine, "open", True)
    assert lands("fell", dt.date(2024, 6, 24), 1, 15) == 3
    assert _say(machine) == {False}
    assert not n8n(machine, "open", True)  # nor later, by itself
    machine.decides("continue")
    assert n8n(machine, "open", True)


@pytest.mark.parametrize(("unknown", "goes_on"), [("open", True), ("closed", False)])
def test_where_nobody_answers_agents_do_what_unknown_says(
    unknown: str, goes_on: bool, machine: Machine
) -> None:
    machine.agrees(f"gate: {{unknown: {unknown}}}", on="2024-07-20")  # nobody has looked for too long
    assert _say(machine, unknown) == {goes_on}
    assert _say(machine, unknown, is_up=False) == {goes_on}
