"""A person is erased: nothing of them is left, nothing brings them back, and what can't be reached is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from tests.dashboard.command_line import assert_one_sentence, run

WHO = "Qx77-person"
MAIL = "zoe.q@example.com"
LEADS = f"lead_id,created_at,workflow,segment,channel\n{WHO},2024-01-02,w,{MAIL},a\nL1,2024-01-03,w,al@example.com,b\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("built")
    folder = tmp_path / "team"
    run("init", folder)
    files = {
        "leads.csv": LEADS,
        "again.csv": LEADS.replace(",a\n", ",c\n"),
        "deals.csv": f"deal_id,lead_id,created_at,stage\nD1,{WHO},2024-02-01,open\nD2,L1,2024-02-02,open\n"
        f"D3,{WHO},2024-99-01,open\nD4,L1,2024-99-01,open\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
        ran = run("ingest", tmp_path / name, workspace=folder)
        assert ran.status in (0, 1), ran
    return folder


@pytest.fixture
def team(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "team")


def held(folder: Path) -> tuple[list[object], ...]:
    with open_warehouse(open_workspace(folder)) as warehouse:
        return (
            warehouse.select("select distinct lead_id from landed.leads"),
            warehouse.select("select deal_id from landed.deals"),
            warehouse.select("select line, raw, cells, value from landed.quarantine order by line"),
        )


def test_facts_versions_and_what_was_set_aside_are_gone_and_the_rest_is_as_it_was(
    team: Path, tmp_path: Path
) -> None:
    run("backup", tmp_path / "before.backup", workspace=team)
    (team / "inbox" / "landed").mkdir(parents=True)
    (team / "inbox" / "landed" / "leads.csv").write_text(LEADS)
    told = run("erase", "--lead", WHO, workspace=team)
    assert told.status == 0, told
    assert "2 rows of leads" in told.out
    assert "1 row of deals" in told.out
    assert "before.backup" in told.out
    assert str(Path("inbox", "landed", "leads.csv")) in told.out
    leads, deals, aside = held(team)
    assert (leads, deals) == ([("L1",)], [("D2",)])
    assert [line for line, *_ in aside] == [4, 5]
    assert aside[0][1:] == (None, None, None)
    assert "L1" in aside[1][2]
    # written anew, no byte is left; the ledger says that, and not of whom
    run("backup", tmp_path / "after.backup", workspace=team)
    run("restore", tmp_path / "after.backup", workspace=tmp_path / "anew")
    assert WHO.encode() not in (tmp_path / "anew" / "leadline.duckdb").read_bytes()
    assert run("ledger", "--verify", workspace=team).status == 0
    told = run("ledger", "--json", workspace=team).out
    assert '"erased"' in told
    assert WHO not in told
    # nothing brings it back
    run("undo", "2", workspace=team)
    assert held(team)[0] == [("L1",)]
    assert run("doctor", workspace=team).status == 0
    assert_one_sentence(run("erase", "--lead", WHO, workspace=team))


def test_an_address_finds_its_lead_by_the_pseudonym_and_what_is_linked_goes_too(
    team: Path, tmp_path: Path
) -> None:
    told = run("erase", "--address", MAIL.upper(), workspace=team)
    assert told.status == 0, told
    leads, deals, _ = held(team)
    assert (leads, deals) == ([("L1",)], [("D2",)])
    assert_one_sentence(run("erase", "--address", "nobody@example.com", workspace=team))
    assert_one_sentence(run("erase", workspace=team))
