"""`leadline pull hubspot` against a portal on loopback: after any faults the landed facts are the portal's."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadline.data.portals import portal as portals
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from tests.dashboard.command_line import assert_one_sentence, run
from tests.data.portals.mock_hubspot import MockHubSpot
from tests.data.portals.mock_pipedrive import MockPipedrive
from tests.data.portals.mock_portal import portal

FAULTS = {
    "429": 0.2,
    "429 elsewhere": 0.1,
    "500": 0.1,
    "gone": 0.1,
    "cut": 0.1,
    "repeated": 0.3,
    "changed": 0.3,
}


@pytest.fixture
def hubspot(monkeypatch: pytest.MonkeyPatch) -> Iterator[MockHubSpot]:
    monkeypatch.setattr(portals, "FIRST_PAUSE_SECONDS", 0.001)
    monkeypatch.setenv("LEADLINE_HUBSPOT_TOKEN", "good")
    told = MockHubSpot()
    for number in range(1, 141):
        told.put("contacts", number, hs_analytics_source="PAID_SEARCH", email=f"person{number}@example.com")
    for number in range(1001, 1251):
        told.put("deals", number, amount=str(number), deal_currency_code="EUR")
        told.links[number] = [number % 140 + 1]
    told.links[1001] = list(range(140, 0, -1))  # the first contact is on the second page
    told.links[1002] = []
    with portal(told) as served:
        yield served


@pytest.fixture
def team(tmp_path: Path, hubspot: MockHubSpot) -> Path:
    folder = tmp_path / "team"
    run("init", folder)
    (folder / "leadline.toml").write_text(
        f'threads = 1\n[pull.hubspot]\nbase_url = "{hubspot.url}"\nworkflow = "lead-routing"\n'
    )
    return folder


def facts(team: Path) -> dict[str, tuple[str, str, str]]:
    with open_warehouse(open_workspace(team)) as warehouse:
        rows = warehouse.select(
            "select deal_id, coalesce(lead_id, ''), stage, coalesce(amount::int::text, '') from facts.deals"
        )
    return {deal: (lead, stage, amount) for deal, lead, stage, amount in rows}


def test_what_the_portal_says_lands_with_all_its_associations_and_what_is_archived_goes(
    team: Path, hubspot: MockHubSpot
) -> None:
    ran = run("pull", "hubspot", workspace=team)
    assert ran.status == 0, ran
    assert facts(team) == hubspot.facts()
    assert facts(team)["1001"] == ("1", "open", "1001")
    hubspot.put(
        "deals",
        1003,
        amount="77",
        hs_is_closed="true",
        hs_is_closed_won="true",
        closedate="2026-02-10T09:00:00Z",
    )
    hubspot.archive("deals", 1004)
    ran = run("pull", "hubspot", workspace=team)
    assert "1 row of deals retired" in ran.out
    assert facts(team) == hubspot.facts()
    assert facts(team)["1003"] == ("24", "won", "77")
    assert "1004" not in facts(team)
    assert "retired" not in run("pull", "hubspot", workspace=team).out, "what is gone is retired once"


def test_merged_records_count_once_and_links_lead_to_what_they_have_become(
    team: Path, hubspot: MockHubSpot
) -> None:
    assert run("pull", "hubspot", workspace=team).status == 0
    deal, contact = hubspot.merge("deals", 1010, 1011), hubspot.merge("contacts", 41, 42)
    assert run("pull", "hubspot", workspace=team).status == 0
    told = facts(team)
    assert told == hubspot.facts()
    assert not {"1010", "1011"} & set(told)
    assert told["1020"][0] == str(contact), "a deal that nobody changed"
    hubspot.merge("deals", deal, 1012)
    run("pull", "hubspot", workspace=team)
    assert facts(team) == hubspot.facts()


def test_events_become_messages_and_machines_are_told_from_people(team: Path, hubspot: MockHubSpot) -> None:
    sent = 1_771_000_000_000
    by = {"sentBy": {"id": "m1", "created": sent}, "recipient": "person7@example.com"}
    hubspot.events = [
        {"id": "m1", "type": "SENT", "created": sent, "recipient": "person7@example.com"},
        {"id": "e2", "type": "DELIVERED", "created": sent + 5_000, **by},
        {"id": "e3", "type": "OPEN", "created": sent + 6_000, "filteredEvent": True, **by},
        {"id": "e4", "type": "OPEN", "created": sent + 90_000, **by},
        {"id": "e5", "type": "CLICK", "created": sent + 95_000, **by},
        {"id": "e6", "type": "OPEN", "created": sent, "sentBy": {"id": "m0", "created": 86_300_000}},
    ]
    assert run("pull", "hubspot", workspace=team).status == 0
    with open_warehouse(open_workspace(team)) as warehouse:
        rows = warehouse.select(
            "select message_id, lead_id, epoch(opened_at - sent_at), machine_open from facts.emails"
        )
    assert rows == [("m1", "7", 90.0, False)]
    assert "person7" not in (team / "inbox" / "landed").glob("*email*").__next__().read_text(), (
        "no address is kept"
    )


def test_a_token_that_ends_in_the_middle_is_told_and_the_next_pull_goes_on(
    team: Path, hubspot: MockHubSpot, monkeypatch: pytest.MonkeyPatch
) -> None:
    hubspot.ends_after = 4
    ran = run("pull", "hubspot", workspace=team)
    assert_one_sentence(ran)
    assert "LEADLINE_HUBSPOT_TOKEN" in ran.err
    assert "good" not in ran.err
    asked, hubspot.tokens = hubspot.asked, {"renewed"}
    monkeypatch.setenv("LEADLINE_HUBSPOT_TOKEN", "renewed")
    hubspot.put("deals", 1250, amount="5")
    assert run("pull", "hubspot", workspace=team).status == 0
    assert facts(team) == hubspot.facts()
    whole = hubspot.asked - asked
    run("pull", "hubspot", "--since", "1971-01-01", workspace=team)
    assert hubspot.asked - asked - whole > whole, "pages that were read are not read again"


def test_after_any_faults_and_pulls_the_facts_are_the_portals(team: Path, hubspot: MockHubSpot) -> None:
    chance, settings = random.Random(3), team / "leadline.toml"
    told = settings.read_text()
    for faults, version in (({name: FAULTS[name] for name in ("429", "changed")}, "v3"), (FAULTS, "2026-03")):
        settings.write_text(f'{told}version = "{version}"\n')
        hubspot.faults = dict(faults)
        hubspot.skew = dt.timedelta(hours=chance.choice((-10, 10)))
        for _ in range(4):
            hubspot.put("deals", chance.randrange(1001, 1260), amount=str(chance.randrange(1, 90_000)))
        hubspot.archive("deals", chance.randrange(1001, 1250))
        run("pull", "hubspot", workspace=team)
    hubspot.faults = {}
    hubspot.restore("deals", max(hubspot.archived["deals"]))
    assert run("pull", "hubspot", workspace=team).status == 0
    assert facts(team) == hubspot.facts()
    assert any("/2026-03/" in each for each in hubspot.paths)


def test_the_facts_of_another_vendor_are_its_portals_after_any_faults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portals, "FIRST_PAUSE_SECONDS", 0.001)
    monkeypatch.setenv("LEADLINE_PIPEDRIVE_TOKEN", "good")
    team, chance, told = tmp_path / "team", random.Random(5), MockPipedrive()
    for number in range(1, 61):
        told.put("persons", number)
    for number in range(1, 121):
        told.put("deals", number, person_id=number % 60 + 1, status="open", value=number, currency="EUR")
    run("init", team)
    with portal(told):
        (team / "leadline.toml").write_text(
            f'threads = 1\n[pull.pipedrive]\nbase_url = "{told.url}"\nworkflow = "lead-routing"\n'
        )
        told.faults = {name: FAULTS[name] for name in FAULTS if name != "changed"}
        for _ in range(3):
            run("pull", "pipedrive", workspace=team)
            for number in chance.sample(range(1, 121), 5):
                closed = {"close_time": "2026-02-10T09:00:00Z"}
                told.put("deals", number, status=chance.choice(("won", "lost", "deleted")), **closed)
            told.faults["changed"] = 0.3
        told.faults = {}
        assert run("pull", "pipedrive", workspace=team).status == 0
        assert facts(team) == told.facts()


@pytest.mark.parametrize("said", ['base_url = "http://hubspot.example.com"', 'version = "v9"'])
def test_a_token_is_never_sent_in_the_clear_or_to_what_nobody_knows(team: Path, said: str) -> None:
    (team / "leadline.toml").write_text(f"[pull.hubspot]\n{said}\n")
    assert_one_sentence(run("pull", "hubspot", workspace=team))
