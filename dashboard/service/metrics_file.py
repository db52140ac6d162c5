"""The workspace's `metrics.yaml`, written: one metric more, everything else as it stands."""

from __future__ import annotations

import threading
from pathlib import Path

from leadline.dashboard.service.file_journal import write_whole
from leadline.data.documents.read import read_file
from leadline.data.errors import CharterError
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import METRICS, extend_catalog, load_catalog
from leadline.metrics.agreement.metric_form import Form, with_metric

_ONE_AT_A_TIME = threading.Lock()
"""two people who save at once both find their metric in the file"""


def add_metric(workspace: Workspace, name: str, form: Form) -> Path:
    """Adds a metric that the file does not hold yet. Raises CharterError with every fault, LeadlineError where the file
    can't be written."""
    file = workspace.path / METRICS
    with _ONE_AT_A_TIME:
        text = read_file(file) if file.exists() else ""
        if name in load_catalog(workspace):
            raise _fault(f"{name} is there already; give the new metric a name of its own.")
        edited = with_metric(text, name, form)
        if edited is None:
            raise _fault(
                f"{METRICS} is written so that nothing can be added to it; put every metric on a line."
            )
        extend_catalog(load_catalog(None), edited, METRICS)
        if file.exists() and b"\r\n" in file.read_bytes():
            edited = edited.replace("\n", "\r\n")
        write_whole(file, edited.encode())
    return file


def _fault(sentence: str) -> CharterError:
    return CharterError(sentence, (sentence,))
