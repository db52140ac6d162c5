"""`leadline doctor`: is everything in order, and if not, what to do."""

from __future__ import annotations

import datetime as dt
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from leadline.dashboard.cli import print_ledger
from leadline.dashboard.cli.doctor_disk import Examined, clock_findings, disk_findings, megabytes
from leadline.dashboard.service import client, failures
from leadline.dashboard.service.channels import notifying
from leadline.dashboard.words.codes import source_words
from leadline.dashboard.words.conventions import writing
from leadline.dashboard.words.formats import (
    counted,
    day,
    listed,
    money,
    number,
    one_line,
    percent,
    sentence_case,
)
from leadline.dashboard.words.ledger import FACTS_ASK
from leadline.data.database import upgrades
from leadline.data.errors import LeadlineError
from leadline.data.workspace import inbox_folder
from leadline.data.workspace.workspace import Workspace, open_workspace

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")


def examine(named: Path | None) -> list[Examined]:
    """Everything `doctor` looks at, in reading order."""
    findings = [_versions(), _browser()]
    try:
        workspace = open_workspace(named)
    except LeadlineError as e:
        return [*findings, Examined("workspace", "broken", "can't be used.", str(e))]
    failures.log_into(workspace.path)
    return findings + _workspace(workspace)


def _versions() -> Examined:
    told = [f"Python {platform.python_version()}"]
    for package in ("leadline", "duckdb", "streamlit", "plotly", "scipy"):
        try:
            told.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            return Examined("versions", "broken", f"{package} is not installed.", "Install Leadline again.")
    return Examined("versions", "fine", ", ".join(told))


def _browser() -> Examined:
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    return Examined("browser", "fine", found or "none found; pictures are made without one")


def _workspace(workspace: Workspace) -> list[Examined]:
    server = client.serving(workspace.path)
    served = f", served at {server.url}" if server else ", not being served"
    # looked at first: opening the workspace tidies some of it away
    outside = disk_findings(workspace, server)
    try:
        inside = next(client.run(workspace, "examine", {}))
    except LeadlineError as e:
        broken = [
            Examined("workspace", "broken", f"{workspace.path}{served}.", one)
            for one in failures.sentences(e)
        ]
        return [*broken, *outside]
    held = (
        f"{workspace.path}{served}, {counted(inside['imports'], 'import')}; "
        f"every one of {counted(inside['rows_read'], 'row')} was read"
    )
    return [
        Examined("workspace", "fine", held),
        *outside,
        *_copies(workspace),
        *_inbox(workspace, is_served=server is not None),
        *clock_findings(inside["last_landed_at"], dt.datetime.now(dt.UTC)),
        _writing(workspace),
        _engine(inside["held_to"]),
        *_kept_counts(inside["kept"]),
        _facts(inside["facts"]),
        _salt(inside["salt"]),
        _charters(inside),
        _notifications(workspace, inside),
        *(_source(source) for source in inside["sources"]),
        *([] if inside["imports"] else [_empty()]),
    ]


def _copies(workspace: Workspace) -> list[Examined]:
    """What upgrades have kept."""
    kept = upgrades.copies(workspace.path)
    if not kept:
        return []
    names = ", ".join(one_line(copy.name) for copy in kept)
    size = megabytes(sum(copy.stat().st_size for copy in kept))
    found = f"as it was before, the database is kept in {names} ({size}); to be removed when nobody wants to go back"
    return [Examined("upgrades", "fine", found)]


def _inbox(workspace: Workspace, *, is_served: bool) -> list[Examined]:
    """What lies in the inbox and has not landed; nothing where there is no inbox yet."""
    from leadline.dashboard.service.inbox import noted

    try:
        folder = inbox_folder.inbox_of(workspace)
        if not folder.exists() and folder.resolve().is_relative_to(workspace.path.resolve()):
            return []
        there = [one_line(each.name) for each in inbox_folder.look(inbox_folder.made_ready(workspace))]
    except (LeadlineError, OSError) as e:
        return [Examined("inbox", "broken", "can't be looked into.", one_line(str(e)))]
    waiting = [name for name in there if name in {one_line(each) for each in noted(workspace.path)}]
    if not there:
        return [Examined("inbox", "fine", "nothing waits there")]
    named = listed(waiting or there)
    if waiting:
        found = f"{counted(len(waiting), 'file')} {'waits' if len(waiting) == 1 else 'wait'} there: {named}."
        to_do = (
            "The upload page, and 'leadline inbox --once', say why; answer there or with 'leadline ingest'."
        )
        return [Examined("inbox", "look", found, to_do)]
    if is_served:
        return [Examined("inbox", "fine", f"{counted(len(there), 'file')} about to land")]
    found = f"{counted(len(there), 'file')} lie there and nothing lands them: {named}."
    return [Examined("inbox", "look", found.replace("1 file lie", "1 file lies"), "Run 'leadline inbox'.")]


