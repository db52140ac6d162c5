"""`leadline.toml`: what it says is taken, and all that is wrong with it is told at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from leadline.data.engines.engine import engine_settings
from leadline.data.engines.source import Source
from leadline.data.errors import WorkspaceError
from leadline.data.workspace.limits import Limits
from leadline.data.workspace.settings import Settings, read_settings

OF_0_1_0 = """\
name = "Northwind marketing"
timezone = "UTC"
locale = "en-GB"
false_alarm_budget = 0.05
memory_limit = "4GB"
threads = 2
spill_limit = "20GB"
[access]
everyone = "reader"
[access.people]
"ana@example.com" = "analyst"
"""
"""every line that `leadline init` of version 0.1.0 wrote as a comment"""


def _read(folder: Path, said: str) -> Settings:
    file = folder / "leadline.toml"
    file.write_text(said, encoding="utf-8")
    return read_settings(file)


def _refused(folder: Path, said: str) -> str:
    with pytest.raises(WorkspaceError) as refused:
        engine_settings(_read(folder, said))
    return str(refused.value)


def test_a_file_of_version_0_1_0_is_taken_as_it_is(tmp_path: Path) -> None:
    settings = _read(tmp_path, OF_0_1_0)
    assert (settings.name, settings.timezone, settings.locale) == ("Northwind marketing", "UTC", "en-GB")
    assert settings.limits == Limits(memory_limit=4 * 10**9, threads=2, spill_limit=20 * 10**9)
    assert settings.values["access"]["people"] == {"ana@example.com": "analyst"}


def test_every_fault_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    said = '# settings\ntimezone = "Mars/Base"\n\nthreads = "2"\nas_of = "2026-11-15"\n'
    assert _refused(tmp_path, said).splitlines() == [
        "leadline.toml has 3 things to put right:",
        "  leadline.toml, line 2: timezone 'Mars/Base' is not known; write one such as 'Europe/Berlin' or 'UTC'.",
        "  leadline.toml, line 4: threads is '2'; write a whole number from 1 to 256, such as 2.",
        "  leadline.toml, line 5: as_of is '2026-11-15'; write a bare date such as as_of = 2026-11-15.",
    ]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('timezon = "UTC"', 'line 1: "timezon" is not a key that is known; did you mean timezone?'),
        (
            '\n[acces]\neveryone = "reader"',
            'line 2: "acces" is not a key that is known; did you mean access?',
        ),
        ("[acces.people]", 'line 1: "acces" is not a key that is known; did you mean access?'),
        ('[engine]\nkid = "postgres"', "line 2: [engine] 'kid' is not a setting; did you mean kind?"),
        (
            '[engine]\nkind = "postgres"\n[engine.tables]\nlead = "crm.leads"',
            'line 4: "engine.tables.lead" is not a key that is known; did you mean leads?',
        ),
    ],
)
def test_a_misspelt_key_is_told_with_the_one_that_was_meant(tmp_path: Path, said: str, told: str) -> None:
    assert f"leadline.toml, {told}" in _refused(tmp_path, said)


def test_what_looks_like_a_key_within_a_text_or_a_list_is_none(tmp_path: Path) -> None:
    said = 'name = """\nthreads = 0\n[access]\n"""\n[notify]\nchannels = [\n  "A",\n]\n[engine]\nkind = 1\n'
    settings = _read(tmp_path, said)
    assert settings.lines == {
        ("name",): 1,
        ("notify",): 5,
        ("notify", "channels"): 6,
        ("engine",): 9,
        ("engine", "kind"): 10,
    }


def test_keys_with_dots_quotes_and_braces_have_their_lines(tmp_path: Path) -> None:
    said = 'engine.kind = "postgres"\naccess = { everyone = "reader" }\n[access2]\n"a.b" = 1\n'
    told = _refused(tmp_path, said)
    assert 'line 3: "access2"' in told
    assert _read(tmp_path, said.split("[access2]")[0]).lines == {
        ("engine",): 1,
        ("engine", "kind"): 1,
        ("access",): 2,
        ("access", "everyone"): 2,
    }


def test_tables_of_a_later_version_are_let_through(tmp_path: Path) -> None:
    assert _read(tmp_path, '[serve]\nlogin = "oidc"\n') == Settings(
        values={"serve": {"login": "oidc"}}, lines={("serve",): 1, ("serve", "login"): 2}
    )


def test_a_name_is_a_text_and_a_date_stays_a_date(tmp_path: Path) -> None:
    assert "name is 5; write a name in quotes" in _refused(tmp_path, "name = 5")
    assert _read(tmp_path, "as_of = 2026-11-15").as_of == dt.date(2026, 11, 15)


def test_an_engine_is_what_its_table_says(tmp_path: Path) -> None:
    said = """\
[engine]
kind = "postgres"
refresh_minutes = 30
[engine.tables]
leads = "crm.leads"
deals = { table = "deals", columns = { lead_id = "id" }, attributes = "more" }
"""
    engine = engine_settings(_read(tmp_path, said))
    assert engine is not None
    assert (engine.kind, engine.refresh_minutes) == ("postgres", 30.0)
    assert engine.sources == {
        "leads": Source("crm.leads", {}, None),
        "deals": Source("deals", {"lead_id": "id"}, "more"),
    }


def test_every_fault_of_an_engine_is_told_at_once(tmp_path: Path) -> None:
    said = """\
[engine]
kind = "oracle"
password = "pw"
refresh_minutes = "15"
[engine.tables]
leads = 7
deals = { table = "a.b.c.d", columns = { lead = "x" } }
"""
    told = _refused(tmp_path, said).splitlines()
    assert [line.strip().partition(": ")[::2] for line in told[1:]] == [
        ("leadline.toml, line 2", "[engine] kind is 'oracle'; write one of postgres, spark."),
        (
            "leadline.toml, line 3",
            "[engine] 'password' is not a setting; connection details belong in environment variables.",
        ),
        (
            "leadline.toml, line 4",
            "[engine] refresh_minutes is '15'; write minutes between 0 and 10080, such as 15.",
        ),
        ("leadline.toml, line 6", '[engine] tables.leads names no table; write one such as "crm.leads".'),
        ("leadline.toml, line 7", "[engine] tables.deals: 'a.b.c.d' is no table's name; write schema.table."),
        (
            "leadline.toml, line 7",
            '"engine.tables.deals.columns.lead" is not a key that is known; did you mean lead_id?',
        ),
    ]


@pytest.mark.parametrize("said", ['engine = "postgres"', '[engine]\nkind = "postgres"'])
def test_an_engine_without_tables_is_refused(tmp_path: Path, said: str) -> None:
    assert "[engine.tables]" in _refused(tmp_path, said)
