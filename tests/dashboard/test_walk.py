"""From drift to decision to recovered: what every surface tells the leader to do, at every step of the way.

Three workflows with the same drift, landed once: one is adjusted and comes back, one is paused and one is let go on,
then stopped, and both of these don't; at last nothing lands any more. In each step the review is made once and rendered
everywhere. Afterwards every week of the year is looked back at: it says what was said then, as past.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from leadline.dashboard.cli import print_ledger
from leadline.dashboard.drawings import pack_html
from leadline.dashboard.drawings.alert_card_png import card_alt
from leadline.dashboard.drawings.pack import pack_of
from leadline.dashboard.drawings.pack_html import html
from leadline.dashboard.service import ledger_commands
from leadline.dashboard.service.commands import status
from leadline.dashboard.service.review_json import to_contract
from leadline.dashboard.words.alert_card import card_words
from leadline.dashboard.words.due import action_due
from leadline.dashboard.words.formats import long_day
from leadline.dashboard.words.review_card import card
from leadline.dashboard.words.review_text import to_text
from leadline.dashboard.words.verdicts import headline, known_sentence, statement
from leadline.dashboard.words.week import due_words
from leadline.data.landing.land import IngestOptions, land
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.alerts import Alert, alerts
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import load_charters
from leadline.metrics.agreement.charter_versions import register_charter
from leadline.metrics.agreement.close_review import close_review, undecided_alerts
from leadline.metrics.agreement.decisions import DecisionKind, NewDecision, record_decision
from leadline.metrics.agreement.record_review import sync_alerts
from leadline.metrics.answers import as_recorded
from leadline.metrics.results import Review, WorkflowReview
from leadline.metrics.review import replay, review
from tests.conftest import SMALL
from tests.dashboard.read_page import ReadPage

CATALOG = load_catalog(None)
START, DEPLOYED, DECIDED, WEEKS = dt.date(2024, 1, 1), 40, 52, 76
KINDS: dict[str, DecisionKind] = {"adjusted": "adjust", "paused": "pause", "let-go-on": "continue"}


def _sunday(week: int) -> dt.date:
    return START + dt.timedelta(weeks=week, days=-1)


CHECKPOINT = _sunday(DECIDED + 4)
STEPS = {
    "drifting": _sunday(DECIDED),
    "decided": _sunday(DECIDED),
    "waiting": _sunday(DECIDED + 2),
    "overdue": _sunday(DECIDED + 5),
    "looked at": _sunday(DECIDED + 5),
    "stopped": _sunday(DECIDED + 5),
    "recovered": _sunday(WEEKS),
    "late": _sunday(WEEKS + 4),
}
FIRST = DEPLOYED + 1


def _write(folder: Path) -> list[Path]:
    """Forty leads a week; of them ten close before the deployment and after the adjustment, else four."""
    leads, deals = [], []
    for name in KINDS:
        for number in range(40 * WEEKS):
            week, place = divmod(number, 40)
            day, key = START + dt.timedelta(weeks=week, days=place % 7), f"{name} {number}"
            answered = dt.datetime.combine(day, dt.time(9 if week >= DEPLOYED else 15))
            leads.append((key, f"{day}T08:00", answered, name))
            every = 10 if week >= DEPLOYED and not (name == "adjusted" and week >= DECIDED) else 4
            if number % every == 0:
                deals.append(
                    (f"d {key}", key, day, day + dt.timedelta(days=3 + place % 14), "won", 1000, "EUR")
                )
    files = [folder / "leads.csv", folder / "deals.csv"]
    for file, header, rows in (
        (files[0], ("lead_id", "created_at", "first_response_at", "workflow"), leads),
        (files[1], ("deal_id", "lead_id", "created_at", "closed_at", "stage", "amount", "currency"), deals),
    ):
        with file.open("w", newline="") as opened:
            csv.writer(opened).writerows([header, *rows])
    return files


@dataclass(frozen=True)
class Step:
    """One review of one day, with all that was said of it."""

    name: str
    review: Review
    listed: dict[str, Any]
    """what `leadline alerts` was given"""
    alerts: tuple[Alert, ...]
    messages: tuple[dict[str, Any], ...]
    _said: dict[str, dict[str, str]] = field(default_factory=dict)

    def workflow(self, name: str) -> WorkflowReview:
        return next(each for each in self.review.workflows if each.workflow == name)

    def alone(self, name: str) -> Review:
        return replace(self.review, workflows=(self.workflow(name),))

    def surfaces(self, name: str) -> dict[str, str]:
        """Surface → what it says of one workflow, on one line; rendered once."""
        if name not in self._said:
            self._said[name] = self._rendered(name)
        return self._said[name]

    def _rendered(self, name: str) -> dict[str, str]:
        alone = self.alone(name)
        (shown,) = alone.workflows
        (written,) = to_contract(alone, CATALOG)["workflows"]
        own = [alert for alert in self.alerts if alert.workflow == name and alert.is_open]
        pack = pack_of(alone, CATALOG, workspace_name="Northwind", codes={})
        said = {
            "text": to_text(alone, CATALOG),
            "json": f"{written['headline']} {written['due']['text']}",
            "weekly page": due_words(shown, own),
            "weekly card": card(shown, CATALOG).due.replace("\\", ""),
            "card": card_words(alone, shown, CATALOG, workspace_name="Northwind", code="").text(),
            "alternative text": card_alt(alone, shown, CATALOG),
            "pack": ReadPage(html(pack)).text,
        }
        return {surface: " ".join(words.replace("\u00a0", " ").split()) for surface, words in said.items()}

    def listing(self, name: str) -> str:
        """What the list of alerts says of one workflow."""
        lines = print_ledger.alerts(self.listed).splitlines()
        return " ".join(line for line in lines if name in line)

    def told(self, name: str) -> list[str]:
        """The messages about one workflow that were sent in this step."""
        return [f"{m['title']} {m['body']}" for m in self.messages if name in m["title"]]


class Team:
    def __init__(self, warehouse: Warehouse, workspace: Workspace) -> None:
        self.warehouse, self.workspace = warehouse, workspace

    def on(self, day: dt.date) -> Workspace:
        return replace(self.workspace, settings=replace(SMALL, as_of=day))

    def looks(self, name: str, day: dt.date) -> Step:
        """`leadline check --notify` of that day."""
        today = self.on(day)
        shown = review(self.warehouse, today, day)
        shown = as_recorded(shown, sync_alerts(self.warehouse, shown))
        sent = list(ledger_commands.pending(self.warehouse, today, {"channels": ["mail"]}))
        for message in sent:
            list(
                ledger_commands.delivered(
                    self.warehouse, today, {"event": message["event"], "channel": "mail"}
                )
            )
        (listed,) = ledger_commands.alerts(self.warehouse, today, {})
        return Step(name, shown, listed, alerts(self.warehouse), tuple(sent))

    def decides(self, seen: Review) -> None:
        for alert in alerts(self.warehouse):
            new = NewDecision(
                KINDS[alert.workflow],
                "As agreed",
                alert.owner,
                "Ana",
                seen.as_of,
                alert.id,
                next_checkpoint=CHECKPOINT,
            )
            record_decision(self.warehouse, new, seen)

    def stops(self, seen: Review, workflow: str) -> None:
        new = NewDecision(
            "stop", "It did not come back", "Head of Sales", "Ana", seen.as_of, workflow=workflow
        )
        record_decision(self.warehouse, new, seen)

    def closes(self, seen: Review) -> None:
        carried = {alert.id: "The board meets later" for alert in undecided_alerts(self.warehouse, seen)}
        close_review(self.warehouse, seen, by="Ana", on=seen.as_of, carried=carried)


@dataclass(frozen=True)
class Year:
    steps: dict[str, Step]
    """as it was looked at then"""
    weeks: tuple[Step, ...]
    """as it is looked back at from its last day"""


@pytest.fixture(scope="module")
def walk(year: Year) -> dict[str, Step]:
    return year.steps


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    folder = tmp_path_factory.mktemp("walk")
    workspace = Workspace(path=folder, settings=SMALL)
    (folder / "charters").mkdir()
    (folder / "metrics.yaml").write_text("close_rate: {within_weeks: 6}\n")
    for name in KINDS:
        (folder / "charters" / f"{name}.yaml").write_text(
            f"workflow: {name}\nowner: Head of Sales\ndeployed_on: {START + dt.timedelta(weeks=DEPLOYED)}\n"
            "entry_lag: 0 days\nwatch: {proxies: [response_time], outcomes: [close_rate]}\n"
            "stopping_rules:\n  - {id: divergence, when: diverging, action: pause}\ncheckpoints: {every: 4 weeks}\n"
        )
    with pytest.MonkeyPatch.context() as patched, open_warehouse(workspace) as warehouse:
        # drawing takes longer than all the rest
        patched.setattr(ledger_commands, "draw_card", lambda *_: b"")
        patched.setattr(pack_html, "divergence_png", lambda *_, **__: b"")
        for file in _write(folder):
            assert land(warehouse, file, IngestOptions(exported_on=_sunday(WEEKS))).state == "landed"
        team, steps = Team(warehouse, workspace), {}
        for charter in load_charters(workspace, CATALOG):
            register_charter(warehouse, charter, "CEO")
        for name, day in STEPS.items():
            if name == "decided":
                team.decides(steps["drifting"].review)
            if name == "looked at":
                team.closes(steps["overdue"].review)
            if name == "stopped":
                team.stops(steps["looked at"].review, "let-go-on")
            steps[name] = team.looks(name, day)
        last = STEPS["late"]
        weeks = replay(warehouse, team.on(last), _sunday(FIRST), last)
        yield Year(steps, tuple(Step(str(r.as_of), r, {}, (), ()) for r in weeks))


PAST = (
    *("was drifting", "was declining", "needed watching", "was recovering", "was holding"),
    *("was too young to judge", "couldn't be judged because of its data"),
)
ASKED = ("Pause the workflow", "Agreed action: pause")
"""what was agreed for the breach"""


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("step", STEPS)
def test_every_surface_says_what_is_due_in_the_same_words(
    walk: dict[str, Step], step: str, name: str
) -> None:
    due = action_due(walk[step].workflow(name))
    for surface, words in walk[step].surfaces(name).items():
        assert due in words, surface
    listed = walk[step].listing(name)
    if walk[step].workflow(name).verdict == "diverging":
        says_so = due.startswith(listed.rpartition(". ")[2]) or due in listed
        assert says_so or (due.startswith(ASKED[0]) and listed.endswith(f"{ASKED[1]}."))


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("step", ["decided", "waiting", "overdue", "looked at", "stopped", "recovered"])
def test_nobody_is_told_to_do_again_what_was_decided(walk: dict[str, Step], step: str, name: str) -> None:
    """Until somebody has looked; a pause, which was done, for as long as it stands."""
    if name == "let-go-on" and step == "looked at":
        assert action_due(walk[step].workflow(name)).startswith(ASKED[0])
        return
    said = {
        **walk[step].surfaces(name),
        "alerts": walk[step].listing(name),
        "messages": " ".join(walk[step].told(name)),
    }
    for surface, words in said.items():
        assert not [asked for asked in ASKED if asked in words], surface
    if name == "paused":
        decided = "Look again: the checkpoint of decision" if step == "overdue" else "Decided: pause"
        assert decided in headline(walk[step].workflow(name), CATALOG)


def test_what_is_decided_is_told_of_every_kind_and_its_checkpoint_until_somebody_looks(
    walk: dict[str, Step],
) -> None:
    day = "26 Jan 2025"
    for name, kind in KINDS.items():
        due = [action_due(walk[step].workflow(name)) for step in ("decided", "waiting", "overdue")]
        assert due[:2] == [f"Decided: {kind}; look again {day}."] * 2
        assert due[2].startswith("Look again: the checkpoint of decision D")
        assert due[2].endswith(f"({kind}) was {day}.")


def test_messages_tell_a_breach_once_with_what_is_due_then_what_is_overdue_and_that_it_is_over(
    walk: dict[str, Step],
) -> None:
    for name in KINDS:
        (raised,) = walk["drifting"].told(name)
        assert f"Due: {action_due(walk['drifting'].workflow(name))}" in raised
        assert [walk[step].told(name) for step in ("decided", "waiting", "looked at", "recovered")] == [
            [],
            [],
            [],
            [],
        ]
        late = walk["overdue"].told(name)[-1]
        assert action_due(walk["overdue"].workflow(name)).partition(" was ")[0] in late
    assert ["the breach of rule" in each for each in walk["overdue"].told("adjusted")] == [True, False]


def test_what_entered_since_it_was_paused_is_told_everywhere_until_another_decision(
    walk: dict[str, Step],
) -> None:
    """Decided on a Sunday evening; forty leads enter in each week after it."""
    for step, entered in (
        ("decided", 0),
        ("waiting", 80),
        ("overdue", 200),
        ("recovered", 40 * (WEEKS - DECIDED)),
    ):
        (written,) = to_contract(walk[step].alone("paused"), CATALOG)["workflows"]
        assert (written["running"], written["entered_since_stop"]) == ("paused", entered)
        (written,) = to_contract(walk[step].alone("adjusted"), CATALOG)["workflows"]
        assert (written["running"], written["entered_since_stop"]) == ("running", None)
    for surface, words in walk["waiting"].surfaces("paused").items():
        if surface not in ("weekly page", "weekly card"):
            assert "Paused on 29 December 2024; 80 have entered since." in words, surface
    assert "Paused on" in card(walk["waiting"].workflow("paused"), CATALOG).statement


def test_the_exit_status_is_of_what_is_breached(walk: dict[str, Step]) -> None:
    """A decision does not end a breach; what brings the outcome back does."""
    own = {name: [status(step.alone(name)) for step in walk.values()] for name in KINDS}
    assert own == {
        "adjusted": [3, 3, 3, 0, 0, 0, 0, 4],
        "paused": [*[3] * 7, 4],
        "let-go-on": [*[3] * 7, 4],
    }


def test_each_week_of_the_year_is_told_alike_everywhere_and_as_it_was_told_then(year: Year) -> None:
    """Surfaces, JSON, exit status and the words of pages agree; what was due then is still what was due."""
    told_then = {step.review.as_of: step for step in year.steps.values()}  # of several on one day the last
    for week in year.weeks:
        for name in KINDS:
            shown, day = week.workflow(name), week.review.as_of
            (written,) = to_contract(week.alone(name), CATALOG)["workflows"]
            words = written["due"]["text"]
            if day in told_then:
                assert words == action_due(told_then[day].workflow(name)), (name, day)
            for surface, told in week.surfaces(name).items():
                assert words in told, (name, day, surface)
                if shown.known is not None:
                    assert known_sentence(shown.known) in told or surface.startswith("weekly"), (
                        name,
                        day,
                        surface,
                    )
            _agrees(written, status(week.alone(name)), day)
            past = statement(shown, CATALOG, then=day)
            assert past.startswith(
                tuple(f"{name} {said} on {long_day(day)}. Seen then: " for said in PAST)
            ), past


def _agrees(written: dict[str, Any], exit_status: int, day: dt.date) -> None:
    """Keys of one workflow in one week, held to each other."""
    states = {rule["state"] for rule in written["rules"]}
    unjudged, kind = written["verdict"] == "data_problem", written["due"]["kind"]
    assert (kind == "bring_data") is unjudged
    assert exit_status == (4 if unjudged else 3 if "breached" in states else 0)
    assert (written["known"] is not None) is unjudged
    assert not unjudged or states == {"no_data"}
    decided_on = None if written["decision"] is None else dt.date.fromisoformat(written["decision"]["on"])
    assert (decided_on is not None) is (day >= _sunday(DECIDED))
    decision = written["decision"]["kind"] if decided_on else ""
    assert written["running"] == {"pause": "paused", "stop": "stopped"}.get(decision, "running")
    assert (written["entered_since_stop"] is None) is (written["running"] == "running")
    if written["running"] != "running":
        assert kind != "decide"
    if kind == "look_again":
        assert written["due"]["by"] == written["decision"]["next"] == CHECKPOINT.isoformat()
    if kind == "decide":
        assert states == {"breached"}
        assert written["due"]["action"] == "pause"


def test_what_is_due_stands_in_one_piece_on_the_page_to_print(year: Year) -> None:
    """Letter by letter, so that whoever looks for the sentence of the JSON finds it."""
    for step in year.steps.values():
        for name in KINDS:
            pack = pack_of(step.alone(name), CATALOG, workspace_name="Northwind", codes={})
            due = action_due(step.workflow(name))
            assert any(due in words for words in ReadPage(html(pack)).words), (step.name, name)


def test_recovered_is_told_wherever_a_statement_is(walk: dict[str, Step]) -> None:
    step = walk["recovered"]
    assert step.workflow("adjusted").recovered is not None
    for surface, words in step.surfaces("adjusted").items():
        if surface not in ("weekly page", "weekly card"):
            assert "Close rate recovered on" in words, surface
    assert "resolved" in step.listing("adjusted")
