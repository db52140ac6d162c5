"""The command line as a newcomer meets it: help, mistakes, beginnings."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import pytest

from leadline.dashboard.cli import errors
from leadline.dashboard.cli.main import main
from leadline.dashboard.service import commands, failures, new_workspace
from leadline.dashboard.service.command import Command
from leadline.data.counts import store
from leadline.data.errors import LeadlineError
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import parse_charter
from tests.dashboard.command_line import assert_one_sentence, run, tree

EVERY_COMMAND = (
    "demo",
    "init",
    "ingest",
    "imports",
    "undo",
    "retire",
    "rejected",
    "charter",
    "check",
    "replay",
    "report",
    "dashboard",
    "doctor",
    "alerts",
    "acknowledge",
    "silence",
    "decide",
    "close",
    "ledger",
    "backup",
    "restore",
    "gate",
    "readiness",
    "token",
    "inbox",
    "publish",
    "erase",
    "retention",
    "weekly",
    "schedule",
    "mcp",
    "pull",
)


def test_every_command_of_the_contract_exists_in_the_order_a_newcomer_needs_them() -> None:
    assert main.list_commands(click.Context(main)) == list(EVERY_COMMAND)


def test_without_a_command_the_help_is_shown() -> None:
    ran = run()
    assert ran.status == 0
    assert "leadline demo" in ran.out


@pytest.mark.parametrize("command", EVERY_COMMAND)
def test_the_help_of_every_command_has_a_purpose_an_example_and_the_workspace(command: str) -> None:
    ran = run(command, "--help")
    assert ran.status == 0
    assert f"Example:  leadline {command}" in ran.out
    assert "--workspace" in ran.out
    assert main.commands[command].short_help in run("--help").out


@pytest.mark.parametrize("command", EVERY_COMMAND)
def test_every_option_says_what_it_is_for(command: str) -> None:
    for parameter in main.commands[command].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


def test_the_version_is_the_installed_one() -> None:
    assert run("--version").out == f"leadline {version('leadline')}\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["chekc"], "did you mean check?"),
        (["frobnicate"], "see 'leadline --help'"),
        (["check", "--as-off", "2024-06-30"], "did you mean --as-of?"),
        (["check", "--as-of", "30.06.2024"], "write one such as 2026-11-22"),
        (["check", "--as-of", "2024-02-30"], "'2024-02-30' is not a date"),
        (["check", "surplus"], "see 'leadline check --help'"),
        (["ingest"], "'leadline ingest' needs"),
        (["ingest", "a.csv", "--dates", "dym"], "'dym' is not one of 'dmy', 'mdy', 'ymd'"),
        (["ingest", "a.csv", "--template", "people"], "'people' is not one of 'appointments'"),
        (["ingest", "a.csv", "--timezone", "Mars"], "'Mars' is not a time zone"),
        (["ingest", "a.csv", "--percent", "maybe"], "'maybe' is not one of"),
        (["ingest", "a.csv", "--header-row", "0"], "--header-row"),
        (["ingest", "a.csv", "--exported-on", "yesterday"], "'yesterday' is not a date"),
        (["ingest", "--workflow"], "--workflow"),
        (["undo", "first"], "'first' is not a valid integer"),
        (["undo"], "'leadline undo' needs"),
        (["charter"], "Name the files to register"),
        (["replay", "--from", "2024-01-01"], "--to"),
        (["replay", "--from", "2024-01-01", "--to", "2024-02-01", "--every", "day"], "'day' is not"),
        (["dashboard", "--port", "99999"], "--port"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_in_the_command_is_one_sentence_that_says_what_to_write(
    arguments: list[str], told: str
) -> None:
    ran = run(*arguments)
    assert_one_sentence(ran)
    assert told in ran.err


@pytest.mark.parametrize(
    "command",
    [
        ["check"],
        ["imports"],
        ["undo", "1"],
        ["ingest", "leads.csv"],
        ["charter", "c.yaml"],
        ["replay", "--from", "2024-01-01", "--to", "2024-02-01"],
        ["dashboard", "--no-browser"],
    ],
    ids=lambda value: value[0],
)
def test_a_folder_that_is_no_workspace_is_refused_and_left_alone(command: list[str], tmp_path: Path) -> None:
    ran = run(*command, workspace=tmp_path)
    assert_one_sentence(ran)
    assert "leadline init" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_the_workspace_may_be_named_before_the_command_or_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "team"
    run("init", folder)
    before = run("--workspace", folder, "imports")
    monkeypatch.setenv("LEADLINE_WORKSPACE", str(folder))
    assert (before.status, before.out) == (0, run("imports").out)


def test_init_makes_a_workspace_with_a_commented_example_that_is_a_valid_charter_but_not_in_force(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "new" / "team"
    ran = run("init", folder)
    assert ran.status == 0
    assert {entry.name for entry in folder.iterdir()} >= {
        "leadline.duckdb",
        "charters",
        "leadline.toml",
        "charter-example.yaml",
    }
    text = (folder / "charter-example.yaml").read_text(encoding="utf-8")
    assert text.count("#") > 10
    assert parse_charter(text, load_catalog(None), "charter-example.yaml").workflow == "lead-routing"
    assert list((folder / "charters").iterdir()) == []
    assert run("imports", workspace=folder).status == 0


def test_the_settings_that_init_writes_are_all_comments(tmp_path: Path) -> None:
    run("init", tmp_path / "team")
    lines = (tmp_path / "team" / "leadline.toml").read_text(encoding="utf-8").splitlines()
    assert all(line.startswith("#") or not line for line in lines)


def test_init_in_an_empty_folder_uses_it(tmp_path: Path) -> None:
    assert run("init", tmp_path).status == 0
    assert (tmp_path / "leadline.duckdb").is_file()


def test_init_refuses_a_folder_that_holds_something_else_and_leaves_it_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    ran = run("init", tmp_path)
    assert_one_sentence(ran)
    assert tree(tmp_path) == {"thesis.txt": b"mine"}


def test_init_refuses_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert_one_sentence(run("init", tmp_path / "file"))


def test_init_of_a_workspace_changes_nothing(tmp_path: Path) -> None:
    run("init", tmp_path)
    before = tree(tmp_path)
    ran = run("init", tmp_path)
    assert (ran.status, "nothing changed" in ran.out) == (0, True)
    assert tree(tmp_path) == before


def test_init_that_fails_half_way_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(new_workspace, "charter_template", full)
    ran = run("init", tmp_path / "team")
    assert_one_sentence(ran)
    assert "No space left" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_what_nobody_expected_is_one_sentence_that_names_the_log_in_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("init", tmp_path)

    def break_down(*_: object) -> Iterator[Any]:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setitem(commands.COMMANDS, "imports", Command(break_down))
    ran = run("imports", workspace=tmp_path)
    assert_one_sentence(ran)
    assert str(tmp_path / "leadline.log") in ran.err
    assert "secret detail" not in ran.err
    log = (tmp_path / "leadline.log").read_text()
    assert "ZeroDivisionError: secret detail" in log
    assert "Traceback" in log
    assert (tmp_path / "leadline.log").stat().st_mode & 0o077 == 0


def test_an_error_of_several_lines_is_told_on_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert errors.complain("first\nsecond") == 2
    assert capsys.readouterr().err == "first second\n"


def test_interrupting_is_not_an_error_with_a_stack_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("init", tmp_path)

    def interrupt(*_: object) -> Iterator[Any]:
        raise KeyboardInterrupt

    monkeypatch.setitem(commands.COMMANDS, "imports", Command(interrupt))
    ran = run("imports", workspace=tmp_path)
    assert (ran.status, ran.err.strip()) == (130, "Stopped.")


def test_settings_that_are_wrong_are_told_with_their_file(tmp_path: Path) -> None:
    run("init", tmp_path)
    (tmp_path / "leadline.toml").write_text('timezone = "Mars"')
    ran = run("check", workspace=tmp_path)
    assert_one_sentence(ran)
    assert "leadline.toml" in ran.err


def test_a_database_that_is_not_one_is_told_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "leadline.duckdb").write_bytes(b"not a database" * 100)
    ran = run("imports", workspace=tmp_path)
    assert_one_sentence(ran)
    assert (tmp_path / "leadline.duckdb").read_bytes() == b"not a database" * 100


def test_the_doctor_finds_a_new_workspace_in_order_and_says_how_to_begin(tmp_path: Path) -> None:
    run("init", tmp_path)
    ran = run("doctor", workspace=tmp_path)
    assert ran.status == 0
    for told in (
        "Python 3.",
        "duckdb 1.",
        "streamlit 1.",
        f"leadline {version('leadline')}",
        "leadline ingest",
    ):
        assert told in ran.out


def test_the_doctor_holds_kept_counts_against_the_facts_and_drops_what_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "KEPT_FROM_ROWS", 0)
    run("init", tmp_path)
    ran = run("doctor", workspace=tmp_path)
    assert (ran.status, "ok      kept counts: 1 question, each as the facts say" in ran.out) == (0, True)
    with open_warehouse(open_workspace(tmp_path)) as warehouse:
        warehouse.execute("insert into kept.counts_1 values ('leads', 'desk', date '2024-01-01', 1)")
    assert "these were not what the facts say: activity" in run("doctor", workspace=tmp_path).out
    assert "each as the facts say" in run("doctor", workspace=tmp_path).out


def test_the_doctor_says_what_to_do_where_there_is_no_workspace(tmp_path: Path) -> None:
    ran = run("doctor", workspace=tmp_path)
    assert ran.status == 2
    assert "broken  workspace" in ran.out
    assert "leadline init" in ran.err


def test_the_doctor_names_a_broken_database_and_its_sentence(tmp_path: Path) -> None:
    (tmp_path / "leadline.duckdb").write_bytes(b"not a database" * 100)
    ran = run("doctor", workspace=tmp_path)
    assert ran.status == 2
    assert "leadline.duckdb" in ran.err


def test_an_error_of_ours_inside_a_command_has_status_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("init", tmp_path)

    def refuse(*_: object) -> Iterator[Any]:
        raise LeadlineError("The moon is full; wait a day.")

    monkeypatch.setitem(commands.COMMANDS, "check", Command(refuse))
    ran = run("check", "--json", workspace=tmp_path)
    assert_one_sentence(ran)
    assert ran.err == "The moon is full; wait a day.\n"


def test_the_doctor_tells_what_the_engine_is_held_to(tmp_path: Path) -> None:
    run("init", tmp_path)
    (tmp_path / "leadline.toml").write_text('memory_limit = "512MiB"\nthreads = 1\nspill_limit = "2GiB"\n')
    told = next(line for line in run("doctor", workspace=tmp_path).out.splitlines() if "engine" in line)
    assert "at most 512.0 MiB of memory and 1 thread; what does not fit goes to" in told
    assert "at most 2.0 GiB" in told


def test_what_parts_report_for_the_log_is_kept_off_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run("init", tmp_path)
    run("imports", workspace=tmp_path)
    try:
        raise OSError("the disk is gone")
    except OSError:
        logging.getLogger("leadline.data.landing.land").warning("landing leads.csv failed", exc_info=True)
    assert capfd.readouterr().err == ""
    told = (tmp_path / failures.LOG).read_text()
    assert "landing leads.csv failed" in told
    assert "OSError: the disk is gone" in told


def test_what_nobody_expected_is_a_sentence_though_no_disk_has_room_for_the_details(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(failures, "_append", full)
    assert "no disk had room for the details." in failures.unexpected(ValueError("x"), tmp_path)
