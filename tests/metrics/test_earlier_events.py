"""Events of a day before their units entered, which count as the units' own: told, and no level of an outcome."""

from __future__ import annotations

import datetime as dt

import pytest

from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import METRICS, load_catalog
from leadline.metrics.findings import NegativeAmounts
from leadline.metrics.landed_words import EarlierEvents, mismatches
from leadline.metrics.review import review
from tests.data.example_exports import land_text, lines

START, DEPLOYED, WEEKS = dt.date(2024, 1, 1), 30, 44
DECLARED = """\
renewed: {role: outcome, of: {template: units}, event: {template: events, where: {kind: renewed}}, within_weeks: 4}
worth: {role: outcome, of: {template: units}, event: {template: events, sum: amount}, within_weeks: 4}
tickets: {role: proxy, count: {template: units}}
"""
CHARTER = f"""\
workflow: desk
owner: Head
deployed_on: {START + dt.timedelta(weeks=DEPLOYED)}
watch: {{proxies: [tickets], outcomes: [renewed, worth]}}
stopping_rules: [{{id: floor, when: renewed < 20%, action: review}}]
entry_lag: 0 days
"""


@pytest.mark.parametrize(
    ("early_before", "early_since", "since", "blocks"), [(0, 3, 4, True), (3, 3, 3, False)]
)
def test_earlier_events_are_told_and_block_where_their_share_is_another_since_the_deployment(
    warehouse: Warehouse, workspace: Workspace, early_before: int, early_since: int, since: int, blocks: bool
) -> None:
    """Each week four of ten units renew, then `since`; of these so many a day before they enter. Fewer of the
    others are a fall of the outcome."""
    units, events = [], []
    for week in range(WEEKS):
        early = early_before if week < DEPLOYED else early_since
        for n in range(10):
            day = START + dt.timedelta(weeks=week, days=1)
            units.append(f"u{week}-{n},{day},desk")
            if n < (4 if week < DEPLOYED else since):
                at = day + dt.timedelta(days=-1 if n < early else 1)
                events.append(f"e{week}-{n},u{week}-{n},{at},renewed,100,EUR")
    (workspace.charters / "desk.yaml").write_text(CHARTER, encoding="utf-8")
    (workspace.path / METRICS).write_text(DECLARED, encoding="utf-8")
    land_text(warehouse, lines("unit_id,entered_at,workflow", *units), "units.csv")
    land_text(
        warehouse,
        lines("event_id,unit_id,happened_at,kind,amount,currency", *events),
        "events.csv",
        numbers="point",
    )
    most = [
        EarlierEvents(name.capitalize(), len(events), 3 * WEEKS)
        for name in ("renewed", "worth")
        if early_before == 3
    ]
    catalog = load_catalog(workspace)
    assert [
        one for each in ("renewed", "worth") for one in mismatches(warehouse, catalog[each], "desk")
    ] == most
    (told,) = review(warehouse, workspace, START + dt.timedelta(weeks=WEEKS, days=-1)).workflows
    found = {f.metric: f for f in told.findings if isinstance(f.about, NegativeAmounts)}
    assert {name: f.blocks_verdict for name, f in found.items()} == {"renewed": blocks, "worth": blocks}
    for finding in found.values():
        assert isinstance(finding.about, NegativeAmounts)
        about = finding.about
        assert (about.is_event, about.count) == (True, early_since * (WEEKS - DEPLOYED))
        assert (about.share_before, about.share) == (early_before / 4, early_since / since)
    assert (told.verdict == "data_problem") == blocks
