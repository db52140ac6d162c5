"""`leadline publish`: the review as a folder of files: made where the workspace is open, written where its user is."""

from __future__ import annotations

import base64
import ctypes
import datetime as dt
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from leadline.dashboard.service import review_codes
from leadline.dashboard.service.channels import notifying
from leadline.dashboard.service.command import Arguments, Command, Json
from leadline.dashboard.service.report import ReportError, card, workspace_name
from leadline.dashboard.words.conventions import writing
from leadline.data.workspace.workspace import Workspace
from leadline.metrics import review as reviews
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.results import Review

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse

MANIFEST = "manifest.json"
"""every other file of a published folder with its SHA-256: by it a folder is known to be ours"""
_ONE_WEEK = dt.timedelta(weeks=1)
_AT_THIS_FOLDER, _EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE of Linux's renameat2"""


def publish(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`weeks` (how many past ones), `by` -> a file each: `path` within the folder, `content` (base64), `as_of`."""
    from leadline.dashboard.drawings.pack import pack_of
    from leadline.dashboard.drawings.site_html import site

    catalog, today, by = load_catalog(workspace), workspace.today(), arguments["by"]
    review = reviews.review(warehouse, workspace, today)
    cards = {}
    for each in review.workflows:
        png = card(warehouse, workspace, review, each, catalog, by=by, theme="light", scale=1)
        cards[_file_name(each.workflow)] = (each.name or each.workflow, png)
    last = review.complete_through - _ONE_WEEK
    first = last - _ONE_WEEK * (arguments["weeks"] - 1)
    past = list(reviews.replay(warehouse, workspace, first, last)) if arguments["weeks"] else []
    name, link = workspace_name(workspace), notifying(workspace).link
    with writing(workspace.settings.locale):
        packs = [
            pack_of(each, catalog, workspace_name=name, codes=_codes(warehouse, each), link=link)
            for each in (review, *_with_data(past))
        ]
        days = [each.as_of.isoformat() for each in _with_data(past)]
        files = site(packs[0], list(zip(days, packs[1:], strict=True)), cards)
    for path, content in files.items():
        told = base64.b64encode(content).decode("ascii")
        yield {"path": path, "content": told, "as_of": review.as_of.isoformat()}


def _with_data(past: list[Review]) -> list[Review]:
    """Newest first, from the first week on in which anything was known."""
    return [each for each in reversed(past) if each.data]


def _codes(warehouse: Warehouse, review: Review) -> dict[str, str]:
    """Of what is kept: a code that finds nothing is worse than none."""
    return {
        each.workflow: review_codes.code_of(review_codes.shown_of(review, each))
        for each in review.workflows
        if review_codes.is_kept(warehouse, review, each)
    }


def _file_name(workflow: str) -> str:
    """The workflow's own where every file system takes it, else with a hash, so that no two are the same."""
    plain = re.sub(r"[^a-z0-9-]+", "-", workflow.lower()).strip("-")[:60]
    return plain if plain == workflow else f"{plain}-{hashlib.sha256(workflow.encode()).hexdigest()[:8]}"


def check_target(folder: Path, workspace: Path) -> None:
    """Raises ReportError where the folder can't be replaced, before any work is done for it."""
    there, ours = folder.resolve(), workspace.resolve()
    if there == ours or ours in there.parents or there in ours.parents:
        raise ReportError(f"{folder} and the workspace lie one in the other; name a folder elsewhere.")
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ReportError(f"{folder} is not a folder; name one that is new, empty, or was published before.")
    if not folder.parent.is_dir():
        raise ReportError(f"{folder.parent} is not a folder that exists; make it first or name another.")
    if not os.access(folder.parent, os.W_OK):
        raise ReportError(f"{folder.parent} can't be written to; name a folder elsewhere.")
    if folder.is_dir() and (strange := _strange(folder)):
        raise ReportError(
            f"{folder} holds {strange}, which was not published by Leadline, or changed since; name a folder that is "
            "new or empty."
        )


def _strange(folder: Path) -> str:
    """What no publication left there as it is: a file, a folder or a link; '' where there is nothing."""
    try:
        ours = dict(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError):
        ours = {}
    folders = {parent.as_posix() for each in ours for parent in PurePosixPath(each).parents}

    def is_ours(there: Path) -> bool:
        name = there.relative_to(folder).as_posix()
        if there.is_symlink() or not there.is_file():
            return name in folders and there.is_dir() and not there.is_symlink()
        return bool(ours) and (
            name == MANIFEST or hashlib.sha256(there.read_bytes()).hexdigest() == ours.get(name)
        )

    there = sorted(folder.rglob("*"))
    return next((each.relative_to(folder).as_posix() for each in there if not is_ours(each)), "")


def write_site(folder: Path, files: Mapping[str, bytes]) -> None:
    """The folder holds all of it, or what it held before, whatever happens meanwhile. Raises ReportError."""
    mask = os.umask(0)
    os.umask(mask)
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in sorted(files.items())}
    manifest = (json.dumps({"made_by": "leadline publish", "files": hashes}, indent=2) + "\n").encode()
    part = Path()
    try:
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
        for path, content in {**files, MANIFEST: manifest}.items():
            (part / path).parent.mkdir(parents=True, exist_ok=True)
            with (part / path).open("wb") as written:
                written.write(content)
                written.flush()
                os.fsync(written.fileno())
        part.chmod(0o777 & ~mask)
        _replace(folder, part)
    except OSError as e:
        why = (e.strerror or type(e).__name__).lower()
        raise ReportError(f"{folder} can't be written ({why}); name a folder elsewhere.") from e
    finally:
        if part.name:
            shutil.rmtree(part, ignore_errors=True)


def _replace(folder: Path, part: Path) -> None:
    if not folder.exists():
        part.rename(folder)
    elif not _exchanged(folder, part):
        # no way to do it in one step here: for a moment there is nothing
        old = part.with_suffix(".old")
        folder.rename(old)
        part.rename(folder)
        shutil.rmtree(old, ignore_errors=True)


def _exchanged(folder: Path, part: Path) -> bool:
    """Exchanges two folders in one step, where the system can."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    names = os.fsencode(part), os.fsencode(folder)
    return bool(rename(_AT_THIS_FOLDER, names[0], _AT_THIS_FOLDER, names[1], _EXCHANGE) == 0)


PUBLISH_COMMANDS = {"publish": Command(publish)}