def _writing(workspace: Workspace) -> Examined:
    """Numbers, dates and times as pages, cards and packs of this workspace write them."""
    settings = workspace.settings
    with writing(settings.locale):
        examples = (number(1450), percent(0.334), money(402_000, "EUR"), day(workspace.today()))
    written = "; ".join(" ".join(example.split()) for example in examples)
    return Examined("writing", "fine", f"locale {settings.locale} ({written}), times in {settings.timezone}")


def _engine(held_to: dict[str, str]) -> Examined:
    threads = counted(int(held_to["threads"]), "thread")
    found = (
        f"at most {held_to['memory']} of memory and {threads}; what does not fit goes to "
        f"{one_line(held_to['spill_folder'])}, at most {_spill(held_to['spill'])}"
    )
    return Examined("engine", "fine", found)


def _kept_counts(kept: dict[str, Any] | None) -> list[Examined]:
    """Nothing where none are kept, or an import is being written."""
    if not kept or not kept["questions"]:
        return []
    told = counted(kept["questions"], "question")
    if kept["astray"]:
        names = ", ".join(one_line(name) for name in kept["astray"])
        return [
            Examined(
                "kept counts",
                "look",
                f"of {told}, these were not what the facts say: {names}.",
                "They were dropped, and the next 'leadline check' counts them anew; please report this.",
            )
        ]
    return [Examined("kept counts", "fine", f"{told}, each as the facts say")]


def _facts(facts: dict[str, Any]) -> Examined:
    """Whether landed rows are as Leadline wrote them."""
    told = one_line(facts["compared"][:1].lower() + facts["compared"][1:])
    if facts["broken"]:
        return Examined("facts", "broken", one_line(" ".join(facts["broken"])), FACTS_ASK)
    return Examined("facts", "fine", told.removesuffix("."))


def _salt(fault: str) -> Examined:
    """Whether the secret that addresses are hashed with is the one that this database was made with."""
    if fault:
        return Examined("salt", "broken", "nothing more can land.", one_line(fault))
    return Examined("salt", "fine", "addresses are hashed with the secret that this database knows")


def _spill(said: str) -> str:
    """The engine says '90% of available disk space' where nobody has set it."""
    return said if said[:1].isdigit() and "%" not in said else "90 % of what is free there"


def _empty() -> Examined:
    return Examined("data", "look", "nothing has landed yet.", "Begin with 'leadline ingest FILE'.")


def _charters(inside: dict[str, Any]) -> Examined:
    found = counted(len(inside["workflows"]), "workflow") + " with a charter"
    if inside["broken_chain"]:
        return Examined("charters", "broken", f"{found}.", one_line(" ".join(inside["broken_chain"])))
    if inside["unregistered"]:
        return Examined("charters", "look", f"{found}.", " ".join(inside["unregistered"]))
    if inside["uncharted"]:
        names = ", ".join(one_line(name) for name in inside["uncharted"])
        return Examined(
            "charters", "look", f"{found}.", f"Rows have landed for {names}, which no charter covers yet."
        )
    if not inside["workflows"]:
        return Examined(
            "charters", "look", "none yet.", "Write one and register it with 'leadline charter FILE'."
        )
    return Examined("charters", "fine", found)


def _notifications(workspace: Workspace, inside: dict[str, Any]) -> Examined:
    """Channels as this process sees them; a dashboard or a cron job may have another environment."""
    try:
        told = notifying(workspace)
    except LeadlineError as e:
        return Examined("notifications", "broken", "the settings are wrong.", one_line(str(e)))
    found = counted(len(told.channels), "channel") if told.channels else "no channel is set up here"
    if inside["undelivered"]:
        to_do = " ".join(print_ledger.failure(each) for each in inside["undelivered"][:3])
        return Examined("notifications", "look", f"{found}; not everything could be sent.", to_do)
    if told.missing:
        names = ", ".join(told.missing)
        return Examined("notifications", "look", f"{found}.", f"Not set in this environment: {names}.")
    return Examined("notifications", "fine", found)


def _source(source: dict[str, Any]) -> Examined:
    found = f"newest row {source['newest']}" if source["newest"] else "no rows"
    if source["state"] == "fresh":
        return Examined(source["source"], "fine", found)
    note = f"{sentence_case(one_line(source['note']))}." if source["note"] else ""
    return Examined(source["source"], "look", f"{found}, {source_words(source['state']).word}.", note)
