"""The catalog: what the contract names is there, and a workspace's own metrics are checked."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from leadline.dashboard.words.metrics import unused_sentence
from leadline.data.errors import CharterError
from leadline.data.templates import templates
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import (
    METRICS,
    Metric,
    _built_in,
    checked_catalog,
    extend_catalog,
    load_catalog,
)
from leadline.metrics.agreement.metric_form import draft_metric
from tests.metrics.golden import GOLDEN, assert_golden, cases

PROXIES = {
    "response_time",
    "answered_within_5_minutes",
    "open_rate",
    "click_rate",
    "reply_rate",
    "email_volume",
    "lead_volume",
    "click_volume",
    "asset_volume",
    "cost_per_asset",
    "lead_score",
    "cost_per_click",
}
OUTCOMES = {
    "close_rate",
    "qualified_appointment_rate",
    "won_value_per_lead",
    "asset_usage_rate",
    "review_pass_rate",
    "won_deals",
    "qualified_appointments",
    "used_assets",
    "brand_recognition",
    "brand_coherence",
    "cost_per_lead",
    "cost_per_qualified_lead",
    "cost_per_used_asset",
}


@pytest.fixture(scope="module")
def catalog() -> dict[str, Metric]:
    return load_catalog(None)


def _extended(workspace: Workspace, text: str) -> dict[str, Metric]:
    (workspace.path / METRICS).write_text(text, encoding="utf-8")
    return checked_catalog(workspace)


def test_the_built_in_metrics_have_the_roles_of_the_contract(catalog: dict[str, Metric]) -> None:
    assert {name for name, metric in catalog.items() if metric.role == "proxy"} == PROXIES
    assert {name for name, metric in catalog.items() if metric.role == "outcome"} == OUTCOMES


def test_every_metric_is_filed_under_its_own_id(catalog: dict[str, Metric]) -> None:
    assert all(name == metric.id == metric.counted_as for name, metric in catalog.items())


@pytest.mark.parametrize(
    ("metric", "weeks"),
    [
        ("close_rate", 26),
        ("qualified_appointment_rate", 12),
        ("won_value_per_lead", 26),
        ("asset_usage_rate", 12),
        ("review_pass_rate", 0),
        ("open_rate", 2),
    ],
)
def test_horizons_are_as_agreed(catalog: dict[str, Metric], metric: str, weeks: int) -> None:
    assert catalog[metric].within_weeks == weeks


def test_less_is_better_only_where_time_or_money_is_spent(catalog: dict[str, Metric]) -> None:
    costs = {name for name, metric in catalog.items() if metric.kind == "ratio"} | {"cost_per_asset"}
    assert {m.id for m in catalog.values() if not m.higher_is_better} == {"response_time", *costs}


def test_kinds_and_units_go_together(catalog: dict[str, Metric]) -> None:
    units = {"rate": "share", "duration": "minutes", "volume": "count", "mean": "money"}
    units |= {"value": "money", "ratio": "money", "pairs": "share"}
    scores = {"lead_score": "count"}
    assert {m.id: m.unit for m in catalog.values()} == {
        m.id: units[m.kind] for m in catalog.values()
    } | scores


def test_metrics_draw_on_templates_that_exist(catalog: dict[str, Metric]) -> None:
    assert {source for metric in catalog.values() for source in metric.sources} <= set(templates())


def test_words_read_aloud(catalog: dict[str, Metric]) -> None:
    assert catalog["response_time"].better.format(change="95 %") == "answers are 95 % faster"
    assert catalog["close_rate"].worse.format(change="33 %") == "33 % fewer leads close"
    assert catalog["cost_per_asset"].better.format(change="40 %") == "an asset costs 40 % less"


def test_every_metric_has_words_for_better_worse_and_steady(catalog: dict[str, Metric]) -> None:
    for metric in catalog.values():
        assert metric.better.count("{change}") == metric.worse.count("{change}") == 1
        assert metric.better != metric.worse
        assert "{" not in metric.steady
        assert metric.steady
        assert metric.description.endswith(".")


def test_a_workspace_without_metrics_of_its_own_has_the_built_in_ones(
    workspace: Workspace, catalog: dict[str, Metric]
) -> None:
    assert load_catalog(workspace) == catalog


def test_a_file_of_comments_adds_nothing(workspace: Workspace, catalog: dict[str, Metric]) -> None:
    assert _extended(workspace, "# none yet\n") == catalog


def test_a_horizon_that_a_built_in_metric_has_no_use_for_is_told_and_stops_nothing(
    workspace: Workspace,
) -> None:
    extended = _extended(
        workspace, "asset_volume: {within_weeks: 4}\nmore: {based_on: lead_volume, within_weeks: 2}\n"
    )
    assert {name: extended[name].unused for name in ("asset_volume", "more", "close_rate")} == {
        "asset_volume": ("within_weeks",), "more": ("within_weeks",), "close_rate": (),
    }  # fmt: skip
    assert unused_sentence(extended["more"]) == (
        "within_weeks of more in metrics.yaml changes nothing: nothing of it comes later. Leave it out."
    )


def test_a_workspace_may_give_a_built_in_metric_another_horizon(
    workspace: Workspace, catalog: dict[str, Metric]
) -> None:
    extended = _extended(workspace, "close_rate: {within_weeks: 40}\n")
    assert extended["close_rate"].within_weeks == 40
    assert extended["close_rate"].worse == catalog["close_rate"].worse
    assert {**extended, "close_rate": catalog["close_rate"]} == catalog


def test_a_new_metric_is_counted_like_the_one_it_is_based_on(workspace: Workspace) -> None:
    extended = _extended(
        workspace,
        "answered_within_60_minutes:\n"
        "  based_on: answered_within_5_minutes\n"
        "  label: Answered within an hour\n"
        "  parameters: {minutes: 60}\n"
        '  better: "{change} more leads are answered within an hour"\n',
    )
    metric = extended["answered_within_60_minutes"]
    assert (metric.label, metric.parameters) == ("Answered within an hour", {"minutes": 60})
    assert (metric.counted_as, metric.based_on) == ("answered_within_5_minutes",) * 2
    assert metric.better == "{change} more leads are answered within an hour"


def test_words_of_a_built_in_metric_say_the_time_that_is_given_it(workspace: Workspace) -> None:
    extended = _extended(
        workspace,
        "close_rate: {within_weeks: 1}\n"
        "used_assets: {within_weeks: 20}\n"
        "answered_within_5_minutes: {parameters: {minutes: 120}}\n",
    )
    assert "won within 1 week of" in extended["close_rate"].description
    assert "more than 20 weeks after" in extended["used_assets"].description
    answered = extended["answered_within_5_minutes"]
    told = (answered.label, answered.description, answered.better, answered.worse, answered.steady)
    assert all("within 2 hours" in each for each in told)


def test_a_new_metric_without_a_label_is_named_after_its_id(workspace: Workspace) -> None:
    extended = _extended(workspace, "newsletter_opens: {based_on: open_rate, within_weeks: 1}\n")
    assert extended["newsletter_opens"].label == "Newsletter opens"


def test_the_built_in_catalog_stays_as_it_is_when_a_workspace_extends_it(workspace: Workspace) -> None:
    _extended(workspace, "close_rate: {within_weeks: 40}\n")
    assert load_catalog(None)["close_rate"].within_weeks == 26


def test_a_file_that_is_not_utf_8_is_told_with_its_line(workspace: Workspace) -> None:
    (workspace.path / METRICS).write_bytes(b"close_rate: {within_weeks: 3}\n# \xe9t\xe9\n")
    with pytest.raises(CharterError, match=r"^metrics.yaml, line 2: .* UTF-8"):
        checked_catalog(workspace)


@pytest.mark.parametrize("case", cases("metrics"))
def test_faults_of_a_metrics_file_are_all_told_with_their_lines(
    case: str, catalog: dict[str, Metric]
) -> None:
    file = GOLDEN / "metrics" / f"{case}.yaml"
    with pytest.raises(CharterError) as caught:
        extend_catalog(catalog, file.read_text(encoding="utf-8"), METRICS)
    assert_golden(file.with_suffix(".txt"), f"{caught.value}\n")


def test_a_built_in_metric_that_could_not_be_counted_landed_for_or_named_is_refused_with_its_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "catalog.yaml").write_text(
        """\
