"""Charters from files into the workspace: all of them or none, each version kept, signed where asked."""

from __future__ import annotations

import datetime as dt
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadline.dashboard.service import file_journal
from leadline.dashboard.service.command import user_name
from leadline.dashboard.service.file_journal import Change
from leadline.dashboard.words.codes import open_point_words
from leadline.dashboard.words.metrics import short_history_sentence, wrong_currency_sentence
from leadline.data.documents.faults import faults_error
from leadline.data.documents.plain_files import TooLargeError, read_plain
from leadline.data.documents.read import read_document, read_file
from leadline.data.documents.splice import flow_text, with_entries
from leadline.data.documents.values import Section
from leadline.data.errors import CharterError
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import METRICS, Metric, checked_catalog, load_catalog
from leadline.metrics.agreement.charter import coverage, parse_charter
from leadline.metrics.agreement.charter_versions import all_charters, charter_history, register_charter
from leadline.metrics.agreement.charters_in_force import InForce, charters_in_force
from leadline.metrics.agreement.contradictions import contradicting
from leadline.metrics.agreement.definitions import definitions
from leadline.metrics.agreement.owners import note_handover
from leadline.metrics.agreement.retirement import retire_workflow
from leadline.metrics.declared.declaration import Named
from leadline.metrics.landed_words import short_history, wrong_currencies

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse
    from leadline.metrics.charter_terms import Charter

_LARGEST = 1_000_000
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_FAULTS_TOLD = 3
RETIRED = "retired"
"""in charters/, the files of workflows that are over"""


@dataclass(frozen=True)
class _Accepted:
    charter: Charter
    text: str
    target: Path
    """where the workspace keeps it"""


def register(
    warehouse: Warehouse,
    workspace: Workspace,
    files: list[Path],
    sign: str | None,
    author: str | None = None,
    reason: str = "",
) -> Iterator[dict[str, Any]]:
    """Registers the charters of these files, one result each. Raises CharterError with every fault.

    The text lands in charters/<workflow>.yaml, or in the file there that holds this workflow already. `author`:
    None means whoever signs, else the user of this computer.
    """
    registered = {version.workflow for version in all_charters(warehouse)}
    accepted = _accept(workspace, files, sign, registered)
    if faults := tuple(
        fault
        for one in accepted
        for held in (_beyond_history, _other_currencies)
        for fault in held(warehouse, workspace, one)
    ):
        raise faults_error(files[0].name if len(files) == 1 else "The charters", faults)
    author = sign or user_name() if author is None else author
    results = []
    changes = [
        Change(one.target, one.charter.workflow, one.charter.source, one.text.encode()) for one in accepted
    ]
    catalog = load_catalog(workspace)
    with file_journal.writing(workspace, changes) as write, warehouse.transaction():
        for one in accepted:
            known = charter_history(warehouse, one.charter.workflow)
            counted = definitions(one.charter, catalog)
            version = register_charter(warehouse, one.charter, author, reason, counted)
            if known and version > len(known):
                note_handover(warehouse, _read_again(known[-1].content, catalog), one.charter, author)
            results.append(_result(one, version, version > len(known), workspace))
        write()
    for one in accepted:  # it is watched again
        (workspace.charters / RETIRED / one.target.name).unlink(missing_ok=True)
    yield from results


def _read_again(text: str, catalog: Mapping[str, Metric]) -> Charter | None:
    """An earlier version; None where today's metrics can't read it."""
    with suppress(CharterError):
        return parse_charter(text, catalog, "the version before")
    return None


def _result(one: _Accepted, version: int, is_new: bool, workspace: Workspace) -> dict[str, Any]:
    return {
        "workflow": one.charter.workflow,
        "version": version,
        "is_new": is_new,
        "signed_by": one.charter.signed.by if one.charter.signed else None,
        "file": str(one.target.relative_to(workspace.path)),
        "open": [open_point_words(point) for point in coverage(one.charter)],
    }


def _beyond_history(warehouse: Warehouse, workspace: Workspace, one: _Accepted) -> Iterator[str]:
    """A sentence for each metric of the workspace's own whose horizon nothing that has landed reaches."""
    for metric in own_metrics(one.charter, load_catalog(workspace)):
        if found := short_history(warehouse, metric, one.charter.workflow, workspace.today()):
            line = _entries(read_file(workspace.path / METRICS), METRICS).values[metric.id].line
            yield f"{METRICS}, line {line}: {short_history_sentence(found)}"


def _other_currencies(warehouse: Warehouse, workspace: Workspace, one: _Accepted) -> Iterator[str]:
    """A sentence for each rule whose number is in another currency than the amounts that it is held against."""
    lines = {
        rule.text("id"): rule.line
        for item in _entries(one.text, one.target.name).items("stopping_rules", "a list")
        if (rule := item.section(())) is not None
    }
    for found in wrong_currencies(warehouse, one.charter, load_catalog(workspace)):
        yield f"{one.target.name}, line {lines[found.rule]}: {wrong_currency_sentence(found)}"


