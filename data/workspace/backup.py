"""Backups: one file that holds a whole workspace, proved whole when it is written and again when it is restored.

A backup is a ZIP archive of the database, the salt of its hashed addresses, `charters/*.yaml`, `leadline.toml` and
`metrics.yaml`, with a manifest that names the SHA-256 and size of each and the row count of every table. Only names of
that list are ever written out.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from leadline.data.documents.plain_files import NoPlainFileError, refuse_what_is_no_file
from leadline.data.errors import WorkspaceError
from leadline.data.workspace.lock import PRIVATE_FOLDER, holding
from leadline.data.workspace.private_files import close_to_others, write_private
from leadline.data.workspace.salt import SALT
from leadline.data.workspace.settings import SETTINGS, read_settings
from leadline.data.workspace.workspace import CHARTERS, DATABASE, Workspace, refuse_unfit

FORMAT = 1
MANIFEST = "leadline-backup.json"
METRICS = "metrics.yaml"
_TEXTS = re.compile(
    rf"({re.escape(SALT)}|{re.escape(SETTINGS)}|{re.escape(METRICS)}|{CHARTERS}/[^/\\:\x00]+\.ya?ml)"
)
_LARGEST_MANIFEST = 10_000_000
_CHUNK = 1 << 20
_NOTED = "backups.json"
_RESTORING = re.compile(r"(\d{1,9})-[0-9a-f]{8}\.restoring")
"""the end of the name of a folder that is being restored: the process, and a number of its own"""


@dataclass(frozen=True)
class Backup:
    """What a backup holds: rows by table (`schema.table`) and the number of files besides the database."""

    file: Path
    rows: dict[str, int]
    texts: int
    with_salt: bool
    """it holds what addresses are hashed with, so that whoever has it can try addresses"""
    former: Path | None = None
    """where `restore` has put the workspace that stood there before"""


class OpenDatabase(Protocol):
    """What a backup asks of the warehouse that is open."""

    workspace: Workspace
    intake: Path

    def copied_to(self, file: Path) -> AbstractContextManager[dict[str, int]]: ...


RowsOf = Callable[[Path], dict[str, int]]
"""opens a database that nobody else has open and counts the rows of every table: `data.database.connection.rows_of`"""


def back_up(database: OpenDatabase, target: Path, rows_of: RowsOf, *, replace: bool = False) -> Backup:
    """Writes `target` whole or not at all, while others go on reading. Raises WorkspaceError in one sentence."""
    workspace = database.workspace
    _refuse_target(target, workspace, replace)
    copy = database.intake / f"backup-{secrets.token_hex(8)}"
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        # charters are read under the same lock, so that they are those of the copied ledger
        with database.copied_to(copy) as rows:
            texts = {name: file.read_bytes() for name, file in _texts_of(workspace.path)}
        if rows_of(copy) != rows:
            raise WorkspaceError(
                "The copy of the database differs from the database, so no backup was written; try again."
            )
        _write(part, copy, texts, rows)
        _verify(part)
        part.replace(target)
        _sync_folder(target.parent)
    except OSError as e:
        raise WorkspaceError(
            f"The backup {target} could not be written ({e.strerror or e}); make room or name another file."
        ) from e
    finally:
        copy.unlink(missing_ok=True)
        part.unlink(missing_ok=True)
    return Backup(target, rows, len(texts), SALT in texts)


def note_backup(folder: Path, target: Path) -> None:
    """Remembers where a backup of that workspace lies, so that an erasure can name it."""
    noted = [str(file) for file in noted_backups(folder) if file != target]
    with suppress(OSError):  # a backup that is written is worth more than the note of it
        write_private(folder / PRIVATE_FOLDER / _NOTED, json.dumps([*noted, str(target)]).encode())


def noted_backups(folder: Path) -> tuple[Path, ...]:
    """Backups of that workspace that were written here and are still there, oldest first."""
    try:
        noted = json.loads((folder / PRIVATE_FOLDER / _NOTED).read_bytes())
        return tuple(Path(name) for name in noted if Path(name).is_file())
    except (OSError, ValueError, TypeError):
        return ()


def restore(file: Path, folder: Path, rows_of: RowsOf, *, replace: bool = False) -> Backup:
    """Makes `folder` the workspace of that backup, or leaves it as it was. Raises WorkspaceError in one sentence.

    With `replace`, what stood there is kept whole in a folder beside it.
    """
    refuse_unfit(folder)
    occupied = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    if occupied and not (replace and folder.is_dir()):
        raise WorkspaceError(
            f"{folder} holds something already; name a new folder with --workspace, or have it replaced with "
            "--replace (it is then kept beside the restored one)."
        )
    _clear_killed(folder)
    made = folder.with_name(f".{folder.name}.{os.getpid()}-{secrets.token_hex(4)}.restoring")
    try:
        with holding(folder if occupied else None):
            made.mkdir(parents=True)
            manifest = _verify(file, into=made)
            read_settings(made / SETTINGS)
            if rows_of(made / DATABASE) != manifest["rows"]:
                raise _broken(file, "its tables hold other numbers of rows than its manifest says")
            close_to_others(made)
            former = _put_in_place(made, folder, occupied)
    except OSError as e:
        raise WorkspaceError(
            f"{folder} could not be restored ({e.strerror or e}) and is as it was; make room or name another folder."
        ) from e
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return Backup(file, manifest["rows"], len(manifest["files"]) - 1, SALT in manifest["files"], former)


def _clear_killed(folder: Path) -> None:
    """Takes away what restores to this folder left that were killed: their process is gone."""
    if os.name == "nt" or not folder.parent.is_dir():
        return
    for left in folder.parent.iterdir():
        begun = _RESTORING.fullmatch(left.name.removeprefix(f".{folder.name}."))
        if left.name.startswith(f".{folder.name}.") and begun and not left.is_symlink():
            try:
                os.kill(int(begun[1]), 0)
            except ProcessLookupError:
                shutil.rmtree(left, ignore_errors=True)
            except (PermissionError, OverflowError):
                continue  # somebody else's, and alive


def _refuse_target(target: Path, workspace: Workspace, replace: bool) -> None:
    if target.resolve().is_relative_to(workspace.path.resolve()):
        raise WorkspaceError(
            f"{target} lies in the workspace itself and would be lost with it; name a file outside of it."
        )
    if not target.exists():
        return
    # asked of the directory: opening the live file by another name would drop DuckDB's lock on it
    if os.path.samefile(target, workspace.database) or not _is_backup(target):
        raise WorkspaceError(f"{target} is no backup and is not overwritten; name another file.")
    if not replace:
        raise WorkspaceError(f"{target} exists already; name another file or add --replace.")


def _is_backup(file: Path) -> bool:
    try:
        refuse_what_is_no_file(file)
        with zipfile.ZipFile(file) as archive:
            return MANIFEST in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def _texts_of(folder: Path) -> Iterator[tuple[str, Path]]:
    for file in [folder / SALT, folder / SETTINGS, folder / METRICS, *sorted((folder / CHARTERS).glob("*"))]:
        name = file.relative_to(folder).as_posix()
        if file.is_file() and _TEXTS.fullmatch(name):
            yield name, file


def _write(part: Path, database: Path, texts: dict[str, bytes], rows: dict[str, int]) -> None:
    listed = {name: _seen(len(text), hashlib.sha256(text)) for name, text in texts.items()}
    # database and salt are in it together: for its user's eyes only
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w+b") as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            with database.open("rb") as source, archive.open(DATABASE, "w", force_zip64=True) as member:
                listed[DATABASE] = _copy(source, member)
            for name, text in texts.items():
                archive.writestr(name, text)
            manifest = {"format": FORMAT, "files": listed, "rows": rows}
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
        raw.flush()
        os.fsync(raw.fileno())


def _verify(file: Path, into: Path | None = None) -> dict[str, Any]:
    """The manifest, after every file was held against it; with `into`, they are written there."""
    try:
        refuse_what_is_no_file(file)
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(file, archive)
            for name, expected in manifest["files"].items():
                with archive.open(name) as member, _sink(into, name) as sink:
                    if _copy(member, sink, limit=expected["bytes"]) != expected:
                        raise _broken(file, f"{name} is not what was backed up")
    except FileNotFoundError as e:
        raise WorkspaceError(f"There is no file {file}; check its name.") from e
    except NoPlainFileError as e:
        raise WorkspaceError(
            f"{file} is no backup ({e.strerror}); name one that 'leadline backup' wrote."
        ) from e
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError) as e:
        raise _broken(file, "it is cut short, changed or no backup of Leadline at all") from e
    return manifest


def _manifest(file: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    if archive.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
        raise _broken(file, "its manifest is too large")
    try:
        told = json.loads(archive.read(MANIFEST))
        fine = (
            told["format"] == FORMAT
            and DATABASE in told["files"]
            and all(name == DATABASE or _TEXTS.fullmatch(name) for name in told["files"])
            and all(isinstance(each["bytes"], int) for each in told["files"].values())
            and all(isinstance(count, int) for count in told["rows"].values())
        )
    except (ValueError, KeyError, TypeError, AttributeError) as e:
        raise _broken(file, "its manifest can't be read") from e
    if not fine:
        raise _broken(file, "its manifest is not one that this version of Leadline writes")
    return dict(told)


@contextmanager
def _sink(into: Path | None, name: str) -> Iterator[IO[bytes] | None]:
    if into is None:
        yield None
        return
    (into / name).parent.mkdir(exist_ok=True)
    with (into / name).open("xb") as handle:
        yield handle
        handle.flush()
        os.fsync(handle.fileno())


def _copy(source: IO[bytes], sink: IO[bytes] | None, limit: int | None = None) -> dict[str, Any]:
    """Copies and says what went by; stops beyond `limit` bytes, whatever else a hostile archive unpacks to."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if limit is not None and size > limit:
            break
        if sink is not None:
            sink.write(chunk)
    return _seen(size, digest)


def _seen(size: int, digest: Any) -> dict[str, Any]:
    return {"bytes": size, "sha256": digest.hexdigest()}


def _put_in_place(made: Path, folder: Path, occupied: bool) -> Path | None:
    former = None
    if occupied:
        former = folder.with_name(f"{folder.name}-before-restore-{secrets.token_hex(4)}")
        folder.rename(former)
    elif folder.exists():
        folder.rmdir()
    try:
        made.rename(folder)
    except OSError:
        if former:
            former.rename(folder)
        raise
    _sync_folder(folder.parent)
    return former


def _sync_folder(folder: Path) -> None:
    """Makes a rename outlast a power cut, where the system lets a folder be synced."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _broken(file: Path, why: str) -> WorkspaceError:
    return WorkspaceError(f"{file} can't be used as a backup: {why}; use another one.")
