"""A metric as a form: written into `metrics.yaml` so that it says the new thing and everything else stays."""

from __future__ import annotations

import pytest

from leadline.metrics.agreement.metric_form import made_name, with_changed_metric

BEFORE = """\
# ours
held:  # for sales
  role: outcome
  of: {template: leads}  # all of them
  event: {template: appointments, at: held_at, where: {status: held}}
  within_weeks: 9
other: {role: proxy, count: {template: leads}}  # beside it
"""
HELD = {"label": "Held", "role": "outcome", "of": {"template": "leads"}, "within_weeks": "9"}
HELD_EVENT = {"template": "appointments", "where": {"status": ["held"]}}


@pytest.mark.parametrize(
    ("form", "line", "anew"),
    [
        ({**HELD, "event": HELD_EVENT}, "", ""),  # spelled otherwise, the same
        ({**HELD, "event": HELD_EVENT, "within_weeks": "8"}, "  within_weeks: 9", "  within_weeks: 8"),
        (
            {**HELD, "event": {"column": "first_response_at"}},
            "  event: {template: appointments, at: held_at, where: {status: held}}",
            "  event: {column: first_response_at}",
        ),
    ],
)
def test_only_what_differs_is_written(form: dict[str, object], line: str, anew: str) -> None:
    assert with_changed_metric(BEFORE, "held", form) == BEFORE.replace(line, anew)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Clôse rate, 2nd", "close_rate_2nd"),
        ("2nd reply", "metric_2nd_reply"),
        ("Cost", "metric_cost"),
        ("会議", "metric_2"),
        ("Средняя выручка per lead", "metric_2"),
    ],
)
def test_a_label_of_any_script_has_a_name_for_charters(label: str, name: str) -> None:
    assert made_name(label, {"metric_1"}) == name
