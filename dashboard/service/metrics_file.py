"""The workspace's `metrics.yaml`, written: one metric more, another or fewer, everything else as it stands."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from leadline.dashboard.service.file_journal import write_whole
from leadline.data.documents.faults import faults_error
from leadline.data.documents.read import read_file
from leadline.data.errors import CharterError
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import METRICS, Metric, extend_catalog, load_catalog
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.agreement.contradictions import contradictions
from leadline.metrics.agreement.metric_form import Form, text_of, with_changed_metric, with_metric

_ONE_AT_A_TIME = threading.Lock()
"""two people who save at once both find their metric in the file"""


def read_metrics(workspace: Workspace) -> str:
    """The text of the file; nothing where there is none."""
    file = workspace.path / METRICS
    return read_file(file) if file.exists() else ""


def add_metric(workspace: Workspace, name: str, form: Form) -> Path:
    """Adds a metric that the file does not hold yet. Raises CharterError with every fault, LeadlineError where the file
    can't be written."""

    def edit(text: str) -> str | None:
        if name in load_catalog(workspace):
            raise _fault(f"{name} is there already; give the new metric a name of its own.")
        return with_metric(text, name, form)

    return _write(workspace, edit)


def change_metric(workspace: Workspace, name: str, form: Form | None, begun: str) -> Path:
    """Writes another entry under the name of one, or takes it out. `begun`: the lines of that entry from which the
    change began. Raises as `add_metric` does, where somebody has changed it meanwhile and where a charter could not be
    read any more."""

    def edit(text: str) -> str | None:
        if text_of(text, name) != begun:
            raise _fault(f"Somebody has changed {name} in the meantime; look at it again, then change it.")
        return with_changed_metric(text, name, form)

    return _write(workspace, edit)


def _write(workspace: Workspace, edit: Callable[[str], str | None]) -> Path:
    file = workspace.path / METRICS
    with _ONE_AT_A_TIME:
        text = read_metrics(workspace)
        edited = edit(text)
        if edited is None:
            raise _fault(
                f"{METRICS} is written so that no metric in it can be changed alone; put every metric on a line."
            )
        changed = extend_catalog(load_catalog(None), edited, METRICS)
        if faults := _charters_broken(workspace, load_catalog(workspace), changed):
            raise faults_error("The charters", faults)
        if file.exists() and b"\r\n" in file.read_bytes():
            edited = edited.replace("\r\n", "\n").replace("\n", "\r\n")
        write_whole(file, edited.encode())
    return file


def _charters_broken(
    workspace: Workspace, known: Mapping[str, Metric], changed: Mapping[str, Metric]
) -> tuple[str, ...]:
    """What would be wrong with charters that nothing is wrong with now."""
    faults: list[str] = []
    for file in sorted(workspace.charters.glob("*.y*ml")):
        try:
            text = read_file(file)
            before = contradictions(parse_charter(text, known, file.name), known)
        except CharterError:
            continue
        try:
            now = contradictions(parse_charter(text, changed, file.name), changed)
        except CharterError as error:
            faults += error.faults
            continue
        faults += [f"{file.name}: {each}" for each in now if each not in before]
    return tuple(faults)


def _fault(sentence: str) -> CharterError:
    return CharterError(sentence, (sentence,))
