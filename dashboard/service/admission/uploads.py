"""Which sessions may upload, and how much all of them together."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

LARGEST_UPLOADS = 2_000_000_000
"""bytes that all sessions together may have sent and not yet landed or dropped"""
_SESSIONS = 1_000
_guard = threading.Lock()
_sessions: OrderedDict[str, None] = OrderedDict()


def allow(session: str) -> None:
    """From now on that session of a page may upload: its person's role was asked, and the page shows an uploader."""
    with _guard:
        _sessions[session] = None
        _sessions.move_to_end(session)
        while len(_sessions) > _SESSIONS:
            _sessions.popitem(last=False)


def is_allowed(session: str) -> bool:
    with _guard:
        return session in _sessions


class Room:
    """The bytes that are being sent just now, beside those `held` already."""

    def __init__(self, held: Callable[[], int], largest: int = LARGEST_UPLOADS) -> None:
        self._held = held
        self._largest = largest
        self._coming = 0

    def take(self, size: int) -> bool:
        """Whether there is room for so many more; then they count until `leave`."""
        with _guard:
            if self._held() + self._coming + size > self._largest:
                return False
            self._coming += size
            return True

    def leave(self, size: int) -> None:
        with _guard:
            self._coming -= size
