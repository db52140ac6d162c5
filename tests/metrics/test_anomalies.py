"""Traces of broken exports: gaps, missing values, lost links, quarantine, opens without clicks, late recording."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.dashboard.words.findings import fact_words
from leadline.data.exports.landing_report import IngestOptions
from leadline.data.landing.land import land
from leadline.data.samples.flows import NEVER, FlowSpec, simulate
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.results import Finding, WorkflowReview
from leadline.metrics.review import replay, review
from leadline.metrics.statistics.anomaly import Gap, gaps, jump, lost_share, opens_without_clicks
from tests.data.mapped_exports import marketing_funnel

FULL = np.full(30, 20.0)


def with_weeks(values: np.ndarray, weeks: slice, value: float) -> np.ndarray:
    changed = values.copy()
    changed[weeks] = value
    return changed


def test_two_empty_weeks_of_a_busy_list_are_a_gap() -> None:
    assert gaps(with_weeks(FULL, slice(20, 22), 0.0), 0, 29) == [Gap(20, 21, 20.0)]


def test_an_empty_week_of_a_rare_event_is_no_gap() -> None:
    assert gaps(with_weeks(np.full(30, 5.0), slice(20, 22), 0.0), 0, 29) == []


def test_a_list_that_pauses_now_and_then_has_no_gap() -> None:
    assert gaps(np.tile([60.0, 0.0], 15), 0, 29) == []


def test_what_comes_before_the_first_entry_is_no_gap() -> None:
    assert gaps(with_weeks(FULL, slice(0, 12), 0.0), 0, 29) == []


def test_a_gap_is_told_with_the_weeks_that_were_empty_by_then() -> None:
    entered = with_weeks(FULL, slice(20, 25), 0.0)
    assert gaps(entered, 0, 21) == [Gap(20, 21, 20.0)]
    assert gaps(entered, 0, 19) == []


def test_a_jump_is_found_where_it_is_with_the_shares_on_either_side() -> None:
    """1 of 20 before week 18, 10 of 20 in the weeks 18 to 23, 1 of 20 after."""
    missing = with_weeks(np.full(30, 1.0), slice(18, 24), 10.0)
    found = jump(missing, FULL, 0, 29)
    assert found is not None
    assert (found.first, found.last, found.missing) == (18, 23, 60)
    assert (found.share_before, found.share) == (pytest.approx(0.05), pytest.approx(0.5))


def test_a_share_that_was_always_high_is_no_jump() -> None:
    assert jump(np.full(30, 12.0), FULL, 0, 29) is None


def test_a_share_that_falls_is_no_jump() -> None:
    assert jump(with_weeks(np.full(30, 12.0), slice(15, 30), 0.0), FULL, 0, 29) is None


def test_a_handful_of_rows_is_no_jump() -> None:
    assert jump(with_weeks(np.zeros(30), slice(29, 30), 5.0), FULL, 0, 29) is None


def test_steady_shares_are_hardly_ever_called_a_jump() -> None:
    """The week of the jump is searched for; 400 steady histories of 100 weeks at shares from 2 to 40 %."""
    rng = np.random.default_rng(2)
    rows = rng.poisson(30, (400, 100)).astype(float)
    missing = rng.binomial(rows.astype(int), rng.uniform(0.02, 0.4, (400, 1))).astype(float)
    assert sum(jump(m, n, 0, 99) is not None for m, n in zip(missing, rows, strict=True)) <= 4


def test_lost_rows_are_counted_beyond_what_was_usual() -> None:
    missing = with_weeks(np.full(30, 1.0), slice(25, 30), 9.0)
    assert lost_share(missing, FULL, 0.05, 25, 29) == pytest.approx(0.4)
    assert lost_share(missing, FULL, 0.05, 0, 9) == pytest.approx(0.0)
    assert lost_share(missing, np.zeros(30), 0.05, 0, 9) == 0.0


WEEKLY = st.lists(st.tuples(st.integers(0, 40), st.floats(0, 1)), min_size=3, max_size=40)


@given(WEEKLY, st.integers(0, 39), st.integers(0, 200))
def test_later_weeks_change_no_gap_and_no_jump(
    weekly: list[tuple[int, float]], week: int, later: int
) -> None:
    rows = np.array([float(n) for n, _ in weekly])
    missing = np.array([float(round(n * share)) for n, share in weekly])
    week = min(week, rows.size - 1)
    after = (
        np.append(rows[: week + 1], [float(later)] * 5),
        np.append(missing[: week + 1], [float(later)] * 5),
    )
    assert gaps(after[0], 0, week) == gaps(rows, 0, week)
    assert jump(after[1], after[0], 0, week) == jump(missing, rows, 0, week)


def mailings(
    rng: np.random.Generator, opens: tuple[float, float], clicks: tuple[float, float]
) -> list[np.ndarray]:
    """Sent, opens and clicks of 60 weeks with weekly scatter; the rates change in week 40."""
    sent = rng.integers(4500, 5500, 60).astype(float)
    at = np.arange(60) >= 40
    return [
        sent,
        *(rng.binomial(sent.astype(int), np.where(at, *r[::-1]) * rng.normal(1, 0.04, 60)).astype(float)
          for r in (opens, clicks)),
    ]  # fmt: skip


def test_a_step_in_opens_that_clicks_do_not_follow_is_found_in_its_week() -> None:
    """40 % more opens, weekly scatter 4 %."""
    found = []
    for seed in range(50):
        steps = opens_without_clicks(*mailings(np.random.default_rng(seed), (0.3, 0.42), (0.04, 0.04)), 0)
        found += [step for step in steps[:1] if step.week == 40]
    assert len(found) >= 45
    assert np.mean([step.opens for step in found]) == pytest.approx(0.4, abs=0.03)


def test_a_step_that_clicks_follow_is_none() -> None:
    for seed in range(10):
        assert (
            opens_without_clicks(*mailings(np.random.default_rng(seed), (0.3, 0.42), (0.04, 0.056)), 0) == []
        )


def test_mailings_without_a_step_hardly_ever_show_one() -> None:
    shown = [
        opens_without_clicks(*mailings(np.random.default_rng(s), (0.3, 0.3), (0.04, 0.04)), 0)
        for s in range(100)
    ]
    assert sum(bool(steps) for steps in shown) <= 1


# from here on: from exports to findings

CHARTER = """
workflow: routing
name: Routing
owner: Sales
deployed_on: 2024-01-01
entry_lag: 0 days
watch:
  proxies: [response_time]
  outcomes: [close_rate, qualified_appointment_rate, won_value_per_lead]
  segments: [channel]
