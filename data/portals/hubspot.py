"""HubSpot: contacts as leads, deals, marketing e-mail events as e-mails.

Search ends at 10,000 results, so it is never paged beyond its first page: each page asks anew for what changed since,
with a record id above the last one. A record that changes meanwhile keeps its id and stays in what is asked for.
Archived records are in no search; their list is read by itself. Merged ones are in neither: the record that they have
become names them. Associations come for many deals at once, and those
of one deal in pages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from leadline.data.portals.portal import Portal
from leadline.data.portals.vendor import Kind, Page, Row, moment

PAGE = 100
"""of a list, and of addresses in one question"""
SEARCH_PAGE = 200
"""searches are limited more strictly than other requests"""
_MERGED = "hs_merged_object_ids"
_CONTACTS = Kind(
    "contacts",
    "leads",
    ("lead_id", "created_at", "channel", "owner", "first_response_at", "workflow", _MERGED),
)
_DEALS = Kind(
    "deals",
    "deals",
    ("deal_id", "lead_id", "created_at", "closed_at", "stage", "amount", "currency", "workflow", _MERGED),
)
_EVENTS = Kind(
    "email events",
    "emails",
    (
        "message_id",
        "lead_id",
        "sent_at",
        "delivered_at",
        "opened_at",
        "clicked_at",
        "machine_open",
        "workflow",
    ),
)
_CHANGED = {"contacts": "lastmodifieddate", "deals": "hs_lastmodifieddate"}
_PROPERTIES = {
    "contacts": ["createdate", "hs_analytics_source", "hubspot_owner_id", "hs_sa_first_engagement_date"],
    "deals": [
        "createdate", "closedate", "amount", "deal_currency_code", "dealstage", "hs_is_closed", "hs_is_closed_won",
    ],
}  # fmt: skip
_OF_EVENTS = {"DELIVERED": "delivered_at", "OPEN": "opened_at", "CLICK": "clicked_at"}


class HubSpot:
    """See `vendor.Vendor`. `version`: 'v3', or the date of one of HubSpot's later versions."""

    name = "HubSpot"
    versions = r"v3|20[0-9]{2}-[0-9]{2}"
    base_url = "https://api.hubapi.com"
    variable = "LEADLINE_HUBSPOT_TOKEN"
    kinds: tuple[Kind, ...] = (_CONTACTS, _DEALS, _EVENTS)

    def __init__(self, version: str = "v3") -> None:
        dated = version != "v3"
        self._objects = f"/crm/objects/{version}" if dated else "/crm/v3/objects"
        self._associations = f"/crm/associations/{version}" if dated else "/crm/v4/associations"

    def header(self, token: str) -> tuple[str, str]:
        return "Authorization", f"Bearer {token}"

    def page(self, portal: Portal, kind: Kind, since: dt.datetime, after: str | None) -> Page:
        if kind is _EVENTS:
            return _events(portal, since, after)
        changed = _CHANGED[kind.name]
        filters = [
            {"propertyName": changed, "operator": "GTE", "value": str(_milliseconds(since))},
            {"propertyName": "hs_object_id", "operator": "GT", "value": after or "0"},
        ]
        answer = portal.post(
            f"{self._objects}/{kind.name}/search",
            {
                "filterGroups": [{"filters": filters}],
                "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
                "properties": [*_PROPERTIES[kind.name], _MERGED, changed],
                "limit": SEARCH_PAGE,
            },
        )
        found = answer.get("results") or []
        read = _contact if kind is _CONTACTS else _deal
        rows = [{**read(each), **_record(each, changed)} for each in found]
        if kind is _DEALS:
            links = _contacts_of(portal, self._associations, [row["_id"] for row in rows])
            rows = [{**row, "lead_id": links.get(row["_id"], "")} for row in rows]
        # a portal that repeats records may hand on one that is behind us: the largest id counts
        last = max((int(row["_id"]) for row in rows), default=0)
        return Page(rows, str(last) if last > int(after or 0) else None)

    def whole(self, portal: Portal, kind: Kind, rows: Sequence[Row], since: dt.datetime) -> Sequence[Row]:
        if kind is not _EVENTS:
            return rows
        messages = _messages(rows, moment(str(_milliseconds(since))))
        known = _contacts_by_address(
            portal, self._objects, {row["_recipient"] for row in messages if row["_recipient"]}
        )
        return [{**row, "lead_id": known.get(row["_recipient"].lower(), "")} for row in messages]

    def gone(self, portal: Portal, kind: Kind) -> Sequence[str]:
        if kind is _EVENTS:
            return []
        found: list[str] = []
        after = ""
        while True:
            query = {"archived": "true", "limit": str(PAGE), **({"after": after} if after else {})}
            answer = portal.get(f"{self._objects}/{kind.name}", query)
            found += [str(each["id"]) for each in answer.get("results") or [] if each.get("archived", True)]
            following = _after(answer)
            if not following or following == after:
                return list(dict.fromkeys(found))
            after = following


