"""From a row in a CSV to a verdict: the whole way, on samples, simulated flows and scenarios."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import leadline.data.samples
from leadline.dashboard.service.review_json import to_contract
from leadline.dashboard.words.formats import long_day
from leadline.data.errors import WorkspaceError
from leadline.data.exports.landing_report import IngestOptions
from leadline.data.landing.land import land
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace, open_workspace
from leadline.metrics.causes import NOTHING
from leadline.metrics.findings import UnjudgedRule
from leadline.metrics.reporting_delays import export_days
from leadline.metrics.results import Review, WorkflowReview
from leadline.metrics.review import replay, review
from leadline.metrics.validations import UNVALIDATED
from tests.scenarios import CHARTER, DEPLOYED, END, SCENARIOS, Scenario

SAMPLES = Path(leadline.data.samples.__file__).with_name("workspace")


@contextmanager
def _opened(folder: Path, exports: list[Path], charters: list[Path]) -> Iterator[tuple[Warehouse, Workspace]]:
    (folder / "charters").mkdir(parents=True, exist_ok=True)
    for charter in charters:
        shutil.copy(charter, folder / "charters")
    workspace = open_workspace(folder)
    with open_warehouse(workspace) as warehouse:
        for export in exports:
            report = land(warehouse, export, IngestOptions())
            assert report.state == "landed", report.message
        yield warehouse, workspace


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Warehouse, Workspace]]:
    folder = tmp_path_factory.mktemp("samples")
    shutil.copy(SAMPLES / "leadline.toml", folder)
    exports = sorted((SAMPLES / "exports").glob("*.csv"))
    with _opened(folder, exports, sorted((SAMPLES / "charters").glob("*.yaml"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def weekly(samples: tuple[Warehouse, Workspace]) -> Review:
    warehouse, workspace = samples
    return review(warehouse, workspace, workspace.today())


def test_the_samples_show_one_that_drifts_one_too_young_and_one_that_holds(weekly: Review) -> None:
    assert [(w.workflow, w.verdict) for w in weekly.workflows] == [
        ("lead-routing", "diverging"),
        ("nurture", "too_early"),
        ("content-studio", "aligned"),
    ]


def test_the_drift_of_the_samples_is_told_as_it_was_made(weekly: Review) -> None:
    """Made: answers in 8 instead of 165 minutes, 36 % fewer close of the leads since 6 April 2026."""
    pair = weekly.workflows[0].pairs[0]
    assert pair.mechanism == "fewer"
    assert pair.proxy_change.relative == pytest.approx(8 / 165 - 1, abs=0.01)
    for found in weekly.workflows[0].pairs:
        assert found.since is not None
        assert dt.date(2026, 3, 16) <= found.since <= dt.date(2026, 6, 30)
        assert found.outcome_change.low is not None
        assert found.outcome_change.high is not None
        assert found.outcome_change.low <= -0.36 <= found.outcome_change.high
    rule = weekly.workflows[0].rules[0]
    assert (rule.state, rule.action) == ("breached", "pause")
    cost = weekly.workflows[0].cost
    assert cost is not None
    assert cost.value_low is not None
    assert 0 < cost.value_low < (cost.value or 0)
    assert cost.currency == "EUR"


def test_too_early_says_from_when_an_answer_can_be_expected(weekly: Review) -> None:
    pair = weekly.workflows[1].pairs[0]
    assert pair.answer_expected is not None
    assert weekly.as_of < pair.answer_expected < weekly.as_of + dt.timedelta(weeks=26)
    assert pair.proxy_change.improved is True


def test_young_cohorts_are_drawn_apart_from_what_is_known(weekly: Review) -> None:
    closing = next(s for s in weekly.workflows[0].series if s.metric == "close_rate")
    assert closing.maturity[-1] < 0.2
    assert closing.known[-1] is not None
    assert closing.projected[-1] is not None
    assert closing.known[-1] < 0.5 * closing.projected[-1]
    old = closing.weeks.index(dt.date(2025, 6, 2))
    assert closing.known[old] == pytest.approx(closing.projected[old], rel=0.01)


def test_a_replay_shows_each_week_what_a_check_of_that_day_shows(
    samples: tuple[Warehouse, Workspace],
) -> None:
    warehouse, workspace = samples
    first, last = dt.date(2026, 5, 3), dt.date(2026, 8, 2)
    for replayed in replay(warehouse, workspace, first, last):
        if replayed.as_of in (first, dt.date(2026, 6, 14), last):
            assert replayed == _judged(review(warehouse, workspace, replayed.as_of))


def _judged(checked: Review) -> Review:
    """What is judged: causes and what reviewers found are asked of the day itself."""
    bare = (replace(w, causes=NOTHING, validation=UNVALIDATED) for w in checked.workflows)
    return replace(checked, workflows=tuple(bare))


def test_what_landed_later_changes_nothing_of_an_earlier_day(
    samples: tuple[Warehouse, Workspace], tmp_path: Path
) -> None:
    """The same day judged with all exports, and with exports of the same day that were cut at that day."""
    warehouse, workspace = samples
    day = dt.date(2026, 6, 14)
    exported = max(made for _, made in export_days(warehouse).of_imports.values())
    cut = []
    for export in sorted((SAMPLES / "exports").glob("*.csv")):
        cut.append(_cut(export, tmp_path / f"{export.stem} {exported}.csv", day))
    folder = tmp_path / "cut"
    folder.mkdir()
    shutil.copy(SAMPLES / "leadline.toml", folder)
    with _opened(folder, cut, sorted((SAMPLES / "charters").glob("*.yaml"))) as (other, its):
        assert review(other, its, day) == review(warehouse, workspace, day)


def _cut(export: Path, to: Path, day: dt.date) -> Path:
    """What the export would have said at the end of `day`: later rows gone, later events not yet filled in."""
    tomorrow = (day + dt.timedelta(days=1)).isoformat()
    later = {
        "closed_at": {"stage": "open"},
        "held_at": {"status": "booked", "qualified": ""},
        "first_response_at": {},
    }
    entry = {
        "leads": 1,
        "appointments": 2,
        "deals": 2,
        "assets": 1,
        "asset_uses": 1,
        "campaigns": 1,
        "reviews": 1,
        "briefs": 1,
        "versions": 3,
    }
    with export.open(newline="") as source, to.open("w", newline="") as target:
        reader = csv.DictReader(source)
        writer = csv.DictWriter(target, reader.fieldnames or [])
        writer.writeheader()
        for row in reader:
            if list(row.values())[entry[export.stem]] >= tomorrow:
                continue
            for column, becomes in later.items():
                if row.get(column, "") >= tomorrow:
                    row.update({column: "", **becomes})
            writer.writerow(row)
    return to


def test_the_order_of_rows_and_the_splitting_of_an_export_change_nothing(
    samples: tuple[Warehouse, Workspace], weekly: Review, tmp_path: Path
) -> None:
    exports = []
    for export in sorted((SAMPLES / "exports").glob("*.csv")):
        head, *rows = export.read_text().splitlines()
        for part in (1, 0):
            file = tmp_path / f"{export.stem}_{part}.csv"
            file.write_text("\n".join([head, *reversed(rows[part::2])]) + "\n")
            exports.append(file)
    folder = tmp_path / "split"
    folder.mkdir()
    shutil.copy(SAMPLES / "leadline.toml", folder)
    with _opened(folder, exports, sorted((SAMPLES / "charters").glob("*.yaml"))) as (warehouse, workspace):
        assert review(warehouse, workspace, workspace.today()) == weekly


def test_a_row_walks_from_a_csv_to_a_verdict(tmp_path: Path) -> None:
    """Sixty weeks of twenty leads, eight won two weeks later; from week 40 on answers are fast and two are won."""
    exports = _by_rule(tmp_path)
    charter = tmp_path / "desk.yaml"
    charter.write_text(
        "workflow: desk\nname: Desk\nowner: Ann\ndeployed_on: 2024-10-07\n"
        "watch: {proxies: [response_time], outcomes: [close_rate]}\n"
        "stopping_rules: [{id: stop, when: diverging, action: pause}]\n"
    )
    with _opened(tmp_path / "walk", exports, [charter]) as (warehouse, workspace):
        before = review(warehouse, workspace, dt.date(2024, 10, 20)).workflows[0]
        after = review(warehouse, workspace, dt.date(2025, 2, 23)).workflows[0]
    assert before.verdict == "too_early"
    assert after.verdict == "diverging"
    assert after.pairs[0].outcome_change.relative == pytest.approx(-0.75, abs=0.08)
    assert after.pairs[0].outcome_change.baseline_value == pytest.approx(0.4, abs=0.02)
    assert after.pairs[0].proxy_change.current_value == pytest.approx(5.0, rel=0.05)
    assert after.rules[0].state == "breached"


def _by_rule(folder: Path) -> list[Path]:
    start = dt.datetime(2024, 1, 1, 9)
    leads, deals = (
        ["lead_id,created_at,workflow,first_response_at"],
        ["deal_id,lead_id,created_at,closed_at,stage"],
    )
    for week in range(60):
        fast, won = (5, 2) if week >= 40 else (120, 8)
        for i in range(20):
            key, created = f"{week}-{i}", start + dt.timedelta(weeks=week, hours=i)
            leads.append(f"L{key},{created},desk,{created + dt.timedelta(minutes=fast)}")
            if i < won:
                deals.append(f"D{key},L{key},{created},{created + dt.timedelta(days=14)},won")
    files = [folder / "leads.csv", folder / "deals.csv"]
    for file, rows in zip(files, (leads, deals), strict=True):
        file.write_text("\n".join(rows) + "\n")
    return files


def test_a_workflow_without_a_charter_is_named(tmp_path: Path) -> None:
    with _opened(tmp_path / "uncharted", _by_rule(tmp_path), []) as (warehouse, workspace):
        found = review(warehouse, workspace, dt.date(2025, 2, 23))
    assert found.workflows == ()
    assert found.uncharted == ("desk",)


def test_an_export_that_broke_off_is_a_data_problem_and_no_collapse(tmp_path: Path) -> None:
    exports = _by_rule(tmp_path)
    lines = exports[1].read_text().splitlines()
    exports[1].write_text(
        "\n".join(line for line in lines if line.split(",")[-2][:7] < "2024-12" or "deal" in line) + "\n"
    )
    charter = tmp_path / "desk.yaml"
    charter.write_text(
        "workflow: desk\nname: Desk\nowner: Ann\ndeployed_on: 2024-10-07\n"
        "watch: {proxies: [response_time], outcomes: [close_rate]}\n"
        "stopping_rules: [{id: drift, when: diverging, action: pause}]\n"
    )
    with _opened(tmp_path / "broken", exports, [charter]) as (warehouse, workspace):
        weeks = list(replay(warehouse, workspace, dt.date(2024, 12, 22), dt.date(2025, 2, 23)))
    found = weeks[-1].workflows[0]
    assert found.verdict == "data_problem"
    assert "stale_source" in {finding.code for finding in found.findings}
    known = found.known
    assert known is not None
    good = [each.as_of for each in weeks if each.workflows[0].verdict == "diverging"]
    assert (known.as_of, known.workflow.verdict) == (good[-1], "diverging")
    assert (found.rules[0].state, found.rules[0].last_judged) == ("no_data", good[-1])
    (written,) = to_contract(Review(dt.date(2025, 2, 23), known.as_of, (found,), ()))["workflows"]
    assert (written["known"]["as_of"], written["due"]["kind"]) == (known.as_of.isoformat(), "bring_data")
    assert f"Was drifting on {long_day(known.as_of)} (−" in written["headline"]


def test_what_a_drift_costs_is_counted_once_however_many_outcomes_tell_of_it(tmp_path: Path) -> None:
    """Meetings, deals and money all fall by half: missed are the meetings, which alarm first; the money is that of the
    deals' own value, in the card and in the rule."""
    outcomes = ("qualified_appointment_rate", "close_rate", "won_value_per_lead")
    files = _halved(tmp_path)
    charter = tmp_path / "desk.yaml"

    def judged(watched: tuple[str, ...]) -> WorkflowReview:
        charter.write_text(
            "workflow: desk\nname: Desk\nowner: Ann\ndeployed_on: 2024-10-07\n"
            f"watch: {{proxies: [response_time], outcomes: [{', '.join(watched)}]}}\n"
            "stopping_rules: [{id: loss, when: cost > 1000 EUR, action: pause}]\n"
        )
        with _opened(tmp_path / "-".join(watched), files, [charter]) as (warehouse, workspace):
            return review(warehouse, workspace, dt.date(2025, 4, 6)).workflows[0]

    alone = {outcome: judged((outcome,)).cost for outcome in outcomes}
    assert all(cost is not None and cost.units > 0 for cost in alone.values())
    for watched in (outcomes, outcomes[::-1]):
        together = judged(watched)
        assert {pair.verdict for pair in together.pairs} == {"diverging"}
        cost = together.cost
        assert cost is not None
        meetings, money = alone["qualified_appointment_rate"], alone["won_value_per_lead"]
        assert meetings is not None
        assert money is not None
        assert (cost.outcome, cost.units) == ("qualified_appointment_rate", meetings.units)
        assert cost.value == pytest.approx(money.value, rel=0.1)
        assert together.rules[0].value == cost.value


