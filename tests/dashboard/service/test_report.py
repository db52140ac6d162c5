"""`leadline report`: what it writes, what it keeps, and how it says that it can't."""

from __future__ import annotations

import datetime as dt
import html
import json
import os
import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from pptx import Presentation

from leadline.dashboard.service import publish, report, review_codes
from leadline.dashboard.service.new_workspace import make_demo
from leadline.data.plain_json import to_plain
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import SAMPLE_MARK, open_workspace
from leadline.metrics.agreement.entries import LedgerError, entries
from tests.dashboard import example_reviews as examples
from tests.dashboard.command_line import assert_one_sentence, run, tree
from tests.dashboard.pictures import CASES, pixels, text_layer
from tests.dashboard.serving import serving


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample workspace, with a drifting workflow and two that are not."""
    folder = tmp_path_factory.mktemp("report") / "team"
    make_demo(folder, held=dt.date(2026, 11, 15))
    return folder


def code_on(card: bytes) -> str:
    return text_layer(card)["Description"].splitlines()[-1].removeprefix("Review ").partition(":")[0]


def test_a_card_is_of_the_worst_workflow_and_twice_as_large_as_a_page_shows(
    demo: Path, tmp_path: Path
) -> None:
    ran = run("report", "--out", tmp_path / "card.png", workspace=demo)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"Wrote the alert card of lead-routing as of 15 Nov 2026 to {tmp_path / 'card.png'}.\n"
    card = (tmp_path / "card.png").read_bytes()
    assert pixels(card).shape == (1800, 3200, 3)
    assert text_layer(card)["Description"].startswith("◆ Drifting\nLead routing agent is drifting.")


def test_a_card_of_a_named_workflow_can_be_dark(demo: Path, tmp_path: Path) -> None:
    light, dark = tmp_path / "light.png", tmp_path / "dark.PNG"
    assert run("report", "--out", light, "--workflow", "content-studio", workspace=demo).status == 0
    assert run("report", "--out", dark, "--workflow", "content-studio", "--dark", workspace=demo).status == 0
    assert text_layer(light.read_bytes()) == text_layer(dark.read_bytes())
    assert pixels(light.read_bytes()).mean() > 180 > 90 > pixels(dark.read_bytes()).mean()


def test_the_code_on_a_card_brings_the_very_same_card_back(demo: Path, tmp_path: Path) -> None:
    first, again, typed = (tmp_path / f"{name}.png" for name in ("first", "again", "typed"))
    assert run("report", "--out", first, "--as-of", "2026-09-06", workspace=demo).status == 0
    code = code_on(first.read_bytes())
    assert run("report", "--out", again, "--code", code, workspace=demo).status == 0
    assert again.read_bytes() == first.read_bytes()
    assert run("report", "--out", typed, "--code", code.lower().replace("-", " "), workspace=demo).status == 0
    assert typed.read_bytes() == first.read_bytes()
    assert "as of 6 Sep 2026" in text_layer(first.read_bytes())["Description"]


def test_a_review_is_kept_once_however_often_it_is_written(demo: Path, tmp_path: Path) -> None:
    for day in ("2026-08-30", "2026-08-23", "2026-08-30"):
        assert run("report", "--out", tmp_path / "a.png", "--as-of", day, workspace=demo).status == 0
    with open_warehouse(open_workspace(demo)) as warehouse:
        kept = [entry.payload["shown"]["as_of"] for entry in entries(warehouse, ("review",))]
    assert (kept.count("2026-08-30"), kept.count("2026-08-23")) == (1, 1)


def test_json_is_what_check_prints(demo: Path, tmp_path: Path) -> None:
    checked = run("check", "--json", workspace=demo).json
    assert run("report", "--out", tmp_path / "all.json", workspace=demo).status == 0
    assert json.loads((tmp_path / "all.json").read_text(encoding="utf-8")) == checked
    assert run("report", "--out", tmp_path / "one.json", "--workflow", "nurture", workspace=demo).status == 0
    only = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    assert [each["workflow"] for each in only["workflows"]] == ["nurture"]
    assert only["data"] == checked["data"]


def test_the_pack_is_of_every_workflow_unless_one_is_named(demo: Path, tmp_path: Path) -> None:
    ran = run("report", "--out", tmp_path / "pack.pptx", workspace=demo)
    assert "the weekly pack of 3 workflows as of 15 Nov 2026" in ran.out
    assert len(Presentation(str(tmp_path / "pack.pptx")).slides) == 4
    assert run("report", "--out", tmp_path / "one.html", "--workflow", "nurture", workspace=demo).status == 0
    page = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert page.count("<section") == 1
    assert "Lead routing agent" not in page


def test_it_works_while_a_dashboard_serves_the_workspace(demo: Path, tmp_path: Path) -> None:
    alone, served = tmp_path / "alone.png", tmp_path / "served.png"
    assert run("report", "--out", alone, workspace=demo).status == 0
    with serving(demo):
        assert run("report", "--out", served, workspace=demo).status == 0
        assert_one_sentence(run("report", "--out", served, "--workflow", "nope", workspace=demo))
    assert served.read_bytes() == alone.read_bytes()


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("pack.xlsx", (), "'pack.xlsx' ends in .xlsx, which says nothing of what to write; end it in .html, .pdf"),
        ("pack", (), "'pack' has no ending, which says nothing of what to write"),
        ("a.png", ("--workflow", "lead-routng"), "There is no workflow 'lead-routng' in this review; did you mean"),
        ("a.png", ("--workflow", "zzz"), "there is lead-routing, nurture and content-studio."),
        ("missing/a.png", (), "is not a folder that exists; make it first or name another with --out."),
        ("a.png", ("--code", "K7Q2-M4XT"), "No review is kept under the code 'K7Q2-M4XT' in this workspace"),
        ("a.png", ("--code", "../../etc"), "No review is kept under the code '../../etc' in this workspace"),
        ("a.png", ("--code", "K7Q2-M4XT", "--as-of", "2026-01-01"), "A code names a review with its date"),
        ("a.json", ("--dark",), "Numbers have no colours"),
        ("folder.png", (), "is a folder; name a file in it"),
    ],
)  # fmt: skip
def test_what_can_not_be_written_is_said_in_one_sentence(
    name: str, options: tuple[str, ...], said: str, demo: Path, tmp_path: Path
) -> None:
    (tmp_path / "folder.png").mkdir()
    ran = run("report", "--out", tmp_path / name, *options, workspace=demo)
    assert_one_sentence(ran)
    assert said in ran.err
    assert [file.name for file in tmp_path.iterdir()] == ["folder.png"]


def test_without_a_charter_there_is_a_pack_but_no_card(tmp_path: Path) -> None:
    run("init", tmp_path / "empty")
    ran = run("report", "--out", tmp_path / "a.png", workspace=tmp_path / "empty")
    assert_one_sentence(ran)
    assert ran.err.startswith("No workflow has a charter yet, so there is no alert card")
    assert run("report", "--out", tmp_path / "a.html", workspace=tmp_path / "empty").status == 0
    assert "No workflow has a charter yet" in (tmp_path / "a.html").read_text(encoding="utf-8").replace(
        "\u00a0", " "
    )


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "review.html"
    report.write_whole(file, b"first")
    assert stat.S_IMODE(file.stat().st_mode) == 0o666 & ~_umask()
    file.chmod(0o640)
    report.write_whole(file, b"second")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"second", 0o640)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(report.ReportError, match=r"can't be written \(no space left on device\)"):
        report.write_whole(file, b"third")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("review.html", b"second")]


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_can_not_be_written_to_is_named(tmp_path: Path, demo: Path) -> None:
    tmp_path.chmod(0o500)
    ran = run("report", "--out", tmp_path / "a.png", workspace=demo)
    tmp_path.chmod(0o700)
    assert_one_sentence(ran)
    assert "can't be written to" in ran.err


@pytest.mark.parametrize("name", list(CASES))
def test_every_review_is_found_by_its_code_as_it_was(name: str, warehouse: Warehouse) -> None:
    workflow = replace(CASES[name], workflow="flow")
    review = examples.review(workflow)
    code = review_codes.keep(warehouse, review, workflow, "tests")
    found = review_codes.find(warehouse, code)
    assert to_plain(found.shown) == to_plain(review_codes.shown_of(review, workflow))
    assert review_codes.code_of(found.shown) == code
    assert review_codes.review_of(found.shown).workflows == (found.shown.workflow,)


def test_another_number_has_another_code() -> None:
    workflow = examples.drifting()
    other = replace(workflow, owner="Head of Sales")
    codes = {
        review_codes.code_of(review_codes.shown_of(examples.review(each), each)) for each in (workflow, other)
    }
    assert len(codes) == 2
    assert all(len(code) == 8 and code.isupper() for code in codes)


@pytest.mark.parametrize(
    "code", ["", "K7Q2", "K7Q2-M4XT-AAAA", "K7Q2-M4X!", "ÄÖÜß-1234", "\x00" * 8, "9" * 8]
)
def test_a_code_that_names_nothing_is_told_kindly(code: str, warehouse: Warehouse) -> None:
    with pytest.raises(LedgerError) as told:
        review_codes.find(warehouse, code)
    assert "No review is kept under the code" in str(told.value)


def test_a_workspace_can_have_a_name_of_its_own(tmp_path: Path) -> None:
    run("init", tmp_path / "team")
    workspace = open_workspace(tmp_path / "team")
    assert report.workspace_name(workspace) == "team"
    named = replace(workspace, settings=replace(workspace.settings, name="Northwind\nmarketing"))
    assert report.workspace_name(named) == "Northwind marketing"
    (named.path / SAMPLE_MARK).touch()
    assert report.workspace_name(named) == "Northwind marketing · Sample data"


def test_the_published_folder_is_whole_and_the_same_each_time(demo: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    due = run("check", "--json", workspace=demo).json["workflows"][0]["due"]["text"]
    assert run("publish", site, "--weeks", "1", workspace=demo).status == 0
    first = tree(site)
    assert set(first) == {
        *("index.html", "manifest.json", "weeks/2026-11-08.html"),
        *(f"cards/{name}.png" for name in ("content-studio", "lead-routing", "nurture")),
    }
    for path, content in first.items():
        assert b"<script" not in content
        for link in re.findall(rb'href="([^"#]+)"', content) if path.endswith(".html") else ():
            assert (site / path).parent.joinpath(link.decode()).resolve().is_file()
    assert due in html.unescape(first["index.html"].decode())
    assert run("publish", site, "--weeks", "1", workspace=demo).status == 0
    assert tree(site) == first, "byte by byte"


def test_a_published_folder_replaces_only_its_own(tmp_path: Path) -> None:
    site = tmp_path / "site"
    for content in (b"1", b"2"):
        publish.check_target(site, tmp_path / "team")
        publish.write_site(site, {"index.html": content, "weeks/a.html": content})
    assert tree(site)["weeks/a.html"] == b"2"
    for strange in ("notes.txt", "weeks/a.html"):
        (site / strange).write_text("mine")
        with pytest.raises(report.ReportError, match=f"holds {strange}, which was not published"):
            publish.check_target(site, tmp_path / "team")
        (site / "notes.txt").unlink(missing_ok=True)
    for inside in (tmp_path / "team" / "site", tmp_path, tmp_path / "team"):
        with pytest.raises(report.ReportError, match="lie one in the other"):
            publish.check_target(inside, tmp_path / "team")
    assert [each.name for each in tmp_path.iterdir()] == ["site"]
