"""A template's YAML: whatever is wrong with it is told with its line, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadline.data import templates
from leadline.data.errors import CharterError

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


def test_every_template_that_is_shipped_names_what_is_there() -> None:
    templates.templates.cache_clear()
    assert len(templates.templates()) >= 11
