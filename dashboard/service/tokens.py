"""Tokens for machines: what each may do, kept as a hash.

They are made and revoked in the ledger; `.leadline/tokens.json`, which only the user can read, is written from it, so
that a server asks no database who somebody is. A token is 256 random bits: a plain SHA-256 of it gives nothing away.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from leadline.data.documents.plain_files import read_plain
from leadline.data.errors import WorkspaceError
from leadline.data.workspace.lock import PRIVATE_FOLDER
from leadline.data.workspace.private_files import write_private
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.entries import Kind, LedgerError, append, entries, newest_of

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse

May = Literal["gate", "read"]
FILE = "tokens.json"
_KINDS: tuple[Kind, ...] = ("token_made", "token_revoked")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
_LARGEST = 1_000_000


@dataclass(frozen=True)
class Token:
    """One that is in force."""

    name: str
    may: May
    digest: str
    """SHA-256 of the token"""
    made: str
    """ISO moment, UTC"""
    by: str


def make(warehouse: Warehouse, workspace: Workspace, name: str, may: str, by: str) -> str:
    """The token, which is not kept. Raises LedgerError where the name is taken or unusable."""
    if may not in get_args(May):
        raise LedgerError(f"A token may not '{may[:20]}'; choose gate or read.")
    if not _NAME.fullmatch(name):
        raise LedgerError(
            f"'{name[:64]}' is no name for a token; use up to 64 of A–Z, a–z, 0–9, - _ and ., "
            "with a letter or digit first and last, such as sales-agent."
        )
    token = secrets.token_urlsafe(32)
    with warehouse.joined():
        if any(each.name == name for each in in_force(warehouse)):
            raise LedgerError(f"There is a token '{name}' already; revoke it first, or choose another name.")
        append(warehouse, "token_made", {"may": may, "digest": _digest(token)}, by=by, subject=name)
    write(warehouse, workspace)
    return token


def revoke(warehouse: Warehouse, workspace: Workspace, name: str, by: str) -> Token:
    """Raises LedgerError where there is none of that name."""
    with warehouse.joined():
        known = {each.name: each for each in in_force(warehouse)}
        if name not in known:
            listed = f"there is {', '.join(sorted(known))}" if known else "none is in force"
            raise LedgerError(f"There is no token '{name[:64]}'; {listed}.")
        append(warehouse, "token_revoked", {}, by=by, subject=name)
    write(warehouse, workspace)
    return known[name]


def in_force(warehouse: Warehouse) -> tuple[Token, ...]:
    """By name."""
    found: dict[str, Token] = {}
    for entry in entries(warehouse, _KINDS):
        name, told = entry.subject or "", entry.payload
        found.pop(name, None)
        if entry.kind == "token_made":
            found[name] = Token(
                name, told["may"], told["digest"], entry.at.isoformat(timespec="seconds"), entry.by
            )
    return tuple(found[name] for name in sorted(found))


def write(warehouse: Warehouse, workspace: Workspace) -> None:
    """Writes the file anew. Raises WorkspaceError where it can't be."""
    content = {
        "ledger": newest_of(warehouse, _KINDS),
        "tokens": [asdict(each) for each in in_force(warehouse)],
    }
    file = _file(workspace.path)
    try:
        write_private(file, json.dumps(content).encode())
    except OSError as e:
        raise WorkspaceError(
            f"{file} can't be written ({e.strerror or e}), so a server does not hear of it yet; make room there, then "
            "run 'leadline token list'."
        ) from e


def settle(warehouse: Warehouse, workspace: Workspace) -> None:
    """Writes the file where it is behind the ledger: a process died, or the workspace was restored."""
    newest = newest_of(warehouse, _KINDS)
    if newest and newest != _seen(_file(workspace.path)):
        write(warehouse, workspace)


def holder(path: Path, token: str) -> Token | None:
    """Whose token it is; None for one that is unknown or revoked. Every known one is compared, in constant time."""
    given, found = _digest(token), None
    for each in _known(path):
        if hmac.compare_digest(given, each.digest):
            found = each
    return found


def _known(path: Path) -> tuple[Token, ...]:
    file = _file(path)
    try:
        seen = file.stat()
        return _read(file, seen.st_mtime_ns, seen.st_ino, seen.st_size)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError):
        return ()  # nobody is let in by a damaged file


@lru_cache(maxsize=16)
def _read(file: Path, *seen: int) -> tuple[Token, ...]:
    """Of the file as it was `seen`."""
    return tuple(Token(**told) for told in json.loads(read_plain(file, _LARGEST))["tokens"])


def _seen(file: Path) -> int | None:
    try:
        return int(json.loads(read_plain(file, _LARGEST))["ledger"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _file(path: Path) -> Path:
    return path / PRIVATE_FOLDER / FILE


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
