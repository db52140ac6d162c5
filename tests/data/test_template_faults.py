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
