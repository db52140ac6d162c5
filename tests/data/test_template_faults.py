"""A template's YAML: whatever is wrong with it is told with its line, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadline.data import templates
from leadline.data.errors import CharterError
from leadline.data.exports.recognition import entities, vendor_format, weighing
from leadline.data.landing.land import land, undo
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace

FAULTY = """\
template: visits
one: visit
colunms: {}
columns:
  visit_id: {type: idd}
  held_at: {type: time, required: valu, helper: perhaps}
  workflow: {type: text}
"""


def test_every_fault_of_a_template_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "visits.yaml").write_text(FAULTY)
    monkeypatch.setattr(templates, "FOLDER", tmp_path)
    templates.templates.cache_clear()
    try:
        with pytest.raises(CharterError) as raised:
            templates.templates()
    finally:
        templates.templates.cache_clear()
    assert [fault.split(";")[0] for fault in raised.value.faults] == [
        "visits.yaml, line 1: key is missing.",
        "visits.yaml, line 1: moment is missing.",
        'visits.yaml, line 3: "colunms" is not a key that is known',
        'visits.yaml, line 5: visit_id has the type "idd" and is required "no"',
        'visits.yaml, line 6: held_at has the type "time" and is required "valu"',
        'visits.yaml, line 6: columns.held_at.helper is "perhaps"',
    ]


def test_a_name_that_names_nothing_is_a_fault_of_the_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "calls.yaml").write_text(
        """\
template: cals
one: call
key: [cal_id, minutes]
links: {led_id: leads, lead_id: leadz}
moment: seconds
events: [caled_at]
segments: [nope]
changed_at: lead_id
columns:
  call_id: {type: id, required: value}
  called_at: {type: time}
  lead_id: {type: id}
  seconds: {type: count}
  minutes: {type: number, helper: yes}
  outcome: {type: choice}
  Reason: {type: id}
  import_id: {type: id}
"""
    )
    monkeypatch.setattr(templates, "FOLDER", tmp_path)
    templates.templates.cache_clear()
    try:
        with pytest.raises(CharterError) as raised:
            templates.templates()
    finally:
        templates.templates.cache_clear()
    assert [fault.removeprefix("calls.yaml, line ") for fault in raised.value.faults] == [
        '1: template is "cals"; write the file\'s name, in small letters, digits and _.',
        '3: key names "cal_id", which is no column; did you mean call_id?',
        "3: key names minutes, which is a helper and not landed.",
        '4: links names "led_id", which is no column; did you mean lead_id?',
        '4: led_id leads to "leads", which is no template.',
        '4: lead_id leads to "leadz", which is no template.',
        "5: moment names seconds, which holds no times.",
        '6: events names "caled_at", which is no column; did you mean called_at?',
        '7: segments names "nope", which is no column.',
        "8: changed_at names lead_id, which holds no times.",
        "10: there is no column workflow of the type text; every row belongs to one.",
        "15: outcome is a choice without words; write under words what it can be.",
        '16: "Reason" can\'t name a column; use small letters, digits and _, and none of ours.',
        '17: "import_id" can\'t name a column; use small letters, digits and _, and none of ours.',
    ]


def test_rows_that_could_not_be_told_apart_dated_or_recognised_are_faults_of_the_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "answers.yaml").write_text(
        """\
template: answers
one: null
key: [answer_no]
links: {lead_no: answers}
moment: []
row_words: [Reply]
columns:
  answer_no: {type: id, also: [no]}
  lead_no: {type: number, also: [No]}
  tone: {type: choice, words: {good: [fine], bad: [Fine]}}
  kind: {type: choice, words: {}}
  record: {type: text}
  unread: {type: text}
  workflow: {type: text}
