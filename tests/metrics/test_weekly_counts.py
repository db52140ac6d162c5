"""Counts a week as outcomes and as totals, from exports to what `leadline check` says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.dashboard.command_line import run

START = dt.date(2023, 1, 2)
DEPLOYED_WEEK = 56
WEEKS = 56 + 40
AS_OF = START + dt.timedelta(weeks=WEEKS, days=-1)
CHARTER = """\
workflow: {workflow}
name: {workflow}
owner: Head of Content
deployed_on: {deployed}
entry_lag: 0 days
watch:
  proxies: [{proxies}]
  outcomes: [{outcomes}]
  segments: [{segment}]
stopping_rules:
  - {{id: divergence, when: diverging, action: pause}}
  - {{id: floor, when: {floor}, action: review}}
"""


def _checked(
    folder: Path,
    exports: dict[str, list[str]],
    outcomes: str,
    proxies: str,
    floor: str,
    segment: str = "kind",
) -> Any:
    """The one workflow of `leadline check --json`."""
    workspace = folder / "team"
    assert run("init", workspace).status == 0
    for name, rows in exports.items():
        file = folder / f"{name}.csv"
        file.write_text("\n".join(rows))
        landed = run("ingest", file, "--exported-on", AS_OF.isoformat(), workspace=workspace)
        assert landed.status == 0, landed
    charter = folder / "studio.yaml"
    charter.write_text(
        CHARTER.format(
            workflow="studio",
            deployed=START + dt.timedelta(weeks=DEPLOYED_WEEK),
            outcomes=outcomes,
            proxies=proxies,
            floor=floor,
            segment=segment,
        )
    )
    signed = run("charter", charter, "--sign", "Managing Director", workspace=workspace)
    assert signed.status == 0, signed
    return run("check", "--as-of", AS_OF.isoformat(), "--json", workspace=workspace).json["workflows"][0]


def _content(assets: tuple[float, float], used: tuple[float, float], seed: int = 5) -> dict[str, list[str]]:
    """Assets a week and the share that sales uses, before and after the deployment; first use after two weeks or so."""
    rng = np.random.default_rng(seed)
    published, uses = ["asset_id,published_at,workflow,kind"], ["asset_id,used_at,used_by,context"]
    for week in range(WEEKS):
        after = int(week >= DEPLOYED_WEEK)
        for n in range(rng.poisson(assets[after])):
            asset, day = f"A{week:03d}{n:03d}", START + dt.timedelta(weeks=week, days=int(rng.integers(5)))
            published.append(f"{asset},{day},studio,{('article', 'one-pager')[n % 2]}")
            first = day + dt.timedelta(days=int(14 * np.exp(0.7 * rng.standard_normal())))
            if rng.random() < used[after] and first <= AS_OF:
                uses.append(f"{asset},{first},sales,call")
    return {"assets": published, "asset_uses": uses}


def _outbound(leads: tuple[float, float], met: tuple[float, float], seed: int = 7) -> dict[str, list[str]]:
    """Leads a week and the share of them that is met, in days, before and after the deployment."""
    rng = np.random.default_rng(seed)
    came, held = ["lead_id,created_at,workflow,channel"], ["appointment_id,lead_id,held_at,status,qualified"]
    for week in range(WEEKS):
        after = int(week >= DEPLOYED_WEEK)
        for n in range(rng.poisson(leads[after])):
            lead, day = f"L{week:03d}{n:03d}", START + dt.timedelta(weeks=week, days=int(rng.integers(5)))
            came.append(f"{lead},{day},studio,{('mail', 'phone')[n % 2]}")
            meeting = day + dt.timedelta(days=int(rng.integers(2, 12)))
            if rng.random() < met[after] and meeting <= AS_OF:
                held.append(f"M{lead},{lead},{meeting},held,yes")
    return {"leads": came, "appointments": held}


def test_of_more_assets_of_which_fewer_are_used_rate_total_and_what_is_missing_are_told(
    tmp_path: Path,
) -> None:
    outcomes = "asset_usage_rate, used_assets"
    told = _checked(tmp_path, _content((4.0, 20.0), (0.6, 0.08)), outcomes, "asset_volume", "used_assets < 2")
    rate, count = told["pairs"]
    assert (rate["outcome"], rate["verdict"]) == ("asset_usage_rate", "diverging")
    assert count["outcome"] == "used_assets"
    assert count["verdict"] in ("watch", "diverging")
    # 2.4 a week before, 1.6 since: a third less in total, seven eighths less of each
    assert rate["outcome_change"]["low"] < -0.867 < rate["outcome_change"]["high"]
    assert count["outcome_change"]["low"] < -0.33 < count["outcome_change"]["high"]
    assert -0.7 < rate["total_change"]["relative"] < -0.3
    assert count["total_change"] is None
    assert "In total, used assets fell too: 1.4 a week, 3.0 before." in told["headline"]
    # 36 weeks times 0.8, where 60 % of the enlarged volume would have been 370
    assert told["cost"]["low"] < 29 < told["cost"]["high"] < 100
    assert told["cost"]["unit"] == "used assets"
    floor = told["rules"][1]
    assert (floor["state"], floor["value"]) == ("breached", 1.75)


def test_where_the_total_rose_nothing_is_missing_and_the_sentence_says_so(tmp_path: Path) -> None:
    outcomes = "qualified_appointment_rate, qualified_appointments"
    exports = _outbound((20.0, 80.0), (0.3, 0.14))
    told = _checked(tmp_path, exports, outcomes, "lead_volume", "qualified_appointments < 2", "channel")
    rate, count = told["pairs"]
    assert (rate["outcome"], rate["verdict"]) == ("qualified_appointment_rate", "diverging")
    assert (count["outcome"], count["since"]) == ("qualified_appointments", None)
    assert count["verdict"] in ("too_early", "aligned")
    assert count["outcome_change"]["low"] > 0.1
    assert "Only per lead, though: in total, qualified appointments rose to " in told["headline"]
    assert told["cost"] is None
    assert told["rules"][1]["state"] == "ok"


def _sales(won: tuple[float, float], seed: int = 3) -> dict[str, list[str]]:
    """Twenty leads a week, answered sooner since the deployment, and the share that is won within some weeks."""
    rng = np.random.default_rng(seed)
    came = ["lead_id,created_at,workflow,channel,first_response_at"]
    deals = ["deal_id,lead_id,created_at,closed_at,stage,amount,currency"]
    for week in range(WEEKS):
        after = int(week >= DEPLOYED_WEEK)
        for n in range(rng.poisson(20)):
            lead, day = f"L{week:03d}{n:03d}", START + dt.timedelta(weeks=week, days=int(rng.integers(5)))
            came.append(
                f"{lead},{day} 09:00,studio,{('mail', 'phone')[n % 2]},{day} {('12:00', '09:05')[after]}"
            )
            closed = day + dt.timedelta(days=int(rng.integers(10, 60)))
            if rng.random() < won[after] and closed <= AS_OF:
                deals.append(f"D{lead},{lead},{day},{closed},won,{rng.integers(500, 1500)},EUR")
    return {"leads": came, "deals": deals}


def test_deals_that_are_not_won_any_more_cost_what_deals_bring(tmp_path: Path) -> None:
    told = _checked(
        tmp_path, _sales((0.5, 0.25)), "won_deals", "response_time", "won_deals < baseline - 30%", "channel"
    )
    (pair,) = told["pairs"]
    assert (pair["outcome"], pair["verdict"], pair["segment"]) == ("won_deals", "diverging", None)
    assert pair["outcome_change"]["low"] < -0.5 < pair["outcome_change"]["high"]
    assert " deals are won a week (likely " in told["headline"]
    cost = told["cost"]
    assert (cost["outcome"], cost["unit"], cost["currency"]) == ("won_deals", "deals", "EUR")
    assert cost["value"] == pytest.approx(1000.0 * cost["units"], rel=0.05)
    assert told["rules"][1]["threshold"] == pytest.approx(7.0, rel=0.25)
    assert told["rules"][1]["value"] < 7.0


def test_the_first_weeks_lack_the_deals_of_earlier_leads_and_are_no_baseline(tmp_path: Path) -> None:
    exports = _sales((0.5, 0.5))
    told = _checked(tmp_path, exports, "won_deals", "response_time", "won_deals < 1", "channel")
    assert told["pairs"][0]["verdict"] not in ("diverging", "declining")
    said = run("check", "--as-of", AS_OF.isoformat(), workspace=tmp_path / "team").out
    assert "Won deals before the week of" in " ".join(said.split())
    assert "recorded only" not in said