def own_metrics(charter: Charter, catalog: Mapping[str, Metric]) -> tuple[Metric, ...]:
    """The metrics of a charter that are not as they come with Leadline."""
    built_in = load_catalog(None)
    return tuple(
        catalog[name] for name in (*charter.proxies, *charter.outcomes) if built_in.get(name) != catalog[name]
    )


def unpositioned(charter: Charter, catalog: Mapping[str, Metric]) -> tuple[Metric, ...]:
    """The metrics of a charter that are of its positioning, where it has none."""
    watched = [catalog[name] for name in (*charter.proxies, *charter.outcomes)]
    return () if charter.positioning else tuple(one for one in watched if isinstance(one.declaration, Named))


def replaced(metrics: Iterable[Metric]) -> tuple[Metric, ...]:
    """Those that a workspace has declared anew under the name of a metric that comes with Leadline, even where they
    count the same over another time; or with other minutes."""
    built_in = load_catalog(None)
    return tuple(
        one
        for one in metrics
        if one.replaces or (one.id in built_in and one.declaration != built_in[one.id].declaration)
    )


def register_text(
    warehouse: Warehouse,
    workspace: Workspace,
    text: str,
    author: str,
    reason: str,
    *,
    sign: bool,
    replaces: Path | None = None,
) -> dict[str, Any]:
    """Registers one charter's text. `replaces`: the file in charters/ that it was edited from, if any.

    A page's text has no line ends of Windows; those of the file stay.
    """
    if replaces is not None and replaces.is_file() and b"\r\n" in replaces.read_bytes():
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    with tempfile.TemporaryDirectory(prefix="leadline-") as folder:
        draft = Path(folder) / (replaces.name if replaces else "charter.yaml")
        draft.write_text(text, encoding="utf-8", newline="")
        (result,) = register(warehouse, workspace, [draft], author.strip() if sign else None, author, reason)
    if replaces is not None and workspace.path / result["file"] != replaces:
        # the file held no readable workflow, so its charter went to a file of its own
        replaces.unlink(missing_ok=True)
    return result


def retire(
    warehouse: Warehouse, workspace: Workspace, workflow: str, *, by: str, reason: str
) -> dict[str, Any]:
    """Retires a workflow: a row of the ledger, its alerts end, its file goes to charters/retired/.

    Raises LeadlineError.
    """
    file = _kept_where(workspace).get(workflow)
    if file is None:
        raise _fault(
            f"No file in charters/ is the charter of {workflow[:60]}, so it is not watched; 'leadline check' names "
            "those that are."
        )
    kept = workspace.charters / RETIRED / file.name
    with warehouse.joined():
        entry = retire_workflow(warehouse, workflow, by=by, reason=reason, on=workspace.today())
        try:
            kept.parent.mkdir(mode=0o700, exist_ok=True)
            file.replace(kept)
        except OSError as e:
            raise _fault(
                f"{file} can't be moved to {kept.parent} ({e.strerror or e}); nothing is retired."
            ) from e
    return {
        "workflow": workflow,
        "on": entry.payload["on"],
        "reason": entry.payload["reason"],
        "file": str(kept.relative_to(workspace.path)),
    }


def settle(warehouse: Warehouse, workspace: Workspace) -> None:
    """Takes back what a registration that was cut off has left in charters/. Raises LeadlineError."""

    def newest(workflow: str) -> str | None:
        versions = charter_history(warehouse, workflow)
        return versions[-1].content if versions else None

    file_journal.settle(workspace, newest)


def unregistered(warehouse: Warehouse, workspace: Workspace, catalog: Mapping[str, Metric]) -> list[str]:
    """A sentence for each file in charters/ that can't be read, or was put or changed there unregistered."""
    in_force = charters_in_force(warehouse, workspace, catalog)
    notes = unread_notes(in_force)
    for charter in in_force.charters:
        versions = charter_history(warehouse, charter.workflow)
        if versions and versions[-1].content == charter.source:
            continue
        how = "was changed since it was registered" if versions else "was never registered"
        notes.append(
            f"The charter of {charter.workflow} {how} and is used as it stands; "
            "register it with 'leadline charter' so that this version is kept."
        )
    return notes


def unread_notes(found: InForce) -> list[str]:
    """What is wrong with files in charters/, and which versions count in place of them."""
    notes = list(found.faults[:_FAULTS_TOLD])
    if (more := len(found.faults) - len(notes)) > 0:
        notes.append(f"Charters have {more} more things to put right.")
    for workflow, version in found.instead:
        notes.append(
            f"Until its file is put right, version {version} of the charter of {workflow}, registered last, counts."
        )
    return notes


