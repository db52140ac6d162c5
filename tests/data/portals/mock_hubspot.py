"""A portal on loopback that behaves as HubSpot documents it, with faults that can be switched on."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import threading
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

SEARCH_ENDS_AT = 10_000
PAGE = 100
"""of a list, and of the associations of one record"""
LARGEST_SEARCH, LARGEST_BATCH = 200, 1_000
LONGEST_ADDRESS = 2_000
CHANGED = {"contacts": "lastmodifieddate", "deals": "hs_lastmodifieddate"}


@dataclass
class MockHubSpot:
    """Records by kind and id, and which faults happen: name -> chance at each request."""

    tokens: set[str] = field(default_factory=lambda: {"good"})
    records: dict[str, dict[int, dict[str, str]]] = field(
        default_factory=lambda: {"contacts": {}, "deals": {}}
    )
    archived: dict[str, set[int]] = field(default_factory=lambda: {"contacts": set(), "deals": set()})
    links: dict[int, list[int]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    faults: dict[str, float] = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    clock: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    skew: dt.timedelta = dt.timedelta()
    hidden: set[int] = field(default_factory=set)
    """records that the index of the search has not taken in yet"""
    searches: int | None = None
    """how many a `window` (seconds) takes; None for any"""
    window: float = 1.0
    meddle: Callable[[MockHubSpot], None] | None = None
    """what somebody does in the portal between two pages, where 'changed' happens; None: an amount changes"""
    asked: int = 0
    paths: set[str] = field(default_factory=set)
    ends_after: int | None = None
    """requests until the token ends"""
    url: str = ""
    _searched: deque[float] = field(default_factory=deque)

    def put(self, kind: str, number: int, **properties: str) -> None:
        """A record is made or changed, now."""
        known = self.records[kind].setdefault(number, {"createdate": "2026-01-05T10:00:00Z"})
        known |= {**properties, "hs_object_id": str(number)}
        self.clock += dt.timedelta(milliseconds=3)
        known[CHANGED[kind]] = (
            (self.clock + self.skew).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        )

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

    def happens(self, fault: str) -> bool:
        return self.chance.random() < self.faults.get(fault, 0)

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

    def is_too_fast(self) -> bool:
        """Whether one more search is beyond the limit, which is stricter than that of reading."""
        if self.searches is None:
            return False
        now = time.monotonic()
        while self._searched and self._searched[0] <= now - self.window:
            self._searched.popleft()
        if len(self._searched) >= self.searches:
            return True
        self._searched.append(now)
        return False

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


@contextmanager
def portal(told: MockHubSpot) -> Iterator[MockHubSpot]:
    """Serves it until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, body: Any) -> None:
            told.asked += 1
            if told.ends_after is not None and told.asked > told.ends_after:
                told.tokens.discard("good")
            url = urlsplit(self.path)
            if self.headers.get("Authorization", "").removeprefix("Bearer ") not in told.tokens:
                return self._send(401, {})
            if len(self.path) > LONGEST_ADDRESS:
                return self._send(414, {})
            if told.happens("429" if "search" in self.path else "429 elsewhere"):
                return self._send(429, {}, {"Retry-After": "0"})
            if "search" in self.path and told.is_too_fast():
                return self._send(429, {})
            if told.happens("500"):
                return self._send(500, {})
            if told.happens("gone"):
                self.close_connection = True
                return None
            status, answer = told.answer(self.command, url.path, dict(parse_qsl(url.query)), body)
            self._send(status, answer, cut=told.happens("cut"))
            return None

        def _send(
            self, status: int, answer: Any, headers: dict[str, str] | None = None, *, cut: bool = False
        ) -> None:
            content = json.dumps(answer).encode()
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if cut else content)
            self.close_connection = self.close_connection or cut

        def log_message(self, *_: object) -> None:
            """The test says what it found."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
