"""A portal that behaves as HubSpot documents it."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.data.portals.mock_portal import MockPortal

SEARCH_ENDS_AT = 10_000
PAGE = 100
"""of a list, and of the associations of one record"""
LARGEST_SEARCH, LARGEST_BATCH = 200, 1_000
CHANGED = {"contacts": "lastmodifieddate", "deals": "hs_lastmodifieddate"}


@dataclass
class MockHubSpot(MockPortal):
    """Records by kind and id."""

    records: dict[str, dict[int, dict[str, str]]] = field(
        default_factory=lambda: {"contacts": {}, "deals": {}}
    )
    archived: dict[str, set[int]] = field(default_factory=lambda: {"contacts": set(), "deals": set()})
    links: dict[int, list[int]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    """records that the index of the search has not taken in yet"""
    meddle: Callable[[MockHubSpot], None] | None = None
    """what somebody does in the portal between two pages, where 'changed' happens; None: an amount changes"""

    def put(self, kind: str, number: int, **properties: str) -> None:
        """A record is made or changed, now."""
        known = self.records[kind].setdefault(number, {"createdate": "2026-01-05T10:00:00Z"})
        known |= {**properties, "hs_object_id": str(number)}
        known[CHANGED[kind]] = self.now()

    def archive(self, kind: str, number: int) -> None:
        """A contact that goes takes its associations with it."""
        self.archived[kind].add(number)
        for deal in [each for each, known in self.links.items() if kind == "contacts" and number in known]:
            self.links[deal].remove(number)
            self.put("deals", deal)

    def merge(self, kind: str, kept: int, other: int) -> int:
        """Two become a new one; they are in no search and no list any more, and what was theirs is its."""
        number = max(self.records[kind]) + 1
        told = self.records[kind].pop(kept)
        gone = {kept, other, *map(int, filter(None, told.pop("hs_merged_object_ids", "").split(";")))}
        del self.records[kind][other]
        self.put(kind, number, **told, hs_merged_object_ids=";".join(map(str, sorted(gone))))
        if kind == "deals":
            self.links[number] = sorted({*self.links.pop(kept, []), *self.links.pop(other, [])})
        else:
            self.links = {
                deal: [number if each in (kept, other) else each for each in known]
                for deal, known in self.links.items()
            }
        return number

    def restore(self, kind: str, number: int) -> None:
        self.archived[kind].discard(number)
        self.put(kind, number)

    def facts(self) -> dict[str, tuple[str, str, str]]:
        """What the portal says of its deals: id -> lead, stage, amount."""
        return {
            str(number): (
                str(min(self.links[number])) if self.links.get(number) else "",
                "won"
                if told.get("hs_is_closed_won") == "true"
                else "lost"
                if told.get("hs_is_closed") == "true"
                else "open",
                told.get("amount", ""),
            )
            for number, told in self.records["deals"].items()
            if number not in self.archived["deals"]
        }

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        self.paths.add(path)
        path = re.sub(r"^/crm/(objects|associations)/20[0-9]{2}-(03|09)/", r"/crm/dated/\1/", path)
        path = path.replace("/crm/dated/objects/", "/crm/v3/objects/")
        path = path.replace("/crm/dated/associations/", "/crm/v4/associations/")
        parts = path.strip("/").split("/")
        if parts[:3] == ["crm", "v3", "objects"] and parts[4:] == ["search"] and method == "POST":
            return self._search(parts[3], body)
        if parts[:3] == ["crm", "v3", "objects"] and len(parts) == 4 and method == "GET":
            return self._listed(parts[3], query)
        if path == "/crm/v4/associations/deals/contacts/batch/read":
            return self._associations(body)
        if path == "/email/public/v1/events":
            start = int(query["startTimestamp"])
            found = [each for each in self.events if each["created"] >= start]
            at, limit = int(query.get("offset", "0")), min(int(query["limit"]), 3)
            return 200, {
                "events": found[at : at + limit],
                "hasMore": at + limit < len(found),
                "offset": str(at + limit),
            }
        return 404, {}

    def _search(self, kind: str, body: Any) -> tuple[int, Any]:
        at, limit = int(body.get("after", 0)), int(body.get("limit", 10))
        if at + limit > SEARCH_ENDS_AT or limit > LARGEST_SEARCH:
            return 400, {"message": f"ends at {SEARCH_ENDS_AT}, in pages of {LARGEST_SEARCH}"}
        filters = [one for group in body["filterGroups"] for one in group["filters"]]
        known, found = self.records[kind], []
        numbers = sorted(known)
        above = max(
            (int(one["value"]) for one in filters if one["propertyName"] == "hs_object_id"), default=0
        )
        for number in numbers[bisect_right(numbers, above) :]:
            if number in self.archived[kind] or number in self.hidden:
                continue
            if all(self._holds(kind, known[number], one) for one in filters):
                found.append((number, known[number]))
                if len(found) > at + limit:
                    break
        results = [
            self._shown(number, told, body.get("properties", [])) for number, told in found[at : at + limit]
        ]
        if results and self.happens("repeated"):
            results.append(results[0])
        if self.happens("changed") and known:
            if self.meddle is not None:
                self.meddle(self)
            else:
                self.put(kind, self.chance.choice(numbers), amount=str(self.chance.randint(1, 99_999)))
        more = len(found) > at + limit
        return 200, {"results": results, **({"paging": {"next": {"after": str(at + limit)}}} if more else {})}

    def _holds(self, kind: str, told: dict[str, str], one: Any) -> bool:
        said = told.get(one["propertyName"], "")
        if one["operator"] == "IN":
            return said in one["values"]
        if one["propertyName"] == "hs_object_id":
            return int(said) > int(one["value"])
        at = dt.datetime.fromisoformat(said.replace("Z", "+00:00")).timestamp() * 1000
        return at >= float(one["value"])

    def _listed(self, kind: str, query: dict[str, str]) -> tuple[int, Any]:
        of_archived = query.get("archived") == "true"
        known = [
            number for number in sorted(self.records[kind]) if (number in self.archived[kind]) == of_archived
        ]
        at, limit = int(query.get("after", 0)), min(int(query.get("limit", 10)), PAGE)
        results = [
            {"id": str(number), "archived": of_archived, "properties": {}}
            for number in known[at : at + limit]
        ]
        more = at + limit < len(known)
        return 200, {"results": results, **({"paging": {"next": {"after": str(at + limit)}}} if more else {})}

    def _associations(self, body: Any) -> tuple[int, Any]:
        results = []
        if len(body["inputs"]) > LARGEST_BATCH:
            return 400, {"message": f"at most {LARGEST_BATCH} inputs"}
        for one in body["inputs"]:
            contacts, at = self.links.get(int(one["id"]), []), int(one.get("after", 0))
            if not contacts:
                continue
            told = {
                "from": {"id": one["id"]},
                "to": [{"toObjectId": each} for each in contacts[at : at + PAGE]],
            }
            if at + PAGE < len(contacts):
                told["paging"] = {"next": {"after": str(at + PAGE)}}
            results.append(told)
        return 207 if len(results) < len(body["inputs"]) else 200, {"results": results}

    @staticmethod
    def _shown(number: int, told: dict[str, str], properties: list[str]) -> dict[str, Any]:
        return {"id": str(number), "properties": {name: told.get(name) for name in properties}}
