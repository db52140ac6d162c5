"""`leadline charter`: all of them or none, every version kept, signed in the text."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from leadline.dashboard.service import file_journal
from leadline.dashboard.service.charter_files import signed
from leadline.dashboard.service.open_warehouse import close_shared, shared_warehouse
from leadline.data.errors import LeadlineError
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.agreement.catalog import METRICS, load_catalog
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.agreement.charter_versions import charter_history, register_charter
from leadline.metrics.charter_terms import Signature
from tests.dashboard.command_line import assert_one_sentence, run, tree
from tests.torture.clients import run as run_apart

CHARTER = """\
# what we agreed in December
workflow: lead-routing   # the agent
name: Lead routing agent
owner: Head of Demand Generation
deployed_on: 2024-01-01
watch:
  proxies: [response_time]
  outcomes: [close_rate]
"""
OTHER = CHARTER.replace("lead-routing", "content-studio").replace("Lead routing agent", "Content studio")


@pytest.fixture
def team(tmp_path: Path) -> Path:
    run("init", tmp_path / "team")
    return tmp_path / "team"


@pytest.fixture
def charter(tmp_path: Path) -> Path:
    file = tmp_path / "ours.yaml"
    file.write_text(CHARTER, encoding="utf-8")
    return file


def _versions(team: Path, workflow: str = "lead-routing") -> list[str]:
    with open_warehouse(open_workspace(team)) as warehouse:
        return [version.content for version in charter_history(warehouse, workflow)]


def test_a_charter_is_registered_and_kept_under_its_workflows_name(team: Path, charter: Path) -> None:
    ran = run("charter", charter, workspace=team)
    assert ran.status == 0
    assert "lead-routing (version 1) registered" in ran.out
    assert (team / "charters" / "lead-routing.yaml").read_text(encoding="utf-8") == CHARTER
    assert _versions(team) == [CHARTER]


def test_what_a_charter_leaves_open_is_said(team: Path, charter: Path) -> None:
    assert "Nothing stops the workflow" in run("charter", charter, workspace=team).out


def test_the_same_charter_again_changes_nothing(team: Path, charter: Path) -> None:
    run("charter", charter, workspace=team)
    before = _versions(team)
    ran = run("charter", charter, workspace=team)
    assert (ran.status, "nothing changed" in ran.out) == (0, True)
    assert _versions(team) == before


def test_every_version_is_kept(team: Path, charter: Path) -> None:
    run("charter", charter, workspace=team)
    newer = CHARTER.replace("[close_rate]", "[close_rate, qualified_appointment_rate]")
    charter.write_text(newer, encoding="utf-8")
    assert "version 2" in run("charter", charter, workspace=team).out
    assert _versions(team) == [CHARTER, newer]
    assert (team / "charters" / "lead-routing.yaml").read_text(encoding="utf-8") == newer


def test_a_file_in_the_charters_folder_is_registered_where_it_is(team: Path) -> None:
    mine = team / "charters" / "leads.yaml"
    mine.write_text(CHARTER, encoding="utf-8")
    assert run("charter", mine, workspace=team).status == 0
    assert [file.name for file in (team / "charters").iterdir()] == ["leads.yaml"]


def test_a_new_version_takes_the_place_of_the_file_that_held_the_workflow(team: Path, charter: Path) -> None:
    (team / "charters" / "leads.yaml").write_text(OTHER.replace("content-studio", "lead-routing"))
    assert run("charter", charter, workspace=team).status == 0
    assert [file.name for file in (team / "charters").iterdir()] == ["leads.yaml"]
    assert (team / "charters" / "leads.yaml").read_text(encoding="utf-8") == CHARTER


def test_a_faulty_charter_is_refused_with_every_fault_and_its_line(team: Path, charter: Path) -> None:
    charter.write_text(CHARTER.replace("close_rate", "clothes_rate").replace("2024-01-01", "January"))
    before = tree(team)
    ran = run("charter", charter, workspace=team)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("ours.yaml has 2 things to put right:\n  ours.yaml, line 5")
    assert ran.err.count("\n") == 3
    assert "line 8" in ran.err
    assert "close_rate" in ran.err
    assert tree(team) == before


def test_a_proxy_that_counts_the_event_of_an_outcome_is_refused_and_what_was_agreed_before_is_read(
    team: Path, charter: Path
) -> None:
    text = CHARTER.replace("[response_time]", "[response_time, won_deals]")
    charter.write_text(text, encoding="utf-8")
    ran = run("charter", charter, workspace=team)
    assert ran.status == 2
    assert "won_deals counts the same event as the outcome close_rate" in ran.err
    assert _versions(team) == []
    with open_warehouse(open_workspace(team)) as warehouse:
        register_charter(warehouse, parse_charter(text, load_catalog(None), "ours.yaml"), "CEO")
    assert run("check", workspace=team).status != 1


def test_a_replaced_metric_and_an_outcome_without_segments_are_named(team: Path, charter: Path) -> None:
    (team / METRICS).write_text(
        "close_rate: {role: outcome, of: {template: leads}, event: {template: deals, where: {stage: lost}, "
        "at: closed_at}, within_weeks: 9}\n"
        "deal: {role: outcome, sum: {template: deals, at: closed_at, column: amount}}\n"
        "reply_rate: {role: proxy, of: {template: emails}, event: {column: replied_at}, within_weeks: 3}\n",
        encoding="utf-8",
    )
    text = CHARTER.replace("[close_rate]", "[close_rate, deal]").replace(
        "watch:", "watch:\n  segments: [channel]"
    )
    charter.write_text(text.replace("[response_time]", "[response_time, reply_rate]"), encoding="utf-8")
    told = run("charter", charter, workspace=team).out
    assert "Reply rate is what metrics.yaml declares under the name reply_rate" in told
    assert "Reply rate is what" in run("charter", charter, workspace=team).out
    assert "Close rate is what metrics.yaml declares under the name close_rate" in told
    assert "Deal is judged as a whole, not by segment" in told


def test_one_faulty_charter_among_several_stops_them_all(team: Path, charter: Path, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text(OTHER.replace("close_rate", "clothes_rate"))
    before = tree(team)
    ran = run("charter", charter, faulty, workspace=team)
    assert (ran.status, ran.out) == (2, "")
    assert "faulty.yaml" in ran.err
    assert tree(team) == before


def test_names_that_other_file_systems_take_for_one_another_or_for_devices_are_refused(
    team: Path, charter: Path, tmp_path: Path
) -> None:
    assert run("charter", charter, workspace=team).status == 0
    for name, said in (
        ("Lead-Routing", "'lead-routing' in capitals"),
        ("con", "a device"),
        ("LPT1.x", "a device"),
    ):
        file = tmp_path / "another.yaml"
        file.write_text(CHARTER.replace("lead-routing", name))
        ran = run("charter", file, workspace=team)
        assert (ran.status, said in ran.err) == (2, True), ran.err
        assert not (team / "charters" / f"{name}.yaml").exists()


def test_two_charters_of_one_workflow_in_one_command_are_refused(
    team: Path, charter: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.yaml"
    again.write_text(CHARTER + "# again\n")
    ran = run("charter", charter, again, workspace=team)
    assert_one_sentence(ran)
    assert "another charter" in ran.err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "can't be read"),
        (b"", "empty"),
        (b"\xff\xfe\x00w", "UTF-8"),
        (b"workflow: [", "line 1"),
        (b"- a\n- b\n", "ours.yaml"),
        (b"!!python/object/apply:os.system ['true']\n", "ours.yaml"),
    ],
    ids=["missing", "empty", "not text", "not YAML", "a list", "a Python object"],
)
def test_what_is_no_charter_is_one_sentence(
    team: Path, charter: Path, content: bytes | None, told: str
) -> None:
    charter.unlink()
    if content is not None:
        charter.write_bytes(content)
    before = tree(team)
    ran = run("charter", charter, workspace=team)
    assert_one_sentence(ran)
    assert told in ran.err
    assert tree(team) == before


def test_the_workspaces_own_database_is_not_a_charter(team: Path) -> None:
    ran = run("charter", team / "leadline.duckdb", workspace=team)
    assert_one_sentence(ran)
    assert "own database" in ran.err


def test_a_charter_that_can_not_be_written_is_not_registered_either(
    team: Path, charter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(OTHER)
    real = file_journal.write_whole

    def full(file: Path, text: bytes) -> None:
        if file.name == "content-studio.yaml":
            raise LeadlineError("The disk is full; free some space.")
        real(file, text)

    monkeypatch.setattr(file_journal, "write_whole", full)
    assert_one_sentence(run("charter", charter, other, workspace=team))
    assert list((team / "charters").iterdir()) == []
    assert _versions(team) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from leadline.data import warehouse
from leadline.dashboard.service import charter_files
from leadline.data.workspace.workspace import open_workspace
moment, folder, *files = sys.argv[1:]
execute = warehouse.Session.execute
def until_then(self, sql, *values):
    if sql == "commit" and moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    execute(self, sql, *values)
    if sql == "commit":
        os.kill(os.getpid(), signal.SIGKILL)
workspace = open_workspace(Path(folder))
with warehouse.open_warehouse(workspace) as opened:
    warehouse.Session.execute = until_then
    list(charter_files.register(opened, workspace, [Path(file) for file in files], None))
"""
"""killed right before or right after the commit: when files and database are furthest apart"""


