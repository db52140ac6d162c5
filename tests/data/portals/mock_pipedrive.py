"""A portal that behaves as Pipedrive documents it: lists by cursor, deleted deals only where that is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.data.portals.mock_portal import MockPortal

LARGEST_PAGE = 500


@dataclass
class MockPipedrive(MockPortal):
    """Persons and deals by id."""

    token_header = "x-api-token"
    records: dict[str, dict[int, dict[str, Any]]] = field(
        default_factory=lambda: {"persons": {}, "deals": {}}
    )

    def put(self, kind: str, number: int, **said: Any) -> None:
        """A record is made or changed, now."""
        known = self.records[kind].setdefault(number, {"id": number, "add_time": "2026-01-05T10:00:00Z"})
        known |= {**said, "update_time": self.now()}

    def facts(self) -> dict[str, tuple[str, str, str]]:
        """What the portal says of its deals: id -> lead, stage, amount."""
        return {
            str(number): (str(told.get("person_id") or ""), told["status"], str(told["value"]))
            for number, told in self.records["deals"].items()
            if told["status"] != "deleted"
        }

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        kind = path.removeprefix("/api/v2/")
        if method != "GET" or kind not in self.records or int(query["limit"]) > LARGEST_PAGE:
            return 404, {}
        of_deleted, since = query.get("status") == "deleted", query.get("updated_since", "")
        found = [
            told
            for number, told in sorted(self.records[kind].items())
            if (told.get("status") == "deleted") == of_deleted
            and told["update_time"] >= since
            and number > int(query.get("cursor", "0"))
        ]
        page = found[: min(int(query["limit"]), 40)]  # a page may be shorter than it was asked to be
        more = {"next_cursor": str(page[-1]["id"]) if len(found) > len(page) else None}
        if page and self.happens("repeated"):
            page = [*page, page[0]]
        if self.happens("changed") and self.records[kind]:
            self.put(
                kind, self.chance.choice(sorted(self.records[kind])), value=self.chance.randint(1, 99_999)
            )
        return 200, {"success": True, "data": [dict(each) for each in page], "additional_data": more}
