"""Outputs beside their briefs, their versions and who handled them: one small workspace with a known truth.

Of ten assets a week nine are the agent's. With a complete brief 3 of 4 are used, without 1 in 4; those of people are
used as often as the agent's. A brief template came with the first complete brief.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from leadline.dashboard.service.review_json import to_contract
from leadline.dashboard.words.briefs import comparison_sentences, headline
from leadline.dashboard.words.versions import (
    cause_sentences,
    coincidence_sentence,
    effect_sentence,
    notice_sentence,
    people_sentence,
)
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.agreement.charter_versions import register_charter
from leadline.metrics.causes import Coincidence
from leadline.metrics.outputs.attribution import attributed
from leadline.metrics.outputs.briefs import briefed, unbriefed
from leadline.metrics.outputs.comparisons import compared
from leadline.metrics.outputs.people import beside_people
from leadline.metrics.outputs.versions import version_effects, versions_in_use
from leadline.metrics.results import Review
from tests.dashboard.command_line import run
from tests.metrics import shown

CATALOG = load_catalog(None)
DEPLOYED, TODAY = dt.date(2026, 1, 5), dt.date(2026, 8, 30)
HALFWAY = dt.date(2026, 4, 27)
CHARTER = parse_charter(
    "workflow: studio\ndeployed_on: 2026-01-05\nwatch: {outcomes: [asset_usage_rate], segments: [kind]}\n",
    CATALOG,
    "studio.yaml",
)


def _write(file: Path, heading: str, rows: list[tuple[object, ...]]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([heading.split(","), *rows])
    return file


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("outputs")
    assets: list[tuple[object, ...]] = []
    uses: list[tuple[object, ...]] = []
    luck = random.Random(3)
    for number in range(10 * ((TODAY - DEPLOYED).days // 7 + 1)):
        day = DEPLOYED + dt.timedelta(days=7 * (number // 10) + number % 5)
        is_briefed = day >= HALFWAY and number % 2 == 0
        is_used = luck.random() < (0.75 if is_briefed else 0.25)
        brief = "B1" if is_briefed else "gone" if number == 3 else ""
        by = "human" if number % 20 in (8, 19) else "agent"
        assets.append((f"A{number}", day, "studio", ("one-pager", "article")[number % 2], brief, by))
        if is_used and day + dt.timedelta(days=10) <= TODAY:
            uses.append((f"A{number}", day + dt.timedelta(days=10)))
    said = ["used in calls", "finance leads", "one place for all", "no claim without a source"]
    files = [
        _write(folder / "assets.csv", "asset_id,published_at,workflow,kind,brief_id,handled_by", assets),
        _write(folder / "asset_uses.csv", "asset_id,used_at", uses),
        _write(
            folder / "leads.csv",
            "lead_id,created_at,workflow",
            [(f"L{n}", HALFWAY, "routing") for n in range(2)],
        ),
        _write(
            folder / "briefs.csv",
            "brief_id,written_at,workflow,author,title,outcome,audience,positioning,constraints,context",
            [
                ("B1", HALFWAY, "studio", "Ana", "Month-end", *said, "they know us"),
                ("B2", HALFWAY, "studio", "Ana", "Half said", *said, "tbd"),
            ],
        ),
        _write(
            folder / "versions.csv",
            "workflow,what,version,since,note",
            [
                ("studio", "brief", "full", HALFWAY, ""),
                ("studio", "prompt", "v1", "2026-01-12", ""),
                ("studio", "prompt", "v2", "2026-03-02", ""),
            ],
        ),
    ]
    run("init", folder / "team")
    ran = run("ingest", *files, workspace=folder / "team")
    assert ran.status == 0, ran.out + ran.err
    with open_warehouse(open_workspace(folder / "team")) as opened:
        yield opened


def test_outputs_are_counted_by_how_complete_their_brief_is(warehouse: Warehouse) -> None:
    found = briefed(warehouse, "studio", DEPLOYED, TODAY)
    assert found.briefs["B1"].completeness == "complete"
    assert found.briefs["B2"].missing == ("context",)
    assert found.by_completeness == {"complete": 90, "incomplete": 0, "none": 250}
    without = unbriefed(warehouse, "studio", DEPLOYED, TODAY)
    assert len(without) == 200
    assert not {"A338"} & {each.id for each in without}


def test_a_complete_brief_that_makes_a_difference_is_told_with_its_interval(warehouse: Warehouse) -> None:
    found = compared(warehouse, CHARTER, CATALOG, TODAY)
    by = {one.by: one for one in found.comparisons}
    ratio = by["completeness"].ratios["complete"]
    assert ratio is not None
    assert ratio.low < 3.0 < ratio.high
    assert by["completeness"].clear == {"complete"}
    assert headline(found, CATALOG).startswith("Assets with a complete brief: asset usage rate ")
    assert list(comparison_sentences(by["completeness"], found.briefs, CATALOG)) == [headline(found, CATALOG)]
    assert "author" not in by  # one author alone


def test_a_version_is_answered_as_a_decision_is(warehouse: Warehouse) -> None:
    in_use = versions_in_use(warehouse, TODAY)["studio"]
    effects = {one.version.name: one for one in version_effects(warehouse, CHARTER, CATALOG, in_use, TODAY)}
    assert effects["full"].helped == "better"
    assert effect_sentence(effects["full"], CATALOG).startswith("Brief full (since 27 Apr 2026) helped: ")
    assert effects["v1"].helped in ("open", "too_few")
    ratio = effects["v2"].ratio
    assert ratio is not None
    assert ratio.value > 1  # what entered since holds the complete briefs too
    said = coincidence_sentence(Coincidence(in_use[-1], "asset_usage_rate", HALFWAY), catalog=CATALOG)
    assert "went live on 27 Apr 2026" in said
    assert said.endswith("seems to have begun: near in time, which is no proof that one caused the other.")


def test_a_lead_that_names_no_brief_is_no_output(warehouse: Warehouse) -> None:
    assert briefed(warehouse, "routing", DEPLOYED, TODAY) == replace(
        briefed(warehouse, "nobody", DEPLOYED, TODAY), came_in=2
    )
    assert unbriefed(warehouse, "routing", DEPLOYED, TODAY) == ()


def test_a_review_says_what_may_have_caused_it(warehouse: Warehouse) -> None:
    register_charter(warehouse, CHARTER, "Ana")
    agreed = replace(CHARTER, source=CHARTER.source + "intent: {objective: Assets that sales send}\n")
    register_charter(warehouse, agreed, "Ana")
    register_charter(warehouse, replace(agreed, source=agreed.source.replace("send", "open")), "Ana")
    (found,) = attributed(warehouse, CATALOG, [shown.workflow(agreed=CHARTER)], warehouse.workspace.today())
    causes = found.causes
    assert [one.name for one in causes.versions] == ["v1", "v2", "full", "Assets that sales open"]
    assert causes.redefined is not None
    assert causes.redefined.note == "Assets that sales send"
    told = dict(cause_sentences(replace(causes, effects=causes.effects[-1:]), CATALOG))
    assert told["Intent"].startswith("The objective was redefined on ")
    assert told["Agent"].endswith("it confirms, it does not raise the alarm.")
    (known,) = attributed(warehouse, CATALOG, [shown.workflow(agreed=CHARTER)], TODAY)
    assert [one.what for one in known.causes.versions] == ["prompt", "prompt", "brief"]
    json = to_contract(Review(TODAY, TODAY, (known,), ()))["workflows"][0]
    (full,) = [one for one in json["versions"] if one["version"] == "full"]
    assert (full["effects"][0]["helped"], full["coincides"]) == ("better", [])
    assert json["people"][0]["human"] == 34


def test_those_left_to_people_are_the_comparison_of_the_same_weeks(warehouse: Warehouse) -> None:
    (found,) = beside_people(warehouse, CHARTER, CATALOG, TODAY)
    assert (found.agent, found.human, found.weeks) == (306, 34, 34)
    assert found.ratio is not None
    assert not found.is_clear
    assert people_sentence(found, CATALOG).startswith("Not clear whether it is the agent: ")
    assert notice_sentence(found).startswith("10 % left to people at 10 a week: a fall of 35 % shows ")