"""
LAST = dt.date(2024, 6, 30)
SPEC = FlowSpec(leads_per_week=60, weeks=78, deployed=52)
Cells = dict[str, object]
Edit = Callable[[str, dt.datetime, Cells], Cells | None]


def moment(day: float) -> dt.datetime:
    return dt.datetime.combine(SPEC.start, dt.time()) + dt.timedelta(seconds=round(float(day) * 86400))


def exports(folder: Path, edit: Edit = lambda template, when, row: row, until: dt.date = LAST) -> list[Path]:
    """Leads, deals and appointments of a steady flow up to the end of `until`, each row as `edit` leaves it."""
    leads = simulate(SPEC, np.random.default_rng(7))
    tables: dict[str, list[Cells]] = {"leads": [], "deals": [], "appointments": []}

    def add(template: str, day: float, row: Cells) -> None:
        if day == NEVER or moment(day).date() > until:
            return
        kept = edit(template, moment(day), row)
        if kept is not None:
            tables[template].append(kept)

    for i, day in enumerate(leads.day):
        lead, created = f"L{i}", moment(day)
        answered = created + dt.timedelta(minutes=30 + i % 60)
        add(
            "leads",
            day,
            {
                "lead_id": lead,
                "created_at": created,
                "workflow": "routing",
                "channel": SPEC.channels[leads.channel[i]].name,
                "first_response_at": answered if answered.date() <= until else "",
            },
        )
        won, held = leads.reached["close_rate"][i], leads.reached["qualified_appointment_rate"][i]
        deal = {"deal_id": f"D{i}", "lead_id": lead, "created_at": created, "closed_at": "", "stage": "won"}
        if won != NEVER:
            add("deals", won, {**deal, "closed_at": moment(won), "amount": 5000 + i % 700, "currency": "EUR"})
        if held != NEVER:
            meeting = {"appointment_id": f"A{i}", "lead_id": lead, "held_at": moment(held)}
            add("appointments", held, {**meeting, "status": "held", "qualified": "yes"})
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder / f"{name}.csv", rows) for name, rows in tables.items() if rows]


def _write(file: Path, table: list[Cells]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    return file


def judged(
    warehouse: Warehouse, workspace: Workspace, files: list[Path], day: dt.date = LAST
) -> WorkflowReview:
    (workspace.charters / "routing.yaml").write_text(CHARTER, encoding="utf-8")
    for file in files:
        report = land(warehouse, file, IngestOptions())
        assert report.state == "landed", report.message
    return review(warehouse, workspace, day).workflows[0]


def coded(found: WorkflowReview, code: str) -> list[Finding]:
    return [finding for finding in found.findings if finding.code == code]


SINCE = dt.datetime(2024, 4, 1)


def test_sound_exports_have_no_findings(warehouse: Warehouse, workspace: Workspace, tmp_path: Path) -> None:
    assert judged(warehouse, workspace, exports(tmp_path)).findings == ()


def test_deals_that_lose_their_leads_block_what_is_counted_from_deals_and_nothing_else(
    warehouse: Warehouse, workspace: Workspace, tmp_path: Path
) -> None:
    def cut(template: str, when: dt.datetime, row: Cells) -> Cells:
        lost = template == "deals" and when >= SINCE and int(str(row["deal_id"])[1:]) % 2
        return {**row, "lead_id": ""} if lost else row

    found = judged(warehouse, workspace, exports(tmp_path, cut))
    missing = coded(found, "missing_values")
    assert {(finding.metric, finding.blocks_verdict) for finding in missing} == {
        ("close_rate", True),
        ("won_value_per_lead", True),
    }
    assert fact_words(missing[0].about).startswith("Since the week of 1 April 2024, ")
    assert "lead to no lead that is known" in fact_words(missing[0].about)
    assert "all came with import 2, deals.csv" in fact_words(missing[0].about)
    verdicts = {pair.outcome: pair.verdict for pair in found.pairs}
    assert verdicts["close_rate"] == "data_problem"
    assert verdicts["qualified_appointment_rate"] != "data_problem"
    assert {breakdown.outcome for breakdown in found.breakdowns} == {"qualified_appointment_rate"}


def test_missing_amounts_block_the_value_but_not_the_close_rate(
    warehouse: Warehouse, workspace: Workspace, tmp_path: Path
) -> None:
    def cut(template: str, when: dt.datetime, row: Cells) -> Cells:
        return {**row, "amount": ""} if template == "deals" and when >= SINCE else row

    missing = coded(judged(warehouse, workspace, exports(tmp_path, cut)), "missing_values")
    assert [(f.metric, f.blocks_verdict) for f in missing] == [("won_value_per_lead", True)]
    assert "of the deals behind won value per lead have no amount" in fact_words(missing[0].about)


def test_missing_channels_and_answers_are_told_and_block_nothing(
    warehouse: Warehouse, workspace: Workspace, tmp_path: Path
) -> None:
    def cut(template: str, when: dt.datetime, row: Cells) -> Cells:
        if template != "leads":
            return row
        return {
            **row,
            "channel": row["channel"] if when < SINCE else "",
            "first_response_at": row["first_response_at"] if when < SINCE else "",
        }

    found = judged(warehouse, workspace, exports(tmp_path, cut))
    missing = coded(found, "missing_values")
    assert [finding.blocks_verdict for finding in missing] == [False, False]
    assert "leads have no first answer within two weeks" in fact_words(missing[0].about)
    assert "entries have no channel" in fact_words(missing[1].about)
    told = [fact_words(finding.about) for finding in missing]
    assert all("100 %" in words and "(before: 0 %" in words for words in told)


def test_weeks_without_leads_are_a_gap_that_blocks_nothing(
    warehouse: Warehouse, workspace: Workspace, tmp_path: Path
) -> None:
    def cut(template: str, when: dt.datetime, row: Cells) -> Cells | None:
        gap = template == "leads" and dt.datetime(2024, 3, 4) <= when < dt.datetime(2024, 3, 18)
        return None if gap else row

    found = coded(judged(warehouse, workspace, exports(tmp_path, cut)), "volume_gap")
    assert [finding.blocks_verdict for finding in found] == [False]
    assert fact_words(found[0].about).startswith(
        "No leads entered from the week of 4 March 2024 to that of 11 March 2024,"
    )


def _faulty(file: Path, faulty: int) -> None:
    """The last `faulty` rows get a date that is none."""
    lines = file.read_text(encoding="utf-8").splitlines()
    head = lines[0].split(",").index("closed_at")
    for at in range(len(lines) - faulty, len(lines)):
        cells = lines[at].split(",")
        cells[head] = "soon"
        lines[at] = ",".join(cells)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_quarantined_part_of_an_import_is_told_and_a_large_one_blocks(
    warehouse: Warehouse, workspace: Workspace, tmp_path: Path
) -> None:
    files = exports(tmp_path)
    rows = len(files[1].read_text(encoding="utf-8").splitlines()) - 1
    _faulty(files[1], rows // 5)
    found = coded(judged(warehouse, workspace, files), "quarantined_rows")
    assert {(f.metric, f.blocks_verdict) for f in found} == {
        ("close_rate", True),
        ("won_value_per_lead", True),
    }
    assert fact_words(found[0].about).startswith(
        f"Import 2 (deals.csv) left {rows // 5} of its {rows} rows of deals in quarantine"
    )


def test_a_repaired_export_ends_the_finding(
    warehouse: Warehouse, workspace: Workspace, tmp_path: Path
) -> None:
    files = exports(tmp_path / "faulty")
    _faulty(files[1], 60)
    assert coded(judged(warehouse, workspace, files), "quarantined_rows")
    repaired = exports(tmp_path / "repaired")
    assert not coded(judged(warehouse, workspace, repaired[1:2]), "quarantined_rows")


def test_deals_of_which_none_is_won_any_more_are_a_data_problem_named_with_their_import(
    warehouse: Warehouse, workspace: Workspace, tmp_path: Path
) -> None:
    """Leads, appointments and rows of deals go on to the last day; since April a new report calls every deal lost."""

    def lost(template: str, when: dt.datetime, row: Cells) -> Cells | None:
        return {**row, "stage": "lost"} if template == "deals" and when >= SINCE else row

    files = exports(tmp_path / "before", until=SINCE.date() - dt.timedelta(days=1))
    after = exports(tmp_path / "after", lost)
    report = after[1].rename(after[1].with_name("deals_new_report.csv"))
    found = judged(warehouse, workspace, [*files, after[0], report, after[2]])
    assert {pair.verdict for pair in found.pairs if pair.outcome == "close_rate"} == {"data_problem"}
    assert not coded(found, "stale_source")
    told = {finding.metric: finding for finding in coded(found, "sudden_zero")}
    assert set(told) == {"close_rate", "won_value_per_lead"}
    assert fact_words(told["close_rate"].about) == (
        "Close rate has had no event in any segment since the week of 1 April 2024, although more than a dozen were "
        "to be expected: that is an export that broke off or counts otherwise, not a decline; look at import 5, "
        "deals_new_report.csv."
    )
    assert {pair.verdict for pair in found.pairs if pair.outcome == "qualified_appointment_rate"} == {
        "aligned"
    }
    assert found.cost is None
    early = review(warehouse, workspace, dt.date(2024, 3, 31)).workflows[0]
    assert not coded(early, "sudden_zero")


def test_rows_that_stand_twice_are_told(warehouse: Warehouse, workspace: Workspace, tmp_path: Path) -> None:
    files = exports(tmp_path)
    lines = files[0].read_text(encoding="utf-8").splitlines()
    files[0].write_text("\n".join([*lines, *lines[-900:]]) + "\n", encoding="utf-8")
    found = coded(judged(warehouse, workspace, files), "doubled_rows")
    assert [finding.blocks_verdict for finding in found] == [False]
    assert f"held 900 of its {len(lines) + 899:,} rows of leads more than once" in fact_words(found[0].about)


def test_an_import_of_later_days_says_nothing_of_an_earlier_one(
    warehouse: Warehouse, workspace: Workspace, tmp_path: Path
) -> None:
    early, day = exports(tmp_path / "early", until=dt.date(2024, 3, 31)), dt.date(2024, 3, 31)
    before = judged(warehouse, workspace, early, day)
    late = exports(tmp_path / "late", lambda template, when, row: row if when.date() > day else None)
    _faulty(late[1], 40)
    judged(warehouse, workspace, late)
    assert coded(review(warehouse, workspace, LAST).workflows[0], "quarantined_rows")
    assert review(warehouse, workspace, day).workflows[0].findings == before.findings == ()


def test_each_week_of_a_replay_has_the_findings_of_its_own_review(
    warehouse: Warehouse, workspace: Workspace, tmp_path: Path
) -> None:
    def cut(template: str, when: dt.datetime, row: Cells) -> Cells | None:
        if template == "deals" and when >= SINCE and int(str(row["deal_id"])[1:]) % 2:
            return {**row, "lead_id": ""}
        return (
            None
            if template == "leads" and dt.datetime(2024, 3, 4) <= when < dt.datetime(2024, 3, 18)
            else row
        )

    judged(warehouse, workspace, exports(tmp_path, cut))
    weeks = [w.workflows[0] for w in replay(warehouse, workspace, dt.date(2024, 3, 3), LAST)]
    told = [{finding.code for finding in week.findings} for week in weeks]
    assert told[0] == set()
    assert "stale_source" in told[2]  # while it lasts, nobody can know that it is a gap
    assert "volume_gap" in told[3]
    assert {"volume_gap", "missing_values"} <= told[-1]
    for week in weeks[::5]:
        assert review(warehouse, workspace, week.complete_through).workflows[0].findings == week.findings


MAILS = """
workflow: nurture
name: Nurture
owner: CRM
deployed_on: 2024-01-01
watch:
  proxies: [open_rate]
  outcomes: [review_pass_rate]