def test_fewer_deals_at_a_higher_price_cost_no_money_where_what_they_bring_is_watched(tmp_path: Path) -> None:
    files = _halved(tmp_path, price=1_200)
    charter = tmp_path / "desk.yaml"
    charter.write_text(
        "workflow: desk\nname: Desk\nowner: Ann\ndeployed_on: 2024-10-07\n"
        "watch: {proxies: [response_time], outcomes: [close_rate, won_value_per_lead]}\n"
        "stopping_rules: [{id: loss, when: cost > 1000 EUR, action: pause}]\n"
    )
    with _opened(tmp_path / "dearer", files, [charter]) as (warehouse, workspace):
        found = review(warehouse, workspace, dt.date(2025, 4, 6)).workflows[0]
    cost = found.cost
    assert cost is not None
    assert cost.outcome == "close_rate"
    assert cost.units > 10
    assert (cost.value, cost.value_low, cost.value_high, cost.currency) == (None, None, None, None)
    assert (found.rules[0].state, found.rules[0].value) == ("no_data", None)
    assert found.rules[0].reason == UnjudgedRule("no_money")


def _halved(folder: Path, price: int = 500) -> list[Path]:
    """66 weeks of twenty leads, eight meetings and four deals of 500 EUR; from week 40 on half as many of both, each
    deal at `price`."""
    start = dt.datetime(2024, 1, 1, 9)
    leads = ["lead_id,created_at,workflow,first_response_at"]
    meetings = ["appointment_id,lead_id,held_at,status,qualified"]
    deals = ["deal_id,lead_id,created_at,closed_at,stage,amount,currency"]
    for week in range(66):
        fast, share, amount = (5, 2, price) if week >= 40 else (120, 1, 500)
        for i in range(20):
            key, created = f"{week}-{i}", start + dt.timedelta(weeks=week, hours=i)
            leads.append(f"L{key},{created},desk,{created + dt.timedelta(minutes=fast)}")
            if i < 8 // share:
                meetings.append(f"A{key},L{key},{created + dt.timedelta(days=7)},held,yes")
            if i < 4 // share:
                deals.append(f"D{key},L{key},{created},{created + dt.timedelta(days=14)},won,{amount},EUR")
    files = [folder / f"{name}.csv" for name in ("leads", "appointments", "deals")]
    for file, rows in zip(files, (leads, meetings, deals), strict=True):
        file.write_text("\n".join(rows) + "\n")
    return files


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_scenarios_with_a_known_truth_are_judged_right(scenario: Scenario, tmp_path: Path) -> None:
    """Drifts reach their verdict after the onset and within half a year, quiet ones never do."""
    charter = tmp_path / "charter.yaml"
    charter.write_text(CHARTER)
    with _opened(tmp_path / "w", scenario.write(tmp_path / "exports"), [charter]) as opened:
        if scenario.onset is None:
            assert [r.as_of for r in replay(*opened, DEPLOYED, END) if _is_alarmed(r)] == []
            return
        after = replay(*opened, scenario.onset + dt.timedelta(weeks=1), END)
        in_time = next(r for r in after if _is_alarmed(r))
        assert review(*opened, END).workflows[0].verdict == scenario.verdict
    assert (in_time.as_of - scenario.onset).days <= 26 * 7
    assert in_time.workflows[0].pairs[0].outcome in ("close_rate", "qualified_appointment_rate")


def _is_alarmed(found: Review) -> bool:
    return found.workflows[0].verdict in ("diverging", "declining")


@pytest.mark.timed
def test_check_is_fast_enough_to_be_asked_often(samples: tuple[Warehouse, Workspace]) -> None:
    """Twenty weeks replayed cost less than twelve single checks: the weeks share counts, baseline and limits."""
    import time

    warehouse, workspace = samples
    start = time.perf_counter()
    review(warehouse, workspace, dt.date(2026, 11, 15))
    single = time.perf_counter() - start
    start = time.perf_counter()
    weeks = len(list(replay(warehouse, workspace, dt.date(2026, 7, 5), dt.date(2026, 11, 15))))
    assert weeks == 20
    assert time.perf_counter() - start < 12 * single


@pytest.mark.parametrize("day", [dt.date.min, dt.date(1989, 12, 31), dt.date(2062, 6, 30), dt.date.max])
def test_a_day_that_can_only_be_a_typing_error_is_refused(
    warehouse: Warehouse, workspace: Workspace, day: dt.date
) -> None:
    with pytest.raises(WorkspaceError, match=f"{day} can't be reviewed; name a day from 1990-01-01 to"):
        review(warehouse, workspace, day)
