"""New workspaces: an empty one with a commented charter, and the samples that `leadline demo` shows."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import leadline.data.samples
from leadline.dashboard.service import charter_files
from leadline.data.documents.faults import shown
from leadline.data.errors import LeadlineError, WorkspaceError
from leadline.data.landing.land import IngestOptions, land
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.private_files import private_by_default
from leadline.data.workspace.settings import SETTINGS, read_settings
from leadline.data.workspace.workspace import CHARTERS, DATABASE, Workspace, is_workspace, open_workspace
from leadline.metrics.agreement.catalog import METRICS
from leadline.metrics.agreement.charter import charter_template
from leadline.metrics.agreement.close_review import close_review
from leadline.metrics.agreement.decisions import NewDecision, record_decision
from leadline.metrics.review import review

if TYPE_CHECKING:
    from leadline.data.samples.stories import Story

SAMPLES = Path(leadline.data.samples.__file__).with_name("workspace")
EXPORTS = "exports"
EXAMPLE = "charter-example.yaml"
DEMO_MARK = ".leadline-demo"
_OVERLOOKED = {".DS_Store", "Thumbs.db", "desktop.ini"}

_DECIDED_ABOUT = "content-studio"
_OWNER, _LEADER = "Head of Content", "Managing Director"
_DECIDED_ON, _LOOKED_AGAIN_ON = dt.date(2026, 9, 14), dt.date(2026, 10, 12)
"""of the samples: Mondays, each about the week that ended the day before"""

SETTINGS_TEXT = """\
# Settings of this Leadline workspace. Every line is optional: remove the leading '#' and change the value.

# What cards and weekly packs call this workspace; without it, the name of its folder.
# name = "Northwind marketing"

# Days and weeks begin at midnight in this time zone.
# timezone = "UTC"

# Numbers, money and dates are written as in this language and country; words stay English. 'leadline doctor' shows an
# example. Without it: 1,450; 33 %; 12 Feb 2024.
# locale = "en-GB"

# The chance that anything that is watched is called drifting by accident within a year.
# false_alarm_budget = 0.05

# what the engine may take; what does not fit in memory goes through a folder on disk
# memory_limit = "4GB"
# threads = 2
# spill_limit = "20GB"

# How the dashboard is served to a team; without this, to this machine alone. See docs/team.md.
# [serve]
# host = "127.0.0.1"                      # "0.0.0.0" for all addresses of the machine, which needs a login
# public = "https://leadline.example.com" # the address that people open
# login = "oidc"                          # or "header", with [serve.header]
# [serve.oidc]
# metadata = "https://id.example.com/.well-known/openid-configuration"
# client_id = "leadline"
# client_secret = "env:LEADLINE_OIDC_SECRET"
# [serve.header]
# email = "X-Forwarded-Email"
# trusted_proxies = ["127.0.0.1"]

# Who may do what on the pages: nobody (sees nothing), reader, analyst (lands exports, acknowledges), lead (decides,
# agrees charters, closes weeks) or owner (everything). Without this, everybody who can open the dashboard may do
# everything.
# [access]
# everyone = "reader"
# [access.people]
# "ana@example.com" = "analyst"

# Files that are put into this folder land by themselves, while a dashboard runs or 'leadline inbox' does.
# [inbox]
# folder = "inbox"

# Who gets the weekly message by mail; 'leadline weekly --test' tries it. The mail server stands in LEADLINE_SMTP.
# [notify]
# link = "https://leadline.example.com"
# [notify.people]
# "ana@example.com" = "all"

