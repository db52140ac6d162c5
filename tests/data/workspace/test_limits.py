"""Memory, threads and spill of the engine are what `leadline.toml` says."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadline.data.errors import EngineError, WorkspaceError
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.limits import USUAL_MEMORY, bytes_of
from leadline.data.workspace.settings import read_settings
from leadline.data.workspace.workspace import Workspace

SORT_MORE_THAN_FITS = """
select count(*)
from (select hash(i)::varchar || repeat('x', 60) as a from range(6000000) as t(i) order by a)
"""


def _workspace(folder: Path, said: str) -> Workspace:
    folder.mkdir(exist_ok=True)
    (folder / "leadline.toml").write_text(said, encoding="utf-8")
    return Workspace(folder, read_settings(folder / "leadline.toml"))


def test_the_engine_is_held_to_the_limits_of_the_settings(tmp_path: Path) -> None:
    said = f'memory_limit = "512MiB"\nthreads = 1\nspill_folder = "{tmp_path}"\nspill_limit = "2GiB"\n'
    with open_warehouse(_workspace(tmp_path / "w", said)) as warehouse:
        held_to = warehouse.held_to()
    assert (held_to["memory"], held_to["threads"], held_to["spill"]) == ("512.0 MiB", "1", "2.0 GiB")
    assert Path(held_to["spill_folder"]).parent == tmp_path


def test_an_engine_that_nothing_is_said_of_takes_the_usual_memory_at_most(tmp_path: Path) -> None:
    with open_warehouse(_workspace(tmp_path / "w", "")) as warehouse:
        held_to = bytes_of(warehouse.held_to()["memory"])
    assert held_to is not None
    assert held_to <= USUAL_MEMORY


def test_work_that_exceeds_the_memory_goes_through_the_spill_folder_and_leaves_nothing_there(
    tmp_path: Path,
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    said = f'memory_limit = "256MB"\nthreads = 1\nspill_folder = "{scratch}"\n'
    with open_warehouse(_workspace(tmp_path / "w", said)) as warehouse:
        assert warehouse.select(SORT_MORE_THAN_FITS) == [(6_000_000,)]
    assert list(scratch.iterdir()) == []


def test_a_spill_limit_that_is_too_small_stops_the_work(tmp_path: Path) -> None:
    said = 'memory_limit = "256MB"\nthreads = 1\nspill_limit = "1MB"\n'
    with (
        open_warehouse(_workspace(tmp_path / "w", said)) as warehouse,
        pytest.raises(EngineError, match="raise memory_limit or spill_limit"),
    ):
        warehouse.select(SORT_MORE_THAN_FITS)


def test_what_a_killed_run_left_in_the_spill_folder_is_removed_and_other_files_stay(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (scratch / "of somebody else").touch()
    workspace = _workspace(tmp_path / "w", f'spill_folder = "{scratch}"\n')
    with open_warehouse(workspace) as warehouse:
        own = Path(warehouse.held_to()["spill_folder"])
    own.mkdir()
    (own / "duckdb_temp_storage-0.tmp").touch()
    with open_warehouse(workspace):
        assert list(own.iterdir()) == []
    assert [file.name for file in scratch.iterdir()] == ["of somebody else"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("memory_limit = 4", "memory_limit is 4; write a size with its unit"),
        ("memory_limit = '64MB'", "memory_limit is '64MB'; write at least 256MB"),
        ("memory_limit = '2GB; drop table x'", "write a size with its unit"),
        ("threads = 0", "threads is 0; write a whole number from 1"),
        ("threads = true", "threads is True; write a whole number"),
        ("spill_folder = 'relative'", "spill_folder is 'relative'; write the whole path of a folder"),
        ("spill_limit = 'much'", "spill_limit is 'much'; write a size with its unit"),
    ],
)
def test_a_limit_that_says_nothing_is_refused_with_what_to_write(
    tmp_path: Path, said: str, sentence: str
) -> None:
    with pytest.raises(WorkspaceError) as refused:
        _workspace(tmp_path / "w", said)
    assert sentence in str(refused.value)
    assert str(refused.value).startswith("leadline.toml, line 1: ")
