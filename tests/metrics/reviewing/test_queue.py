"""Which outputs a reviewer sees: drawn by a rule that nobody can choose; some twice, and a third time where needed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.charter_terms import Charter
from leadline.metrics.reviewing.agreement import failed, failing_share, seen, verdicts
from leadline.metrics.reviewing.queue import DrawnOutputs, Judgement, Queue, planned_outputs
from tests.data.example_exports import land_text, lines

TODAY = dt.date(2024, 5, 8)  # a Wednesday; the last complete week began on 29 April
CHARTER = """\
workflow: studio
deployed_on: 2024-01-01
watch: {outcomes: [review_pass_rate]}
reviewing: {dimensions: [Accuracy, brand], a_week: 10, second_review: 30%}
"""
HEAD = "asset_id,published_at,workflow,kind,title,version"


@pytest.fixture
def charter(warehouse: Warehouse) -> Charter:
    days = [dt.date(2024, 3, 4) + dt.timedelta(days=n) for n in range(7 * 9)]
    # nine assets a day: six posts, two decks, one video
    kinds = ["post"] * 6 + ["deck"] * 2 + ["video"]
    rows = [f"{day:%m%d}-{n},{day},studio,{kind},T,v1" for day in days for n, kind in enumerate(kinds)]
    land_text(warehouse, lines(HEAD, *rows, "other-1,2024-05-01,elsewhere,post,T,v9"), "assets.csv")
    return parse_charter(CHARTER, load_catalog(None), "studio.yaml")


def _planned(warehouse: Warehouse, charter: Charter) -> Counter[dt.date]:
    assert charter.reviewing is not None
    return Counter(one.week for one in planned_outputs(warehouse, "studio", charter.reviewing, TODAY))


def _queue(warehouse: Warehouse, charter: Charter, who: str, written: Iterable[Judgement] = ()) -> Queue:
    assert charter.reviewing is not None
    return DrawnOutputs.of(warehouse, "studio", charter.reviewing, TODAY).queue(who, written)


def _said(item: str, who: str, accuracy: bool, brand: bool = True) -> list[Judgement]:
    return [Judgement(item, who, "accuracy", accuracy), Judgement(item, who, "Brand", brand)]


def test_every_week_has_its_share_of_every_kind(warehouse: Warehouse, charter: Charter) -> None:
    assert charter.reviewing is not None
    drawn = planned_outputs(warehouse, "studio", charter.reviewing, TODAY)
    weeks = [dt.date(2024, 4, 29) - dt.timedelta(weeks=n) for n in range(4)]
    assert _planned(warehouse, charter) == dict.fromkeys(weeks, 10)
    kind = Counter((one.week, int(one.item_id[-1])) for one in drawn)
    for week in weeks:
        posts, decks = (sum(kind[week, n] for n in which) for which in (range(6), (6, 7)))
        assert (posts, decks, kind[week, 8]) in ((7, 2, 1), (6, 3, 1), (6, 2, 2), (7, 1, 2), (7, 3, 0))
    # what is landed or reviewed later changes nothing of what was drawn before
    land_text(warehouse, lines(HEAD, "0506-x,2024-05-06,studio,post,T,v1"), "later.csv")
    assert planned_outputs(warehouse, "studio", charter.reviewing, TODAY) == drawn


def test_a_new_version_is_looked_at_closely_first(warehouse: Warehouse, charter: Charter) -> None:
    rows = [f"new-{n},2024-05-0{n % 3 + 1},studio,post,T,v2" for n in range(50)]
    land_text(warehouse, lines(HEAD, *rows), "new.csv")
    assert charter.reviewing is not None
    drawn = planned_outputs(warehouse, "studio", charter.reviewing, TODAY)
    fresh = [one for one in drawn if one.version == "v2"]
    assert 30 <= len(fresh) <= 40
    assert len([one for one in drawn if one.version == "v1"]) <= 40


def test_reviewers_are_blind_to_each_other_and_a_third_settles_what_two_see_differently(
    warehouse: Warehouse, charter: Charter
) -> None:
    first = _queue(warehouse, charter, "Ann")
    assert (len(first.tasks), first.planned, first.seen, first.overdue) == (40, 10, 0, 30)
    assert {task.turn for task in first.tasks} == {"first"}
    written = [one for task in first.tasks for one in _said(task.output.item_id, "Ann", accuracy=True)]
    assert _queue(warehouse, charter, " ann ", written).tasks == ()

    second = _queue(warehouse, charter, "Bo", written)
    assert {task.turn for task in second.tasks} == {"second"}
    assert 4 <= len(second.tasks) <= 20  # 30 % of 40, drawn
    assert (second.seen, second.overdue) == (10, 0)
    assert second.tasks[0].dimensions == ("Accuracy", "brand")  # all of them, whatever the first said

    apart, alike = (task.output.item_id for task in second.tasks[:2])
    written += _said(apart, "Bo", accuracy=False) + _said(alike, "Bo", accuracy=True)
    third = _queue(warehouse, charter, "Cy", written)
    assert [(t.output.item_id, t.dimensions) for t in third.tasks if t.turn == "third"] == [
        (apart, ("Accuracy",))
    ]
    assert alike not in {task.output.item_id for task in third.tasks}
    written += [Judgement(apart, "Cy", "Accuracy", passed=True)]
    assert apart not in {task.output.item_id for task in _queue(warehouse, charter, "Di", written).tasks}


def test_what_was_half_said_is_asked_for_the_rest(warehouse: Warehouse, charter: Charter) -> None:
    item = _queue(warehouse, charter, "Ann").tasks[0].output.item_id
    head = "item_id,reviewed_at,reviewer,dimension,passed,workflow"
    land_text(warehouse, lines(head, f"{item},2024-05-07,Ann,brand,no,studio"), "reviews.csv")
    found = {task.output.item_id: task for task in _queue(warehouse, charter, "Ann").tasks}
    assert found[item].dimensions == ("Accuracy",)
    # for another it is as if nobody had seen it
    found = {task.output.item_id: task for task in _queue(warehouse, charter, "Bo").tasks}
    assert (found[item].dimensions, found[item].turn) == (("Accuracy", "brand"), "first")


def test_agreement_is_told_by_dimension_and_an_item_passes_by_most(
    warehouse: Warehouse, charter: Charter
) -> None:
    head = "item_id,reviewed_at,reviewer,dimension,passed,reason,workflow"
    rows = []
    for n in range(12):
        for who, passed in (("Ann", True), ("Bo", n % 3 > 0)):
            rows.append(f"I{n},2024-05-0{1 + n % 7},{who},brand,{'yes' if passed else 'no'},No source,studio")
    land_text(warehouse, lines(head, *rows, "I1,2023-05-01,Ann,old,no,x,studio"), "reviews.csv")
    (brand,) = seen(verdicts(warehouse, "studio", "seen", TODAY), TODAY)
    assert (brand.dimension, brand.items, brand.passed, brand.reviewers) == ("brand", 12, 8, 2)
    assert brand.agreement.disagreed == 4
    assert brand.falls_short(0.67)
    assert failing_share((brand,)) == pytest.approx(4 / 12)
    assert [(one.item_id, one.reason) for one in failed(warehouse, "studio", TODAY, 2)] == [
        ("I6", "No source"),
        ("I3", "No source"),
    ]
    assert not replace(brand, agreement=replace(brand.agreement, items=9)).falls_short(0.67)
