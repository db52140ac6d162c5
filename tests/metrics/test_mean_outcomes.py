"""Means as outcomes, from exports to words: what sales think of an asset, and what a deal brings."""

from __future__ import annotations

import datetime as dt
import random

from leadline.dashboard.words.findings import fact_words
from leadline.dashboard.words.verdicts import headline
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import METRICS, load_catalog
from leadline.metrics.results import WorkflowReview
from leadline.metrics.review import review
from tests.data.example_exports import land_text, lines

START, DEPLOYED, FALLS, WEEKS = dt.date(2024, 1, 1), 56, 60, 76
AS_OF = START + dt.timedelta(weeks=WEEKS, days=-1)
DECLARED = """\
mean_rating: {role: outcome, of: {template: asset_uses}, mean: rating}
average_deal: {role: outcome, of: {template: deals, at: closed_at, where: {stage: won}}, mean: amount}
"""
CHARTER = f"""\
workflow: studio
owner: Head of Content
deployed_on: {START + dt.timedelta(weeks=DEPLOYED)}
intent: {{objective: Material for sales, audience: Sales, context: Drafts, constraints: [No claim without a source]}}
watch: {{proxies: [asset_volume], outcomes: [OUTCOMES], segments: [used_by, context]}}
stopping_rules:
  - {{id: floor, when: mean_rating < baseline - 10%, for: 2 weeks, recover: baseline - 5%, action: review}}
  - {{id: cost, when: cost > 3000 EUR, action: review}}
checkpoints: {{every: 1 week}}
signed: {{by: Managing Director, on: 2025-01-20}}
"""


def _land(warehouse: Warehouse) -> None:
    """A week: ten assets, then twenty; twenty ratings and ten deals, both worth a fifth less from the week FALLS on."""
    rng = random.Random(3)
    assets, uses, leads, deals = [], [], [], []
    for week in range(WEEKS):
        day = START + dt.timedelta(weeks=week)
        kept = 0.8 if week >= FALLS else 1.0
        assets += [f"A{week}-{n},{day},studio" for n in range(10 if week < DEPLOYED else 20)]
        uses += [
            f"A{week}-{n % 10},{day} 10:{n:02},p{n},{rng.choice([3, 4, 4, 5, 5]) * kept:.1f}"
            for n in range(20)
        ]
        leads += [f"L{week}-{n},{day} 09:{n:02},studio" for n in range(10)]
        deals += [
            f"D{week}-{n},L{week}-{n},{day},{day},won,{(1000 + rng.randrange(1400)) * kept:.0f},EUR"
            for n in range(10)
        ]
    for name, head, rows in (
        ("assets", "asset_id,published_at,workflow", assets),
        ("asset_uses", "asset_id,used_at,used_by,rating", uses),
        ("leads", "lead_id,created_at,workflow", leads),
        ("deals", "deal_id,lead_id,created_at,closed_at,stage,amount,currency", deals),
    ):
        land_text(warehouse, lines(head, *rows), f"{name}.csv")


def _reviewed(warehouse: Warehouse, workspace: Workspace, outcomes: str) -> WorkflowReview:
    (workspace.path / METRICS).write_text(DECLARED, encoding="utf-8")
    (workspace.charters / "studio.yaml").write_text(CHARTER.replace("OUTCOMES", outcomes), encoding="utf-8")
    return review(warehouse, workspace, AS_OF).workflows[0]


def test_means_that_fall_are_drift_and_cost_what_they_bring_less(
    warehouse: Warehouse, workspace: Workspace
) -> None:
    _land(warehouse)
    told = _reviewed(warehouse, workspace, "mean_rating, average_deal")
    assert "mean rating is 3.4 (likely 3.3–3.5), down from 4.2" in headline(told, load_catalog(workspace))
    assert told.cost is not None
    assert (told.cost.outcome, told.cost.currency) == ("average_deal", "EUR")
    assert told.cost.value_low is not None
    assert told.cost.value_high is not None
    assert told.cost.value_low < 16 * 10 * 0.2 * 1700 < told.cost.value_high
    assert {rule.state for rule in told.rules} == {"breached"}
    alone = _reviewed(warehouse, workspace, "mean_rating")
    assert alone.cost is None
    unjudged = next(rule for rule in alone.rules if rule.state == "no_data")
    assert unjudged.reason is not None
    assert "no cost that can be counted" in fact_words(unjudged.reason)


LACKING = """\
workflow: {name}
owner: Head of Sales
deployed_on: {deployed}
watch: {{proxies: [lead_volume], outcomes: [average_deal, brought]}}
entry_lag: 0 days
"""
BROUGHT = (
    "brought: {role: outcome, sum: {template: deals, at: closed_at, where: {stage: won}, column: amount}}\n"
)
LACKS = {
    "vanished": lambda amount, n: ("" if n else amount, "EUR"),
    "turned": lambda amount, n: (-amount, "EUR"),
    "refunded": lambda amount, n: (amount, "EUR"),
    "abroad": lambda amount, n: (amount, "USD"),
    "never": lambda amount, n: ("", ""),
}
"""workflow → what stands in a week's deal number n from the week FALLS on; in 'never' always, in 'refunded' the first
deal of every second week is below 0 all along"""


def test_amounts_that_go_missing_turn_their_sign_or_change_their_currency_are_said_and_are_no_fall(
    warehouse: Warehouse, workspace: Workspace
) -> None:
    rng, leads, deals = random.Random(4), [], []
    for name, lacks in LACKS.items():
        for week in range(FALLS + 8):
            day = START + dt.timedelta(weeks=week)
            for n in range(8):
                amount = (-1 if name == "refunded" and week % 2 and not n else 1) * (900 + rng.randrange(300))
                told = lacks(amount, n) if week >= FALLS or name == "never" else (amount, "EUR")
                leads.append(f"{name}{week}-{n},{day} 09:{n:02},{name}")
                deals.append(f"D{name}{week}-{n},{name}{week}-{n},{day},{day},won,{told[0]},{told[1]}")
        text = LACKING.format(name=name, deployed=START + dt.timedelta(weeks=DEPLOYED))
        (workspace.charters / f"{name}.yaml").write_text(text, encoding="utf-8")
    (workspace.path / METRICS).write_text(DECLARED + BROUGHT, encoding="utf-8")
    land_text(warehouse, lines("lead_id,created_at,workflow", *leads), "leads.csv")
    headings = "deal_id,lead_id,created_at,closed_at,stage,amount,currency"
    land_text(warehouse, lines(headings, *deals), "deals.csv", numbers="point")
    found = {
        told.workflow: told
        for told in review(warehouse, workspace, START + dt.timedelta(weeks=FALLS + 8, days=-1)).workflows
    }
    codes = {
        name: {(f.code, f.metric, f.blocks_verdict) for f in told.findings if f.metric}
        for name, told in found.items()
    }
    expected = {
        "vanished": "missing_values",
        "turned": "negative_amounts",
        "abroad": "currency_mixed",
        "never": "no_baseline",
    }
    for name, code in expected.items():
        assert {(code, "average_deal", True), (code, "brought", True)} == codes[name]
        assert found[name].verdict == "data_problem"
    assert codes["refunded"] == {("negative_amounts", each, False) for each in ("average_deal", "brought")}
    assert {pair.outcome_change.relative is None for pair in found["refunded"].pairs} == {False}
    assert f"{8 * (FALLS + 8)} deals of this workflow have landed, none with amount" in headline(
        found["never"]
    )
    assert "of the deals behind average deal have no amount" in headline(found["vanished"])
