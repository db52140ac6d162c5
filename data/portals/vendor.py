"""What a vendor's client has to say; everything else about a pull is the same for all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from leadline.data.portals.portal import Portal

Row = dict[str, Any]
"""our columns by name; `_id`, and `_changed` as text that sorts, stand for the vendor's own"""


@dataclass(frozen=True)
class Kind:
    """One kind of objects, which become rows of one template."""

    name: str
    template: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row]
    after: str | None
    """where the next page begins; None after the last"""


class Vendor(Protocol):
    """A client. All methods raise PortalError."""

    name: str
    versions: str
    """of its API that the client can speak: a regular expression"""
    base_url: str
    variable: str
    kinds: tuple[Kind, ...]

    def header(self, token: str) -> tuple[str, str]:
        """Name and value of the header that carries the token."""
        ...

    def page(self, portal: Portal, kind: Kind, since: dt.datetime, after: str | None) -> Page:
        """Objects that changed at or after `since` (UTC). Nothing that was there all along may be passed over when
        others change between two pages."""
        ...

    def whole(self, portal: Portal, kind: Kind, rows: Sequence[Row], since: dt.datetime) -> Sequence[Row]:
        """What the pages of a kind come to, where a row is made of several objects."""
        ...

    def gone(self, portal: Portal, kind: Kind) -> Sequence[str]:
        """Identities that were archived or deleted there."""
        ...


def moment(said: Any) -> str:
    """A moment as the portal writes it, as ISO 8601 in UTC; '' for none. Takes milliseconds since 1970 as well."""
    if said in (None, "", 0, "0"):
        return ""
    text = str(said)
    try:
        if text.isdigit():
            return _iso(dt.datetime.fromtimestamp(int(text) / 1000, dt.UTC))
        told = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (ValueError, OverflowError, OSError):
        return text  # set aside as it stands when it lands
    return _iso(told if told.tzinfo else told.replace(tzinfo=dt.UTC))


def _iso(told: dt.datetime) -> str:
    return told.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
