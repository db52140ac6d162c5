"""One open warehouse a process, whoever asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from leadline.dashboard.service import open_warehouse
from leadline.data.errors import WorkspaceError
from leadline.data.workspace.workspace import Workspace
from tests.dashboard.command_line import assert_one_sentence, run


@pytest.fixture(autouse=True)
def _tidy() -> Iterator[None]:
    yield
    open_warehouse.serve(None)
    open_warehouse.close_shared()


def test_everyone_gets_the_same_open_warehouse(workspace: Workspace) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: open_warehouse.shared_warehouse(workspace), range(16)))
    assert len({id(warehouse) for warehouse in found}) == 1
    assert found[0].select("select 1") == [(1,)]


def test_two_workspaces_have_two_warehouses(workspace: Workspace, tmp_path: Path) -> None:
    other = Workspace(tmp_path / "other", workspace.settings)
    assert open_warehouse.shared_warehouse(workspace) is not open_warehouse.shared_warehouse(other)


def test_once_closed_it_is_opened_anew_and_what_was_written_is_there(workspace: Workspace) -> None:
    first = open_warehouse.shared_warehouse(workspace)
    first.execute("create table kept as select 42 as answer")
    open_warehouse.close_shared(workspace.path)
    second = open_warehouse.shared_warehouse(workspace)
    assert second is not first
    assert second.select("select answer from kept") == [(42,)]


def test_while_it_is_open_no_other_process_gets_the_workspace(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadline.data.workspace.lock.LOCK_PATIENCE_SECONDS", 0.1)
    (workspace.path / "leadline.toml").touch()
    open_warehouse.shared_warehouse(workspace)
    ran = run("imports", workspace=workspace.path)
    assert_one_sentence(ran)
    assert "in use by another Leadline process" in ran.err


def test_the_folder_that_is_served_is_the_current_workspace_and_its_settings_are_fresh(
    workspace: Workspace,
) -> None:
    open_warehouse.serve(workspace.path)
    assert open_warehouse.current_workspace().path == workspace.path
    (workspace.path / "leadline.toml").write_text('timezone = "Asia/Tokyo"\n')
    assert open_warehouse.current_workspace().settings.timezone == "Asia/Tokyo"


def test_without_being_told_the_workspace_is_located_as_on_the_command_line(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LEADLINE_WORKSPACE", str(workspace.path))
    assert open_warehouse.current_workspace().path == workspace.path
    monkeypatch.setenv("LEADLINE_WORKSPACE", str(tmp_path / "nowhere"))
    with pytest.raises(WorkspaceError, match="leadline init"):
        open_warehouse.current_workspace()