# 'leadline pull hubspot' reads what has changed there; the token stands in the variable LEADLINE_HUBSPOT_TOKEN.
# [pull.hubspot]
# workflow = "lead-routing"
"""


def make_workspace(folder: Path) -> bool:
    """An empty workspace; False where the folder is one already.

    Raises WorkspaceError where it holds something else; what was made until then is taken away again.
    """
    if folder.is_dir() and is_workspace(folder):
        return False
    _must_be_free(folder)
    made_here = not folder.exists()
    try:
        with private_by_default():
            folder.mkdir(parents=True, exist_ok=True)
            _furnish(folder)
    except OSError as e:
        _clear(folder, whole=made_here)
        raise WorkspaceError(f"{folder} can't be made ({e.strerror or e}); choose another folder.") from e
    except BaseException:
        _clear(folder, whole=made_here)
        raise
    return True


def _furnish(folder: Path) -> None:
    (folder / CHARTERS).mkdir()
    (folder / SETTINGS).write_text(SETTINGS_TEXT, encoding="utf-8")
    (folder / EXAMPLE).write_text(charter_template(), encoding="utf-8")
    with open_warehouse(open_workspace(folder)):
        pass  # opening makes the database


def _clear(folder: Path, whole: bool) -> None:
    """Takes away what a beginning left that did not end well; the folder had been empty or not there."""
    if whole:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for entry in folder.iterdir():
        if entry.name in _OVERLOOKED:
            continue
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)


def _must_be_free(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise WorkspaceError(f"{folder} is a file; name a folder that is new or empty.")
    if folder.is_dir() and any(entry.name not in _OVERLOOKED for entry in folder.iterdir()):
        raise WorkspaceError(f"{folder} holds something else; name a folder that is new or empty.")


def demo_folder(named: Path | None, story: str | None = None) -> Path:
    """Where the samples go: the folder named, LEADLINE_WORKSPACE, else ~/leadline-demo, of a story ~/leadline-STORY."""
    chosen = named or os.environ.get("LEADLINE_WORKSPACE")
    return Path(chosen).expanduser().resolve() if chosen else Path.home() / f"leadline-{story or 'demo'}"


def known_story(workflow: str) -> Story:
    """The story of that workflow. Raises WorkspaceError, naming those that there are."""
    from leadline.data.samples.stories import STORIES  # draws its exports with NumPy

    stories = {story.workflow: story for story in STORIES}
    if workflow not in stories:
        known = ", ".join(sorted(stories))
        raise WorkspaceError(f"There is no story {shown(workflow)}; name one of {known} with --story.")
    return stories[workflow]


def make_demo(folder: Path, tell: Callable[[str], None] = lambda _: None, story: Story | None = None) -> bool:
    """Makes the sample workspace, or that of a story, whole or not at all; False where it is there already.

    Raises WorkspaceError where the folder holds something else: samples never mix with anyone's own data.
    """
    mark = folder / DEMO_MARK
    if mark.is_file():
        if mark.read_text(encoding="utf-8") != _mark(story):
            raise WorkspaceError(f"{folder} holds other samples; name another folder with --workspace.")
        return False
    if is_workspace(folder):
        raise WorkspaceError(
            f"{folder} is a workspace of its own, not the samples; name another folder with --workspace."
        )
    _must_be_free(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    except OSError as e:
        raise WorkspaceError(
            f"{folder} can't be made ({e.strerror or e}); name another with --workspace."
        ) from e
    try:
        with private_by_default():
            _fill(building, tell, story)
        if folder.is_dir():
            for overlooked in folder.iterdir():
                overlooked.unlink()
            folder.rmdir()
        building.rename(folder)
    except OSError as e:
        raise WorkspaceError(
            f"{folder} can't be made ({e.strerror or e}); name another with --workspace."
        ) from e
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return True


def _fill(folder: Path, tell: Callable[[str], None], story: Story | None) -> None:
    (folder / CHARTERS).mkdir()
    samples = SAMPLES
    if story is None:
        shutil.copyfile(SAMPLES / SETTINGS, folder / SETTINGS)
    else:
        samples = folder
        _write_story(folder, story)
    workspace = Workspace(path=folder, settings=read_settings(folder / SETTINGS))
    with open_warehouse(workspace) as warehouse:
        exports = sorted((samples / EXPORTS).glob("*.csv"))
        for place, export in enumerate(exports, start=1):
            tell(f"{export.name} ({place} of {len(exports)})")
            report = land(warehouse, export, IngestOptions(exported_on=story.eve if story else None))
            if report.state != "landed":
                raise LeadlineError(
                    f"The sample {export.name} did not land: {report.message} Reinstall Leadline."
                )
        tell("charters")
        list(
            charter_files.register(
                warehouse, workspace, sorted((samples / CHARTERS).glob("*.yaml")), sign=None
            )
        )
        if story is None:
            tell("decisions")
            _decide_what_was_decided(warehouse, workspace)
    if not (folder / DATABASE).is_file():
        raise LeadlineError("The sample workspace could not be written; free some disk space and try again.")
    (folder / DEMO_MARK).write_text(_mark(story), encoding="utf-8")


def _mark(story: Story | None) -> str:
    made_by = "leadline demo" if story is None else f"leadline demo --story {story.workflow}"
    return f"Made by '{made_by}'; delete this folder to have it made anew.\n"


def _write_story(folder: Path, story: Story) -> None:
    """Its exports, charter and metrics, and a clock that stands still on the day on which they were drawn."""
    why = f"# {story.name}, a sample. Its clock stands still, so that it never grows stale.\n"
    (folder / SETTINGS).write_text(f"{why}as_of = {story.eve}\n", encoding="utf-8")
    (folder / CHARTERS / f"{story.workflow}.yaml").write_text(story.charter, encoding="utf-8")
    if story.metrics:
        (folder / METRICS).write_text(story.metrics, encoding="utf-8")
    story.write(folder / EXPORTS, story.eve)


def _decide_what_was_decided(warehouse: Warehouse, workspace: Workspace) -> None:
    """A decision, its checkpoint held, the week closed, in the ledger as of those days. No verdict depends on it."""
    record_decision(
        warehouse,
        NewDecision(
            kind="adjust",
            reason=(
                "Nearly twice as many pieces, and sales uses a smaller part of them. "
                "More is not what was asked for."
            ),
            changes="Each brief names the sales stage and the deal it is for; no piece without one.",
            owner=_OWNER,
            by=_OWNER,
            on=_DECIDED_ON,
            workflow=_DECIDED_ABOUT,
            next_checkpoint=_LOOKED_AGAIN_ON,
        ),
        review=review(warehouse, workspace, _DECIDED_ON - dt.timedelta(days=1)),
        at=_nine_o_clock(_DECIDED_ON, workspace),
    )
    close_review(
        warehouse,
        review(warehouse, workspace, _LOOKED_AGAIN_ON - dt.timedelta(days=1)),
        by=_LEADER,
        on=_LOOKED_AGAIN_ON,
        notes="Too soon to tell whether the new briefs help. They stay; stop if the usage floor is breached.",
        workflows=[_DECIDED_ABOUT],
        at=_nine_o_clock(_LOOKED_AGAIN_ON, workspace),
    )


def _nine_o_clock(day: dt.date, workspace: Workspace) -> dt.datetime:
    """UTC without zone, as the ledger keeps moments."""
    there = dt.datetime.combine(day, dt.time(9), ZoneInfo(workspace.settings.timezone))
    return there.astimezone(dt.UTC).replace(tzinfo=None)