def _register_until(moment: str, team: Path, *files: Path) -> None:
    died = subprocess.run([sys.executable, "-c", KILLED, moment, team, *files], timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL


def _charters(team: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in (team / "charters").iterdir()}


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_registration_that_is_killed_is_done_whole_or_not_at_all(
    team: Path, charter: Path, tmp_path: Path, moment: str
) -> None:
    assert run("charter", charter, workspace=team).status == 0
    was = _charters(team)
    other, changed = tmp_path / "other.yaml", tmp_path / "changed.yaml"
    other.write_text(OTHER)
    changed.write_text(CHARTER + "# stricter\n")
    _register_until(moment, team, changed, other)
    assert "registered" not in run("check", workspace=team).err
    if moment == "before":
        assert _charters(team) == was
        assert (_versions(team), _versions(team, "content-studio")) == ([CHARTER], [])
    else:
        assert set(_charters(team).values()) == {OTHER, CHARTER + "# stricter\n"}
        assert _versions(team) == [CHARTER, CHARTER + "# stricter\n"]
        assert _versions(team, "content-studio") == [OTHER]
    assert not (team / ".leadline" / file_journal.FILE).exists()


def test_a_dashboard_that_starts_takes_back_what_was_cut_off(team: Path, charter: Path) -> None:
    _register_until("before", team, charter)
    assert _charters(team) == {"lead-routing.yaml": CHARTER}
    shared_warehouse(open_workspace(team))
    close_shared(team)
    assert _charters(team) == {}


def test_what_somebody_wrote_after_a_registration_was_killed_is_theirs(team: Path, charter: Path) -> None:
    _register_until("before", team, charter)
    (kept,) = (team / "charters").iterdir()
    kept.write_text(CHARTER + "# by hand\n")
    assert "was never registered" in run("check", workspace=team).err
    assert kept.read_text().endswith("# by hand\n")


STRANGE = '[{"file": "../../x", "workflow": "a", "content": "b", "text": "", "before": ""}]'


@pytest.mark.parametrize("note", ["", "[1]", STRANGE])
def test_a_note_that_nobody_can_have_left_changes_nothing(team: Path, charter: Path, note: str) -> None:
    assert run("charter", charter, workspace=team).status == 0
    was = tree(team.parent)
    (team / ".leadline" / file_journal.FILE).write_text(note)
    assert run("check", workspace=team).status == 4  # no data yet
    assert set(tree(team.parent)) - set(was) <= {"team/leadline.log", "team/.leadline/review.json"}
    assert _charters(team) == {"lead-routing.yaml": CHARTER}


def test_signing_writes_the_role_and_the_workspaces_date_and_keeps_the_rest(
    team: Path, charter: Path
) -> None:
    (team / "leadline.toml").write_text("as_of = 2023-12-15\n")
    ran = run("charter", charter, "--sign", "Managing Director", workspace=team)
    assert "signed by Managing Director" in ran.out
    text = (team / "charters" / "lead-routing.yaml").read_text(encoding="utf-8")
    assert text == CHARTER + "signed: {by: Managing Director, on: 2023-12-15}\n"
    assert charter.read_text(encoding="utf-8") == CHARTER


RULES = """\
stopping_rules:
  - {id: floor, when: close_rate < 15%, action: pause}
  - {id: drift, when: diverging, action: review}
"""


def test_who_signs_hears_what_rules_on_values_and_on_drift_can_promise(team: Path, charter: Path) -> None:
    charter.write_text(CHARTER + RULES, encoding="utf-8")
    ran = run("charter", charter, "--sign", "Managing Director", workspace=team)
    for rule in ("floor", "drift"):
        assert f"Rule {rule} can promise nothing yet: No row of lead-routing has been landed yet" in ran.out


def test_a_new_charter_says_so_before_anybody_signs_it(team: Path, charter: Path) -> None:
    charter.write_text(CHARTER + RULES, encoding="utf-8")
    assert "Rule drift can promise nothing yet" in run("charter", charter, workspace=team).out
    assert "promise" not in run("charter", charter, workspace=team).out


@pytest.mark.parametrize(
    "before",
    [
        "signed: {by: Someone, on: 2020-01-01}   # the old one\n# the end\n",
        "signed:   # the old one\n  by: Someone\n  on: 2020-01-01\n# the end\n",
        "signed: {by: Someone,\n  on: 2020-01-01}\n# the end\n",
        "signed:\n# the end\n",
        "signed: ~\n# the end\n",
    ],
    ids=["on one line", "as a block", "over two lines", "empty", "null"],
)
def test_signing_again_replaces_the_signature_and_keeps_comments(before: str) -> None:
    text = signed(f"# top\n{before}workflow: x # w\n", "The Board", dt.date(2024, 2, 3))
    assert text is not None
    # as the charter is read: every scalar as written, so that "on" is no truth value
    assert yaml.load(text, yaml.BaseLoader) == {
        "workflow": "x",
        "signed": {"by": "The Board", "on": "2024-02-03"},
    }
    assert text.startswith("# top\n")
    assert text.endswith("# the end\nworkflow: x # w\n")
    assert "Someone" not in text


@pytest.mark.parametrize(
    "role",
    [
        "Managing Director",
        "yes",
        "null",
        "123",
        "R&D: Lead",
        'A "quoted" one',
        "Geschäftsführung",
        "{x}",
        "# no",
    ],
)
def test_any_role_can_sign(role: str) -> None:
    text = signed(CHARTER, role, dt.date(2024, 2, 3))
    assert text is not None
    assert parse_charter(text, load_catalog(None), "charter").signed == Signature(role, dt.date(2024, 2, 3))


def test_a_text_without_a_line_feed_at_its_end_can_be_signed() -> None:
    assert (
        signed("workflow: x", "CEO", dt.date(2024, 2, 3))
        == "workflow: x\nsigned: {by: CEO, on: 2024-02-03}\n"
    )


def test_line_ends_of_windows_stay(team: Path, charter: Path) -> None:
    charter.write_bytes(CHARTER.replace("\n", "\r\n").encode())
    run("charter", charter, workspace=team)
    kept = (team / "charters" / "lead-routing.yaml").read_bytes()
    assert kept == CHARTER.replace("\n", "\r\n").encode()


def test_a_text_that_can_not_be_signed_where_it_stands_is_told(team: Path, charter: Path) -> None:
    charter.write_text(
        "{workflow: a, name: A, owner: O, deployed_on: 2024-01-01, "
        "watch: {proxies: [response_time], outcomes: [close_rate]}}"
    )
    ran = run("charter", charter, "--sign", "CEO", workspace=team)
    assert_one_sentence(ran)
    assert list((team / "charters").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are set as on POSIX")
def test_a_charter_for_which_the_disk_has_no_room_leaves_the_former_one_as_it_was(
    team: Path, charter: Path
) -> None:
    run("charter", charter, workspace=team)
    longer = charter.with_name("longer.yaml")
    longer.write_text(CHARTER + "# " + "very long " * 2000 + "\n", encoding="utf-8")
    ended = run_apart("charter", longer, workspace=team, largest=10_000)
    assert "so nothing was registered; make room on its disk" in ended.err
    assert _versions(team) == [CHARTER]
    assert (team / "charters" / "lead-routing.yaml").read_text(encoding="utf-8") == CHARTER
    assert list((team / "charters").glob(".*")) == []


def test_a_metric_of_its_own_is_held_against_what_has_landed(team: Path, tmp_path: Path) -> None:
    (team / "metrics.yaml").write_text(
        "close_rate: {within_weeks: 40}\n"
        "web_leads: {role: proxy, count: {template: leads, where: {channel: web}}}\n"
    )
    leads = tmp_path / "leads.csv"
    leads.write_text(
        "lead_id,created_at,channel,workflow\nL1,2024-01-01,mail,lead-routing\nL2,2024-06-30,,lead-routing\n"
    )
    assert run("ingest", leads, workspace=team).status == 0
    file = tmp_path / "own.yaml"
    file.write_text(CHARTER.replace("response_time", "web_leads"))
    ran = run("charter", file, workspace=team)
    assert ran.status == 2
    assert (
        "metrics.yaml, line 1: close_rate counts what comes within 40 weeks, and what has landed" in ran.err
    )
    file.write_text(file.read_text().replace("close_rate", "won_deals"))
    ran = run("charter", file, workspace=team)
    assert ran.status == 0
    note = "Web leads: nothing is counted, no leads have landed whose channel is web. What has landed has channel mail."
    assert f"  Note: {note}" in ran.out


def test_what_can_not_be_measured_is_asked_back_and_no_fault(team: Path, charter: Path) -> None:
    charter.write_text(CHARTER + "intent: {objective: x, constraints: [Stay polite]}\n", encoding="utf-8")
    ran = run("charter", charter, workspace=team)
    assert ran.status == 0
    asked = [line for line in ran.out.splitlines() if line.startswith("  Question: ")]
    assert [line.split()[1] for line in asked] == ["“x”", "No", "Who"]
