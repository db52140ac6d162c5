"""Every cache of the pages. What is kept depends on the workspace's folder, its data version, its files and the date.

Results are plain frozen values, so a session gets its own copy and can change nothing for another one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from metrics.review import review

from data.warehouse import Warehouse
from data.workspace import SETTINGS, Workspace
from metrics.agreement.catalog import Metric, load_catalog
from metrics.results import Review

Version = tuple[str, ...]


def version_of(workspace: Workspace, warehouse: Warehouse) -> Version:
    """What a review can depend on: the data version, and the files a person may edit by hand."""
    edited = [
        workspace.path / SETTINGS,
        workspace.path / "metrics.yaml",
        *sorted(workspace.charters.glob("*.y*ml")),
    ]
    return (warehouse.data_version(), *(_stamp(file) for file in edited))


def review_of(workspace: Workspace, warehouse: Warehouse, as_of: dt.date) -> Review:
    """The review as of the end of that day."""
    return _review(str(workspace.path), version_of(workspace, warehouse), as_of, workspace, warehouse)


def catalog_of(workspace: Workspace) -> Mapping[str, Metric]:
    """The metrics of this workspace: the built-in ones and those of its `metrics.yaml`."""
    return _catalog(str(workspace.path), _stamp(workspace.path / "metrics.yaml"), workspace)


def _stamp(file: Path) -> str:
    try:
        state = file.stat()
    except OSError:
        return f"{file.name} is not there"
    return f"{file.name} {state.st_mtime_ns} {state.st_size}"


@st.cache_data(max_entries=64, ttl=dt.timedelta(hours=12), show_spinner="Reading the workspace …")
def _review(
    path: str, version: Version, as_of: dt.date, _workspace: Workspace, _warehouse: Warehouse
) -> Review:
    return review(_warehouse, _workspace, as_of)


@st.cache_data(max_entries=8, ttl=dt.timedelta(hours=12), show_spinner=False)
def _catalog(path: str, stamp: str, _workspace: Workspace) -> dict[str, Metric]:
    return dict(load_catalog(_workspace))
