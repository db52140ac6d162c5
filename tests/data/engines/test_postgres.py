"""Facts on PostgreSQL: a server of our own, tables as a team's warehouse has them, the command line as it is used."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from leadline.data.engines.engine import ask
from leadline.data.engines.source import Translated, UntranslatedError
from leadline.data.engines.translate_sql import translate
from leadline.data.errors import WorkspaceError
from leadline.data.exports.landing_report import IngestOptions
from leadline.data.landing.land import rehearse
from leadline.data.samples.stories import START, STORIES, WEEKS, Story
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.cohorts import activity
from tests import scenarios
from tests.dashboard.cli.test_cli_charter import CHARTER
from tests.dashboard.command_line import assert_one_sentence, run
from tests.data.engines.postgres_server import Server, postgres_server
from tests.data.engines.warehouses import JUDGED, Table, elsewhere, landed, story_end, tables

psycopg = pytest.importorskip("psycopg", reason="needs the extra 'postgres'")

TYPES = {"varchar": "text", "double": "numeric(18, 2)"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres_server() as running:
        yield running


@pytest.fixture(autouse=True)
def address(server: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("LEADLINE_POSTGRES", server.address)
    return server.address


def load(address: str, schema: str, found: list[Table]) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"create schema {schema}")
        for table in found:
            columns = ", ".join(f"{name} {TYPES.get(kind, kind)}" for name, kind in table.columns.items())
            connection.execute(f"create table {schema}.{table.name} ({columns})")
            with connection.cursor().copy(f"copy {schema}.{table.name} from stdin") as copy:
                for row in table.rows:
                    copy.write_row(row)


def same_from_both(
    tmp_path: Path, address: str, schema: str, exports: list[Path], charter: str, day: str, metrics: str = ""
) -> dict[str, Any]:
    here = landed(tmp_path / "here", exports, charter, metrics=metrics)
    found = tables(here)
    load(address, schema, found)
    there = elsewhere(tmp_path / "there", charter, "postgres", schema, found, metrics=metrics)
    first, second = (run("check", "--json", "--as-of", day, workspace=w) for w in (here, there))
    assert first == second
    return first.json


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name.replace(" ", "_"))
def test_a_story_is_told_alike_by_duckdb_and_postgresql(story: Story, tmp_path: Path, address: str) -> None:
    end = story_end(START, WEEKS)
    exports = story.write(tmp_path / "exports", end)
    told = same_from_both(
        tmp_path,
        address,
        f"story_{STORIES.index(story)}",
        exports,
        f"{story.charter}entry_lag: 0 days\n",  # facts of an engine know no exports that would tell
        end.isoformat(),
        story.metrics,
    )
    assert told["workflows"][0]["pairs"][0]["proxy_change"]["units"] > 0


def test_what_buyers_name_is_told_alike_by_duckdb_and_postgresql(tmp_path: Path, address: str) -> None:
    talks, codes = (
        ["conversation_id,held_at,account,text,workflow"],
        ["conversation_id,coder,coded_at,asked,first"],
    )
    for n in range(600):
        day = START + dt.timedelta(weeks=n // 12)
        first = ("one_source", "Fair price", "One source", "cannot say")[n % (2 if n < 400 else 4)]
        talks.append(f"T{n},{day},Acme {n % 90},We like it,brand")
        codes += [f"T{n},Ann,{day},yes,{first}", *([f"T{n},Bo,{day},no,"] if n % 7 == 0 else [])]
    for name, rows in (("talks", talks), ("codes", codes)):
        (tmp_path / f"{name}.csv").write_text("\n".join(rows), encoding="utf-8")
    told = same_from_both(
        tmp_path,
        address,
        "brand",
        [tmp_path / "talks.csv", tmp_path / "codes.csv"],
        f"workflow: brand\ndeployed_on: {START + dt.timedelta(weeks=30)}\nentry_lag: 0 days\n"
        "positioning: [{id: one-source, says: One}, {id: fair-price, says: Fair}]\n"
        "watch: {proxies: [talks], outcomes: [brand_coherence, brand_recognition]}\n",
        (START + dt.timedelta(weeks=50, days=-1)).isoformat(),
        "talks: {role: proxy, count: {template: conversations}}\n",
    )
    assert {pair["outcome_change"]["units"] > 0 for pair in told["workflows"][0]["pairs"]} == {True}


@pytest.mark.parametrize("name", JUDGED)
def test_a_scenario_is_judged_alike_by_duckdb_and_postgresql(name: str, tmp_path: Path, address: str) -> None:
    exports = scenarios.SCENARIOS[name].write(tmp_path / "exports")
    same_from_both(tmp_path, address, name, exports, scenarios.CHARTER, scenarios.END.isoformat())


def test_a_landing_is_refused_where_facts_are_elsewhere(tmp_path: Path, address: str) -> None:
    load(address, "refusing", [Table("leads", {"lead_id": "varchar", "created_at": "timestamp"}, [])])
    there = elsewhere(tmp_path / "w", "", "postgres", "refusing", [Table("leads", {}, [])])
    export = tmp_path / "leads.csv"
    export.write_text("lead_id,created_at\n1,2026-01-01\n")
    ran = run("ingest", export, workspace=there)
    assert_one_sentence(ran)
    assert "postgres" in ran.err
    workspace = open_workspace(there)
    with (
        open_warehouse(workspace) as warehouse,
        pytest.raises(WorkspaceError, match="another engine"),
    ):
        rehearse(warehouse, export, IngestOptions(), lambda: None)


def test_a_question_that_does_not_translate_is_refused_and_never_answered_with_nothing(
    tmp_path: Path, address: str
) -> None:
    load(address, "asking", [Table("leads", {"lead_id": "varchar", "created_at": "timestamp"}, [])])
    there = elsewhere(tmp_path / "w", "", "postgres", "asking", [Table("leads", {}, [])])
    with open_warehouse(open_workspace(there)) as warehouse:
        assert ask(warehouse, "select count(*) from facts.leads", {}) == [(0,)]
        with pytest.raises(UntranslatedError, match="not translated"):
            ask(warehouse, "select date_diff('month', created_at, created_at) from facts.leads", {})


def test_a_table_without_a_needed_column_is_named(tmp_path: Path, address: str) -> None:
    load(address, "lacking", [Table("leads", {"lead_id": "varchar"}, [])])
    there = elsewhere(tmp_path / "w", "", "postgres", "lacking", [Table("leads", {}, [])])
    ran = run("check", workspace=there)
    assert_one_sentence(ran)
    assert "lacking.leads has no column 'created_at'" in ran.err


def test_the_doctor_says_that_the_engine_can_not_be_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADLINE_POSTGRES", f"host={tmp_path} dbname=postgres")
    there = elsewhere(tmp_path / "w", "", "postgres", "crm", [Table("leads", {}, [])])
    ran = run("doctor", workspace=there)
    assert ran.status == 2
    assert "PostgreSQL can't be reached" in ran.out + ran.err
    assert "Set LEADLINE_POSTGRES" in ran.out + ran.err


def test_moments_with_an_offset_are_moved_to_the_clock_of_the_workspace(tmp_path: Path, address: str) -> None:
    """23:30 UTC on Sunday is Monday in Berlin: the lead belongs to the next week there."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("create schema zoned")
        connection.execute("create table zoned.leads (lead_id text, created_at timestamptz, workflow text)")
        connection.execute("insert into zoned.leads values ('1', '2026-01-04 23:30+00', 'desk')")
    there = elsewhere(
        tmp_path / "w", "", "postgres", "zoned", [Table("leads", {}, [])], 'timezone = "Europe/Berlin"'
    )
    (there / "charters" / "charter.yaml").unlink()
    with open_warehouse(open_workspace(there)) as warehouse:
        assert activity(warehouse, dt.date(2026, 1, 31)) == {("leads", "desk"): [dt.date(2026, 1, 5)]}


