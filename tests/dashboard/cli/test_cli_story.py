"""Content at scale from drift to decision to recovered, at the volumes of a small team, through the command line."""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.dashboard.command_line import run

START, DEPLOYED, DECIDED, LAST = (
    dt.date(2024, 6, 3), dt.date(2025, 9, 1), dt.date(2026, 3, 1), dt.date(2026, 11, 1),
)  # fmt: skip
CHARTER = f"""\
workflow: content
name: Content studio
owner: Head of Content
deployed_on: {DEPLOYED}
watch: {{proxies: [asset_volume], outcomes: [asset_usage_rate]}}
stopping_rules:
  - {{id: divergence, when: diverging, action: pause}}
  - {{id: usage-floor, when: asset_usage_rate < baseline - 30%, for: 2 weeks, action: pause}}
"""
Shown = dict[str, Any]


def _exports(folder: Path, until: dt.date) -> tuple[Path, Path]:
    """As drawn at the end of a day: eight assets a month, forty since the deployment, twelve with briefs since the
    decision; of a hundred 60, 15 and 75 are used by sales, half of them within two weeks."""
    rng = random.Random(1)
    assets, uses = folder / f"assets-{until}.csv", folder / f"asset_uses-{until}.csv"
    with assets.open("w", newline="") as made, uses.open("w", newline="") as used:
        made_rows, used_rows = csv.writer(made), csv.writer(used)
        made_rows.writerow(["asset_id", "published_at", "workflow", "title", "kind"])
        used_rows.writerow(["asset_id", "used_at", "used_by"])
        day, number, carried = START, 0, 0.0
        while day <= until:
            month, share = (8, 0.6) if day < DEPLOYED else (40, 0.15) if day <= DECIDED else (12, 0.75)
            carried += month / 30.4 * rng.uniform(0.5, 1.5)
            while carried >= 1:
                carried, number = carried - 1, number + 1
                made_rows.writerow([f"A{number}", f"{day}T09:00:00", "content", f"Asset {number}", "blog"])
                when = day + dt.timedelta(days=round(14 * rng.lognormvariate(0, 0.8)))
                if rng.random() < share and when <= until:
                    used_rows.writerow([f"A{number}", f"{when}T15:00:00", "sales"])
            day += dt.timedelta(days=1)
    return assets, uses


def _clock(team: Path, day: dt.date) -> None:
    (team / "leadline.toml").write_text(f"as_of = {day}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Shown]:
    """The workflow in every week since the deployment; the alert of the drift is decided on."""
    folder = tmp_path_factory.mktemp("story")
    team = folder / "team"
    run("init", team)
    _clock(team, DECIDED)
    (folder / "charter.yaml").write_text(CHARTER, encoding="utf-8")
    assert run("ingest", *_exports(folder, DECIDED), workspace=team).status == 0
    assert run("charter", folder / "charter.yaml", workspace=team).status == 0
    assert run("check", workspace=team).status == 3
    decided = run(
        "decide", "content", "adjust", "--reason", "Nobody uses it", "--changes", "Briefs", "--next", "2026-04-05",
        workspace=team,
    )  # fmt: skip
    assert decided.status == 0, decided
    _clock(team, LAST)
    assert run("ingest", *_exports(folder, LAST), workspace=team).status == 0
    replayed = run(
        "replay", "--from", DEPLOYED.isoformat(), "--to", LAST.isoformat(), "--json", workspace=team
    )
    return [
        {**review["workflows"][0], "as_of": review["as_of"]}
        for review in map(json.loads, replayed.out.splitlines())
    ]


def _from(told: list[Shown], day: dt.date) -> list[Shown]:
    return [week for week in told if week["as_of"] > day.isoformat()]


def test_the_drift_is_found_within_two_months_and_decided_on(told: list[Shown]) -> None:
    first = next(week for week in told if week["verdict"] == "diverging")
    assert first["as_of"] <= "2025-11-02"
    assert {week["verdict"] for week in told if first["as_of"] <= week["as_of"] <= str(DECIDED)} == {
        "diverging"
    }


def test_a_known_drift_explains_weeks_without_use_and_nothing_is_called_a_broken_export(
    told: list[Shown],
) -> None:
    first = next(week["as_of"] for week in told if week["verdict"] == "diverging")
    assert not [week for week in told if week["verdict"] == "data_problem" and week["as_of"] > first]


def test_from_the_decision_on_it_is_drifting_then_recovering_then_recovered_for_good(
    told: list[Shown],
) -> None:
    verdicts = [week["verdict"] for week in _from(told, DECIDED)]
    assert list(dict.fromkeys(verdicts)) == ["diverging", "recovering", "aligned"]
    assert verdicts == sorted(verdicts, key=["diverging", "recovering", "aligned"].index)
    recovered = [week["recovered"] for week in told if week["verdict"] == "aligned"]
    assert len({json.dumps(each) for each in recovered}) == 1
    assert recovered[0]["on"] < "2026-08-01"
    assert all(week["recovered"] is None for week in told if week["verdict"] != "aligned")


def test_no_evidence_of_the_drift_speaks_beside_recovering(told: list[Shown]) -> None:
    back = [pair["evidence"] for week in told if week["verdict"] == "recovering" for pair in week["pairs"]]
    assert back
    assert all(evidence["odds"] < evidence["limit"] for evidence in back)


def test_what_recovered_says_against_what_and_what_it_took(told: list[Shown]) -> None:
    assert "after the decision of 1 March 2026 (D" in told[-1]["headline"]
    assert "(D5), from 11 of 100. Look again: " in told[-1]["headline"]


def test_the_floor_goes_back_once_what_is_used_is_back(told: list[Shown]) -> None:
    floor = [next(rule for rule in week["rules"] if rule["id"] == "usage-floor") for week in told]
    assert floor[-1]["state"] == "ok"
    assert floor[-1]["value"] > 0.42
    assert [rule["state"] for rule in floor[-20:]] == ["ok"] * 20
    assert "Agreed action" not in told[-1]["headline"]


def test_the_cost_is_of_used_assets_while_the_drift_goes_on_and_of_nothing_afterwards(
    told: list[Shown],
) -> None:
    costs = [week["cost"] for week in told if week["verdict"] in ("diverging", "recovering")]
    assert {(cost["outcome"], cost["unit"]) for cost in costs} == {("asset_usage_rate", "used assets")}
    assert all(week["cost"] is None for week in told if week["verdict"] == "aligned")


def test_no_week_says_check_the_data_and_pause_in_one_breath(told: list[Shown]) -> None:
    broken = [week for week in told if week["verdict"] == "data_problem"]
    assert not [week for week in broken if "Agreed action" in week["headline"]]
    assert not [rule for week in broken for rule in week["rules"] if rule["state"] == "breached"]


def test_a_rule_is_not_judged_on_weeks_of_the_export_that_are_missing(told: list[Shown]) -> None:
    """Nobody uses anything from September to the middle of October; the value is taken over four weeks."""
    floors = {week["as_of"]: rule for week in told for rule in week["rules"] if rule["id"] == "usage-floor"}
    assert floors["2025-11-02"]["state"] == "no_data"
    assert "these weeks of the export are missing" in floors["2025-11-02"]["reason"]
    assert floors["2025-11-30"]["state"] == "breached"
