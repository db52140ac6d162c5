"""The ledger: appended, chained, never changed; whatever is done to a row is found and named."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.dashboard.words.ledger import broken_words, kind_words
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.charter_versions import register_charter
from leadline.metrics.agreement.entries import (
    KINDS,
    Entry,
    LedgerError,
    append,
    canonical,
    entries,
    ledger_version,
)
from leadline.metrics.agreement.verification import broken_rows, verify
from tests.metrics.shown import CHARTER

AT = dt.datetime(2024, 7, 1, 7, 30, 15, 123456)


def _five(warehouse: Warehouse) -> tuple[Entry, ...]:
    for number in range(1, 6):
        payload = {"reason": f"because {number}", "ß": ["日本", None, 0.1]}
        append(warehouse, "decision", payload, by="Head of Sales", workflow="lead-routing", letter="D", at=AT)
    return entries(warehouse)


def _found(warehouse: Warehouse, head: str | None = None) -> tuple[str, ...]:
    return tuple(map(broken_words, verify(warehouse, head)))


def test_rows_count_from_one_and_name_their_own_subject(warehouse: Warehouse) -> None:
    rows = _five(warehouse)
    assert [row.sequence for row in rows] == [1, 2, 3, 4, 5]
    assert [row.subject for row in rows] == ["D1", "D2", "D3", "D4", "D5"]
    assert ledger_version(warehouse) == 5
    assert rows[0].previous_hash is None
    assert all(after.previous_hash == before.hash for before, after in itertools.pairwise(rows))


def test_a_row_comes_back_as_it_was_appended(warehouse: Warehouse) -> None:
    payload = {"b": 1, "a": {"ü": "x\n\u2028'\";--"}}
    told = append(
        warehouse, "review_closed", payload, by=" Head  of Sales ", workflow="w", subject="E1", at=AT
    )
    assert entries(warehouse) == (told,)
    assert dict(told.payload) == payload
    assert (told.by, told.at) == ("Head of Sales", AT)
    assert verify(warehouse) == ()


def test_nobody_appends_without_a_name(warehouse: Warehouse) -> None:
    with pytest.raises(LedgerError, match="say who"):
        append(warehouse, "decision", {}, by="  ")
    assert entries(warehouse) == ()


def test_a_number_that_is_none_is_not_written(warehouse: Warehouse) -> None:
    with pytest.raises(ValueError, match="JSON"):
        append(warehouse, "decision", {"odds": float("nan")}, by="A")
    assert entries(warehouse) == ()


def test_what_a_transaction_takes_back_was_never_written(warehouse: Warehouse) -> None:
    _five(warehouse)

    def fail() -> None:
        with warehouse.transaction():
            append(warehouse, "decision", {}, by="A")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert len(entries(warehouse)) == 5
    append(warehouse, "decision", {}, by="A")
    assert verify(warehouse) == ()


def test_rows_appended_at_the_same_time_all_stand_in_one_chain(warehouse: Warehouse) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: append(warehouse, "decision", {"n": n}, by="A", letter="D"), range(40)))
    rows = entries(warehouse)
    assert [row.sequence for row in rows] == list(range(1, 41))
    assert len({row.payload["n"] for row in rows}) == 40
    assert verify(warehouse) == ()


def test_rows_are_picked_by_kind_workflow_and_subject(warehouse: Warehouse) -> None:
    _five(warehouse)
    append(warehouse, "overdue", {}, by="A", workflow="nurture", subject="D3")
    assert [row.sequence for row in entries(warehouse, ("overdue",))] == [6]
    assert [row.sequence for row in entries(warehouse, workflow="nurture")] == [6]
    assert [row.sequence for row in entries(warehouse, subject="D3")] == [3, 6]
    assert entries(warehouse, ()) == ()


def test_every_kind_has_words_of_its_own_and_one_of_a_later_version_is_its_own_word() -> None:
    assert len({kind_words(kind) for kind in KINDS}) == len(KINDS)
    assert kind_words("alert_raised") == "alert raised"
    assert kind_words("alert_\nsnoozed") == "alert_ snoozed"


@pytest.mark.parametrize(
    "change",
    [
        "payload = replace(payload, 'because 3', 'because I say so')",
        "actor = 'Somebody else'",
        "happened_at = happened_at + interval 1 microsecond",
        "workflow = 'nurture'",
        "workflow = null",
        "subject = 'D4'",
        "kind = 'overdue'",
        "previous_hash = null",
        "hash = reverse(hash)",
    ],
)
def test_a_row_changed_later_is_named(warehouse: Warehouse, change: str) -> None:
    _five(warehouse)
    warehouse.execute(f"update agreed.ledger set {change} where sequence = 3")
    found = _found(warehouse)
    assert found[0].startswith("Row 3 (")
    assert found[0].endswith("was changed after it was written.")
    assert not any("Row 2" in sentence or "Row 5" in sentence for sentence in found)


def test_a_change_that_renews_the_rows_own_hash_breaks_the_chain_behind_it(warehouse: Warehouse) -> None:
    rows = _five(warehouse)
    forged = dataclasses.replace(rows[2], by="Somebody else")
    warehouse.execute(
        "update agreed.ledger set actor = 'Somebody else', hash = $hash where sequence = 3",
        {"hash": forged.expected_hash()},
    )
    (found,) = _found(warehouse)
    assert found == (
        "Row 4 (decision on lead-routing, 1 July 2024) does not follow from the row before it: one was exchanged."
    )


def test_rows_taken_out_are_named(warehouse: Warehouse) -> None:
    _five(warehouse)
    warehouse.execute("delete from agreed.ledger where sequence = 2")
    assert _found(warehouse) == ("Row 2 is missing: removed after it was written.",)
    warehouse.execute("delete from agreed.ledger where sequence in (1, 3)")
    assert _found(warehouse) == ("Rows 1 to 3 are missing: removed after it was written.",)


def test_rows_that_change_places_are_named_with_their_own(warehouse: Warehouse) -> None:
    _five(warehouse)
    for old, new in ((3, 100), (4, 3), (100, 4)):
        warehouse.execute(f"update agreed.ledger set sequence = {new} where sequence = {old}")
    found = _found(warehouse)
    assert len(found) == 2
    assert found[0].startswith("Row 3 (")
    assert found[0].endswith("stands out of order: it was written as row 4.")
    assert found[1].endswith("stands out of order: it was written as row 3.")


def test_rows_taken_off_the_end_are_missed_by_a_hash_that_was_noted(warehouse: Warehouse) -> None:
    rows = _five(warehouse)
    warehouse.execute("delete from agreed.ledger where sequence = 5")
    assert verify(warehouse) == ()
    assert verify(warehouse, rows[3].hash.upper()) == ()
    (found,) = _found(warehouse, rows[4].hash)
    noted = f"No row has the hash {rows[4].hash[:12]}… that was noted down"
    assert found == f"{noted}: rows were removed from the end."


def test_a_charter_version_taken_off_the_end_is_missed_by_the_row_that_tells_of_it(
    warehouse: Warehouse,
) -> None:
    register_charter(warehouse, CHARTER, "Head of Sales", "first")
    register_charter(
        warehouse, dataclasses.replace(CHARTER, source=f"{CHARTER.source}# more\n"), "Head of Sales"
    )
    assert [entry.payload["version"] for entry in entries(warehouse, ("charter",))] == [1, 2]
    assert verify(warehouse) == ()
    warehouse.execute("delete from agreed.charters where version = 2")
    (found,) = _found(warehouse)
    assert found.startswith("Row 2 (charter registered on lead-routing, ")
    assert found.endswith(") tells of version 2 of the charter, which is not kept any more.")


def test_the_chain_is_whole_when_the_workspace_is_opened_again(workspace: Workspace) -> None:
    with open_warehouse(workspace) as warehouse:
        before = _five(warehouse)
    with open_warehouse(workspace) as warehouse:
        assert entries(warehouse) == before
        append(warehouse, "decision", {}, by="A")
        assert verify(warehouse) == ()


_texts = st.text(max_size=12)


@given(
    st.dictionaries(_texts, st.none() | st.booleans() | st.integers() | _texts | st.lists(_texts, max_size=3))
)
def test_a_payload_is_written_in_one_way_only(payload: dict[str, object]) -> None:
    backwards = dict(reversed(list(payload.items())))
    assert canonical(payload) == canonical(backwards)
    assert json.loads(canonical(payload)) == payload


@given(st.integers(0, 4), st.sampled_from(["kind", "workflow", "subject", "by", "text"]), st.text(min_size=1))
def test_no_field_can_change_unseen(place: int, name: str, value: str) -> None:
    chain: list[Entry] = []
    for number in range(1, 6):
        previous = chain[-1].hash if chain else None
        open_row = Entry(number, "decision", "w", "D1", AT, "A", canonical({"n": number}), previous, "")
        chain.append(dataclasses.replace(open_row, hash=open_row.expected_hash()))
    assert broken_rows(chain) == ()
    if getattr(chain[place], name) != value:
        chain[place] = dataclasses.replace(chain[place], **{name: value})
        assert len(broken_rows(chain)) == 1
