"""What was produced, by whom and after which brief; briefs, versions and codes: landed by their headings."""

from __future__ import annotations

import datetime as dt

from leadline.data.warehouse import Warehouse
from leadline.metrics.cohorts import rows as rows_of_question
from tests.data.example_exports import land_text, lines

CODES = lines(
    "conversation_id,coded by,coded_at,was asked,first,others,codebook,workflow",
    "C1,ann@example.com,2026-01-05,yes,one-source,fair-price,3,desk",
    "C1,Bo,2026-01-05,ja,other,,3,desk",
    "C2,Bo,2026-01-05,no,,,3,desk",
)
BRIEFS = lines(
    "brief_id,written_at,workflow,version,author,title,outcome,target audience,positioning,constraints,context",
    "B1,2026-01-05,desk,2,Ann,Spring,More calls,Ask a@x.example,One place,None,Q1",
)
VERSIONS = lines(
    "workflow,what,version,in use since,note",
    "desk,system prompt,7,2026-01-05,shorter",
    "desk,Modell,7,2026-02-05T09:00,",
    "other,brief,7,2026-01-05,",
)
UNITS = lines(
    "unit_id,entered_at,workflow,brief_id,version,handled_by,link,text",
    "U1,2026-01-05,desk,B1,7,KI,https://x.example/doc/4915112345678?id=9,Call +49 170 1234567 or a@x.example",
    "U2,2026-01-05,desk,B1,7,Mensch,mailto:a@x.example,",
    "U3,2026-01-05,desk,,,,https://x.example/3,",
)


def test_codes_briefs_and_versions_land_by_their_headings(warehouse: Warehouse) -> None:
    for text, template in ((CODES, "codes"), (BRIEFS, "briefs"), (VERSIONS, "versions")):
        told = land_text(warehouse, text, f"{template}-2026.csv")
        assert (told.state, told.template, told.rows.quarantined) == ("landed", template, 0)
    codes = "select conversation_id, coder, asked, first, others from facts.codes order by 1, 3 desc, 2"
    rows = warehouse.select(codes)
    assert {(row[0], *row[2:]) for row in rows} == {
        ("C1", True, "one-source", "fair-price"),
        ("C1", True, "other", None),
        ("C2", False, None, None),
    }
    assert "ann@example.com" not in str(rows)
    assert warehouse.select("select version, title, audience from facts.briefs") == [
        ("2", "Spring", "Ask [e-mail]")
    ]
    again = land_text(
        warehouse, VERSIONS.replace("shorter", "longer"), "versions-later.csv", accept=("older_export",)
    )
    assert (again.rows.updated, again.rows.unchanged) == (1, 2)
    versions = "select workflow, what, version, note from facts.versions order by since, workflow"
    assert warehouse.select(versions) == [
        ("desk", "prompt", "7", "longer"),
        ("other", "brief", "7", None),
        ("desk", "model", "7", None),
    ]


def test_what_was_made_says_by_whom_and_its_text_is_as_discreet_as_notes(warehouse: Warehouse) -> None:
    told = land_text(warehouse, UNITS, "units.csv")
    assert (told.state, told.template) == ("landed", "units")
    rows = warehouse.select(
        "select brief_id, version, handled_by, link, text from facts.units order by unit_id"
    )
    assert rows[0] == (
        "B1",
        "7",
        "agent",
        "https://x.example/doc/4915112345678?id=9",
        "Call [phone] or [e-mail]",
    )
    assert rows[1][2] == "human"
    assert "a@" not in str(rows[1][3])
    values = {"workflow": "desk", "segment": "handled_by", "through": dt.date(2026, 2, 1)}
    (lacking,) = rows_of_question(warehouse, "fitness/missing_segment", values)
    assert lacking[2:] == (3, 1)
    asks = land_text(warehouse, UNITS.replace("KI", "Squad 7").replace("Mensch", "Squad 8"), "more.csv")
    assert (asks.state, [one.code for one in asks.questions]) == ("asks", ["unknown_words"])


def test_a_heading_version_is_the_version_and_a_remembered_mapping_keeps_its_meaning(
    warehouse: Warehouse,
) -> None:
    mails = lines("message_id,sent_at,version,workflow", "M1,2026-01-05,B,nurture")
    assert land_text(warehouse, mails, "mails.csv", template="emails").state == "landed"
    mapping = {"template": "emails", "columns": {"message_id": "message_id", "version": "variant"}}
    other = lines("message_id,sent_at,version,workflow,lead_id", "M2,2026-01-05,B,nurture,L1")
    assert land_text(warehouse, other, "a.csv", mapping=mapping).state == "landed"
    assert land_text(warehouse, other.replace("M2", "M3"), "b.csv").state == "landed"
    found = warehouse.select("select message_id, version, variant from facts.emails order by 1")
    assert found == [("M1", "B", None), ("M2", None, "B"), ("M3", None, "B")]


def test_a_conversation_without_a_workflow_has_that_of_its_lead(warehouse: Warehouse) -> None:
    land_text(warehouse, "lead_id,created_at,workflow\nL1,2026-01-05,routing\n")
    told = land_text(
        warehouse,
        "conversation_id,held_at,account,text,lead_id\nC1,2026-01-06,Acme,We like it,L1\n",
        "notes.csv",
    )
    assert (told.state, told.template) == ("landed", "conversations")
    assert warehouse.select("select workflow, lead_id from facts.conversations") == [("routing", "L1")]
