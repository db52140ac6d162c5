"""What each page says where it can't show what it is for: nothing landed, no charter, no right, no workspace."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from leadline.dashboard.service import open_warehouse
from leadline.data.workspace.workspace import DATABASE
from leadline.metrics.findings import SourceBehind
from leadline.metrics.results import SourceState
from tests.dashboard import example_reviews as examples
from tests.dashboard.conftest import Show
from tests.dashboard.paging import HOME, buttons, opened, press, text

PAGES = (
    HOME,
    *(
        f"views/{name}/page.py"
        for name in ("workflow", "alerts", "upload", "charters", "decisions", "sources")
    ),
)
CHARTER = """\
workflow: lead-routing
name: Lead routing agent
owner: Head of Demand Generation
deployed_on: 2024-01-01
watch: {proxies: [response_time], outcomes: [close_rate]}
stopping_rules: [{id: floor, when: close_rate < 15%, action: review}]
"""
LOCK = """
import sys
from pathlib import Path
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
with open_warehouse(open_workspace(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def agreed(home: Path) -> None:
    (home / "charters" / "lead-routing.yaml").write_text(CHARTER, encoding="utf-8")


def links(page: str, **link: str) -> list[str]:
    return [each.label for each in opened(page, **link).get("page_link")]


@contextmanager
def held_elsewhere(home: Path) -> Iterator[None]:
    """Another process has the workspace open."""
    process = subprocess.Popen(
        [sys.executable, "-c", LOCK, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    try:
        yield
    finally:
        process.communicate()


@pytest.mark.parametrize(
    ("page", "words", "way_on"),
    [
        (HOME, "Nothing to judge yet. Three steps to the first review:", "Write a charter"),
        ("views/workflow/page.py", "Nothing to judge yet. Three steps to the first review:", "Upload exports"),
        ("views/alerts/page.py", "An alert is raised when a stopping rule is breached; none is agreed yet.",
         "Agree on stopping rules"),
        ("views/upload/page.py", "Nothing landed yet.", None),
        ("views/charters/page.py", "A new charter: what a workflow is for, and what will stop it", None),
        ("views/decisions/page.py", "Nothing has been decided yet, and nothing is overdue.", None),
        ("views/sources/page.py", "Land the first export, and this page says how fresh it is", "Upload exports"),
    ],
)  # fmt: skip
def test_an_empty_workspace_says_what_each_page_will_show_and_how_to_begin(
    page: str, words: str, way_on: str | None, home: Path
) -> None:
    app = opened(page)
    assert words in text(app)
    assert not app.error
    if way_on:
        assert way_on in [each.label for each in app.get("page_link")]


def test_a_charter_without_any_data_is_a_step_towards_the_first_review(home: Path) -> None:
    agreed(home)
    for page in (HOME, "views/workflow/page.py"):
        app = opened(page)
        assert "Lead routing agent has a charter." in text(app)
        assert "Look at the charters" in [each.label for each in app.get("page_link")]
        assert not app.get("plotly_chart")
    assert "Nothing landed yet of deals and leads." in text(opened())
    said = text(opened("views/sources/page.py"))
    assert "No data landed yet; the charters rest on deals and leads." in said
    assert "as of 30 Jun 2024 · No data landed yet." in said


def test_one_workflow_without_data_is_told_beside_those_that_have_some(home: Path, reviewing: Show) -> None:
    without = replace(
        examples.data_problem(), pairs=(), series=(), rules=(), findings=(), name="Nurture", workflow="nurture"
    )  # fmt: skip
    reviewing(
        examples.review(
            examples.drifting(), without, data=(*examples.review().data, SourceState("emails", None, "empty")),
        )
    )  # fmt: skip
    said = text(opened())
    assert "None of its agreed metrics can be counted from the exports landed so far." in said
    assert "Nothing landed yet of emails." in said
    assert "Upload newer exports" in links("views/sources/page.py")


def test_a_late_source_is_told_with_its_age_and_a_way_on(home: Path, reviewing: Show) -> None:
    late = SourceState("deals", examples.AS_OF, "stale", SourceBehind(12, ("lead-routing",)))
    reviewing(examples.review(examples.drifting(), data=(late,)))
    assert "Late, so bring newer exports: deals (12 days old), for Lead routing agent." in text(opened())
    app = opened("views/sources/page.py")
    assert "1 of 1 source not fresh: deals late" in text(app)
    assert "Upload newer exports" in [each.label for each in app.get("page_link")]


def test_a_workspace_that_another_process_holds_can_be_tried_again(home: Path) -> None:
    with held_elsewhere(home):
        app = opened()
        (error,) = app.error
        assert "is in use" in str(error.value) or "another process" in str(error.value)
        assert buttons(app) == ["Try again"]
    press(app, "Try again")
    assert not app.error
    assert "Nothing to judge yet" in text(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_database_that_can_not_be_read_is_one_sentence_on_every_page(page: str, home: Path) -> None:
    (home / DATABASE).write_bytes(b"no database " * 400)
    app = opened(page)
    (error,) = app.error
    said = str(error.value).replace("\\", "")
    assert "can't be opened as a Leadline database" in said
    assert "restore the file from a backup" in said
    assert "IO Error" not in said
    assert "Traceback" not in text(app)
    assert (home / DATABASE).read_bytes() == b"no database " * 400


def test_settings_that_are_wrong_are_told_and_right_again_without_a_restart(home: Path) -> None:
    (home / "leadline.toml").write_text('timezone = "Mars/Base"\n')
    app = opened()
    assert "timezone 'Mars/Base' is not known" in str(app.error[0].value).replace("\\", "")
    (home / "leadline.toml").write_text("as_of = 2024-06-30\n")
    press(app, "Try again")
    assert not app.error


@pytest.mark.parametrize(
    "page", [HOME, "views/alerts/page.py", "views/decisions/page.py", "views/sources/page.py"]
)
def test_a_charter_that_can_not_be_read_is_told_with_the_way_to_put_it_right(page: str, home: Path) -> None:
    (home / "charters" / "lead-routing.yaml").write_text("workflow: [", encoding="utf-8")
    app = opened(page)
    assert "lead-routing.yaml, line 1" in str(app.error[0].value).replace("\\", "")
    assert "Put it right on the charters page" in [each.label for each in app.get("page_link")]


def test_every_fault_of_the_charters_is_an_item_of_a_list(home: Path) -> None:
    (home / "charters" / "lead-routing.yaml").write_text("workflow: [", encoding="utf-8")
    (home / "charters" / "nurture.yaml").write_text("workflow: nurture\nstoping_rules: 3\n", encoding="utf-8")
    app = opened(HOME)
    assert str(app.error[0].value).replace("\\", "").endswith("4 things to put right:")
    listed = next(each.value for each in app.markdown if each.value.startswith("- lead"))
    assert [line.partition(",")[0] for line in listed.replace("\\", "").splitlines()] == [
        "- lead-routing.yaml",
        *["- nurture.yaml"] * 3,
    ]


def test_a_folder_that_is_no_workspace_says_how_to_make_one(tmp_path: Path) -> None:
    open_warehouse.serve(tmp_path)
    try:
        app = opened()
    finally:
        open_warehouse.serve(None)
    assert "make one with 'leadline init" in str(app.error[0].value).replace("\\", "")


@pytest.mark.parametrize(
    ("page", "link", "lock"),
    [
        ("views/upload/page.py", {}, "may not land exports; ask somebody with the role “analyst” or “owner”."),
        ("views/charters/page.py", {"tab": "form"}, "may not register charters; ask somebody with the role “lead” or"),
        ("views/charters/page.py", {"tab": "yaml"}, "may not register charters; ask somebody with the role “lead” or"),
        ("views/decisions/page.py", {}, "may not record decisions; ask somebody with the role “lead” or “owner”."),
        (HOME, {}, "may not close the week; ask somebody with the role “lead” or “owner”."),
    ],
)  # fmt: skip
def test_a_reader_is_told_whom_to_ask_and_shown_no_form(
    page: str, link: dict[str, str], lock: str, home: Path, reviewing: Show
) -> None:
    agreed(home)
    (home / "leadline.toml").write_text('as_of = 2024-06-30\n[access]\neveryone = "reader"\n')
    reviewing(examples.review(examples.drifting()))
    app = opened(page, **link)
    assert f"Your role here, “reader”, {lock}" in text(app)
    fields = [field for field in app.text_input if field.key != "code on a card"]
    assert [*fields, *app.text_area, *app.get("file_uploader")] == []
    assert not app.error


@pytest.mark.parametrize(
    ("page", "link", "said"),
    [
        ("views/alerts/page.py", {"alert": "A99"}, "The link names the alert “A99”, which is not known here."),
        ("views/decisions/page.py", {"decision": "D99"}, "The link names the decision “D99”, which is not known here."),
        ("views/workflow/page.py", {"workflow": "gone"},
         "The link names the workflow “gone”, which has no charter here"),
        ("views/charters/page.py", {"tab": "gone"}, "The link names the part “gone”, which this page does not have"),
        (HOME, {"week": "soon"}, "The link names the week “soon”, which is not a date up to 30 Jun 2024"),
    ],
)  # fmt: skip
def test_a_link_to_what_is_not_there_is_said_and_the_page_shown(
    page: str, link: dict[str, str], said: str, home: Path, reviewing: Show
) -> None:
    agreed(home)
    reviewing(examples.review(examples.drifting()))
    app = opened(page, **link)
    told = " ".join(str(note.value) for note in app.info).replace("\\", "").replace("\u00a0", " ")
    assert said in told
    assert not app.error