"""
    )
    monkeypatch.setattr(templates, "FOLDER", tmp_path)
    templates.templates.cache_clear()
    try:
        with pytest.raises(CharterError) as raised:
            templates.templates()
    finally:
        templates.templates.cache_clear()
    assert [fault.removeprefix("answers.yaml, line ") for fault in raised.value.faults] == [
        "1: one is missing.",
        "1: answers is the name of a table of ours, or could be; give the file and template another.",
        "3: key begins with answer_no, which is not required: value; a row needs it.",
        "4: links names lead_no, which is not of the type id.",
        "5: moment is empty.",
        '6: row_words has "Reply", which begins no word of a heading; write small letters, no blanks.',
        '9: lead_no comes under "no", which is a heading of answer_no.',
        '10: "Fine" would mean good and bad; keep one of them.',
        "11: kind is a choice without words; write under words what it can be.",
        '12: "record" can\'t name a column; use small letters, digits and _, and none of ours.',
        '13: "unread" can\'t name a column; use small letters, digits and _, and none of ours.',
    ]


def test_a_link_to_rows_that_one_column_does_not_identify_is_a_fault_since_facts_would_be_doubled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = (
        "columns: {a: {type: id, required: value}, b: {type: id}, t: {type: time}, workflow: {type: text}}\n"
    )
    rest = f"one: row\nmoment: t\n{columns}"
    (tmp_path / "uses.yaml").write_text(f"template: uses\nkey: [a, b]\n{rest}")
    (tmp_path / "ratings.yaml").write_text(f"template: ratings\nkey: [a]\nlinks: {{b: uses}}\n{rest}")
    monkeypatch.setattr(templates, "FOLDER", tmp_path)
    templates.templates.cache_clear()
    try:
        with pytest.raises(
            CharterError, match=r"ratings\.yaml: b leads to uses, whose rows are told apart by a and b"
        ):
            templates.templates()
    finally:
        templates.templates.cache_clear()


NAMES_OF_SQL = ("content", "key_value", "said_by", "said_on", "said_at", "is_timely", "is_version", "standing_by",
                "standing_on", "standing_content", "template", "of_import", "version", "outcome", "place", "rowid",
                "select", "null", "c0")  # fmt: skip


def _forget_templates() -> None:
    """What is recognised follows from the templates, and is remembered too."""
    for remembered in (
        templates.templates,
        entities._known,
        entities.named_entity,
        weighing._commonness,
        vendor_format.formats,
    ):
        remembered.cache_clear()


def test_a_column_may_have_the_name_of_anything_that_our_own_sql_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, rest = (
        ["template", "of_import"],
        [name for name in NAMES_OF_SQL if name not in ("template", "of_import")],
    )
    (tmp_path / "visits.yaml").write_text(
        "template: visits\none: visit\nkey: [template, of_import]\nmoment: at\ncolumns:\n"
        "  template: {type: id, required: value}\n  at: {type: time, required: value}\n  workflow: {type: text}\n"
        + "".join(f"  {name}: {{type: text}}\n" for name in ("of_import", *rest))
    )
    monkeypatch.setattr(templates, "FOLDER", tmp_path)
    _forget_templates()
    header = ",".join((*key, "at", "workflow", *rest))

    def row(key: str, said: str, last: str) -> str:
        return f"{key},x,2026-01-05,desk,{','.join([said] * (len(rest) - 1))},{last}"

    try:
        with open_warehouse(Workspace(tmp_path / "team", Settings())) as opened:
            for number, rows in enumerate((
                (row("v1", "a", "1"), row("v2", "d", "1")),
                (row("v1", "b", "2"),),
                (row("v1", "a", "3"), row("v2", "d", "1")),
            )):  # fmt: skip
                file = tmp_path / f"{number}.csv"
                file.write_text("\n".join((header, *rows)) + "\n")
                assert land(opened, file).state == "landed"
            undo(opened, 2)
            named = ", ".join(f'"{name}"' for name in (*key, *rest))
            found = opened.select(f"select {named} from facts.visits order by 1")
    finally:
        _forget_templates()
    said = len(rest) - 1
    assert found == [("v1", "x", *("a",) * said, "3"), ("v2", "x", *("d",) * said, "1")]


def test_every_template_that_is_shipped_names_what_is_there() -> None:
    templates.templates.cache_clear()
    assert len(templates.templates()) >= 11
