"""A number of a rule is in the currency of the amounts that it is held against, or the charter is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from leadline.dashboard.service.charter_files import register
from leadline.dashboard.words.findings import fact_words
from leadline.data.errors import CharterError
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import METRICS
from leadline.metrics.review import review
from tests.data.example_exports import land_text, lines

CHARTER = """\
workflow: bids
owner: Head of Media
deployed_on: 2025-03-03
watch: {proxies: [spent], outcomes: [close_rate]}
stopping_rules: [{id: dear, when: WHEN, action: review}]
"""


@pytest.fixture
def spent(warehouse: Warehouse, workspace: Workspace) -> Workspace:
    """A thousand euros a week, and since March a hundred dollars."""
    weeks = [dt.date(2025, 1, 6) + dt.timedelta(weeks=week) for week in range(14)]
    rows = [f"{day},search,1000,EUR,bids" for day in weeks]
    rows += [f"{day},social,100,USD,bids" for day in weeks if day.month >= 3]
    land_text(warehouse, lines("spent_on,campaign,cost,currency,workflow", *rows), "spend.csv")
    declared = "spent: {role: proxy, sum: {template: spend, column: cost}, better: lower}\n"
    (workspace.path / METRICS).write_text(declared, encoding="utf-8")
    return workspace


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("spent > 900 USD", "rule dear is in USD, and the amounts of spent are in EUR and USD (those in EUR are told)"),
        ("spent > 900", "rule dear names no currency, and .* write 900 EUR"),
        ("spent > 900 EUR, recover: 800 USD", "rule dear is in USD"),
        ("spent > 900 EUR, recover: 800 EUR", ""),
        ("spent > baseline + 20%", ""),
    ],
)  # fmt: skip
def test_another_currency_is_refused_and_a_bare_number_beside_several(
    warehouse: Warehouse, spent: Workspace, tmp_path: Path, when: str, said: str
) -> None:
    file = tmp_path / "bids.yaml"
    file.write_text(CHARTER.replace("WHEN", when), encoding="utf-8")
    if not said:
        assert list(register(warehouse, spent, [file], None))
        return
    escaped = said.replace("(", r"\(").replace(")", r"\)")
    with pytest.raises(CharterError, match=rf"bids.yaml, line \d+: {escaped}"):
        list(register(warehouse, spent, [file], None))


def test_what_was_agreed_before_anything_landed_is_said_on_the_review(
    warehouse: Warehouse, spent: Workspace
) -> None:
    for when, state, words in (
        ("spent > 900 USD", "no_data", "the amounts of spent are in EUR, the rule is in USD"),
        (
            "spent > 900",
            "breached",
            "Rule dear names no currency: it is held against spent in EUR, without its",
        ),
    ):
        (spent.charters / "bids.yaml").write_text(CHARTER.replace("WHEN", when), encoding="utf-8")
        told = review(warehouse, spent, dt.date(2025, 4, 13)).workflows[0]
        assert told.rules[0].state == state
        said = [fact_words(told.rules[0].reason), *(fact_words(each.about) for each in told.findings)]
        assert any(each.startswith(words) for each in said)