Baseline:
  count: {template: conversation}
  sources: [conversations]
  better_words: "{changes} more talks"
talks:
"""
    )
    files = resources.files
    monkeypatch.setattr(
        resources, "files", lambda name: tmp_path if name.endswith("agreement") else files(name)
    )
    _built_in.cache_clear()
    try:
        with pytest.raises(CharterError) as raised:
            load_catalog(None)
    finally:
        _built_in.cache_clear()
    told = [fault.removeprefix("catalog.yaml, line ") for fault in raised.value.faults]
    assert [fault.split(";")[0] for fault in told] == [
        '2: "Baseline" can\'t name a metric',
        '2: Baseline.count.template is "conversation", which is no template',
        '2: Baseline.role is ""',
        '3: "Baseline.sources" is not a key that is known',
        '5: "talks" says nothing.',
    ]


@pytest.mark.parametrize(
    ("entry", "better", "worse"),
    [
        (
            "meetings_held: {role: outcome, count: {template: appointments}}",
            *("{change} more meetings are held", "{change} fewer meetings are held"),
        ),
        (
            "strong_leads: {role: outcome, count: {template: leads}}",
            *("there are {change} more strong leads", "there are {change} fewer strong leads"),
        ),
        (
            "sales_volume: {role: outcome, count: {template: deals}}",
            *("sales volume is {change} higher", "sales volume is {change} lower"),
        ),
        (
            "nps: {role: outcome, label: NPS, of: {template: asset_uses}, mean: rating}",
            *("NPS is {change} higher", "NPS is {change} lower"),
        ),
        (
            "first_replies: {role: proxy, of: {template: units}, duration: {to: first_response_at}, better: lower}",
            *("first replies come {change} sooner", "first replies take {change} longer"),
        ),
        (
            "quick_answers: {role: proxy, of: {template: leads}, event: {column: first_response_at}, within_weeks: 1}",
            *("quick answers are {change} higher", "quick answers are {change} lower"),
        ),
    ],
)
def test_words_that_are_not_said_are_made_as_one_would_say_them(entry: str, better: str, worse: str) -> None:
    (name,) = set(made := extend_catalog({}, entry, METRICS))
    assert (made[name].better, made[name].worse) == (better, worse)


def test_a_label_is_one_line_of_letters_that_can_be_read_in_a_sentence(workspace: Workspace) -> None:
    made = _extended(
        workspace, 'a: {role: proxy, label: "Meetings\\n  held\\u3000会議", count: {template: leads}}\n'
    )
    assert made["a"].label == "Meetings held 会議"
    for label in ("x" * 81, "gro.\\u202elive", "a\\u0007", "{change} more"):
        with pytest.raises(CharterError, match=r"^metrics\.yaml, line 1: a\.label"):
            _extended(workspace, f'a: {{role: proxy, label: "{label}", count: {{template: leads}}}}\n')


DECLARED: tuple[dict[str, object], ...] = (
    {"of": {"template": "leads"}, "event": {"column": "first_response_at"}, "within": "5 minutes"},
    {"of": {"template": "emails"}, "event": {"column": "replied_at"}, "within_weeks": 2},
    {"of": {"template": "reviews"}, "event": {"column": "passed", "is": "yes"}},
    {"of": {"template": "leads"}, "event": {"template": "appointments", "at": "held_at"}, "within_weeks": 9},
    {"of": {"template": "leads"}, "event": {"template": "deals", "sum": "amount"}, "within_weeks": 9},
    {"of": {"template": "leads"}, "mean": "score"},
    {"of": {"template": "leads"}, "duration": {"to": "first_response_at"}},
    {"of": {"template": "conversations"}, "named": {"template": "codes"}},
    {"count": {"template": "leads"}},
    {"count": {"template": "asset_uses", "first_of": "assets"}, "within_weeks": 9},
    {"sum": {"template": "spend", "column": "cost"}},
    {"sum": {"template": "spend", "column": "cost"}, "per": {"template": "leads"}},
    {"sum": {"template": "spend", "column": "cost"}, "per": {"template": "spend", "sum": "clicks"}},
)
MORE: dict[str, object] = {
    **{key: value for one in DECLARED for key, value in one.items()},
    "within_weeks": 5,
    "also": {"template": "campaigns", "units": ["delivered"], "events": "unique_opens"},
}
WITHIN = {
    "template": "leads", "at": "first_response_at", "where": {"flavour": "x"}, "counts": "created_at",
    "column": "clicks",
    "is": "yes", "unless": {"flavour": "x"}, "sum": "clicks", "first_of": "leads", "from": "entered_at",
}  # fmt: skip


def _read(entry: dict[str, object]) -> Metric | None:
    """None where it is refused."""
    return draft_metric("ours", {"role": "proxy", **entry}, {}).metric


@pytest.mark.parametrize("entry", DECLARED, ids=str)
def test_a_key_more_is_refused_or_makes_another_metric(entry: dict[str, object]) -> None:
    plain = _read(entry)
    assert plain is not None
    for key, value in MORE.items():
        if key not in entry:
            assert _read({**entry, key: value}) != plain, key
    for group, said in entry.items():
        for key in WITHIN if isinstance(said, dict) else ():
            if key not in said:
                assert _read({**entry, group: {**said, key: WITHIN[key]}}) != plain, (group, key)
