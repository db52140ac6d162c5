"""The ledger of charters: every version, once, in a chain that shows a later change."""

from __future__ import annotations

import dataclasses
import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from leadline.dashboard.words.ledger import broken_words
from leadline.dashboard.words.mine import handover_sentence
from leadline.data.errors import CharterError
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import Charter, charter_template, parse_charter
from leadline.metrics.agreement.charter_versions import all_charters, charter_history, register_charter
from leadline.metrics.agreement.owners import handovers, note_handover
from leadline.metrics.agreement.verification import broken_versions

CHANGE = "update agreed.charters set {} where workflow = 'lead-routing' and version = 2"


@pytest.fixture(scope="module")
def charter() -> Charter:
    return parse_charter(charter_template(), load_catalog(None), "charter.yaml")


def _reworded(charter: Charter, words: str) -> Charter:
    return dataclasses.replace(charter, source=f"{charter.source}# {words}\n")


def _broken(warehouse: Warehouse) -> tuple[str, ...]:
    return tuple(map(broken_words, broken_versions(all_charters(warehouse))))


def _three_versions(warehouse: Warehouse, charter: Charter) -> None:
    for words in ("one", "two", "three"):
        register_charter(
            warehouse, _reworded(charter, words), "Head of Demand Generation", f"because {words}"
        )


def test_versions_count_from_one(warehouse: Warehouse, charter: Charter) -> None:
    assert register_charter(warehouse, charter, "Head of Demand Generation") == 1
    assert register_charter(warehouse, _reworded(charter, "more"), "Head of Demand Generation") == 2


def test_the_same_content_is_registered_once(warehouse: Warehouse, charter: Charter) -> None:
    assert (
        register_charter(warehouse, charter, "A") == register_charter(warehouse, charter, "B", "again") == 1
    )
    assert [version.author for version in charter_history(warehouse, charter.workflow)] == ["A"]


def test_going_back_to_earlier_content_is_a_version_of_its_own(
    warehouse: Warehouse, charter: Charter
) -> None:
    register_charter(warehouse, charter, "A")
    register_charter(warehouse, _reworded(charter, "more"), "A")
    assert register_charter(warehouse, charter, "A") == 3


def test_every_version_is_kept_with_who_and_why(warehouse: Warehouse, charter: Charter) -> None:
    _three_versions(warehouse, charter)
    history = charter_history(warehouse, "lead-routing")
    assert [version.version for version in history] == [1, 2, 3]
    assert [version.reason for version in history] == ["because one", "because two", "because three"]
    assert history[1].content == _reworded(charter, "two").source
    assert [version.previous_hash for version in history] == [
        None,
        history[0].content_hash,
        history[1].content_hash,
    ]
    assert history[0].registered_at <= history[1].registered_at <= history[2].registered_at


def test_the_history_is_there_when_the_workspace_is_opened_again(
    workspace: Workspace, charter: Charter
) -> None:
    with open_warehouse(workspace) as warehouse:
        register_charter(warehouse, charter, "A", "why – “quoted” $1; --")
    with open_warehouse(workspace) as warehouse:
        assert charter_history(warehouse, "lead-routing")[0].reason == "why – “quoted” $1; --"
        assert _broken(warehouse) == ()


def test_each_workflow_has_its_own_versions(warehouse: Warehouse, charter: Charter) -> None:
    register_charter(warehouse, charter, "A")
    other = dataclasses.replace(charter, workflow="content")
    assert register_charter(warehouse, other, "A") == 1
    assert len(charter_history(warehouse, "content")) == 1
    assert _broken(warehouse) == ()


def test_a_workflow_that_was_never_registered_has_no_history(warehouse: Warehouse) -> None:
    assert charter_history(warehouse, "lead-routing") == ()


def test_a_registration_changes_the_data_version(warehouse: Warehouse, charter: Charter) -> None:
    before = warehouse.data_version()
    register_charter(warehouse, charter, "A")
    registered = warehouse.data_version()
    register_charter(warehouse, charter, "A")
    assert before != registered == warehouse.data_version()


def test_a_registration_belongs_to_the_transaction_it_is_made_in(
    warehouse: Warehouse, charter: Charter
) -> None:
    def fails_halfway() -> None:
        with warehouse.transaction():
            assert register_charter(warehouse, charter, "A") == 1
            raise RuntimeError("something else failed")

    with pytest.raises(RuntimeError, match="something else"):
        fails_halfway()
    assert charter_history(warehouse, "lead-routing") == ()


def test_registrations_from_many_threads_are_all_kept_in_one_chain(
    warehouse: Warehouse, charter: Charter
) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = pool.map(lambda i: register_charter(warehouse, _reworded(charter, str(i)), "A"), range(24))
        assert sorted(made) == list(range(1, 25))
    assert len(charter_history(warehouse, "lead-routing")) == 24
    assert _broken(warehouse) == ()


def test_untouched_versions_verify(warehouse: Warehouse, charter: Charter) -> None:
    _three_versions(warehouse, charter)
    assert _broken(warehouse) == ()


@pytest.mark.parametrize(
    "change",
    [
        "content = content || ' '",
        "author = 'Somebody else'",
        "reason = 'another reason'",
        "registered_at = registered_at - interval 1 day",
    ],
)
def test_a_later_change_of_a_version_shows(warehouse: Warehouse, charter: Charter, change: str) -> None:
    _three_versions(warehouse, charter)
    warehouse.execute(CHANGE.format(change))
    (broken,) = _broken(warehouse)
    assert broken == "Version 2 of the charter of lead-routing was changed after it was registered."


def test_a_change_that_renews_its_own_hash_breaks_the_chain_after_it(
    warehouse: Warehouse, charter: Charter
) -> None:
    _three_versions(warehouse, charter)
    second = charter_history(warehouse, "lead-routing")[1]
    forged = dataclasses.replace(second, content="workflow: lead-routing\n")
    parameters = {"content": forged.content, "hash": forged.expected_hash()}
    warehouse.execute(CHANGE.format("content = $content, content_hash = $hash"), parameters)
    (broken,) = _broken(warehouse)
    assert broken.startswith("Version 3 of the charter of lead-routing does not follow")


def test_a_version_taken_out_shows(warehouse: Warehouse, charter: Charter) -> None:
    _three_versions(warehouse, charter)
    warehouse.execute("delete from agreed.charters where version = 2")
    (broken,) = _broken(warehouse)
    assert (
        broken == "Version 3 of the charter of lead-routing has no version right before it: one was removed."
    )


def test_a_charter_without_text_or_author_is_not_registered(warehouse: Warehouse, charter: Charter) -> None:
    with pytest.raises(CharterError, match="no text"):
        register_charter(warehouse, dataclasses.replace(charter, source=" "), "A")
    with pytest.raises(CharterError, match="who registers"):
        register_charter(warehouse, charter, " ")
    assert charter_history(warehouse, charter.workflow) == ()


def test_another_owner_or_deputy_is_a_row_of_the_ledger(warehouse: Warehouse, charter: Charter) -> None:
    before = dataclasses.replace(charter, workflow="w", owner="Ana")
    note_handover(warehouse, None, before, "Ana")
    note_handover(warehouse, before, before, "Ana")
    note_handover(warehouse, before, dataclasses.replace(before, owner="Ben", deputy="Cleo"), "Ana")
    (found,) = handovers(warehouse, "w")
    assert handover_sentence(found, dt.date(2026, 11, 3)) == (
        "3 Nov 2026: Ben answers for w in place of Ana, and its deputy is Cleo, was nobody (registered by Ana)."
    )