def _accept(
    workspace: Workspace, files: list[Path], sign: str | None, registered: Iterable[str]
) -> list[_Accepted]:
    catalog = checked_catalog(workspace)
    kept = _kept_where(workspace)
    faults: list[str] = []
    accepted: dict[str, _Accepted] = {}
    for file in files:
        try:
            one = _read(file, workspace, catalog, sign)
        except CharterError as e:
            faults += e.faults or (str(e),)
            continue
        workflow = one.charter.workflow
        if workflow in accepted:
            faults.append(
                f"{file.name}: workflow '{workflow}' has another charter in this command; give one only."
            )
            continue
        if told := _unfit_elsewhere(workflow, {*registered, *kept, *accepted}):
            faults.append(f"{file.name}: workflow '{workflow}' {told}")
            continue
        inside = file.resolve().parent == workspace.charters.resolve()
        target = file if inside else kept.get(workflow, workspace.charters / f"{workflow}.yaml")
        accepted[workflow] = _Accepted(one.charter, one.text, target)
    if faults:
        raise faults_error(files[0].name if len(files) == 1 else "The charters", tuple(faults))
    return list(accepted.values())


def _unfit_elsewhere(workflow: str, known: Iterable[str]) -> str:
    """Why files of a new workflow could not lie beside the others on every system; '' where they could.

    Charters and gates are files of that name. On Windows some names are devices; there and on macOS capitals make no
    other file.
    """
    if workflow in known:
        return ""
    if _DEVICE.fullmatch(workflow):
        return "is no name that a file can have on Windows, where a device is called so; choose another."
    twin = next((each for each in sorted(known) if each.casefold() == workflow.casefold()), None)
    if twin is None:
        return ""
    return f"differs from '{twin}' in capitals alone, which are one file on Windows and macOS; choose another name."


def _read(file: Path, workspace: Workspace, catalog: Mapping[str, Metric], sign: str | None) -> _Accepted:
    text = _text(file, workspace)
    charter = parse_charter(text, catalog, file.name)
    if said := contradicting(charter, catalog):
        lines = _lines_of_proxies(text, file.name)
        raise faults_error(
            file.name, tuple(f"{file.name}, line {lines[name]}: {each}" for name, each in said)
        )
    if sign:
        with_signature = signed(text, sign, workspace.today())
        if with_signature is None:
            raise _fault(
                f"{file.name} can't be signed where it stands; write 'signed: {{by: …, on: …}}' into it."
            )
        text = with_signature
        charter = parse_charter(text, catalog, file.name)
    return _Accepted(charter, text, file)


def _lines_of_proxies(text: str, file_name: str) -> dict[str, int]:
    watch = _entries(text, file_name).section("watch", ())
    return {item.text(): item.line for item in watch.items("proxies", "a list")} if watch is not None else {}


def _entries(text: str, file_name: str) -> Section:
    """What stands in a file that was read without a fault before. Raises CharterError where it changed since."""
    root, faults = read_document(text, file_name)
    found = root.section(()) if root is not None else None
    if found is None:
        raise faults.error()
    return found


def _text(file: Path, workspace: Workspace) -> str:
    try:
        if file.exists() and workspace.database.exists() and os.path.samefile(file, workspace.database):
            raise _fault(f"{file} is the workspace's own database, not a charter; name a YAML file.")
        return read_plain(file, _LARGEST).decode("utf-8-sig")
    except TooLargeError as e:
        raise _fault(f"{file} is larger than a charter can be; name the YAML file of one workflow.") from e
    except OSError as e:
        raise _fault(
            f"{file} can't be read ({e.strerror or e}); check the name and that you may read it."
        ) from e
    except UnicodeDecodeError as e:
        raise _fault(
            f"{file} is not text in UTF-8 (byte {e.start + 1}); save it as UTF-8 and try again."
        ) from e


def signed(text: str, role: str, on: dt.date) -> str | None:
    """The charter's text with its `signed:` entry written or replaced; None where that can't be done in place."""
    return with_entries(text, {"signed": f"signed: {flow_text({'by': role, 'on': on.isoformat()})}"})


def _kept_where(workspace: Workspace) -> dict[str, Path]:
    """Workflow -> the file in charters/ that holds it already."""
    kept: dict[str, Path] = {}
    for file in sorted(workspace.charters.glob("*.y*ml")):
        try:
            root, _ = read_document(read_file(file), file.name)
        except CharterError:
            continue
        section = root.section(()) if root is not None and root.is_group else None
        if section is not None and (workflow := section.text("workflow")):
            kept.setdefault(workflow, file)
    return kept


def _fault(sentence: str) -> CharterError:
    return CharterError(sentence, (sentence,))
