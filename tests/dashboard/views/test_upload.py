"""The upload page with a real workspace: preview before anything is written, landing, quarantine, undo."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import leadline.dashboard
from leadline.dashboard.cli.main import main
from leadline.dashboard.service import inbox_watch, open_warehouse
from leadline.dashboard.views.upload import questions
from leadline.data.exports.landing_report import ImportRecord, IngestOptions
from leadline.data.landing.land import list_imports
from leadline.data.workspace.workspace import open_workspace

APP = Path(leadline.dashboard.__file__).with_name("app.py")
LEADS = (
    "lead_id,created_at,workflow\n"
    "L1,2024-06-20 10:00:00,lead-routing\n"
    "L2,2024-06-21 11:00:00,lead-routing\n"
    "L3,2024-13-40,lead-routing\n"
)
UNCLEAR = "lead_id,created_at\nL1,03/04/2024\nL2,05/06/2024\n"


@pytest.fixture
def app(home: Path) -> AppTest:
    """The upload page of an empty workspace."""
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app.switch_page("views/upload/page.py").run()
    return app


def drop(app: AppTest, *files: tuple[str, str]) -> None:
    app.file_uploader[0].set_value([(name, content.encode(), "text/csv") for name, content in files])
    app.run()
    assert not app.exception


def text(app: AppTest) -> str:
    parts = [*app.header, *app.subheader, *app.markdown, *app.error, *app.warning, *app.info, *app.success]
    told = "\n".join(str(part.value) for part in parts)
    return told.replace("\\", "").replace("\u00a0", " ").replace("\u2060", "")


def imports() -> list[ImportRecord]:
    workspace = open_workspace(open_warehouse.current_workspace().path)
    return list_imports(open_warehouse.shared_warehouse(workspace))


def press(app: AppTest, begin: str) -> None:
    next(button for button in app.button if button.label.startswith(begin)).click().run()
    assert not app.exception


def test_an_empty_workspace_says_what_can_be_landed(app: AppTest) -> None:
    assert "Nothing landed yet." in text(app)
    assert "lead_id" in app.table[0].value.to_string().replace("\\", "")


def test_a_preview_says_what_would_happen_and_writes_nothing(app: AppTest) -> None:
    drop(app, ("leads.csv", LEADS))
    assert "leads.csv, leads export, 3 rows, would land: 2 new, 1 quarantined." in text(app)
    quarantine = app.table[0].value.to_string().replace("\\", "")
    assert "Bad date" in quarantine
    assert "2024-13-40" in quarantine
    assert imports() == []


def test_kinds_of_rows_are_called_by_plain_words(app: AppTest) -> None:
    assert "asset uses" in app.table[0].value.to_string()
    assert "asset_uses" not in app.table[0].value.to_string()
    drop(app, ("uses.csv", "asset_id,used_at,used_by\nX1,2024-06-20,Ann\n"))
    assert "uses.csv, asset uses export, 1 row, would land: 1 new." in text(app)
    kinds = next(box for box in app.selectbox if box.label == "Kind of rows")
    assert "asset uses" in kinds.options
    assert "asset_uses" not in kinds.options


def test_an_export_of_a_known_system_is_called_by_its_name_and_says_what_is_taken(app: AppTest) -> None:
    deals = (Path(__file__).parents[2] / "data" / "exports" / "vendors" / "hubspot_deals.csv").read_text(
        encoding="utf-8"
    )
    drop(app, ("deals.csv", deals.replace("2026", "2024")))
    told = text(app)
    assert "deals.csv, HubSpot deals export, 4 rows, would land: 4 new." in told
    assert "Left out, or to mind: " in "\n".join(str(one.value) for one in app.caption) + told


def test_whatever_the_command_line_can_be_told_of_a_file_can_be_told_on_the_page() -> None:
    options = {one.name for one in dataclasses.fields(IngestOptions)} - {"mapping", "dry_run"}
    told = {parameter.name for parameter in main.commands["ingest"].params}
    assert (
        {*questions._WIDGETS, "accept"}
        == options
        == told - {"files", "mapping", "dry_run", "workspace", "as_json"}
    )


def test_one_button_lands_what_can_be_landed_and_offers_the_rejected_rows(app: AppTest) -> None:
    drop(app, ("leads.csv", LEADS), ("empty.csv", ""))
    assert "empty.csv is empty" in text(app)
    press(app, "Land 1 file")
    assert [(one.file, one.rows.new, one.rows.quarantined) for one in imports()] == [("leads.csv", 2, 1)]
    assert "landed as import 1: 2 new, 1 quarantined." in text(app)
    assert "Rejected rows as CSV" in [button.label for button in app.get("download_button")]
    assert app.file_uploader[0].value == []


def test_a_file_that_asks_lands_after_the_answer_beside_it(app: AppTest) -> None:
    drop(app, ("leads.csv", UNCLEAR))
    assert "has to be told 1 thing before it can land" in text(app)
    question = next(radio for radio in app.radio if "is the day or the month first?" in radio.label)
    assert question.value is None
    assert next(button for button in app.button if button.label.startswith("Nothing")).disabled
    question.set_value("dmy").run()
    press(app, "Land 1 file")
    assert imports()[0].rows.new == 2


def test_a_doubt_about_what_is_known_has_a_button_that_accepts_it_for_this_file(app: AppTest) -> None:
    deals = "deal_id,created_at,stage,amount,currency\n" + "".join(
        f"D{n},2024-06-0{n},open,{n}00,EUR\n" for n in range(1, 6)
    )
    drop(app, ("deals.csv", deals))
    press(app, "Land 1 file")
    drop(app, ("deals.csv", deals.replace("EUR", "USD")))
    assert "5 of the 5 deals that are known would keep their amounts" in text(app)
    press(app, "It is right")
    press(app, "Land 1 file")
    assert [one.rows.updated for one in imports()] == [0, 5]


def test_the_same_file_again_changes_nothing_and_says_so(app: AppTest) -> None:
    for _ in range(2):
        drop(app, ("leads.csv", LEADS))
        if any(button.label == "Land 1 file" for button in app.button):
            press(app, "Land 1 file")
    assert "unchanged" in text(app) or "landed before" in text(app)
    workspace = open_warehouse.current_workspace()
    assert open_warehouse.shared_warehouse(workspace).select("select count(*) from facts.leads") == [(2,)]


def test_an_import_can_be_undone_and_the_table_says_when(app: AppTest) -> None:
    drop(app, ("leads.csv", LEADS))
    press(app, "Land 1 file")
    next(box for box in app.selectbox if box.label == "One import").select_index(0).run()
    press(app, "Undo import 1")
    assert imports()[0].undone_at is not None
    assert "Import 1 (leads.csv) is undone" in text(app)
    assert not any(button.label.startswith("Undo") for button in app.button)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.csv", "..\\..\\x.csv", "/abs.csv", ".", "..", "a" * 200 + ".csv"]
)
def test_a_name_with_folders_in_it_lands_nowhere_else(app: AppTest, name: str) -> None:
    drop(app, (name, LEADS))
    assert "would land: 2 new, 1 quarantined." in text(app)
    assert "/tmp" not in text(app)


def test_a_name_from_a_file_is_never_markdown(app: AppTest) -> None:
    drop(app, ("[x](https://evil.example) :red[now].csv", LEADS))
    press(app, "Land 1 file")
    for part in (*app.markdown, *app.success):
        assert "](https://" not in part.value
    for table in app.table:
        assert "](https:" not in table.value.to_string()


def test_a_preview_shows_columns_and_cells_that_would_be_replaced(app: AppTest) -> None:
    drop(app, ("leads.csv", LEADS))
    press(app, "Land 1 file")
    drop(
        app, ("newer.csv", "lead_id,created_at,workflow,channel\nL1,2024-06-20 10:00:00,lead-routing,*web*\n")
    )
    shown = "\n".join(table.value.to_string() for table in app.table).replace("\\", "")
    assert "Taken for" in shown
    assert "(empty)" in shown
    assert "*web*" in shown


PIPELINE = (
    "Opp No,Contact No,Opened,Decided,Result,Product line\n"
    "1001,L17,2024-04-03,2024-05-05,Won,Core\n"
    "1002,L18,2024-05-04,,Open,Plus\n"
    "1003,L19,2024-05-05,2024-06-07,Lost,Core\n"
)


def choose(app: AppTest, label: str, value: str) -> None:
    next(box for box in app.selectbox if box.label == label).set_value(value).run()
    assert not app.exception


def test_rows_to_correct_are_offered_where_they_have_cells_and_only_there(app: AppTest) -> None:
    drop(
        app, ("leads.csv", LEADS), ("ragged.csv", "lead_id,created_at\nL7,2024-06-20\nL8,2024-06-21,x,y,z\n")
    )
    press(app, "Land 2 files")
    assert sorted(one.rows.quarantined for one in imports()) == [1, 1]
    assert [button.label for button in app.get("download_button")].count("Rows to correct") == 1


def test_an_unknown_export_is_taught_on_the_page_and_lands_as_taught(app: AppTest) -> None:
    drop(app, ("pipeline.csv", PIPELINE))
    assert "is no export that is known" in text(app)
    choose(app, "A row of this file is one of", "deals")
    assert "Proposed, by names and cells alone" in text(app)
    assert "Nothing is decided before you use these columns." in text(app)
    for ours, theirs in (
        ("deal_id (needed)", "Opp No"),
        ("created_at (needed)", "Opened"),
        ("stage (needed)", "Result"),
        ("closed_at", "Decided"),
        ("lead_id", "Contact No"),
    ):
        choose(app, ours, theirs)
    press(app, "Use these columns")
    assert "deals export, 3 rows, would land: 3 new." in text(app)
    press(app, "Land 1 file")
    workspace = open_workspace(open_warehouse.current_workspace().path)
    rows = open_warehouse.shared_warehouse(workspace).select(
        "select deal_id, stage from facts.deals order by deal_id"
    )
    assert rows == [("1001", "won"), ("1002", "open"), ("1003", "lost")]


def test_a_file_that_waits_in_the_inbox_is_answered_here_and_moves(app: AppTest, home: Path) -> None:
    inbox = home / "inbox"
    inbox.mkdir()
    (inbox / "a-picture.csv").write_bytes(b"\x89PNG....")
    (inbox / "unclear.csv").write_text(UNCLEAR)
    os.utime(inbox / "a-picture.csv", (1, 1))  # the oldest stands first
    workspace = open_workspace(home)
    before = inbox_watch.looked(workspace, [])
    inbox_watch.looked(workspace, before)
    app.run()
    assert "2 files from the inbox wait for an answer" in text(app)
    assert "is a picture" in text(app)
    press(app, "Put it aside")
    assert [each.name for each in (inbox / "aside").iterdir()] == ["a-picture.csv"]
    press(app, "Look at it and answer")
    next(radio for radio in app.radio if "which is the day" in radio.label).set_value("dmy").run()
    press(app, "Land 1 file")
    assert [each.file for each in imports()] == ["unclear.csv"]
    assert sorted(each.name for each in inbox.rglob("*.csv")) == ["a-picture.csv", "unclear.csv"]
    assert (inbox / "landed" / "unclear.csv").exists()
