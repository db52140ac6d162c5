"""A file is taken as it was when it came, or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from leadline.data.errors import ExportError
from leadline.data.exports.files import received_file
from leadline.data.exports.files.received_file import discard, receive
from tests.data.example_exports import LEADS


def _overwritten(file: Path) -> None:
    """As many bytes, another content; a moment later, as clocks of file systems tell moments apart."""
    file.write_text(LEADS.replace("email", "phone"))
    _touched(file)


def _longer(file: Path) -> None:
    """More bytes, and a time that says nothing of it."""
    before = file.stat()
    file.write_text(LEADS + "L3,2026-01-07,routing,email\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def _touched(file: Path) -> None:
    before = file.stat()
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000))


@pytest.mark.parametrize("change", [_overwritten, _longer, _touched])
@pytest.mark.parametrize("copied_up_to", [received_file.COPIED_UP_TO, 0], ids=["copied", "linked"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    change: Callable[[Path], None], copied_up_to: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, intake = tmp_path / "leads.csv", tmp_path / "intake"
    file.write_text(LEADS)
    intake.mkdir()
    read = received_file.looked_at

    def looked_at(*given: object) -> object:
        change(file)
        return read(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(received_file, "COPIED_UP_TO", copied_up_to)
    monkeypatch.setattr(received_file, "looked_at", looked_at)
    with pytest.raises(ExportError, match="changed while it was read") as told:
        receive(file, intake)
    assert told.value.code == "file_changed"


def test_a_file_that_nobody_touches_is_received_byte_for_byte(tmp_path: Path) -> None:
    file, intake = tmp_path / "leads.csv", tmp_path / "intake"
    file.write_text(LEADS)
    intake.mkdir()
    received = receive(file, intake)
    assert received.path.read_text() == LEADS
    discard(received)
    assert list(intake.iterdir()) == []
