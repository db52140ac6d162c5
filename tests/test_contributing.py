"""CONTRIBUTING.md works: each recipe is followed in a copy of the sources, and what it adds is used."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from leadline.dashboard.service.new_workspace import make_workspace

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"^ *```\w+ (file|append|insert|replace)=(\S+)(?: (?:before|line)=([^\n]+))?\n(.*?)^ *```",
    re.DOTALL | re.MULTILINE,
)
COMMANDS = """
import json, shlex, sys
from click.testing import CliRunner
from leadline.dashboard.cli.main import main
ran = [CliRunner().invoke(main, shlex.split(command)) for command in sys.argv[1:]]
refused = [one.output for one in ran if one.exit_code == 2 or not isinstance(one.exception, SystemExit | None)]
sys.exit("".join(refused)) if refused else print(json.dumps([one.stdout for one in ran]))
"""


class Copy:
    """The sources in a folder of their own, with whatever a recipe adds to them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = folder / "leadline"
        shutil.copytree(ROOT / "door", self.package)
        for name in ("data", "metrics", "dashboard"):
            # what is compiled comes along, but for what somebody is writing just now
            shutil.copytree(ROOT / name, self.package / name, ignore=shutil.ignore_patterns("*.pyc.*"))

    def follow(self, recipe: str) -> list[str]:
        """Does what the recipe's blocks say; the files it wrote."""
        section = TEXT.split(f"## {recipe}\n")[1].split("\n## ")[0]
        written = []
        for how, name, place, body in BLOCK.findall(section):
            file, text = self.package / name, textwrap.dedent(body)
            file.parent.mkdir(parents=True, exist_ok=True)
            if how == "file":
                assert not file.exists(), f"{name} exists already"
                file.write_text(text, encoding="utf-8")
            elif how == "append":
                file.write_text(f"{file.read_text(encoding='utf-8')}\n{text}", encoding="utf-8")
            else:
                lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
                (at,) = (number for number, line in enumerate(lines) if place in line)
                indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
                lines[at : at + (how == "replace")] = [textwrap.indent(text, indent)]
                file.write_text("".join(lines), encoding="utf-8")
            written.append(name)
        assert written, f"{recipe} writes nothing"
        return written

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Python in a process that sees the copy and nothing else of Leadline."""
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder), "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def leadline(self, *commands: str) -> list[str]:
        """`leadline …` of the copy, one command after the other in one process; what each prints. None is refused."""
        ran = self.run("-c", COMMANDS, *commands)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return list(json.loads(ran.stdout))


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_the_recipe_for_a_metric_makes_one_that_a_charter_can_watch(copy: Copy) -> None:
    copy.follow("Add a metric")
    (copy.folder / "conversations.csv").write_text(
        "conversation_id,held_at,workflow,text\n"
        + "".join(f"c{n},2024-{1 + n // 28:02}-{1 + n % 28:02},support,words\n" for n in range(300))
    )
    (copy.folder / "leads.csv").write_text(
        "lead_id,created_at,workflow\n"
        + "".join(f"l{n},2024-{1 + n // 28:02}-{1 + n % 28:02},support\n" for n in range(300))
    )
    (copy.folder / "charter.yaml").write_text(
        "workflow: support\nname: Support\nowner: Support lead\ndeployed_on: 2024-08-01\n"
        "watch: {proxies: [conversation_volume], outcomes: [close_rate]}\n"
    )
    *_, checked = copy.leadline(
        "init team",
        "ingest -w team conversations.csv leads.csv",
        "charter -w team charter.yaml",
        "check -w team --as-of 2024-11-20 --json",
    )
    (pair,) = json.loads(checked)["workflows"][0]["pairs"]
    assert pair["proxy"] == "conversation_volume"
    assert pair["proxy_change"]["units"] > 50


CALL_VOLUME = """
call_volume:
  label: Call volume
  description: Calls made in a week.
  role: proxy
  count: {template: calls}
  better_words: "{change} more calls are made"
  worse_words: "{change} fewer calls are made"
  steady_words: as many calls are made as before
"""
CALLS = """
import datetime as dt
from pathlib import Path
from leadline.data.counts import store
from leadline.data.landing.land import land, undo
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace
from leadline.metrics import counts
store.KEPT_FROM_ROWS = 1
END = dt.date(2025, 1, 5)
def kept(warehouse, name, **values):
    return sum(row[-1] for row in store.answer(warehouse, name, {"through": END, **values}))
with open_warehouse(Workspace(Path("counted"), Settings())) as warehouse:
    def told():
        return (kept(warehouse, "call_volume", workflow="support", segment=""), kept(warehouse, "activity"))
    land(warehouse, Path("leads-of-calls.csv"))
    first = land(warehouse, Path("calls-1.csv"))
    print(told())
    second = land(warehouse, Path("calls-2.csv"))
    print(told())
    undo(warehouse, first.import_id)
    print(told())
    print(store.compare_with_facts(warehouse))
