"""What buyers name in coded conversations: counted, and judged; fewer who are asked are a matter of the data."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from leadline.dashboard.words.findings import fact_words
from leadline.dashboard.words.verdicts import headline
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import METRICS, load_catalog
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.brand import answers
from leadline.metrics.checks import Checks, Field, all_empty
from leadline.metrics.cohorts import Calendar, rate_table
from leadline.metrics.declared.declaration import in_charter
from leadline.metrics.findings import MissingValues
from leadline.metrics.landed_words import unknown_codes
from leadline.metrics.review import review
from leadline.metrics.reviewing.agreement import seen, verdicts
from leadline.metrics.reviewing.coding import Code, coding
from leadline.metrics.reviewing.draw import AGAIN, AGAIN_AFTER
from tests.data.example_exports import land_text, lines

FIRST = dt.date(2024, 1, 1)
CHARTER = """\
workflow: brand
deployed_on: 2024-07-01
positioning:
  - {id: one-source, says: One place for every invoice}
  - {id: fair_price, says: A fair price}
watch: {proxies: [talks], outcomes: [brand_recognition]}
"""


def _land(warehouse: Warehouse, talks: list[str], codes: list[str]) -> None:
    land_text(warehouse, lines("conversation_id,held_at,account,text,workflow", *talks), "talks.csv")
    report = land_text(
        warehouse, lines("conversation_id,coder,coded_at,asked,first,others", *codes), "codes.csv"
    )
    assert (report.template, report.rows.quarantined) == ("codes", 0)


@pytest.mark.parametrize(("promises", "named"), [(("one-source", "fair_price"), "ABEI"), ((), "ABCEI")])
def test_a_conversation_counts_once_and_by_what_most_coders_found(
    warehouse: Warehouse, promises: tuple[str, ...], named: str
) -> None:
    (warehouse.workspace.path / METRICS).write_text(
        "talks: {role: proxy, count: {template: conversations}}\n"
    )
    _land(
        warehouse,
        [f"{name},2024-01-0{n},Acme,We like it,brand" for n, name in enumerate("ABCDEFGHI", start=1)],
        [
            "A,Ann,2024-01-09,yes,One source,",
            "B,Ann,2024-01-09,yes,other,cheap; Fair price",
            "C,Ann,2024-01-09,yes,cheap,",
            "D,Ann,2024-01-09,no,,",  # not asked
            "E,Ann,2024-01-09,yes,one_source,",  # the two differ: who coded first
            "E,Bo,2024-01-10,yes,cannot say,",
            "F,Ann,2024-01-09,yes,one-source,",  # outvoted
            "F,Bo,2024-01-10,yes,other,",
            "F,Cy,2024-01-11,yes,cannot say,",
            "H,Ann,2024-01-09,no,,",  # who coded first says that nobody was asked
            "H,Bo,2024-01-10,yes,one-source,",
            "I,Ann,2024-01-09,no,not asked,",  # outvoted in that; the two who are left differ: who of them coded first
            "I,Bo,2024-01-10,yes,one-source,",
            "I,Cy,2024-01-11,yes,other,",
            "G,Ann,2024-02-09,yes,one-source,",  # coded later than that week
        ],
    )
    charter = parse_charter(CHARTER, load_catalog(warehouse.workspace), "brand.yaml")
    assert unknown_codes(warehouse, charter) == ("cheap",)
    metric = load_catalog(None)["brand_recognition"]
    calendar = Calendar(FIRST, 2)
    for segment in ("", "account"):
        bound = replace(metric, declaration=in_charter(metric.declaration, promises))
        table = rate_table(warehouse, bound, "brand", calendar, segment)
        assert table.cohorts.entered.sum() == 6
        assert table.cohorts.events.sum() == len(named)


def test_an_account_counts_once_a_week_and_matches_by_what_most_coders_found_first(
    warehouse: Warehouse,
) -> None:
    codes = {
        "A": [("Ann", "yes", "One source")],
        "B": [("Ann", "yes", "fair-price; one-source")],
        "B2": [("Ann", "yes", "one-source")],
        "C": [("Ann", "yes", "cannot say")],
        "D": [("Ann", "yes", "cannot say"), ("Bo", "yes", "one_source"), ("Cy", "yes", "one-source")],
        "E": [("Ann", "no", ""), ("Bo", "yes", "one-source")],  # not asked: who coded first is believed
        "": [("Ann", "yes", "one-source")],  # nobody knows whose
    }
    _land(
        warehouse,
        [f"{name or 'Z'},2024-01-03,{name[:1]},We like it,brand" for name in codes],
        [
            f"{name or 'Z'},{coder},2024-01-{9 + at:02},{asked},{first},"
            for name, marked in codes.items()
            for at, (coder, asked, first) in enumerate(marked)
        ],
    )
    metric = load_catalog(None)["brand_coherence"]
    bound = replace(metric, declaration=in_charter(metric.declaration, ("one-source", "fair_price")))
    counted = answers(warehouse, bound, "brand", Calendar(FIRST, 2))
    assert counted.accounts.tolist() == [4, 0]
    # A and D match; each of them half with B, whose two conversations differ; C matches nobody
    assert counted.matching[0] == pytest.approx((1 + 0.5 + 0.5) / 6)


def test_conversations_of_which_none_says_whose_it_is_are_told_as_such() -> None:
    talks = np.array([3.0, 4.0])
    checks = Checks({}, (Field("account", "", talks, talks, {}),), (), {}, {})
    reason = all_empty(checks, load_catalog(None)["brand_coherence"], 1)
    assert reason is not None
    assert "7 conversations of this workflow have landed, none with account" in fact_words(reason)
    assert all_empty(checks, load_catalog(None)["brand_recognition"], 1) is None


def test_fewer_who_name_a_promise_are_a_decline_and_fewer_who_are_asked_a_matter_of_the_data(
    warehouse: Warehouse,
) -> None:
    (warehouse.workspace.path / METRICS).write_text(
        "talks: {role: proxy, count: {template: conversations}}\n"
    )
    talks, codes = [], []
    for workflow, names_later, asked_later in (("brand", 2, 20), ("mute", 7, 10), ("split", 7, 20)):
        for week in range(52):
            day = FIRST + dt.timedelta(weeks=week)
            later = week >= 30
            for n in range(20):
                name = f"{workflow}-{week}-{n}"
                talks.append(f"{name},{day},Acme {n},We like it,{workflow}")
                is_asked = n < (asked_later if later else 20)
                promise = "fair price" if workflow == "split" and later and n % 2 else "one-source"
                first = promise if (n + week) % 10 < (names_later if later else 7) else "cannot say"
                codes.append(f"{name},Ann,{day},{'yes' if is_asked else 'no'},{first if is_asked else ''},")
                if not is_asked and n % 2:  # who coded first is believed
                    codes.append(f"{name},Bo,{day + dt.timedelta(days=1)},yes,one-source,")
        charter = CHARTER.replace("workflow: brand", f"workflow: {workflow}")
        charter = charter.replace("[brand_recognition]", "[brand_recognition, brand_coherence]")
        (warehouse.workspace.charters / f"{workflow}.yaml").write_text(charter)
    _land(warehouse, talks, codes)
    told = review(warehouse, warehouse.workspace, FIRST + dt.timedelta(weeks=52, days=-1))
    brand, mute, split = sorted(told.workflows, key=lambda one: one.workflow)
    assert {pair.outcome: pair.verdict for pair in split.pairs} == {
        "brand_recognition": "aligned",
        "brand_coherence": "declining",
    }
    assert "Brand coherence is 23 of 100 (likely 15–34), down from 48" in headline(
        split, load_catalog(warehouse.workspace)
    )
    assert brand.verdict == "declining"
    assert mute.verdict == "data_problem"
    lacking = [one.about for one in mute.findings if isinstance(one.about, MissingValues)]
    assert {(one.field, round(one.share, 1), one.share_before) for one in lacking} == {("asked", 0.5, 0.0)}
    assert "50 % of the coded conversations were not asked what the brand stands for" in fact_words(
        lacking[0]
    )


def test_a_coder_who_judges_old_conversations_otherwise_is_not_a_brand_that_fell(
    warehouse: Warehouse,
) -> None:
    (warehouse.workspace.path / METRICS).write_text(
        "talks: {role: proxy, count: {template: conversations}}\n"
    )
    talks, codes = [], []
    for workflow in ("fallen", "strict"):
        for week in range(52):
            day = FIRST + dt.timedelta(weeks=week)
            for n in range(10):
                name = f"{workflow}-{week}-{n}"
                named = (n + week) % 10 < (3 if week >= 30 else 7)
                talks.append(f"{name},{day},Acme {n},We like it,{workflow}")
                codes.append(f"{name},Ann,{day},yes,{'one-source' if named else 'cannot say'},")
                if 10 <= week < 14:  # come again half a year later
                    again = named if workflow == "fallen" else (n + week) % 10 < 3
                    codes.append(
                        f"{name},Ann (again),2024-11-{10 + week},yes,{'one-source' if again else 'cannot say'},"
                    )
        charter = CHARTER.replace("workflow: brand", f"workflow: {workflow}")
        (warehouse.workspace.charters / f"{workflow}.yaml").write_text(charter)
    _land(warehouse, talks, codes)
    today = FIRST + dt.timedelta(weeks=52, days=-1)
    fallen, strict = sorted(review(warehouse, warehouse.workspace, today).workflows, key=lambda w: w.workflow)
    assert fallen.verdict == "declining"
    assert strict.verdict == "data_problem"
    (told,) = [fact_words(each.about) for each in strict.findings if each.blocks_verdict]
    assert told == (
        "Brand recognition changed by 40 points, which people who judge otherwise than before could have done alone: "
        "of 40 old ones that came again to them they say yes to 12, then to 28."
    )
    read = parse_charter(charter, load_catalog(warehouse.workspace), "strict.yaml")
    monday = today + dt.timedelta(days=1)
    again = [note for note in coding(warehouse, read, "ann", monday).notes if note.is_again]
    assert again
    assert all(note.week < monday - dt.timedelta(weeks=AGAIN_AFTER) for note in again)
    said = [Code(note.conversation_id, f"Ann{AGAIN}", "other") for note in again]
    assert not any(note.is_again for note in coding(warehouse, read, "Ann", monday, said).notes)
    (seen_lately,) = seen(verdicts(warehouse, "strict", "coded", today), today)
    assert seen_lately.reviewers == 1
