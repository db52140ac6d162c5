"""What is older than agreed is shown first, goes with all its versions, and nothing brings it back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from leadline.data.errors import WorkspaceError
from leadline.data.landing.retention import kept_since
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.settings import SETTINGS, read_settings
from leadline.data.workspace.workspace import open_workspace
from tests.dashboard.command_line import assert_one_sentence, run

LEADS = "lead_id,created_at,workflow,channel\nOld1,2020-01-02,w,a\nNew1,2024-01-03,w,b\n,2020-02-01,w,secret-word\n"
CHARTER = """\
workflow: w
owner: Ann
deployed_on: 2021-01-01
watch: {proxies: [response_time], outcomes: [close_rate]}
"""


@pytest.fixture
def team(tmp_path: Path) -> Path:
    folder = tmp_path / "team"
    run("init", folder)
    (folder / SETTINGS).write_text(
        'as_of = 2024-06-30\n[retention]\nleads = "3 years"\nset_aside = "1 week"\n'
    )
    for name, content in (("leads.csv", LEADS), ("again.csv", LEADS.replace(",a\n", ",c\n"))):
        (tmp_path / name).write_text(content)
        assert run("ingest", tmp_path / name, workspace=folder).status == 1
    return folder


def _leads(folder: Path) -> list[str]:
    with open_warehouse(open_workspace(folder)) as warehouse:
        return [
            name for (name,) in warehouse.select("select distinct lead_id from landed.leads order by all")
        ]


def test_it_is_shown_before_it_is_deleted_and_then_nothing_brings_it_back(team: Path, tmp_path: Path) -> None:
    shown = run("retention", workspace=team)
    assert "leads from before 30 Jun 2021: 1 row would go, with 1 earlier version." in shown.out
    assert _leads(team) == ["New1", "Old1"]
    told = run("retention", "--delete", "--json", workspace=team).json
    assert [(each["what"], each["rows"], each["versions"]) for each in told["expired"]] == [
        ("leads", 1, 2),
        ("set_aside", 0, 0),  # landed today
    ]
    assert told["deleted"]
    run("undo", "2", workspace=team)
    assert _leads(team) == ["New1"]
    assert run("ledger", "--verify", workspace=team).status == 0
    assert "rows expired" in run("ledger", workspace=team).out
    assert "0 rows would go" in run("retention", workspace=team).out


def test_what_was_set_aside_stays_as_a_count(team: Path) -> None:
    file = team / SETTINGS
    with open_warehouse(open_workspace(team)) as warehouse:
        warehouse.execute("update landed.imports set landed_at = landed_at - interval 2000 days")
        assert "secret-word" in str(warehouse.select("select * from landed.quarantine"))
    file.write_text(file.read_text().replace("1 week", "1 year"))
    assert "2 rows deleted" in run("retention", "--delete", workspace=team).out
    with open_warehouse(open_workspace(team)) as warehouse:
        assert warehouse.select("select count(*), count(raw), count(cells) from landed.quarantine") == [
            (2, 0, 0)
        ]
        assert "secret-word" not in str(warehouse.select("select * from landed.quarantine"))


def test_rows_that_verdicts_are_held_against_go_only_where_somebody_says_so(
    team: Path, tmp_path: Path
) -> None:
    (tmp_path / "w.yaml").write_text(CHARTER)
    assert run("charter", tmp_path / "w.yaml", workspace=team).status == 0
    refused = run("retention", "--delete", workspace=team)
    assert_one_sentence(refused)
    assert "1 row of leads" in refused.err
    assert _leads(team) == ["New1", "Old1"]
    assert run("retention", "--delete", "--baselines", workspace=team).status == 0
    assert _leads(team) == ["New1"]


def test_every_fault_of_the_table_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / SETTINGS
    file.write_text('[retention]\nleads = "3 days"\nlead = "1 year"\ndeals = "forever"\nemails = 30\n')
    settings = read_settings(file)
    with pytest.raises(WorkspaceError) as refused:
        kept_since(settings, dt.date(2024, 6, 30))
    for line in (2, 3, 4, 5):
        assert f"line {line}: " in str(refused.value)