"""


@pytest.mark.parametrize(("marks", "code"), [("no", None), ("", "machine_opens_counted")])
def test_the_open_rate_says_whether_machines_are_counted(
    warehouse: Warehouse, workspace: Workspace, tmp_path: Path, marks: str, code: str | None
) -> None:
    (workspace.charters / "nurture.yaml").write_text(MAILS, encoding="utf-8")
    start = dt.datetime(2023, 1, 2, 9)
    table: list[Cells] = [
        {
            "message_id": f"M{n}",
            "sent_at": start + dt.timedelta(weeks=n // 40),
            "opened_at": start + dt.timedelta(weeks=n // 40, hours=5) if n % 3 == 0 else "",
            "clicked_at": "",
            "machine_open": marks,
            "workflow": "nurture",
        }
        for n in range(40 * 70)
    ]
    land(warehouse, _write(tmp_path / "emails.csv", table), IngestOptions())
    found = review(warehouse, workspace, dt.date(2024, 4, 28)).workflows[0].findings
    assert [f.code for f in found if f.metric == "open_rate"] == ([code] if code else [])
    assert not any(f.blocks_verdict for f in found if f.metric == "open_rate")


def test_mailings_whose_opens_jump_without_clicks_are_questioned(
    warehouse: Warehouse, workspace: Workspace, tmp_path: Path
) -> None:
    (workspace.charters / "nurture.yaml").write_text(MAILS, encoding="utf-8")
    sent, opens, clicks = mailings(np.random.default_rng(1), (0.3, 0.42), (0.04, 0.04))
    table: list[Cells] = [
        {
            "campaign_id": f"C{week}",
            "sent_at": dt.datetime(2023, 3, 28, 9) + dt.timedelta(weeks=week),
            "recipients": int(sent[week]),
            "delivered": int(sent[week]),
            "unique_opens": int(opens[week]),
            "unique_clicks": int(clicks[week]),
            "workflow": "nurture",
        }
        for week in range(60)
    ]
    report = land(warehouse, _write(tmp_path / "campaigns.csv", table), IngestOptions())
    assert report.state == "landed", report.message

    def told(day: dt.date) -> list[Finding]:
        found = review(warehouse, workspace, day).workflows[0].findings
        return [f for f in found if f.code == "opens_without_clicks"]

    assert told(dt.date(2024, 1, 21)) == []
    (finding,) = told(dt.date(2024, 5, 5))
    assert "(week of 1 January 2024)" in fact_words(finding.about)
    assert not finding.blocks_verdict


def test_an_outcome_whose_recording_begins_late_says_how_little_baseline_is_left(
    warehouse: Warehouse, workspace: Workspace, tmp_path: Path
) -> None:
    def cut(template: str, when: dt.datetime, row: Cells) -> Cells | None:
        return None if template == "deals" and when < dt.datetime(2023, 12, 25) else row

    found = judged(warehouse, workspace, exports(tmp_path, cut))
    assert {finding.metric for finding in coded(found, "recording_began")} == {
        "close_rate",
        "won_value_per_lead",
    }
    reasons = {finding.metric: fact_words(finding.about) for finding in coded(found, "no_baseline")}
    assert reasons["close_rate"].startswith(
        "Close rate is recorded only since the week of 25 December 2023, so the baseline has only 1 whole week with "
    )
    assert "qualified_appointment_rate" not in reasons


def test_a_funnel_recorded_from_december_on_is_told_as_such(
    warehouse: Warehouse, workspace: Workspace, tmp_path: Path
) -> None:
    mappings = Path(__file__).resolve().parents[2] / "docs" / "mappings"
    charter = CHARTER.replace("routing", "lead-handling").replace("2024-01-01", "2018-01-01")
    charter = charter.replace("[response_time]", "[lead_volume]")
    charter = charter.replace("close_rate, qualified_appointment_rate, won_value_per_lead", "close_rate")
    (workspace.charters / "o.yaml").write_text(charter, encoding="utf-8")
    for file, mapping in zip(marketing_funnel(tmp_path / "funnel"), ("leads", "deals"), strict=True):
        options = IngestOptions(mapping=mappings / f"olist_{mapping}.yaml")
        assert land(warehouse, file, options).state == "landed"
    for day in (dt.date(2018, 2, 25), dt.date(2018, 5, 27)):
        found = review(warehouse, workspace, day).workflows[0]
        assert found.verdict == "data_problem"
        assert "since the week of 4 December 2017" in fact_words(coded(found, "recording_began")[0].about)
        assert "so the baseline has only 4 whole weeks with 22 events" in fact_words(
            coded(found, "no_baseline")[0].about
        )
