"""What a person says of a file's columns becomes a mapping that landing understands."""

from __future__ import annotations

from pathlib import Path

from leadline.dashboard.views.upload.taught_columns import (
    Lesson,
    WorkflowRule,
    asks_for_columns,
    mapping_of,
    missing,
    options_asked,
    segments_before,
    taught_before,
    with_words,
)
from leadline.data.exports.landing_report import ColumnMatch, IngestOptions, Question
from leadline.data.exports.recognition.mapping import read_mapping
from leadline.data.landing.land import land
from leadline.data.templates import templates
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import Workspace
from tests.conftest import SMALL

PIPELINE = (
    "Opp No,Contact No,Opened,Decided,Result,Product line,Team\n"
    "1001,L17,2026-04-03,2026-06-05,Signed,Core,Inbound\n"
    "1002,L18,2026-05-04,,In talks,Plus,Inbound\n"
    "1003,L19,2026-05-05,2026-07-07,Declined,Core,Outbound\n"
)
LESSON = Lesson(
    "deals",
    {
        "deal_id": "Opp No",
        "lead_id": "Contact No",
        "created_at": "Opened",
        "closed_at": "Decided",
        "stage": "Result",
    },
    segments=("Product line",),
    workflow=WorkflowRule("Team", {"Inbound": "lead-routing"}),
    values={"stage": {"Signed": "won", "In talks": "open", "Declined": "lost"}},
)


def test_a_taught_export_lands_and_its_headings_are_known_from_then_on(tmp_path: Path) -> None:
    first, second = tmp_path / "may.csv", tmp_path / "june.csv"
    first.write_text(PIPELINE, encoding="utf-8")
    second.write_text(PIPELINE.replace("1003", "1004"), encoding="utf-8")
    with open_warehouse(Workspace(tmp_path / "w", SMALL)) as warehouse:
        assert land(warehouse, first).state == "asks"
        taught = land(warehouse, first, IngestOptions(mapping=mapping_of(LESSON)))
        assert (taught.state, taught.rows.new) == ("landed", 3)
        rows = warehouse.select(
            "select deal_id, stage, workflow, attributes['Product line'] from facts.deals order by deal_id"
        )
        assert land(warehouse, second).rows.new == 1
    assert rows == [
        ("1001", "won", "lead-routing", "Core"),
        ("1002", "open", "lead-routing", "Plus"),
        ("1003", "lost", None, "Core"),
    ]


def test_one_heading_may_feed_several_of_our_columns() -> None:
    lesson = Lesson("deals", {"created_at": "Won on", "closed_at": "Won on", "deal_id": "No"})
    assert mapping_of(lesson)["columns"]["Won on"] == ["created_at", "closed_at"]


def test_what_is_still_needed_is_named_and_a_constant_or_an_identity_fills_it() -> None:
    template = templates()["deals"]
    assert missing(template, Lesson("deals", {"created_at": "Opened"})) == ("deal_id", "stage")
    filled = Lesson("deals", {"created_at": "Opened"}, constants={"stage": "won"}, identity=("A", "B"))
    assert missing(template, filled) == ()
    assert read_mapping(mapping_of(filled)).made_of == ("a", "b")


def test_a_rule_for_other_words_says_which_workflow_they_are() -> None:
    lesson = Lesson(
        "leads",
        {"lead_id": "No", "created_at": "On", "workflow": "Team"},
        workflow=WorkflowRule("Team", {"In": "a"}, "b"),
    )
    said = mapping_of(lesson)
    assert said["workflow"] == {"column": "Team", "values": {"In": "a"}, "otherwise": "b"}
    assert "Team" not in said["columns"]
    assert read_mapping(said).otherwise == {"workflow": "b"}


def test_words_are_laid_over_what_the_columns_say() -> None:
    assert with_words(None, "deals", {"stage": {}}) is None
    said = with_words(
        {"template": "deals", "values": {"stage": {"A": "won"}}}, "deals", {"stage": {"B": "lost"}}
    )
    assert said is not None
    assert said["values"] == {"stage": {"A": "won", "B": "lost"}}


def test_what_was_found_and_what_may_be_fills_the_form() -> None:
    columns = (
        ColumnMatch("Opened", (), ours=("created_at",)),
        ColumnMatch("Opp", (), suggested="deal_id"),
        ColumnMatch("Line", (), is_segment=True),
    )
    assert taught_before(columns) == {"created_at": "Opened", "deal_id": "Opp"}
    assert segments_before(columns) == ("Line",)


def test_two_columns_that_ask_the_same_are_asked_once() -> None:
    asked = options_asked(
        (
            Question("ambiguous_dates", "One?", "--dates"),
            Question("ambiguous_dates", "Two?", "--dates"),
            Question("no_stage", "Which?", "--mapping"),
        )
    )
    assert {name: question.message for name, question in asked.items()} == {"dates": "One? Two?"}
    assert asks_for_columns(["no_stage"])
    assert not asks_for_columns([None, "ambiguous_dates"])
