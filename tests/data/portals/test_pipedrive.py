"""The second vendor: what Pipedrive answers becomes rows of ours, page by page, and what was deleted there is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from leadline.data.portals.pipedrive import Pipedrive
from leadline.data.portals.portal import Portal
from leadline.data.portals.spool import Spool, as_csv

DEALS = [
    {"id": 1, "person_id": 7, "status": "won", "value": 500, "currency": "EUR", "add_time": "2026-01-05T10:00:00Z",
     "close_time": "2026-02-01T09:00:00Z", "update_time": "2026-02-01T09:00:00Z"},
    {"id": 2, "person_id": None, "status": "open", "value": 0, "currency": "EUR", "add_time": "2026-01-06T10:00:00Z",
     "close_time": None, "update_time": "2026-02-02T09:00:00Z"},
    {"id": 3, "is_deleted": True, "status": "deleted", "add_time": "2026-01-06T10:00:00Z"},
]  # fmt: skip


class Answers:
    """A portal whose pages hold one deal each."""

    def get(self, path: str, query: Mapping[str, str]) -> Any:
        assert path == "/api/v2/deals"
        found = [
            each for each in DEALS if (each["status"] == "deleted") == (query.get("status") == "deleted")
        ]
        at = int(query.get("cursor", "0"))
        following = str(at + 1) if at + 1 < len(found) else None
        return {"data": found[at : at + 1], "additional_data": {"next_cursor": following}}


def test_deals_come_page_by_page_and_deleted_ones_are_told(tmp_path: Path) -> None:
    vendor, answers = Pipedrive(), cast(Portal, Answers())
    kind = next(each for each in vendor.kinds if each.name == "deals")
    spool = Spool.opened(tmp_path / "pipedrive", "")
    since = spool.begin(None, dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    assert list(spool.read(answers, vendor, kind, since)) == [1, 2]
    assert as_csv(kind, spool.rows(kind), "lead-routing").decode() == (
        "deal_id,lead_id,created_at,closed_at,stage,amount,currency,workflow\n"
        "1,7,2026-01-05T10:00:00Z,2026-02-01T09:00:00Z,won,500,EUR,lead-routing\n"
        "2,,2026-01-06T10:00:00Z,,open,0,EUR,lead-routing\n"
    )
    assert vendor.gone(answers, kind) == ["3"]


def test_a_page_that_a_process_wrote_and_did_not_note_is_read_again(tmp_path: Path) -> None:
    vendor, answers = Pipedrive(), cast(Portal, Answers())
    kind = next(each for each in vendor.kinds if each.name == "deals")
    spool = Spool.opened(tmp_path, "")
    since = spool.begin(None, dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    next(iter(spool.read(answers, vendor, kind, since)))
    with (tmp_path / "deals.jsonl").open("ab") as torn:
        torn.write(b'{"deal_id": "2", "_id"')
    again = Spool.opened(tmp_path, "")
    assert again.begin(None, dt.datetime(2026, 3, 2, tzinfo=dt.UTC)) == since
    assert list(again.read(answers, vendor, kind, since)) == [2]
    assert sorted(row["deal_id"] for row in again.rows(kind)) == ["1", "2"]
    again.end()
    assert again.begin(None, dt.datetime(2026, 3, 9, tzinfo=dt.UTC)).date() == dt.date(2026, 1, 30), (
        "30 days of overlap"
    )


def test_what_a_later_beginning_leaves_out_comes_with_the_next_pull(tmp_path: Path) -> None:
    spool, march = Spool.opened(tmp_path, "a"), dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    spool.begin(dt.date(2026, 2, 20), march)  # the first pull begins where somebody says
    spool.end()
    due = march - dt.timedelta(days=30)
    spool.begin(dt.date(2026, 5, 1), dt.datetime(2026, 5, 2, tzinfo=dt.UTC))
    spool.end()
    assert spool.begin(None, dt.datetime(2026, 5, 3, tzinfo=dt.UTC)) == due
    spool.end()
    assert spool.begin(None, dt.datetime(2026, 6, 3, tzinfo=dt.UTC)).date() == dt.date(2026, 4, 3)


def test_another_portal_is_read_from_its_beginning(tmp_path: Path) -> None:
    spool = Spool.opened(tmp_path, "https://sandbox.example")
    spool.begin(None, dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    spool.end()
    (tmp_path / "deals.jsonl").write_text("{}\n")
    other = Spool.opened(tmp_path, "https://example.com")
    assert other.begin(None, dt.datetime(2026, 3, 2, tzinfo=dt.UTC)).year == 1970
    assert not list(tmp_path.glob("*.jsonl"))
