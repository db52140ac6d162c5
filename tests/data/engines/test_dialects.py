"""The .sql files as other engines' SQL, and the arithmetic on which engines must agree."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, getcontext
from pathlib import Path

import pytest
import sqlglot

from leadline.data.engines.source import DIALECTS, Source, UntranslatedError
from leadline.data.engines.translate_sql import translate
from leadline.metrics.declared.declaration import (
    Condition,
    Named,
    OwnEvent,
    Rows,
    SameFirst,
    Share,
    ValuePerUnit,
)
from leadline.metrics.declared.earlier import earlier
from leadline.metrics.declared.question import asked, backwards, matching, words_of
from leadline.metrics.sql import read_sql
from tests.metrics.counts import questions

SQL = Path(__file__).parents[3] / "metrics" / "sql"
DESK = ("outputs", "judgements", "again", "conversations", "codes")
"""asked of what has landed here alone: a page whose rows land can't be used with facts elsewhere, and says so"""
QUERIES = sorted(questions.DECLARED) + sorted(
    str(file.relative_to(SQL).with_suffix(""))
    for file in SQL.rglob("*.sql")
    if not {"ledger", "entry"} & {*file.parts}
    and file.stem not in ("imports", *DESK)
    # those that are of a template are asked of it
    and "{template}" not in file.read_text(encoding="utf-8")
)
VALUES = {
    "brief": "B1",
    "last": dt.date(2024, 6, 30),
    "workflow": "lead-routing",
    "segment": "tier",
    "first": dt.date(2024, 1, 1),
    "through": dt.date(2024, 6, 30),
    "minutes": 5,
    "within_weeks": 12,
    "most": 3,
}
SOURCES = {
    "leads": Source("crm.leads", attributes="extra"),
    "deals": Source("crm.opportunities", columns={"deal_id": "id", "amount": "value"}),
    "appointments": Source("crm.appointments"),
    "emails": Source("mail.messages"),
    "assets": Source("content.assets"),
    "asset_uses": Source("content.uses"),
}


def written(query: str, dialect: str) -> str:
    return translate(questions.text(query), questions.bound(query, VALUES), SOURCES, dialect).sql


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_query_over_facts_is_written_for_every_engine_and_reads_back_with_its_columns(
    dialect: str,
) -> None:
    for query in QUERIES:
        read = sqlglot.parse_one(written(query, dialect), dialect=dialect)
        ours = sqlglot.parse_one(questions.text(query), dialect="duckdb")
        assert isinstance(read, sqlglot.exp.Query)
        assert isinstance(ours, sqlglot.exp.Query)
        assert read.named_selects == ours.named_selects, query


def test_a_hostile_value_stays_a_value() -> None:
    hostile = "x' or 1=1; drop table leads; --\\"
    for dialect in DIALECTS:
        text = translate(
            questions.text("lead_volume"),
            {**VALUES, "workflow": hostile, "segment": hostile},
            SOURCES,
            dialect,
        ).sql
        statements = sqlglot.parse(text, dialect=dialect)
        assert len(statements) == 1
        assert hostile in {each.this for each in statements[0].find_all(sqlglot.exp.Literal)}


def test_a_question_about_imports_is_refused() -> None:
    with pytest.raises(UntranslatedError, match="about imports"):
        translate(read_sql("fitness/imports.sql"), VALUES, SOURCES, "postgres")


def test_no_whole_second_lies_so_near_a_bucket_of_minutes_that_engines_could_disagree() -> None:
    """Buckets are floor(24 ln(1 + s / 60)). Over thirty years the value stays below 400, where a double's last place is
    5.7e-14; three roundings and a logarithm right to its last places stay far within seventeen of those.
    """
    getcontext().prec = 40
    nearest = min(
        abs(24 * (1 + Decimal(second) / 60).ln() - bucket)
        for bucket in range(1, 400)
        for edge in [60 * ((Decimal(bucket) / 24).exp() - 1)]
        for second in (int(edge), int(edge) + 1)
    )
    assert nearest > Decimal("1e-12")


LEADS = Rows("leads", "created_at")
CODED = Named(Rows("conversations", "held_at"), Rows("codes", "coded_at"), ("one-source",))
SAME = SameFirst(CODED.of, CODED.codes, "account", CODED.promises)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_has_landed_is_asked_of_every_engine(dialect: str) -> None:
    where = (Condition("flavour", ("a", "b")), Condition("channel", ("web",)))
    for (question, values), columns in (
        (words_of("leads", "flavour"), ["word", "units"]),
        (words_of("reviews", "passed"), ["word", "units"]),
        (matching(Rows("leads", "created_at", where)), ["workflow", "units", "matching"]),
        (matching(Rows("deals", "closed_at", where), LEADS), ["workflow", "units", "matching"]),
        (
            (asked(CODED).sql, {**VALUES, **dict(asked(CODED).values)}),
            ["segment", "cohort_week", "age", "units"],
        ),
        (
            (asked(SAME).sql, {**VALUES, **dict(asked(SAME).values)}),
            ["segment", "cohort_week", "promise", "units"],
        ),
        (backwards(LEADS, "first_response_at"), ["units", "backwards"]),
        *(
            (
                (question.sql, {"within_weeks": 4, **dict(question.values)}),
                ["week", "import_id", "count_rows", "count_missing", "count_negative"],
            )
            for declared in (
                ValuePerUnit(LEADS, Rows("deals", "closed_at"), "amount"),
                Share(LEADS, OwnEvent("first_response_at", within_minutes=5)),
            )
            if (question := earlier(declared)) is not None
        ),
    ):
        written = translate(question, {**VALUES, **values}, SOURCES, dialect).sql
        assert sqlglot.parse_one(written, read=dialect).named_selects == columns
