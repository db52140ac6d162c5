"""New workspaces: an empty one with a commented charter, and the samples that `leadline demo` shows."""

from __future__ import annotations

import datetime as dt
import os
import re
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
from leadline.data.workspace.workspace import (
    CHARTERS,
    DATABASE,
    SAMPLE_MARK,
    Workspace,
    is_workspace,
    open_workspace,
)
from leadline.metrics.agreement.catalog import METRICS
from leadline.metrics.agreement.charter import charter_template
from leadline.metrics.agreement.close_review import close_review
from leadline.metrics.agreement.decisions import NewDecision, record_decision
from leadline.metrics.review import review
from leadline.metrics.statistics.fitness import last_week_end

if TYPE_CHECKING:
    from leadline.data.samples.stories import Story

SAMPLES = Path(leadline.data.samples.__file__).with_name("workspace")
EXPORTS = "exports"
EXAMPLE = "charter-example.yaml"
_OVERLOOKED = {".DS_Store", "Thumbs.db", "desktop.ini"}

_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
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

# How long rows are kept, by template; what was set aside too. 'leadline retention' shows what is older.
# [retention]
# leads = "3 years"
# conversations = "18 months"
# set_aside = "90 days"

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


def make_demo(
    folder: Path,
    tell: Callable[[str], None] = lambda _: None,
    story: Story | None = None,
    held: dt.date | None = None,
) -> bool:
    """Makes the sample workspace, or that of a story, whole or not at all; False where it is there already.

    The samples end on the last Sunday. held: on the last one of that day, on which the workspace's clock stands still.

    Raises WorkspaceError where the folder holds something else: samples never mix with anyone's own data.
    """
    mark = folder / SAMPLE_MARK
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
            _fill(building, tell, story, held)
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


def _fill(folder: Path, tell: Callable[[str], None], story: Story | None, held: dt.date | None) -> None:
    (folder / CHARTERS).mkdir()
    if story is not None:
        _write_story(folder, story)
        _land_and_agree(folder, folder, tell, story.eve)
    else:
        _fill_with_samples(folder, tell, held)
    if not (folder / DATABASE).is_file():
        raise LeadlineError("The sample workspace could not be written; free some disk space and try again.")
    (folder / SAMPLE_MARK).write_text(_mark(story), encoding="utf-8")


def _fill_with_samples(folder: Path, tell: Callable[[str], None], held: dt.date | None) -> None:
    """The shipped samples, every day of them as many weeks later as it takes for them to end on the last Sunday."""
    shipped = read_settings(SAMPLES / SETTINGS)
    if shipped.as_of is None:
        raise LeadlineError("The samples don't say on which day they end. Reinstall Leadline.")
    last = last_week_end(held or dt.datetime.now(ZoneInfo(shipped.timezone)).date())
    later = last - shipped.as_of
    clock = f"as_of = {held}\n" if held else ""
    text = f'timezone = "{shipped.timezone}"\n{clock}\n{SETTINGS_TEXT}'
    (folder / SETTINGS).write_text(text, encoding="utf-8")
    with tempfile.TemporaryDirectory(dir=folder, prefix=".samples-") as place:
        for part, pattern in ((EXPORTS, "*.csv"), (CHARTERS, "*.yaml")):
            (Path(place) / part).mkdir()
            for file in (SAMPLES / part).glob(pattern):
                moved = _moved(file.read_text(encoding="utf-8"), later)
                (Path(place) / part / file.name).write_text(moved, encoding="utf-8")
        _land_and_agree(folder, Path(place), tell, None)
    tell("decisions")
    workspace = open_workspace(folder)
    with open_warehouse(workspace) as warehouse:
        _decide_what_was_decided(warehouse, workspace, later)


def _moved(text: str, later: dt.timedelta) -> str:
    """A text in which every day is so much later: whole weeks, so that week days stay."""
    return _DAY.sub(lambda found: (dt.date.fromisoformat(found[0]) + later).isoformat(), text)


def _land_and_agree(
    folder: Path, samples: Path, tell: Callable[[str], None], exported_on: dt.date | None
) -> None:
    workspace = Workspace(path=folder, settings=read_settings(folder / SETTINGS))
    with open_warehouse(workspace) as warehouse:
        exports = sorted((samples / EXPORTS).glob("*.csv"))
        for place, export in enumerate(exports, start=1):
            tell(f"{export.name} ({place} of {len(exports)})")
            report = land(warehouse, export, IngestOptions(exported_on=exported_on))
            if report.state != "landed":
                raise LeadlineError(
                    f"The sample {export.name} did not land: {report.message} Reinstall Leadline."
                )
        tell("charters")
        files = sorted((samples / CHARTERS).glob("*.yaml"))
        list(charter_files.register(warehouse, workspace, files, sign=None))


def _mark(story: Story | None) -> str:
    made_by = "leadline demo" if story is None else f"leadline demo --story {story.workflow}"
    return f"Made by '{made_by}'; delete this folder to have it made anew.\n"


def _write_story(folder: Path, story: Story) -> None:
    """Its exports, charter and metrics, and a clock that stands still on the day on which they were drawn."""
    why = f"# {story.name}, a sample. Its clock stands still, so that it never grows stale.\n"
    (folder / SETTINGS).write_text(f"{why}as_of = {story.eve}\n\n{SETTINGS_TEXT}", encoding="utf-8")
    (folder / CHARTERS / f"{story.workflow}.yaml").write_text(story.charter, encoding="utf-8")
    if story.metrics:
        (folder / METRICS).write_text(story.metrics, encoding="utf-8")
    story.write(folder / EXPORTS, story.eve)


def _decide_what_was_decided(warehouse: Warehouse, workspace: Workspace, later: dt.timedelta) -> None:
    """A decision, its checkpoint held, the week closed, in the ledger as of those days. No verdict depends on it."""
    decided_on, looked_again_on = _DECIDED_ON + later, _LOOKED_AGAIN_ON + later
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
            on=decided_on,
            workflow=_DECIDED_ABOUT,
            next_checkpoint=looked_again_on,
        ),
        looked_at=review(warehouse, workspace, decided_on - dt.timedelta(days=1)),
        at=_nine_o_clock(decided_on, workspace),
    )
    close_review(
        warehouse,
        review(warehouse, workspace, looked_again_on - dt.timedelta(days=1)),
        by=_LEADER,
        on=looked_again_on,
        notes="Too soon to tell whether the new briefs help. They stay; stop if the usage floor is breached.",
        workflows=[_DECIDED_ABOUT],
        at=_nine_o_clock(looked_again_on, workspace),
    )


def _nine_o_clock(day: dt.date, workspace: Workspace) -> dt.datetime:
    """UTC without zone, as the ledger keeps moments."""
    there = dt.datetime.combine(day, dt.time(9), ZoneInfo(workspace.settings.timezone))
    return there.astimezone(dt.UTC).replace(tzinfo=None)
