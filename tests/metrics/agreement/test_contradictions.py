"""A proxy that counts the events of an outcome is refused, in whichever form it does; one of an earlier step is not."""

from __future__ import annotations

import pytest

from leadline.metrics.agreement.catalog import METRICS, extend_catalog, load_catalog
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.agreement.contradictions import contradictions

WON = "template: deals, where: {stage: won}, at: closed_at"
METRICS_OF_OURS = f"""
won_sum: {{role: proxy, sum: {{{WON}, column: amount}}}}
won_created: {{role: proxy, count: {{template: deals, where: {{stage: won}}, at: created_at}}}}
won_on_web: {{role: proxy, count: {{template: deals, where: {{stage: won, channel: web}}, at: closed_at}}}}
closed_soon: {{role: proxy, of: {{template: leads, where: {{channel: web}}}}, event: {{{WON}}}, within_weeks: 4}}
won_per_click: {{role: proxy, sum: {{{WON}, column: amount}}, per: {{template: spend, sum: clicks}}}}
cost_per_won: {{role: proxy, sum: {{template: spend, column: cost}}, per: {{{WON}}}, better: lower}}
mean_won: {{role: proxy, of: {{{WON}}}, mean: amount}}
opened_deals: {{role: proxy, count: {{template: deals, at: created_at}}}}
pipeline: {{role: proxy, sum: {{template: deals, at: created_at, column: amount}}}}
lost_deals: {{role: proxy, count: {{template: deals, where: {{stage: lost}}, at: closed_at}}}}
held: {{role: proxy, count: {{template: appointments, where: {{status: held}}, at: held_at}}}}
qualified: {{role: proxy, count: {{template: appointments, where: {{status: held, qualified: yes}}, at: booked_at}}}}
accurate: {{role: proxy, of: {{template: reviews, where: {{dimension: accuracy}}}}, event: {{column: passed, is: yes}}}}
brand_passes: {{role: proxy, count: {{template: reviews, where: {{passed: yes, dimension: brand}}}}}}
passed: {{role: proxy, count: {{template: reviews, where: {{passed: yes}}}}}}
branded: {{role: outcome, of: {{template: reviews, where: {{dimension: brand}}}}, event: {{column: passed, is: yes}}}}
revenue_per_lead: {{role: outcome, sum: {{{WON}, column: amount}}, per: {{template: leads}}}}
spent: {{role: proxy, sum: {{template: spend, column: cost}}}}
conversions: {{role: outcome, sum: {{template: spend, column: conversions}}}}
clicks: {{role: proxy, sum: {{template: spend, column: clicks}}}}
replies: {{role: outcome, of: {{template: emails}}, event: {{column: replied_at}}, within_weeks: 2}}
replied: {{role: proxy, count: {{template: emails, at: replied_at}}}}
"""
SAME = (
    *(
        (proxy, "close_rate")
        for proxy in ("won_sum", "won_created", "won_on_web", "closed_soon", "won_per_click")
    ),
    ("won_deals", "won_value_per_lead"),
    ("won_sum", "revenue_per_lead"),
    ("qualified", "qualified_appointment_rate"),
    ("brand_passes", "branded"),
    ("replied", "replies"),
)
APART = (
    *(
        (proxy, "close_rate")
        for proxy in ("cost_per_won", "mean_won", "opened_deals", "pipeline", "lost_deals")
    ),
    ("lead_volume", "revenue_per_lead"),
    ("lead_volume", "cost_per_lead"),
    ("cost_per_click", "cost_per_qualified_lead"),
    ("spent", "cost_per_qualified_lead"),
    ("held", "qualified_appointment_rate"),
    ("accurate", "branded"),
    ("passed", "branded"),
    ("clicks", "conversions"),
    ("email_volume", "replies"),
)


def test_a_proxy_of_the_units_that_an_outcome_leaves_is_refused() -> None:
    declared = METRICS_OF_OURS + (
        "failed: {role: proxy, of: {template: reviews, where: {dimension: brand}}, "
        "event: {column: passed, is: no}, better: lower}\n"
        "lost_rate: {role: proxy, of: {template: deals}, event: {column: stage, is: lost}, better: lower}\n"
        "win_rate: {role: outcome, of: {template: deals}, event: {column: stage, is: won}}\n"
        "won_of_opened: {role: outcome, of: {template: deals, at: created_at}, event: {column: stage, is: won}}\n"
    )
    catalog = extend_catalog(load_catalog(None), declared, METRICS)
    for proxy, outcome, told in (
        ("failed", "branded", ["failed counts the units that are left by the outcome branded"]),
        ("failed", "review_pass_rate", []),
        ("lost_rate", "win_rate", ["lost_rate counts the units that are left by the outcome win_rate"]),
        ("lost_rate", "won_of_opened", []),
    ):
        text = f"workflow: w\ndeployed_on: 2024-01-01\nwatch: {{proxies: [{proxy}], outcomes: [{outcome}]}}\n"
        found = contradictions(parse_charter(text, catalog, "w.yaml"), catalog)
        assert [each.removeprefix("watch.proxies: ").split(",")[0] for each in found] == told


@pytest.mark.parametrize(("proxy", "outcome"), [*SAME, *APART])
def test_a_proxy_of_the_same_event_is_refused_in_whatever_form(proxy: str, outcome: str) -> None:
    catalog = extend_catalog(load_catalog(None), METRICS_OF_OURS, METRICS)
    text = f"workflow: w\ndeployed_on: 2024-01-01\nwatch: {{proxies: [{proxy}], outcomes: [{outcome}]}}\n"
    told = contradictions(parse_charter(text, catalog, "w.yaml"), catalog)
    assert [f"{proxy} counts the same event as the outcome {outcome}" in each for each in told] == (
        [True] if (proxy, outcome) in SAME else []
    )
