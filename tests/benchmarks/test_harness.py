"""The detection benchmark itself: the same histories each time, an honest oracle, and tables that hide nothing."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
import math
import time
from pathlib import Path

import numpy as np
import pytest

from benchmarks.detection import __main__ as command
from benchmarks.detection import methods as compared
from benchmarks.detection import report, results, running, told
from benchmarks.detection.answers import Found, standing
from benchmarks.detection.families import BY_NAME, FAMILIES, ONSET, USUAL, VOLUMES
from benchmarks.detection.histories import history
from benchmarks.detection.methods import LEADLINE, ORACLE, judged, methods
from benchmarks.detection.oracle import delay_share, final_share, oracle
from benchmarks.detection.plain_peers import threshold_matured, threshold_raw, z_test_matured
from benchmarks.detection.running import Case, run
from leadline.data.samples.flows import CLOSE, NEVER, Drift, FlowSpec, Leads, counts, simulate

LEADLINE_FILE = Path(compared.__file__).with_name("leadline_method.py")


def _results(method: running.Method, answers: running.Answers) -> results.Results:
    made = {method.name: answers, ORACLE.name: answers}
    return results.Results(made, (method, ORACLE), "make bench-detection", dt.date(2026, 11, 1), 1.0)


def test_a_history_is_the_same_each_time_and_differs_from_its_neighbour() -> None:
    first, again, other = history("none", 80, 0), history("none", 80, 0), history("none", 80, 1)
    np.testing.assert_array_equal(first.day, again.day)
    np.testing.assert_array_equal(first.reached[CLOSE.name], again.reached[CLOSE.name])
    assert first.count() != other.count() or not np.array_equal(first.day, other.day)


def test_the_families_are_those_that_are_promised() -> None:
    assert sum(family.drifts for family in USUAL) == 7
    assert len(USUAL) == 16
    assert all(family.flow.weeks == 120 and family.flow.deployed == 52 for family in USUAL)
    assert all(family.flow.linked for family in USUAL)
    assert {family.onset for family in USUAL if family.drifts} == {ONSET}


def test_two_histories_run_through_and_are_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "MEMORY", tmp_path)
    cases = [Case("none", 80, 0), Case("drop35", 250, 0)]
    answers = run(LEADLINE, cases, processes=1, deadline=math.inf)
    drifted = answers[cases[1]]
    assert drifted.delay() <= 26
    assert drifted.why.split("/")[0] in ("close_rate", "qualified_appointment_rate")
    monkeypatch.setattr(running, "_judge", lambda job: pytest.fail("judged again"))
    assert run(LEADLINE, cases, processes=1, deadline=math.inf) == answers


def test_a_run_past_its_deadline_begins_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MEMORY", tmp_path)
    assert run(ORACLE, [Case("drop35", 25, 0)], processes=1, deadline=time.monotonic() - 1) == {}


def test_what_is_remembered_rests_on_the_product_and_not_on_the_dashboard() -> None:
    seen = {str(path.relative_to(running.ROOT)) for path in running.sources(LEADLINE_FILE)}
    assert "metrics/statistics/evidence.py" in seen
    assert "metrics/statistics/mechanism.py" in seen  # reached through divergence
    assert "data/samples/flows.py" in seen
    assert not any(path.startswith("dashboard") for path in seen)


def test_what_is_remembered_of_reviews_rests_on_questions_and_templates_too() -> None:
    file = Path(compared.__file__).with_name("review_method.py")
    seen = {str(path.relative_to(running.ROOT)) for path in running.sources(file)}
    assert {
        "metrics/declared/forms/event_elsewhere.sql",
        "metrics/agreement/catalog.yaml",
        "data/templates/leads.yaml",
    } <= seen
    assert not any(path.startswith("data/samples/workspace") for path in seen)


def test_one_cell_can_be_run_alone_and_writes_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(running, "MEMORY", tmp_path / "memory")
    monkeypatch.setattr(command, "ROOT", tmp_path)
    said = "--only leadline --only oracle --family drop35 --volume 25 --histories 2 --processes 1"
    assert command.main(said.split()) == 0
    printed = capsys.readouterr().out
    assert "oracle: 2 of 2 in" in printed
    assert f"| {BY_NAME['drop35'].label} | " in printed
    assert BY_NAME["drop20"].label + " |" not in printed
    told = json.loads((tmp_path / "build" / "bench-detection.json").read_text(encoding="utf-8"))
    assert [(c["method"], c["family"], c["leads_per_week"], c["histories"]) for c in told["cells"]] == [
        ("leadline", "drop35", 25, 2),
        ("oracle", "drop35", 25, 2),
    ]
    assert not (tmp_path / "docs").exists()


def test_an_alarm_before_the_onset_voids_the_detection() -> None:
    assert Found(ONSET - 1, 2).delay() == math.inf
    assert Found(ONSET, 1).delay() == 1
    assert Found(None, 0).delay() == math.inf


def test_a_standing_alarm_counts_once() -> None:
    assert standing(np.array([False, True, True, False, True]), first=52) == Found(53, 2)
    assert standing(np.array([True, True]), first=52) == Found(52, 1)


def test_the_oracle_knows_the_delays_and_rates_of_the_flow() -> None:
    spec = FlowSpec(leads_per_week=4000, weeks=80)
    entered, events = counts(simulate(spec, np.random.default_rng(5)), CLOSE.name, 26)
    whole = slice(0, 80 - 27)
    n, d = entered[:, whole].sum(axis=1), events[:, whole].sum(axis=1)
    expected = n[:, None] * final_share(spec)[:, :1] * delay_share(CLOSE, 26)
    z = (d - expected) / np.sqrt(expected)
    assert expected.min() > 5
    assert float((z**2).sum()) == pytest.approx(z.size, abs=4 * math.sqrt(2 * z.size))


@pytest.mark.parametrize("volume", VOLUMES)
def test_the_oracle_is_rarely_alarmed_by_nothing(volume: int) -> None:
    alarmed = sum(oracle(history("none", volume, number)).first is not None for number in range(60))
    assert alarmed <= 12  # about 8 % are expected; 12 or fewer of 60 in all but 1 of 1,000 runs at 9 %


def test_the_oracle_refuses_a_flow_that_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="no closed form"):
        oracle(history("slower", 25, 0))
    assert {f.name for f in USUAL} - {f.name for f in judged(ORACLE)} == {"quarter", "noise_event", "slower"}


@pytest.mark.parametrize("judge", [threshold_raw, threshold_matured, z_test_matured])
def test_a_peer_does_not_see_what_has_not_happened_yet(judge) -> None:  # type: ignore[no-untyped-def]
    leads = history("drop35", 250, 3)
    whole = judge(leads)
    assert whole.first is not None
    until = (whole.first + 1) * 7.0
    known = {name: np.where(when < until, when, NEVER) for name, when in leads.reached.items()}
    assert judge(Leads(leads.spec, leads.day, leads.channel, known)).first == whole.first


def test_shares_carry_the_interval_of_clopper_and_pearson() -> None:
    """R: binom.test(10, 200)$conf.int is 0.02423 to 0.09003; binom.test(0, 200)$conf.int is 0 to 0.01828."""
    assert told.Share(10, 200).interval() == pytest.approx((0.02423, 0.09003), abs=2e-5)
    assert told.Share(0, 200).interval() == pytest.approx((0.0, 0.01828), abs=2e-5)
    assert told.Share(200, 200).interval()[1] == 1.0


def test_a_year_is_as_likely_as_its_share_of_the_looks() -> None:
    inside = 1 - 0.95 ** (68 / 52.1775)
    assert results.a_year(inside) == pytest.approx(0.05)


def test_a_package_that_did_not_install_is_told_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = tmp_path / "not-installed.json"
    failed.write_text(json.dumps({"nannyml": "No matching distribution found"}))
    monkeypatch.setattr(compared, "FAILED", failed)
    peer = next(method for method in methods() if method.name == "nannyml")
    assert peer.missing == "did not install: No matching distribution found"
    answers = {Case(family.name, volume, 0): Found(70, 1) for family in FAMILIES for volume in VOLUMES}
    found = results.Results(
        {LEADLINE.name: answers, ORACLE.name: answers},
        (LEADLINE, peer),
        "x",
        dt.date(2026, 11, 1),
        1.0,
    )
    assert "| did not install: No matching distribution found |" in report.markdown(found)


def test_the_tables_say_when_the_budget_is_overrun() -> None:
    drifting = {name: family.drifts for name, family in BY_NAME.items()}
    calm = {
        Case(name, volume, number): Found(70 if drifting[name] else None, int(drifting[name]))
        for name in BY_NAME
        for volume in VOLUMES
        for number in range(40)
    }
    wild = {
        case: Found(60, 1) if case.family == "mix" and case.volume == 25 else found
        for case, found in calm.items()
    }
    assert " over |" not in report.markdown(_results(LEADLINE, calm))
    text = report.markdown(_results(LEADLINE, wild))
    # R: binom.test(40, 40)$conf.int begins at 0.9119; over 68 weeks that is 84.5 % a year
    row = next(line for line in text.splitlines() if line.startswith(f"| {BY_NAME['mix'].label} |"))
    assert row.split("|")[2].strip() == "100 % (84.5–100.0) over"
    assert f"| 8 of 9: but {BY_NAME['mix'].label}, " in text


def test_the_tables_go_between_their_markers_and_nowhere_else(tmp_path: Path) -> None:
    page = tmp_path / "method.md"
    page.write_text(
        "before\n<!-- detection:begin -->\nold\n<!-- detection:end -->\nafter\n", encoding="utf-8"
    )
    report.insert(page, "new")
    assert (
        page.read_text(encoding="utf-8")
        == "before\n<!-- detection:begin -->\nnew\n<!-- detection:end -->\nafter\n"
    )
    page.write_text("no markers", encoding="utf-8")
    with pytest.raises(SystemExit, match="markers"):
        report.insert(page, "new")


@pytest.mark.parametrize(
    ("flow", "onset", "wanted"),
    [
        ("drift_step35", dt.date(2024, 2, 11), dt.date(2024, 6, 23)),
        ("drift_late35", dt.date(2024, 6, 16), dt.date(2024, 9, 29)),
        ("drift_ramp40", dt.date(2024, 2, 11), dt.date(2024, 7, 21)),
        ("drift_noproxy35", dt.date(2024, 2, 11), dt.date(2024, 4, 7)),
    ],
)
def test_the_oracle_agrees_roughly_with_another_on_flows_of_another_generator(
    flow: str, onset: dt.date, wanted: dt.date
) -> None:
    """`flows/`: a row a lead, days since 2 January 2023. `wanted` is the alarm of the other generator's own CUSUM,
    which knows its true hazards, at the same limit."""
    start = dt.date(2023, 1, 2)
    week = (onset - start).days // 7 + 1
    ramp = flow == "drift_ramp40"
    spec = FlowSpec(drift=Drift(0.4 if ramp else 0.35, week, "ramp" if ramp else "step"))
    alarm = oracle(_read(flow, spec)).first
    assert alarm is not None
    assert abs(alarm - (wanted - start).days // 7) <= 6  # its channels' rates differ a little from ours


def _read(flow: str, spec: FlowSpec) -> Leads:
    names = [channel.name for channel in spec.channels]
    with gzip.open(Path(__file__).with_name("flows") / f"{flow}.csv.gz", "rt", newline="") as file:
        rows = list(csv.DictReader(file))
    return Leads(
        spec,
        np.array([float(row["entered"]) for row in rows]),
        np.array([names.index(row["channel"]) for row in rows]),
        {CLOSE.name: np.array([float(row["won"]) if row["won"] else NEVER for row in rows])},
    )
