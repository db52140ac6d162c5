"""Whatever the weeks bring (values, gaps, late data, edits, an import taken back): the laws of alerts hold."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from unittest import mock

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from leadline.data.exports.landing_report import ImportRecord, RowCounts
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement import record_review
from leadline.metrics.agreement.alerts import alerts
from leadline.metrics.agreement.entries import Entry, entries
from leadline.metrics.agreement.record_review import sync_alerts
from leadline.metrics.agreement.rules import WeekObservation, evaluate_rule
from leadline.metrics.agreement.verification import verify
from leadline.metrics.charter_terms import Charter, StoppingRule, digest
from leadline.metrics.results import RuleState, StandingRule
from tests.conftest import SMALL
from tests.metrics import shown

FIRST = dt.date(2024, 1, 7)
BASELINE = 0.20
VALUES = st.sampled_from([0.08, 0.11, 0.14, 0.16, 0.19])
UNITS = st.sampled_from([10, 39, 40, 400])


def _floor(threshold: int, weeks: int, sample: int) -> Charter:
    text = shown.TEXT.replace("close_rate < 15%", f"close_rate < {threshold}%")
    text = text.replace("for: 2 weeks", f"for: {weeks} week{'s' if weeks > 1 else ''}")
    return shown.charter(text.replace("min_sample: 40", f"min_sample: {sample}"))


class Alerting(RuleBasedStateMachine):
    """One workflow with the rule 'floor'; a model beside it counts the stays in breach."""

    def __init__(self) -> None:
        super().__init__()
        self.closing = ExitStack()
        folder = Path(tempfile.mkdtemp())
        self.closing.callback(shutil.rmtree, folder, ignore_errors=True)
        (folder / "charters").mkdir()
        self.warehouse = self.closing.enter_context(open_warehouse(Workspace(folder, SMALL)))
        self.imports: list[ImportRecord] = []
        self.closing.enter_context(mock.patch.object(record_review, "list_imports", side_effect=self._listed))
        self.weeks: list[WeekObservation] = []
        self.before: dict[int, list[WeekObservation]] = {}
        """import → the weeks as they were without it"""
        self.clock = dt.datetime(2024, 1, 8)
        self.agreed = _floor(15, 2, 40)
        self.raised_under: Charter | None = None
        self.stays = 0
        self.written: tuple[Entry, ...] = ()

    def teardown(self) -> None:
        self.closing.close()

    @initialize(values=st.lists(VALUES, max_size=3))
    def begin(self, values: list[float]) -> None:
        for value in values:
            self._observe(value, 400, complete=True)
        self._look()

    @rule(value=VALUES, units=UNITS)
    def a_week_passes(self, value: float, units: int) -> None:
        self._observe(value, units, complete=True)
        self._look()

    @rule(value=VALUES)
    def a_week_is_not_complete(self, value: float) -> None:
        self._observe(value, 400, complete=False)
        self._look()

    @rule()
    def a_week_has_no_value(self) -> None:
        self._observe(None, 0, complete=True)
        self._look()

    @precondition(lambda self: self.weeks)
    @rule(data=st.data(), value=VALUES)
    def data_come_late(self, data: st.DataObject, value: float) -> None:
        place = data.draw(st.integers(max(len(self.weeks) - 4, 0), len(self.weeks) - 1))
        self._import()
        self.weeks[place] = replace(self.weeks[place], value=value, units=400, complete=True)
        self._look()

    @precondition(lambda self: any(i.undone_at is None for i in self.imports))
    @rule(data=st.data())
    def an_import_is_taken_back(self, data: st.DataObject) -> None:
        standing = [i for i in self.imports if i.undone_at is None]
        gone = data.draw(st.sampled_from(standing))
        self._tick()
        self.imports[gone.import_id - 1] = replace(gone, undone_at=self.clock)
        earlier = self.before[gone.import_id]
        self.weeks[: len(earlier)] = earlier
        self._look()

    @rule(threshold=st.sampled_from([10, 15, 18]), weeks=st.integers(1, 3), sample=st.sampled_from([30, 40]))
    def the_rule_is_edited(self, threshold: int, weeks: int, sample: int) -> None:
        self.agreed = _floor(threshold, weeks, sample)
        self._look()

    @rule()
    def somebody_looks_again(self) -> None:
        before = entries(self.warehouse)
        assert self._sync() == ()
        assert entries(self.warehouse) == before

    def _observe(self, value: float | None, units: int, *, complete: bool) -> None:
        self._import()
        end = FIRST + dt.timedelta(weeks=len(self.weeks))
        self.weeks.append(WeekObservation(end, complete, frozenset(), value, units))

    def _import(self) -> None:
        self._tick()
        number = len(self.imports) + 1
        self.before[number] = list(self.weeks)
        self.imports.append(
            ImportRecord(
                import_id=number,
                file=f"deals-{number}.csv",
                sha256="0" * 64,
                source="template",
                template="deals",
                workflow=None,
                landed_at=self.clock,
                undone_at=None,
                rows=RowCounts(),
            )
        )

    def _listed(self, _: object) -> list[ImportRecord]:
        return list(self.imports)

    def _tick(self) -> None:
        self.clock += dt.timedelta(hours=1)

    def _state(self, agreed: Charter) -> RuleState:
        return evaluate_rule(_rule(agreed), self.weeks, BASELINE)

    def _sync(self) -> tuple[Entry, ...]:
        standing: tuple[StandingRule, ...] = ()
        if self.raised_under is not None and self.raised_under.source != self.agreed.source:
            as_raised = self._state(self.raised_under)
            standing = (StandingRule(digest(self.raised_under.source), as_raised),)
        workflow = shown.workflow(self._state(self.agreed), agreed=self.agreed, standing=standing)
        day = self.weeks[-1].week_end if self.weeks else FIRST
        events = sync_alerts(self.warehouse, shown.review(workflow, as_of=day), self.clock)
        return tuple(event for event in events if event.kind != "overdue")

    def _look(self) -> None:
        """A review, with the model beside it: what it must have recorded, no more and no less."""
        self._tick()
        expected = []
        if self.raised_under is not None and self._has_ended(self._state(self.raised_under)):
            expected.append("alert_resolved")
        still_open = self.raised_under is not None and not expected
        now = self._state(self.agreed)
        if now.state == "breached" and not still_open:
            expected.append("alert_raised")
            self._assert_earned()
        told = [event.kind for event in self._sync()]
        assert [kind for kind in told if kind != "alert_worse"] == expected
        if "alert_resolved" in expected:
            self.raised_under = None
        if "alert_raised" in expected:
            self.raised_under = self.agreed
            self.stays += 1

    def _has_ended(self, state: RuleState) -> bool:
        raised = next(alert for alert in alerts(self.warehouse) if alert.is_open)
        undone = any(i.undone_at is not None and i.undone_at >= raised.raised_at for i in self.imports)
        return state.state in ("ok", "pending") or (state.state == "no_data" and undone)

    def _assert_earned(self) -> None:
        """The rule's own condition, counted by hand: `for` judged weeks in a row, each on `min_sample` units."""
        agreed = _rule(self.agreed)
        limit = agreed.when.number
        assert limit is not None
        judged = [
            week.value < limit
            for week in self.weeks
            if week.complete and week.value is not None and week.units >= agreed.min_sample
        ]
        runs = [judged[at : at + agreed.for_weeks] for at in range(len(judged) - agreed.for_weeks + 1)]
        assert any(all(run) for run in runs)

    @invariant()
    def at_most_one_alert_is_open_and_each_stay_had_one(self) -> None:
        known = alerts(self.warehouse)
        assert sum(alert.is_open for alert in known) == (self.raised_under is not None)
        assert len(known) == self.stays

    @invariant()
    def the_chain_is_whole_and_nothing_is_rewritten(self) -> None:
        rows = entries(self.warehouse)
        assert rows[: len(self.written)] == self.written
        assert verify(self.warehouse) == ()
        self.written = rows


def _rule(agreed: Charter) -> StoppingRule:
    return next(each for each in agreed.stopping_rules if each.id == "floor")


Alerting.TestCase.settings = settings(
    max_examples=6,
    stateful_step_count=18,
    suppress_health_check=[HealthCheck.too_slow],
)
test_alerts_obey_their_laws = Alerting.TestCase
