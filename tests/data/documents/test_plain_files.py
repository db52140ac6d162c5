"""Whatever stands where a file should: every reader refuses it within a second, in one sentence."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from leadline.dashboard.service.charter_files import _text
from leadline.data.documents.plain_files import TooLargeError, read_plain
from leadline.data.documents.read import read_file
from leadline.data.errors import LeadlineError
from leadline.data.exports.files.received_file import receive
from leadline.data.exports.recognition.mapping import read_mapping
from leadline.data.workspace.backup import restore
from leadline.data.workspace.settings import read_settings
from leadline.data.workspace.workspace import Workspace
from tests.conftest import SMALL

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes that have names")


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.csv")
    return folder / "pipe.csv"


def _folder(folder: Path) -> Path:
    (folder / "folder.csv").mkdir()
    return folder / "folder.csv"


def _linked(folder: Path) -> Path:
    (folder / "link.csv").symlink_to("/dev/zero")
    return folder / "link.csv"


def _linked_pipe(folder: Path) -> Path:
    (folder / "linked.csv").symlink_to(_pipe(folder))
    return folder / "linked.csv"


def _hollow(folder: Path) -> Path:
    file = folder / "hollow.csv"
    with file.open("wb") as handle:
        handle.truncate(1 << 40)
    return file


KINDS: dict[str, Callable[[Path], Path]] = {
    "a pipe": _pipe,
    "a folder": _folder,
    "a device without end": lambda folder: Path("/dev/zero"),
    "a link to a device": _linked,
    "a link to a pipe": _linked_pipe,
    "a file that says to have a terabyte": _hollow,
    "a file of the system that says to be empty": lambda folder: Path("/proc/self/pagemap"),
    "a terminal": lambda folder: Path("/dev/tty"),
    "nothing": lambda folder: folder / "absent.csv",
}


def _receive(file: Path, folder: Path) -> object:
    (folder / "intake").mkdir()
    return receive(file, folder / "intake")


def _charter(file: Path, folder: Path) -> object:
    return _text(file, Workspace(folder / "w", SMALL))


READERS: dict[str, Callable[[Path, Path], object]] = {
    "export": _receive,
    "mapping": lambda file, folder: read_mapping(file),
    "charter": _charter,
    "document": lambda file, folder: read_file(file),
    "archive to restore": lambda file, folder: restore(file, folder / "restored", lambda database: {}),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_file_with_an_end_is_refused_within_a_second(
    tmp_path: Path, reader: str, kind: str
) -> None:
    file = KINDS[kind](tmp_path)
    began = time.monotonic()
    with pytest.raises(LeadlineError) as refused:
        READERS[reader](file, tmp_path)
    assert time.monotonic() - began < 1
    assert len(str(refused.value)) < 400
    assert not list((tmp_path / "intake").glob("*"))


@contextmanager
def _written_on(file: Path) -> Iterator[None]:
    """Another program adds to the file as fast as it can."""
    done = threading.Event()

    def write() -> None:
        with file.open("ab", buffering=0) as handle:
            while not done.is_set() and handle.tell() < 300 << 20:
                handle.write(b"L1,2026-01-05,web\n" * 20_000)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        done.set()
        writer.join()


def test_an_export_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "grows.csv"
    file.write_bytes(b"lead_id,created_at,channel\n" + b"L1,2026-01-05,web\n" * 200_000)
    with _written_on(file), pytest.raises(LeadlineError, match="changed while it was read"):
        _receive(file, tmp_path)


def test_of_a_file_no_more_is_read_than_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"x" * 11)
    assert read_plain(file, 11) == b"x" * 11
    with pytest.raises(TooLargeError):
        read_plain(file, 10)


def test_settings_of_a_megabyte_are_no_settings(tmp_path: Path) -> None:
    file = tmp_path / "leadline.toml"
    file.write_bytes(b"# " + b"x" * 1_000_000)
    with pytest.raises(LeadlineError, match="far more than settings need"):
        read_settings(file)