def test_the_connection_is_made_anew_when_the_server_was_restarted(
    tmp_path: Path, server: Server, address: str
) -> None:
    load(address, "restarted", [Table("leads", {"lead_id": "varchar", "created_at": "timestamp"}, [])])
    there = elsewhere(tmp_path / "w", "", "postgres", "restarted", [Table("leads", {}, [])])
    with open_warehouse(open_workspace(there)) as warehouse:
        assert ask(warehouse, "select count(*) from facts.leads", {}) == [(0,)]
        server.restart()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("insert into restarted.leads values ('1', '2026-01-01')")
        assert ask(warehouse, "select count(*) from facts.leads", {}) == [(1,)]


def test_a_server_that_is_gone_is_one_sentence_until_it_is_back(
    tmp_path: Path, server: Server, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(address, "leaving", [Table("leads", {"lead_id": "varchar", "created_at": "timestamp"}, [])])
    there = elsewhere(tmp_path / "w", "", "postgres", "leaving", [Table("leads", {}, [])])
    with open_warehouse(open_workspace(there)) as warehouse:
        ask(warehouse, "select count(*) from facts.leads", {})
        server.restart()
        monkeypatch.setenv("LEADLINE_POSTGRES", f"host={tmp_path} dbname=postgres")
        for _ in range(2):
            with pytest.raises(WorkspaceError, match="PostgreSQL can't be reached"):
                ask(warehouse, "select count(*) from facts.leads", {})
        monkeypatch.setenv("LEADLINE_POSTGRES", address)
        assert ask(warehouse, "select count(*) from facts.leads", {}) == [(0,)]


def test_a_question_is_put_into_the_engines_words_once(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(address, "asked", [Table("leads", {"lead_id": "varchar", "created_at": "timestamp"}, [])])
    there = elsewhere(tmp_path / "w", "", "postgres", "asked", [Table("leads", {}, [])])
    asked: list[str] = []

    def counting(sql: str, *rest: Any) -> Translated:
        asked.append(sql)
        return translate(sql, *rest)

    monkeypatch.setattr("leadline.data.engines.translate_sql.translate", counting)
    with open_warehouse(open_workspace(there)) as warehouse:
        for workflow in ("desk", "desk", "phone"):
            sql = "select count(*) from facts.leads where workflow = $workflow"
            ask(warehouse, sql, {"workflow": workflow})
    assert len(asked) == 2


@pytest.mark.parametrize("kind", ["json", "jsonb", "text"])
def test_entries_of_a_json_column_are_segments_like_attributes_that_landed(
    kind: str, tmp_path: Path, address: str
) -> None:
    """The same leads as a file with a column `plan`, and as a table with a column of JSON; a tier may be missing."""
    charter = CHARTER.replace("watch:", "watch:\n  segments: [plan]")
    leads = [
        (f"L{n}", f"2023-{1 + n % 11:02}-{1 + n % 28:02} 10:00:00", ["gold", "o'silver", ""][n % 3])
        for n in range(900)
    ]
    exports = [tmp_path / "leads.csv", tmp_path / "deals.csv"]
    exports[0].write_text(
        "lead_id,created_at,first_response_at,workflow,plan\n"
        + "".join(
            f"{i},{at},{at[:11]}10:{int(i[1:]) % 50:02}:00,lead-routing,{tier}\n" for i, at, tier in leads
        )
    )
    exports[1].write_text(
        "deal_id,lead_id,created_at,closed_at,stage,workflow\n"
        + "".join(f"D{i},{i},{at},{at},won,lead-routing\n" for i, at, _ in leads[::4])
    )
    here = landed(tmp_path / "here", exports, charter)
    found = tables(here)
    schema = f"segments_{kind}"
    load(address, schema, found)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"alter table {schema}.leads add column extra {kind}")
        for lead, _, tier in leads:
            held = json.dumps({"plan": tier} if tier else {"other": 1})
            connection.execute(f"update {schema}.leads set extra = %s where lead_id = %s", (held, lead))
    there = elsewhere(tmp_path / "there", charter, "postgres", schema, found)
    settings = (there / "leadline.toml").read_text()
    named = f'leads = {{table = "{schema}.leads", attributes = "extra"}}'
    (there / "leadline.toml").write_text(settings.replace(f'leads = "{schema}.leads"', named))
    first, second = (
        run("check", "--json", "--as-of", "2023-12-31", workspace=workspace) for workspace in (here, there)
    )
    assert first == second
    asked = cohort_segments(there)
    assert asked == cohort_segments(here)
    assert {"gold", "o'silver"} <= asked


def cohort_segments(workspace: Path) -> set[str | None]:
    sql = "select distinct unit.attributes['plan'] as plan from facts.leads as unit order by all"
    with open_warehouse(open_workspace(workspace)) as warehouse:
        return {row[0] for row in ask(warehouse, sql, {})}


def test_undoing_and_previewing_are_refused_in_a_sentence(tmp_path: Path, address: str) -> None:
    load(address, "undoing", [Table("leads", {"lead_id": "varchar", "created_at": "timestamp"}, [])])
    there = elsewhere(tmp_path / "w", "", "postgres", "undoing", [Table("leads", {}, [])])
    export = tmp_path / "leads.csv"
    export.write_text("lead_id,created_at\n1,2026-01-01\n")
    for words in (("undo", "1"), ("ingest", export, "--dry-run"), ("rejected", "1")):
        assert_one_sentence(run(*words, workspace=there))
    assert run("imports", workspace=there).status == 0
