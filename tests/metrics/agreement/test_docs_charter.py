"""docs/charter.md says what the code does: its examples are read, and it leaves no key, metric or state out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from leadline.data.documents.read import SIZE_LIMIT
from leadline.data.errors import CharterError
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import METRICS, extend_catalog, load_catalog
from leadline.metrics.agreement.charter import KEYS, Action, Charter, coverage, parse_charter
from leadline.metrics.agreement.conditions import parse_condition
from leadline.metrics.rule_states import RuleStateCode
from leadline.metrics.verdicts import AWAITABLE

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "charter.md").read_text(encoding="utf-8")
CATALOG = load_catalog(None)


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def _first_cells() -> list[str]:
    """What stands in code in the first column of the tables."""
    return re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE)


def _documented_rows() -> dict[str, str]:
    """Rows of two columns: name → text."""
    return dict(re.findall(r"^\| `([^`]+)` \| ([^|]+) \|$", PAGE, re.MULTILINE))


def _dotted_keys() -> set[str]:
    return {f"{group}.{key}" if group else key for group, keys in KEYS.items() for key in keys}


@pytest.fixture
def example() -> Charter:
    return parse_charter(_blocks("yaml")[0], CATALOG, "charter.md")


def test_the_example_is_a_charter_that_leaves_nothing_open(example: Charter) -> None:
    assert coverage(example) == ()


def test_the_example_of_a_metrics_file_is_read(workspace: Workspace) -> None:
    extended = extend_catalog(CATALOG, _blocks("yaml")[1], METRICS)
    assert extended["close_rate"].within_weeks == 40
    assert extended["answered_within_60_minutes"].label == "Answered within an hour"


def test_the_faults_shown_are_the_faults_told() -> None:
    faulty = (
        "workflow: lead-routing\n"
        "deployed_on: 2024-01-01\n"
        "watch: {proxies: [clos_rate], outcomes: [close_rate]}\n"
        "stopping_rules:\n"
        "  - id: floor\n"
        "    action: review\n"
        "    when: close_rate < 15\n"
    )
    with pytest.raises(CharterError) as caught:
        parse_charter(faulty, CATALOG, "lead-routing.yaml")
    assert f"{caught.value}\n" == _blocks("text")[0]


def test_every_key_that_is_read_is_documented() -> None:
    groups = {key for key in KEYS if key}
    documented = set(_first_cells()) | set(re.findall(r"^##.*?`([a-z_]+)`", PAGE, re.MULTILINE))
    documented |= set(re.findall(r"^## `checkpoints` and `(signed)`", PAGE, re.MULTILINE))
    assert _dotted_keys() | groups <= documented


def test_every_key_that_is_documented_is_read() -> None:
    dotted = {cell for cell in _first_cells() if re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", cell)}
    assert dotted <= _dotted_keys()


def test_every_example_beside_a_key_is_accepted() -> None:
    rows = re.findall(r"^\| `([a-z_.]+)` \| [^|]* \| `([^`]+)` \|$", PAGE, re.MULTILINE)
    beginnings = {"workflow": "w", "deployed_on": "2024-01-01"}
    for key, value in rows:
        lines = [f"{name}: {text}" for name, text in beginnings.items() if name != key]
        outcomes = "outcomes: [close_rate]"
        if key.startswith("stopping_rules."):
            rule = {"id": "x", "when": "close_rate < 15%", "action": "pause", key.split(".")[1]: value}
            written = ", ".join(f'{name}: "{text}"' for name, text in rule.items())
            lines += [f"watch: {{{outcomes}}}", f"stopping_rules: [{{{written}}}]"]
        elif key.startswith("positioning."):
            promise = {"id": "x", "says": "y", key.split(".")[1]: value}
            written = ", ".join(f"{name}: {text}" for name, text in promise.items())
            lines += [f"watch: {{{outcomes}}}", f"positioning: [{{{written}}}]"]
        elif key.startswith("reviewing."):
            others = "" if key.endswith("dimensions") else "dimensions: [accuracy], "
            lines += [f"watch: {{{outcomes}}}", f"reviewing: {{{others}{key.split('.')[1]}: {value}}}"]
        elif key.startswith("watch.outcomes."):
            own = {"from": "2023-01-02", "to": "2024-12-31"} | {key.split(".")[-1]: value}
            days = ", ".join(f"{name}: {day}" for name, day in own.items() if name in ("from", "to"))
            entry = f"{key.split('.')[2]}: {f'{{{days}}}' if 'baseline' in key else value}"
            named = "" if entry.startswith("metric") else "metric: close_rate, "
            lines.append(f"watch: {{outcomes: [{{{named}{entry}}}]}}")
        elif key.startswith("watch."):
            *groups, last = key.split(".")[1:]
            entry = f"{groups[0]}: {{{last}: {value}}}" if groups else f"{last}: {value}"
            lines.append(f"watch: {{{entry}}}" if last == "outcomes" else f"watch: {{{outcomes}, {entry}}}")
        elif key.count(".") == 2 and key.startswith(("intent.", "cascade.")):
            group, part, last = key.split(".")
            said = {"text": "x y", "proved_by": "close_rate"} if part == "objective" else {"text": "x y"}
            entry = ", ".join(f"{name}: {text}" for name, text in (said | {last: value}).items())
            written = f"[{{{entry}}}]" if part == "constraints" else f"{{{entry}}}"
            lines += [f"watch: {{{outcomes}}}", f"{group}: {{{part}: {written}}}"]
        elif key.startswith("signed."):
            other = "on: 2023-12-15" if key.endswith("by") else "by: x"
            lines += [f"watch: {{{outcomes}}}", f"signed: {{{key.split('.')[1]}: {value}, {other}}}"]
        elif "." in key:
            group, last = key.split(".")
            lines += [f"watch: {{{outcomes}}}", f"{group}: {{{last}: {value}}}"]
        else:
            lines += [f"watch: {{{outcomes}}}", f"{key}: {value}"]
        parse_charter("\n".join(lines), CATALOG, key)
    groups = {
        "intent",
        "cascade",
        "positioning",
        "reviewing",
        "watch",
        "stopping_rules",
        "checkpoints",
        "gate",
        "signed",
    }
    assert {key for key, _ in rows} == _dotted_keys() - groups


def test_every_metric_is_documented_in_the_words_of_the_catalog() -> None:
    rows = _documented_rows()
    assert {name: rows.get(name) for name in CATALOG} == {m.id: m.description for m in CATALOG.values()}


def test_every_verdict_action_and_state_is_documented() -> None:
    assert set(AWAITABLE) | set(get_args(RuleStateCode)) <= set(_documented_rows())
    assert all(f"`{action}`" in PAGE for action in get_args(Action))


def test_every_condition_shown_is_understood() -> None:
    table = PAGE[PAGE.index("`when` is one of these") : PAGE.index("A rule is always in one of five states")]
    conditions = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    assert len(conditions) == 11
    for text in [*conditions, "response_time > baseline + 20%"]:
        parse_condition(text, CATALOG, {"close_rate", "response_time"})


def test_the_size_limit_is_the_one_in_force() -> None:
    assert f"more than {SIZE_LIMIT:,} characters" in PAGE