"""


def test_the_recipe_for_a_template_makes_one_that_lands_is_counted_follows_is_undone_and_judged(
    copy: Copy,
) -> None:
    copy.follow("Add a template")
    with (copy.package / "metrics" / "agreement" / "catalog.yaml").open("a") as catalog:
        catalog.write(CALL_VOLUME)
    days = [f"2024-{1 + n // 28:02}-{1 + n % 28:02}" for n in range(300)]
    files = {
        "leads": ["lead_id,created_at,workflow", *(f"l{n},{day},support" for n, day in enumerate(days))],
        "calls": ["call_id,called_at,workflow", *(f"c{n},{day},support" for n, day in enumerate(days))],
        "leads-of-calls": ["lead_id,created_at,workflow", "l0,2024-01-01,support"],
        "calls-1": ["call_id,called_at,lead_id", *(f"c{n},{days[n]},l0" for n in range(50))],
        "calls-2": ["call_id,called_at,lead_id", *(f"c{n},{days[n]},l0" for n in range(50, 120))],
        "ahead": ["call_id,called_at,workflow", "c999,2199-01-01,support"],
    }
    for name, rows in files.items():
        (copy.folder / f"{name}.csv").write_text("\n".join(rows) + "\n")
    counted = copy.run("-c", CALLS)
    assert counted.stdout.splitlines() == [
        "(50, 51)", "(120, 121)", "(70, 71)", "Compared(questions=2, astray=())",
    ], counted.stderr  # fmt: skip

    (copy.folder / "charter.yaml").write_text(
        "workflow: support\nname: Support\nowner: Support lead\ndeployed_on: 2024-08-01\n"
        "watch: {proxies: [call_volume], outcomes: [close_rate]}\n"
    )
    _, landed, _, checked, text = copy.leadline(
        "init team",
        "ingest -w team calls.csv leads.csv ahead.csv --json",
        "charter -w team charter.yaml",
        "check -w team --as-of 2024-11-20 --json",
        "check -w team --as-of 2024-11-20",
    )
    reports = json.loads(landed)["files"]
    assert [(one["template"], one["rows"]["new"]) for one in reports] == [
        ("calls", 300), ("leads", 300), ("calls", 0),
    ]  # fmt: skip
    assert reports[2]["reasons"][0]["reason"] == "future_date"
    review = json.loads(checked)
    (pair,) = review["workflows"][0]["pairs"]
    assert pair["proxy"] == "call_volume"
    assert pair["proxy_change"]["units"] > 50
    assert "calls" in [one["source"] for one in review["data"] if one["newest"]]
    assert "No calls" not in text
    assert "calls missing" not in text


def test_the_recipe_for_an_export_makes_one_that_lands(copy: Copy) -> None:
    copy.follow("Add a vendor's export")
    (copy.folder / "deals.csv").write_text(
        "Northwind Deal Ref,Opened On,Settled On,Result,Contact\n"
        "007,2024-03-01,2024-04-20,Signed,Jo\n008,2024-03-02,,In talks,Al\n"
    )
    _, landed = copy.leadline("init team", "ingest -w team deals.csv --json")
    (report,) = json.loads(landed)["files"]
    assert (report["state"], report["template"], report["rows"]["new"]) == ("landed", "deals", 2)
    assert report["source"] == "Northwind CRM deals"


def test_the_recipe_for_a_verdict_satisfies_the_type_check(copy: Copy) -> None:
    copy.follow("Add a verdict")
    checked = copy.run(
        *("-m", "mypy", "--strict", "--follow-imports=skip", "--config-file", "", "--cache-dir", "cache"),
        *("-m", "leadline.metrics.verdicts", "-m", "leadline.metrics.results"),
        *("-m", "leadline.dashboard.words.codes", "-m", "leadline.dashboard.words.verdicts"),
    )
    assert "assert_never" not in checked.stdout
    assert 'expected "Never"' not in checked.stdout, checked.stdout
    said = copy.run(
        "-c",
        "from leadline.dashboard.words.codes import verdict_words; from leadline.metrics.verdicts import WORST_FIRST;"
        "print(verdict_words(WORST_FIRST[-1]).word)",
    )
    assert said.stdout == "Improving\n", said.stderr


def test_the_recipe_for_a_page_makes_one_that_opens(copy: Copy) -> None:
    copy.follow("Add a page")
    make_workspace(copy.folder / "team")
    script = """
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("leadline/dashboard/app.py", default_timeout=60).run()
app.switch_page("views/measured/page.py").run()
assert not app.exception, app.exception
print(app.table[0].value.to_string())
"""
    ran = copy.run("-c", "import os; os.environ['LEADLINE_WORKSPACE'] = 'team'\n" + script)
    assert ran.returncode == 0, ran.stderr
    assert "Close rate" in ran.stdout


def test_every_file_that_a_recipe_names_is_there() -> None:
    named = set(re.findall(r"`((?:data|metrics|dashboard|tests|docs)/[\w./-]+)`", TEXT))
    new = {name for _, name, _, _ in BLOCK.findall(TEXT)}
    assert len(named) >= 10
    assert {name for name in named if not (ROOT / name).exists()} <= new
