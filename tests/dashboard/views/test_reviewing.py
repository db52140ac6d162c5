"""The page for reviewers: the next output, judged, kept, landed; where nothing is agreed, what to write."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from leadline.dashboard.service.open_warehouse import current_workspace, shared_warehouse
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import parse_charter
from tests.dashboard import example_reviews as examples
from tests.dashboard.conftest import Show
from tests.dashboard.paging import opened, press, text
from tests.data.example_exports import land_text, lines

PAGE = "views/reviewing/page.py"


def test_without_an_agreement_it_says_what_to_write(reviewing: Show) -> None:
    reviewing(examples.review(examples.holding()))
    assert "No charter agrees how outputs are reviewed." in text(opened(PAGE))


def test_an_output_is_judged_and_the_last_one_lands_everything(home: Path, reviewing: Show) -> None:
    flow = examples.holding()
    agreed = f"workflow: {flow.workflow}\ndeployed_on: 2024-01-01\nwatch: {{outcomes: [close_rate]}}\n"
    agreed += "reviewing: {dimensions: [accuracy, brand], a_week: 1}\n"
    charter = parse_charter(agreed, load_catalog(None), "charter.yaml")
    reviewing(examples.review(replace(flow, charter=charter)))
    warehouse = shared_warehouse(current_workspace())
    head = "asset_id,published_at,workflow,title,link,text,brief_id"
    hostile = (
        "A1,2024-06-27,{0},<b>Bold</b> [click](https://evil.example),javascript:alert(1),*Once* <script>,B1"
    )
    land_text(warehouse, lines(head, hostile.format(flow.workflow)), "assets.csv")
    land_text(warehouse, lines("brief_id,written_at,outcome", "B1,2024-06-01,More demos"), "briefs.csv")

    page = opened(PAGE)
    assert "0 of 1 output of the week of 24–30 Jun 2024 is reviewed." in text(page)
    page.text_input[0].set_value("Ann").run()
    assert "**Outcome** More demos" in text(page)
    assert not page.get("link_button")  # no browser may open that address
    save = next(button for button in page.button if button.label == "Save and next")
    assert save.disabled
    press(page, "Pass")
    page.button(key="Fail A1 brand").click().run()
    page.text_input(key="why A1 brand").set_value("No promise in it").run()
    press(page, "Save and next")
    assert warehouse.select("select dimension, passed, reason, reviewer from facts.reviews order by 1") == [
        ("accuracy", True, None, "Ann"),
        ("brand", False, "No promise in it", "Ann"),
    ]
    assert "Nothing is left for Ann" in text(page)
    assert "No promise in it" in text(page)


def test_a_conversation_is_coded_without_its_account(home: Path, reviewing: Show) -> None:
    flow = examples.holding()
    agreed = f"workflow: {flow.workflow}\ndeployed_on: 2024-01-01\nwatch: {{outcomes: [close_rate]}}\n"
    agreed += "positioning: [{id: one-source, says: One *place* for all, yes: [We look once]}, "
    agreed += "{id: fair, says: A fair price}]\n"
    charter = parse_charter(agreed, load_catalog(None), "charter.yaml")
    reviewing(examples.review(replace(flow, charter=charter)))
    warehouse = shared_warehouse(current_workspace())
    talks = [
        f"C{n},2024-06-2{4 + n},Acme {n},They <b>are</b> fair and we look once,{flow.workflow}"
        for n in (0, 1)
    ]
    land_text(warehouse, lines("conversation_id,held_at,account,text,workflow", *talks), "talks.csv")
    page = opened(PAGE)
    assert "0 of 2 conversations drawn of the week of 24–30 Jun 2024 are coded." in text(page)
    page.text_input[0].set_value("Ann").run()
    assert "Says it: We look once" in text(page)
    assert "Acme" not in text(page)
    press(page, "A fair price")
    page.get("button_group")[0].set_value(["one-source"]).run()
    press(page, "Save and next")
    press(page, "Was not asked")
    press(page, "Save and next")
    coded = "select asked, coalesce(\"first\", ''), coalesce(others, ''), coder from facts.codes order by all"
    assert warehouse.select(coded) == [(False, "", "", "Ann"), (True, "fair", "one-source", "Ann")]
    assert "A fair price" in text(page)
