"""Pipedrive: deals and, as leads, the persons they are with. Pages by cursor, oldest id first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from leadline.data.portals.portal import Portal
from leadline.data.portals.vendor import Kind, Page, Row, moment

PAGE = 500
_PERSONS = Kind("persons", "leads", ("lead_id", "created_at", "workflow"))
_DEALS = Kind(
    "deals",
    "deals",
    ("deal_id", "lead_id", "created_at", "closed_at", "stage", "amount", "currency", "workflow"),
)


class Pipedrive:
    """See `vendor.Vendor`."""

    name = "Pipedrive"
    versions = "v2"
    base_url = "https://api.pipedrive.com"
    variable = "LEADLINE_PIPEDRIVE_TOKEN"
    kinds: tuple[Kind, ...] = (_PERSONS, _DEALS)

    def __init__(self, version: str = "v2") -> None:
        self._objects = f"/api/{version}"

    def header(self, token: str) -> tuple[str, str]:
        return "x-api-token", token

    def page(self, portal: Portal, kind: Kind, since: dt.datetime, after: str | None) -> Page:
        query = {
            "updated_since": since.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "sort_by": "id", "sort_direction": "asc", "limit": str(PAGE), **({"cursor": after} if after else {}),
        }  # fmt: skip
        answer = portal.get(f"{self._objects}/{kind.name}", query)
        read = _person if kind is _PERSONS else _deal
        rows = [
            {**read(each), "_id": str(each["id"]), "_changed": moment(each.get("update_time"))}
            for each in answer.get("data") or []
            if not each.get("is_deleted")
        ]
        following = (answer.get("additional_data") or {}).get("next_cursor")
        return Page(rows, str(following) if following and following != after else None)

    def whole(self, portal: Portal, kind: Kind, rows: Sequence[Row], since: dt.datetime) -> Sequence[Row]:
        return rows

    def gone(self, portal: Portal, kind: Kind) -> Sequence[str]:
        if kind is not _DEALS:
            return []
        found: list[str] = []
        after = ""
        while True:
            query = {"status": "deleted", "limit": str(PAGE), **({"cursor": after} if after else {})}
            answer = portal.get(f"{self._objects}/deals", query)
            found += [str(each["id"]) for each in answer.get("data") or []]
            following = str((answer.get("additional_data") or {}).get("next_cursor") or "")
            if not following or following == after:
                return list(dict.fromkeys(found))
            after = following


def _person(told: Any) -> Row:
    return {"lead_id": str(told["id"]), "created_at": moment(told.get("add_time"))}


def _deal(told: Any) -> Row:
    status = told.get("status")
    return {
        "deal_id": str(told["id"]),
        "lead_id": str(told.get("person_id") or ""),
        "created_at": moment(told.get("add_time")),
        "closed_at": moment(told.get("close_time") or told.get("won_time") or told.get("lost_time"))
        if status in ("won", "lost")
        else "",
        "stage": status if status in ("won", "lost") else "open",
        "amount": told.get("value") if told.get("value") is not None else "",
        "currency": told.get("currency") or "",
    }
