"""Random declarations over random facts: the compiled question says what counting row by row says."""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from leadline.data.counts import store
from leadline.data.engines.engine import ask
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.declared.declaration import (
    Condition,
    Count,
    Declaration,
    Duration,
    Mean,
    OwnEvent,
    Rows,
    Share,
    Sum,
    Totals,
    ValuePerUnit,
)
from leadline.metrics.declared.links import linked
from leadline.metrics.declared.question import asked
from tests.metrics.counts.test_counts import COLUMNS, _clear, _land, exports
from tests.metrics.declared import reference

WITHIN_WEEKS = 1
THROUGH = [dt.date(2024, 1, 17), dt.date(2024, 2, 4)]

_tier = st.sampled_from([(), (Condition("tier", ("a",)),), (Condition("tier", ("a", "b")),)])
_leads = st.builds(Rows, st.just("leads"), st.sampled_from(["created_at", "first_response_at"]), _tier)
_deals = st.builds(
    Rows,
    st.just("deals"),
    st.sampled_from(["closed_at", "created_at"]),
    st.sampled_from([(), (Condition("stage", ("won",)),), (Condition("stage", ("lost", "won")),)]),
)
_appointments = st.builds(
    Rows,
    st.just("appointments"),
    st.sampled_from(["held_at", "booked_at"]),
    st.sampled_from([(), (Condition("status", ("held",)), Condition("qualified", ("yes",)))]),
)
_emails = st.builds(
    Rows, st.just("emails"), st.just("sent_at"), _tier, st.sampled_from([(), ("delivered_at", "sent_at")])
)
_assets = st.builds(Rows, st.just("assets"), st.just("published_at"), st.just(()))
_uses = st.just(Rows("asset_uses", "used_at"))
_answered = st.builds(
    OwnEvent, st.just("first_response_at"), st.none(), st.just(()), st.sampled_from([None, 3, 2000])
)
_passed = st.builds(OwnEvent, st.just("passed"), st.sampled_from(["yes", "no"]))
_machine = st.sampled_from([(), (Condition("machine_open", ("yes",)),)])
_mailings = st.sampled_from(
    [None, Totals("campaigns", "sent_at", ("delivered", "recipients"), "unique_opens")]
)
declarations: st.SearchStrategy[Declaration] = st.one_of(
    st.builds(Share, _leads, st.one_of(_deals, _appointments)),
    st.builds(Share, _assets, _uses),
    st.builds(Share, st.just(Rows("leads", "created_at")), _answered),
    st.builds(Share, _emails, st.builds(OwnEvent, st.just("opened_at"), st.none(), _machine), _mailings),
    st.builds(
        Share,
        st.just(Rows("reviews", "reviewed_at")),
        _passed,
    ),
    st.builds(Share, _deals, st.builds(OwnEvent, st.just("stage"), st.just("won"))),
    st.builds(ValuePerUnit, _leads, _deals, st.just("amount")),
    st.builds(Count, st.one_of(_leads, _deals, _appointments, _emails, _assets)),
    st.builds(Count, _uses, _assets),
    st.builds(Count, _deals, _leads),
    st.builds(Mean, _leads, st.just("score")),
    st.builds(Mean, _assets, st.just("cost")),
    st.builds(Sum, _assets, st.just("cost")),
    st.builds(Duration, st.just(Rows("leads", "created_at")), st.just("first_response_at")),
    st.builds(Duration, st.just(Rows("deals", "created_at")), st.just("closed_at")),
)
proxies: st.SearchStrategy[Declaration] = st.one_of(
    st.builds(
        Duration,
        st.builds(Rows, st.just("leads"), st.just("created_at"), _tier),
        st.just("first_response_at"),
    ),
    st.builds(Share, st.builds(Rows, st.just("leads"), st.just("created_at"), _tier), _answered),
    st.builds(Mean, st.builds(Rows, st.just("leads"), st.just("created_at"), _tier), st.just("score")),
    st.builds(
        Share,
        _emails,
        st.builds(OwnEvent, st.sampled_from(["opened_at", "clicked_at"]), st.none(), _machine),
    ),
)
outcomes = st.builds(
    Share, st.builds(Rows, st.just("leads"), st.just("created_at"), _tier), st.one_of(_deals, _appointments)
)
SEGMENTS = ("", "channel", "tier", "variant", "stage", "kind")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[tuple[Warehouse, Path]]:
    (tmp_path / "exports").mkdir()
    with open_warehouse(Workspace(tmp_path / "w", Settings(timezone="America/New_York"))) as opened:
        yield opened, tmp_path / "exports"


@settings(
    max_examples=int(os.environ.get("LEADLINE_DECLARED_EXAMPLES", "3")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
    deadline=None,
    phases=(Phase.generate,),
)
@given(
    files=st.lists(exports(), min_size=8, max_size=14),
    declared=st.lists(declarations, min_size=25, max_size=25),
    pairs=st.lists(st.tuples(proxies, outcomes), min_size=12, max_size=12),
)
def test_a_compiled_question_says_what_counting_row_by_row_says(
    bench: tuple[Warehouse, Path],
    files: list[tuple[str, str]],
    declared: list[Declaration],
    pairs: list[tuple[Declaration, Share]],
) -> None:
    warehouse = bench[0]
    _clear(warehouse)
    for file in files:
        _land(bench, file)
    facts = {name: _facts(warehouse, name) for name in COLUMNS}
    for declaration, by, through in zip(
        declared, itertools.cycle(SEGMENTS), itertools.cycle(THROUGH), strict=False
    ):
        expected = reference.count(facts, declaration, "desk", by, through, WITHIN_WEEKS)
        question = asked(declaration, bool(by))
        values = {"workflow": "desk", "segment": by, "through": through, "within_weeks": WITHIN_WEEKS}
        found = ask(warehouse, question.sql, store.bound(question.sql, {**values, **dict(question.values)}))
        sums = 3 if isinstance(declaration, Mean | Sum | ValuePerUnit) else 1
        told = {tuple(row[:-sums]): tuple(row[-sums:]) for row in found}
        assert len(told) == len(found)
        assert {group: sum_ for group, sum_ in told.items() if sum_[0]} == {
            group: sum_ for group, sum_ in expected.items() if sum_[0]
        }, (declaration, by, through)
    for (proxy, outcome), through in zip(pairs, itertools.cycle(THROUGH), strict=False):
        if (question := linked(proxy, outcome)) is None:
            assert isinstance(proxy, Share)
            assert proxy.of.template == "leads"
            continue
        values = {"workflow": "desk", "through": through, **dict(question.values)}
        found = ask(warehouse, question.sql, store.bound(question.sql, values))
        told = Counter({tuple(row[:-1]): row[-1] for row in found})
        assert told == reference.beside(facts, proxy, outcome, "desk", through), (proxy, outcome, through)


def _facts(warehouse: Warehouse, name: str) -> list[dict[str, Any]]:
    columns = [row[0] for row in warehouse.select(f"describe facts.{name}")]
    return [dict(zip(columns, row, strict=True)) for row in warehouse.select(f"select * from facts.{name}")]