def _contact(told: Any) -> Row:
    said = told["properties"]
    return {
        "lead_id": str(told["id"]),
        "created_at": moment(said.get("createdate") or told.get("createdAt")),
        "channel": said.get("hs_analytics_source") or "",
        "owner": said.get("hubspot_owner_id") or "",
        "first_response_at": moment(said.get("hs_sa_first_engagement_date")),
    }


def _deal(told: Any) -> Row:
    said = told["properties"]
    is_won = str(said.get("hs_is_closed_won")).lower() == "true" or said.get("dealstage") == "closedwon"
    is_closed = (
        is_won or str(said.get("hs_is_closed")).lower() == "true" or said.get("dealstage") == "closedlost"
    )
    return {
        "deal_id": str(told["id"]),
        "created_at": moment(said.get("createdate") or told.get("createdAt")),
        # of an open deal it is the day that is hoped for
        "closed_at": moment(said.get("closedate")) if is_closed else "",
        "stage": "won" if is_won else "lost" if is_closed else "open",
        "amount": said.get("amount") or "",
        "currency": said.get("deal_currency_code") or "",
    }


def _record(told: Any, changed: str) -> Row:
    said = told["properties"]
    at = moment(said.get(changed) or told.get("updatedAt"))
    return {"_id": str(told["id"]), "_changed": at, _MERGED: said.get(_MERGED) or ""}


def _contacts_of(portal: Portal, associations: str, deals: Sequence[str]) -> dict[str, str]:
    """Each deal's first contact: that with the smallest id, so that it is the same however many there are."""
    found: dict[str, int] = {}
    asked: list[dict[str, str]] = [{"id": deal} for deal in deals]
    while asked:
        answer = portal.post(f"{associations}/deals/contacts/batch/read", {"inputs": asked[:PAGE]})
        asked = asked[PAGE:]
        for each in answer.get("results") or []:
            deal = str(each["from"]["id"])
            contacts = [int(to["toObjectId"]) for to in each.get("to") or []]
            if contacts:
                found[deal] = min(contacts + ([found[deal]] if deal in found else []))
            if following := _after(each):
                asked.append({"id": deal, "after": following})
    return {deal: str(contact) for deal, contact in found.items()}


def _events(portal: Portal, since: dt.datetime, after: str | None) -> Page:
    query = {
        "startTimestamp": str(_milliseconds(since)),
        "limit": "1000",
        **({"offset": after} if after else {}),
    }
    answer = portal.get("/email/public/v1/events", query)
    rows: list[Row] = [
        {
            "_id": str(each["id"]),
            "_changed": moment(each.get("created")),
            "_type": each.get("type"),
            "_message": str((each.get("sentBy") or {}).get("id") or each["id"]),
            "_sent": moment((each.get("sentBy") or {}).get("created") or each.get("created")),
            "_recipient": each.get("recipient") or "",
            "_machine": bool(each.get("filteredEvent")) or (each.get("browser") or {}).get("type") == "Proxy",
        }
        for each in answer.get("events") or []
    ]
    following = answer.get("offset")
    return Page(rows, str(following) if answer.get("hasMore") and following not in (None, after) else None)


def _messages(events: Iterable[Row], since: str) -> list[Row]:
    """A row a message that was sent within the window: of others not every event is known here."""
    found: dict[str, Row] = {}
    for event in sorted(events, key=lambda each: (each["_changed"], each["_id"])):
        kind, at = event["_type"], event["_changed"]
        if event["_sent"] < since or (kind != "SENT" and kind not in _OF_EVENTS):
            continue
        row = found.setdefault(
            event["_message"],
            {
                "message_id": event["_message"],
                "_id": event["_message"],
                "_changed": at,
                "_recipient": "",
                "opens": [],
            },
        )
        row["_recipient"] = row["_recipient"] or event["_recipient"]
        row["sent_at"] = at if kind == "SENT" else row.get("sent_at") or event["_sent"]
        if kind == "OPEN":
            row["opens"].append((event["_machine"], at))
        elif kind in _OF_EVENTS:
            row.setdefault(_OF_EVENTS[kind], at)
    for row in found.values():
        opens = row.pop("opens")
        if opens:
            is_machine, row["opened_at"] = min(opens)  # a person's, where there is one
            row["machine_open"] = "yes" if is_machine else "no"
    return list(found.values())


def _contacts_by_address(portal: Portal, objects: str, addresses: set[str]) -> dict[str, str]:
    """Address -> contact. Addresses are asked for and not kept."""
    found: dict[str, str] = {}
    wanted = sorted({each.lower() for each in addresses})
    for at in range(0, len(wanted), PAGE):
        filters = [{"propertyName": "email", "operator": "IN", "values": wanted[at : at + PAGE]}]
        answer = portal.post(
            f"{objects}/contacts/search",
            {"filterGroups": [{"filters": filters}], "properties": ["email"], "limit": PAGE},
        )
        for each in answer.get("results") or []:
            found[str(each["properties"].get("email") or "").lower()] = str(each["id"])
    return found


def _after(told: Any) -> str:
    return str(((told.get("paging") or {}).get("next") or {}).get("after") or "")


def _milliseconds(at: dt.datetime) -> int:
    return int(at.timestamp() * 1000)
