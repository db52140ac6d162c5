"""Intent and Mine: from the objective to the instruction, a brief that is written, what one person answers for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from leadline.dashboard.service.open_warehouse import shared_warehouse
from leadline.data.landing import land
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import charter_template, parse_charter
from leadline.metrics.charter_terms import Cascade, Layer
from leadline.metrics.outputs.briefs import briefs_of
from tests.dashboard import example_reviews as examples
from tests.dashboard.conftest import Show
from tests.dashboard.paging import assert_nothing_is_live, opened, press, text

PAGE, MINE = "views/intent/page.py", "views/mine/page.py"


@pytest.fixture
def shown(reviewing: Show) -> None:
    plain = "text: Score on fit before speed, steers_by: qualified_appointment_rate"
    text = charter_template().replace(plain, "text: Score on fit before speed")
    charter = parse_charter(text, load_catalog(None), "charter.yaml")
    intent = replace(charter.intent, audience=examples.HOSTILE)
    cascade = replace(charter.cascade or Cascade(), planning_decision=Layer(examples.HOSTILE, "close_rate"))
    agreed = replace(charter, deputy="Head of Sales", intent=intent, cascade=cascade)
    reviewing(examples.review(examples.drifting(charter=agreed), examples.holding()))


@pytest.mark.usefixtures("shown")
def test_the_line_names_what_nobody_holds_and_each_live_value() -> None:
    app = opened(PAGE, workflow="lead-routing")
    said = text(app)
    assert "More qualified appointments from inbound leads" in said
    assert "The instruction steers by nothing that is measured." in said
    assert "Reviewers are to check “language”, and no review of that dimension has landed." in said
    assert_nothing_is_live(app)


@pytest.mark.usefixtures("shown")
def test_a_brief_that_is_written_lands_as_an_import_of_its_own(home: Path) -> None:
    app = opened(PAGE, workflow="lead-routing", tab="briefs")
    press(app, "Keep this brief")
    assert "Give the brief a name" in text(app)
    app.text_input[0].set_value("B17")
    for field in app.text_input:
        if field.label == "Your name":
            field.set_value("Ana")
    for area in app.text_area:
        area.set_value("said" if area.label != "Context" else "tbd")
    press(app, "Keep this brief")
    assert "It is incomplete: it does not say context." in text(app)
    warehouse = shared_warehouse(open_workspace(home))
    (landed,) = land.list_imports(warehouse)
    brief = briefs_of(warehouse, "lead-routing", landed.landed_at.date().replace(year=2100))["B17"]
    assert (brief.author, brief.missing) == ("Ana", ("context",))
    land.undo(warehouse, landed.import_id)
    assert briefs_of(warehouse, "lead-routing", landed.landed_at.date().replace(year=2100)) == {}


@pytest.mark.usefixtures("shown")
def test_a_deputy_answers_too() -> None:
    said = text(opened(MINE, who="Head of Sales"))
    assert "Head of Sales answers for 1 workflow" in said
    assert "deputy" in said
