"""What is said of a file is checked before anything is read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from leadline.dashboard.service.python.landing_options import arguments, day_of, in_keywords
from leadline.data.errors import LeadlineError


@pytest.mark.parametrize(
    ("name", "said", "sentence"),
    [
        ("sheets", "A", "land() has no option 'sheets'; did you mean 'sheet'?"),
        ("zzz", "A", "land() has no option 'zzz'; there are template, mapping, workflow,"),
        ("template", "lead", "template is 'lead'; write one of 'appointments', 'asset_uses', "),
        ("dates", "ydm", "dates is 'ydm'; write one of 'dmy', 'mdy', 'ymd'."),
        ("percent", 0.5, "percent is 0.5; write one of 'fraction', 'percent'."),
        ("numbers", ".", "numbers is '.'; write one of 'point', 'comma'."),
        ("timezone", "Berlin", "timezone is 'Berlin'; write a time zone such as 'Europe/Berlin' or 'UTC'."),
        ("timezone", "../etc", "timezone is '../etc'; write a time zone"),
        ("workflow", " ", "workflow is ' '; write it as text."),
        ("sheet", 2, "sheet is 2; write it as text."),
        ("header_row", 0, "header_row is 0; count the line of the headers from 1."),
        ("header_row", True, "header_row is True; count the line"),
        ("exported_on", "22.11.2026", "exported_on is '22.11.2026'; write a date such as '2026-11-22'."),
        ("exported_on", 20261122, "exported_on is 20261122; write a date"),
        ("complete", "yes", "complete is 'yes'; write True or False."),
        ("accept", "all", "accept is 'all'; write one of 'older_export', "),
        ("accept", ["reopened", 1], "accept is 1; write one of 'older_export', "),
        ("dry_run", 1, "dry_run is 1; write True or False."),
        ("mapping", ["lead_id"], "mapping is ['lead_id']; name a YAML file, or give what would stand in it"),
        ("mapping", {"columns": {1, 2}}, "mapping holds something that a YAML file could not hold (a set)"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(name: str, said: object, sentence: str) -> None:
    with pytest.raises(LeadlineError) as raised:
        arguments({name: said})
    assert str(raised.value).startswith(sentence)


def test_options_travel_as_plain_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = {
        "template": "leads",
        "mapping": Path("leads.yaml"),
        "exported_on": dt.date(2026, 11, 22),
        "header_row": 3,
        "dry_run": True,
    }
    assert arguments(said) == {
        "template": "leads",
        "mapping": str(tmp_path / "leads.yaml"),
        "exported_on": "2026-11-22",
        "header_row": 3,
        "dry_run": True,
    }


def test_what_is_none_was_not_said() -> None:
    assert arguments({"template": None, "complete": None}) == {}


def test_days_in_a_mapping_are_written_as_a_yaml_file_would_hold_them() -> None:
    told = arguments({"mapping": {"constants": {"created_at": dt.date(2024, 1, 2)}}})
    assert told == {"mapping": {"constants": {"created_at": "2024-01-02"}}}


def test_a_moment_means_its_day() -> None:
    assert day_of(dt.datetime(2024, 6, 30, 23, 59), "as_of") == dt.date(2024, 6, 30)


@pytest.mark.parametrize(
    ("option", "keyword"),
    [
        ("--numbers point or --numbers comma", "numbers='point' or numbers='comma'"),
        ("--sheet Deals or --sheet 'Open deals'", "sheet='Deals' or sheet='Open deals'"),
        (
            "--mapping FILE that says 'constants: {stage: open}'",
            "mapping=FILE that says 'constants: {stage: open}'",
        ),
        ("a heading --owner x", "a heading --owner x"),
    ],
)
def test_what_answers_a_question_is_written_as_a_call_writes_it(option: str, keyword: str) -> None:
    assert in_keywords(option) == keyword
