"""Browsers that may look at a workspace without a login: whoever had the address that was printed.

The address carries a secret that is good once: its first use gives the browser a cookie. The cookie is signed with
the workspace's own key, so that a restart knows it again; who removes the key's file takes all of them back.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from pathlib import Path

from leadline.data.errors import WorkspaceError
from leadline.data.workspace.lock import PRIVATE_FOLDER
from leadline.data.workspace.private_files import write_private

PARAMETER = "open"
"""of the address that is printed"""
KEY_FILE = "browsers.key"
COOKIE_SECONDS = 90 * 24 * 3600
_KEY_BYTES = 32
_MOST_ADDRESSES = 64
"""unused ones that are remembered; an older one is forgotten"""


class Visitors:
    """Gives out addresses that are good once, and knows the cookies that it gave for them."""

    def __init__(self, path: Path) -> None:
        self._key = derived(path, "browsers")
        self._unused: list[bytes] = []
        # cookies are sent to every port of a host: two workspaces on one machine must not take each other's
        self.cookie = f"leadline_{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]}"
        """its name"""

    def new_secret(self) -> str:
        """For one address."""
        secret = secrets.token_urlsafe(32)
        self._unused = [*self._unused[1 - _MOST_ADDRESSES :], _digest(secret)]
        return secret

    def spend(self, secret: str) -> bool:
        """Whether the secret was good; from now on it is not."""
        digest = _digest(secret)
        found = [each for each in self._unused if hmac.compare_digest(each, digest)]
        self._unused = [each for each in self._unused if each not in found]
        return bool(found)

    def new_cookie(self) -> str:
        """The cookie's value."""
        told = f"{int(time.time())}.{secrets.token_urlsafe(16)}"
        return f"{told}.{self._signature(told)}"

    def is_known(self, cookie: str | None) -> bool:
        """Whether this workspace gave that cookie, no longer ago than it holds."""
        told, _, signature = (cookie or "").rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(told).encode()):
            return False
        return time.time() - int(told.partition(".")[0]) < COOKIE_SECONDS

    def _signature(self, told: str) -> str:
        return hmac.new(self._key, told.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def derived(path: Path, purpose: str) -> bytes:
    """A key of the workspace for that purpose alone, from the one in its private folder, made where there is none.

    Raises WorkspaceError where it can be neither read nor written.
    """
    file = path / PRIVATE_FOLDER / KEY_FILE
    try:
        key = file.read_bytes() if file.is_file() else b""
        if len(key) != _KEY_BYTES:
            key = secrets.token_bytes(_KEY_BYTES)
            write_private(file, key)
    except OSError as e:
        raise WorkspaceError(
            f"{file} can't be used ({e.strerror or e}), and without it no browser is known again; make room on its "
            "disk, or check that you may write there."
        ) from e
    return hmac.new(key, purpose.encode(), hashlib.sha256).digest()


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
