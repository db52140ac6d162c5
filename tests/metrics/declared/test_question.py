"""Random declarations over random facts: the compiled question says what counting row by row says."""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections import Counter
from collections.abc import Iterator

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
from leadline.metrics.declared.earlier import earlier
from leadline.metrics.declared.question import asked, lacking
from tests.metrics.declared import reference
from tests.metrics.declared.random_facts import random_facts

WITHIN_WEEKS = 1
THROUGH = [dt.date(2026, 1, 21), dt.date(2026, 2, 22)]

_flavour = st.sampled_from([(), (Condition("flavour", ("a",)),), (Condition("flavour", ("a", "b")),)])
_leads = st.builds(Rows, st.just("leads"), st.sampled_from(["created_at", "first_response_at"]), _flavour)
_deals = st.builds(
    Rows,
    st.just("deals"),
    st.sampled_from(["closed_at", "created_at"]),
    st.sampled_from(
        [
            (),
            (Condition("stage", ("won",)),),
            (Condition("stage", ("lost", "won")),),
            (Condition("stage", ("won",)), Condition("tier", ("gold",))),
        ]
    ),
)
_appointments = st.builds(
    Rows,
    st.just("appointments"),
    st.sampled_from(["held_at", "booked_at"]),
    st.sampled_from([(), (Condition("status", ("held",)), Condition("qualified", ("yes",)))]),
)
_emails = st.builds(
    Rows, st.just("emails"), st.just("sent_at"), _flavour, st.sampled_from([(), ("delivered_at", "sent_at")])
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
    st.builds(Mean, _deals, st.just("amount")),
    st.builds(Mean, _uses, st.just("rating")),
    st.builds(Sum, _assets, st.just("cost")),
    st.builds(Sum, _deals, st.just("amount")),
    st.builds(Duration, st.just(Rows("leads", "created_at")), st.just("first_response_at")),
    st.builds(Duration, st.just(Rows("deals", "created_at")), st.just("closed_at")),
)
SEGMENTS = ("", "channel", "tier", "flavour", "variant", "stage", "kind")


class Known:
    """Facts in a warehouse; named shortly where a law does not hold."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self.facts = random_facts(warehouse)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    folder = tmp_path_factory.mktemp("declared")
    (folder / "w").mkdir()
    with open_warehouse(Workspace(folder / "w", Settings(timezone="America/New_York"))) as opened:
        yield Known(opened)


@settings(
    max_examples=int(os.environ.get("LEADLINE_DECLARED_EXAMPLES", "3")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
    deadline=None,
    phases=(Phase.generate,),
)
@given(declared=st.lists(declarations, min_size=25, max_size=25))
def test_a_compiled_question_says_what_counting_row_by_row_says(
    known: Known, declared: list[Declaration]
) -> None:
    warehouse, facts = known.warehouse, known.facts
    counted = 0
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
        counted += bool(told)
        assert {group: sum_ for group, sum_ in told.items() if sum_[0]} == {
            group: sum_ for group, sum_ in expected.items() if sum_[0]
        }, (declaration, by, through)
    assert counted > 0.8 * len(declared)


def test_rows_that_lack_an_amount_and_amounts_below_0_are_those_counted_row_by_row(known: Known) -> None:
    won = (Condition("stage", ("won",)),)
    for amount in (
        Sum(Rows("deals", "closed_at", won), "amount"),
        Sum(Rows("asset_uses", "used_at"), "rating"),
        Sum(Rows("assets", "published_at"), "cost"),
    ):
        expected: dict[dt.date, list[int]] = {}
        for fact in reference.rows(known.facts, amount.of, "desk", THROUGH[1]):
            value, told = (
                fact[amount.amount],
                expected.setdefault(reference.monday(fact[amount.of.at]), [0, 0, 0]),
            )
            for place, counts in enumerate((True, value is None, value is not None and value < 0)):
                told[place] += counts
        question = lacking(amount)
        values = {"workflow": "desk", "through": THROUGH[1], **dict(question.values)}
        found = ask(known.warehouse, question.sql, store.bound(question.sql, values))
        assert {week: [*counts] for week, _, *counts in found} == expected
        assert any(missing for _, missing, _ in expected.values())
        assert any(negative for _, _, negative in expected.values()) == (amount.of.template == "deals")


def test_times_that_end_before_they_begin_are_those_counted_row_by_row(known: Known) -> None:
    duration = Duration(Rows("deals", "created_at"), "closed_at")
    expected: Counter[dt.date] = Counter()
    for fact in reference.rows(known.facts, duration.of, "desk", THROUGH[1]):
        if fact["closed_at"] is not None and fact["closed_at"] < fact["created_at"]:
            expected[reference.monday(fact["created_at"])] += 1
    question = lacking(duration)
    values = {"workflow": "desk", "through": THROUGH[1], **dict(question.values)}
    found = ask(known.warehouse, question.sql, store.bound(question.sql, values))
    assert {week: below for week, *_, below in found if below} == expected
    assert expected


@pytest.mark.parametrize(
    "declared",
    [
        Share(Rows("leads", "created_at"), Rows("deals", "closed_at")),
        Count(Rows("deals", "closed_at"), Rows("leads", "created_at")),
        ValuePerUnit(Rows("leads", "created_at"), Rows("deals", "closed_at"), "amount"),
        Share(Rows("deals", "created_at"), OwnEvent("closed_at")),
    ],
    ids=["share", "first", "value", "own"],
)
def test_events_of_a_day_before_their_units_entered_are_those_counted_row_by_row(
    known: Known, declared: Share | Count | ValuePerUnit
) -> None:
    expected: dict[dt.date, list[int]] = {}
    for entered, happened in reference.paired(known.facts, declared, "desk"):
        late = (reference.monday(happened) - reference.monday(entered)).days // 7 > WITHIN_WEEKS
        if not late and max(entered, happened).date() <= THROUGH[1]:
            told = expected.setdefault(max(reference.monday(entered), reference.monday(happened)), [0, 0])
            told[0] += 1
            told[1] += happened.date() < entered.date()
    question = earlier(declared)
    assert question is not None
    values = {
        "workflow": "desk",
        "through": THROUGH[1],
        "within_weeks": WITHIN_WEEKS,
        **dict(question.values),
    }
    found: dict[dt.date, list[int]] = {}
    for week, _, count, missing, before in ask(known.warehouse, question.sql, values):
        assert not missing
        told = found.setdefault(week, [0, 0])
        told[0], told[1] = told[0] + count, told[1] + before
    assert found == expected
    assert any(before for _, before in expected.values())
