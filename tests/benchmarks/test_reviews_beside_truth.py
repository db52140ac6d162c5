"""Reviews read beside the truth: what is exported, what is written down of each look, and how it is added up."""

from __future__ import annotations

import csv
import math
from collections import Counter
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks.detection import report, review_method
from benchmarks.detection.answers import Found, Point, Promise, Reckoned, Told
from benchmarks.detection.exports import charter, write
from benchmarks.detection.families import (
    BY_NAME,
    FAMILIES,
    OTHER_WORK,
    PROMISES,
    STORIES,
    USUAL,
    WIDER,
    WITHIN,
)
from benchmarks.detection.histories import history
from benchmarks.detection.methods import LEADLINE, ORACLE, REVIEW, cells, judged, methods
from benchmarks.detection.results import Results
from benchmarks.detection.review_method import reviewed
from benchmarks.detection.running import Case
from benchmarks.detection.told import (
    Share,
    blamed,
    coverage,
    endings,
    flips_a_year,
    judged_as,
    onset_errors,
    promise_errors,
    reckoned_weeks,
    said,
    unfounded,
)
from benchmarks.detection.truth import true_change, true_missed
from leadline.data.samples.flows import CLOSE
from leadline.metrics.agreement.charter import Charter, parse_charter
from leadline.metrics.promises import RulePromise
from leadline.metrics.results import Cost
from leadline.metrics.statistics.promise import Delay
from leadline.metrics.statistics.promise import Promise as RuleReckoned
from tests.metrics import shown


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_weekly_exports_hold_together_what_one_export_holds(tmp_path: Path) -> None:
    leads = history("late14", 80, 0)
    weeks = range(52, 60)
    weekly = [write(leads, tmp_path / f"{week}", 7.0 * week, 7.0 * (week + 1)) for week in weeks]
    whole = write(leads, tmp_path / "all", 7.0 * weeks.start, 7.0 * weeks.stop)
    for place, file in enumerate(whole):
        parts = [row for files in weekly for row in _rows(files[place])]
        if file.stem == "leads":  # one whose answer came in the week after is told again with it
            assert {row["lead_id"] for row in parts} == {row["lead_id"] for row in _rows(file)}
        else:
            assert Counter(map(str, parts)) == Counter(map(str, _rows(file)))


def test_an_export_knows_nothing_of_what_was_entered_after_its_day(tmp_path: Path) -> None:
    leads = history("late14", 80, 0)
    (deals,) = [f for f in write(leads, tmp_path, 7.0 * 60, 7.0 * 61) if f.stem == "deals"]
    closed = [date.fromisoformat(row["closed_at"][:10]) for row in _rows(deals)]
    end = date(2024, 3, 3)
    assert max(closed) <= end
    # of those closed in the last week one in five or so is entered by its end
    last = sum((end - day).days < 7 for day in closed)
    happened = int(((leads.reached[CLOSE.name] >= 420) & (leads.reached[CLOSE.name] < 427)).sum())
    assert 0 < last < 0.5 * happened


@pytest.mark.parametrize("family", ["none", "rate80", "price_down", "content", "failures", "story_leads"])
def test_every_kind_of_work_has_a_charter_that_can_be_read(family: str) -> None:
    from leadline.metrics.agreement.catalog import load_catalog

    leads = history(family, BY_NAME[family].volumes[0], 0)
    catalog = load_catalog(None)
    agreed = parse_charter(charter(leads), catalog, "charter.yaml")
    assert all(WITHIN[name] == catalog[name].within_weeks for name in WITHIN)
    assert agreed.outcomes == BY_NAME[family].watched
    assert agreed.deployed_on == date(2024, 1, 1)


def test_the_families_of_the_second_edition_are_there() -> None:
    names = {family.name for family in FAMILIES}
    assert len(names) == len(FAMILIES) == len({*USUAL, *WIDER, *OTHER_WORK, *PROMISES, *STORIES})
    rates = [family.flow.outcomes[0] for family in WIDER if family.name.startswith("rate")]
    assert {outcome.rate for outcome in rates} == {0.02, 0.10, 0.40, 0.65, 0.80, 0.92, 0.95}
    assert {min(o.median_days for o in rates), max(o.median_days for o in rates)} == {5.0, 120.0}
    assert {family.flow.deployed for family in WIDER} == {9, 20, 52}
    assert {family.recording.entry_lag_days for family in WIDER} == {0.0, 3.0, 7.0, 14.0}
    assert {volume for family in WIDER for volume in family.volumes} >= {8, 2000}
    assert [family.decided for family in STORIES] == [91, 91, 88, 88, 80, 80]


def test_reviews_are_read_on_all_families_and_counts_on_the_usual_ones() -> None:
    read, counted = cells(REVIEW), cells(LEADLINE)
    assert {family for family, _, _ in read} == set(FAMILIES)
    assert {family for family, _, _ in counted} == set(USUAL)
    assert {histories for _, _, histories in counted} == {200}
    assert {histories for _, _, histories in read} == {60}
    assert {volume for family, volume, _ in read if family in USUAL} == {80}
    assert {histories for _, _, histories in cells(REVIEW, 3)} == {3}
    peer = next(method for method in methods() if method.name == "threshold_raw")
    followed = {family.name for family in judged(peer)}
    assert {"new_channel", "twice", "rate2"} <= followed
    assert not followed & {"late7", "content", "failures", "story_leads"}
    assert not {f.name for f in judged(ORACLE)} & {"twice", "outage", "better30", "deals_slower", "rate2"}


def test_a_story_is_read_from_drift_to_decision_to_what_came_of_it() -> None:
    found = reviewed(history("story_content", 2, 0))
    told = found.told
    assert told is not None
    assert len(told.verdicts) == len(told.rules) == len(told.since) == 61
    decided = BY_NAME["story_content"].decided
    assert decided is not None
    assert "recovering" not in told.verdicts[: decided - 65]
    assert told.verdicts[0] == "too_early"
    first = told.verdicts.index("diverging")
    assert found.first == 65 + first
    assert told.since[first] is not None
    assert all(week is None for week in told.since[:first])
    assert {point.week for point in told.points} >= {65 + first, 65 + first + 8, 77, 90, 103}
    change = next(point for point in told.points if (point.what, point.when) == ("change", "raised"))
    assert change.truth == pytest.approx(-0.75)
    assert change.low < change.told < change.high
    level = next(point for point in told.points if (point.what, point.when) == ("level", "raised"))
    assert level.truth == pytest.approx(0.25 * 0.6, rel=0.01)
    assert level.low < level.told < level.high
    whole = [point for point in told.points if point.what == "projection"]
    assert {point.when for point in whole} == {"age 4", "age 8", "age 12"}
    # 15 % are used instead of 60 %
    assert all(0 <= point.truth <= 60 for point in whole if point.week < decided - 4)
    assert Found.of_plain(asdict(found)) == found


def test_where_closings_are_late_each_review_rests_on_the_imports_until_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    short = replace(BY_NAME["late7"].flow, leads_per_week=25, weeks=54)
    leads = replace(history("late7", 25, 0), spec=short)
    landed: list[tuple[int, int]] = []
    monkeypatch.setattr(
        review_method,
        "_land",
        lambda h, w, f, since, until, real=review_method._land: (
            landed.append((since, until)),
            real(h, w, f, since, until),
        ),
    )
    found = reviewed(leads)
    assert landed == [(0, 53), (53, 54)]
    assert found.told is not None
    assert len(found.told.verdicts) == 2


def test_a_look_is_written_down_beside_what_is_true_in_its_week(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two looks too early, one that holds, ten that drift since the onset, one on broken data."""
    leads = history("drop35", 80, 0)
    early = shown.workflow(shown.rule("ok"), verdict="too_early")
    promised = replace(early.pairs[0], answer_expected=date(2024, 1, 28), mechanism=None)
    early = replace(early, pairs=(promised,))
    holding = shown.workflow(shown.rule("ok"), verdict="aligned")
    cost = Cost(30.0, 20.0, 40.0, None, None, None, None, "close_rate")
    drifting = shown.workflow(shown.rule("breached"), cost=cost)
    broken = shown.workflow(shown.rule("no_data"), verdict="data_problem")
    looks = [early, early, holding, *[drifting] * 10, broken]
    monkeypatch.setattr(review_method, "_weekly", lambda *_: iter(looks))
    found = reviewed(leads)
    told = found.told
    assert told is not None
    assert (found.first, found.alarms, found.why) == (55, 1, "close_rate/all")
    assert told.verdicts == ("too_early",) * 2 + ("aligned",) + ("diverging",) * 10 + ("data_problem",)
    assert told.rules == ("ok",) * 3 + ("breached",) * 10 + ("no_data",)
    assert told.since == (None,) * 3 + (58,) * 10 + (None,)
    assert told.promises == (Promise(0, 3, 2),)
    seen = [(point.what, point.when, point.week) for point in told.points]
    # the third look since the alarm began is too soon for a change of leads that came after it
    assert seen == [
        ("missed", "raised", 55),
        ("change", "stands", 63),
        ("missed", "stands", 63),
        ("change", "checked", 64),
        ("missed", "checked", 64),
    ]
    change, missed = told.points[1], told.points[4]
    assert (change.low, change.told, change.high) == (-0.42, -0.33, -0.22)
    assert change.truth == pytest.approx(-0.35)
    assert change.holds
    assert (missed.low, missed.told, missed.high) == (20.0, 30.0, 40.0)
    assert missed.truth == pytest.approx(true_missed(leads, CLOSE.name, 58, 64, 64))


def test_a_review_that_a_late_source_holds_back_is_held_against_its_own_week(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leads = history("drop35", 80, 0)
    late = replace(shown.workflow(shown.rule("ok")), complete_through=date(2024, 3, 3))
    monkeypatch.setattr(review_method, "_weekly", lambda *_: iter([late] * 13))
    told = reviewed(leads).told
    assert told is not None
    (checked,) = [point for point in told.points if (point.what, point.when) == ("change", "checked")]
    assert checked.week == 60
    assert checked.truth == pytest.approx(true_change(leads, CLOSE.name, 58, 60))


def _told(verdicts: str, **said_of: object) -> Told:
    letters = {"e": "too_early", "h": "aligned", "D": "diverging", "r": "recovering", "!": "data_problem"}
    looks = len(verdicts)
    made = {
        "verdicts": tuple(letters[letter] for letter in verdicts),
        "mechanisms": ("",) * looks,
        "rules": ("ok",) * looks,
        "since": (None,) * looks,
        "points": (),
        "promises": (),
        "onset": 58,
    }
    return Told(**(made | said_of))  # type: ignore[arg-type]


def _found(verdicts: str, **said_of: object) -> Found:
    return Found(None, 0, "", _told(verdicts, **said_of))


def test_coverage_counts_the_intervals_of_its_kind_that_hold_the_truth() -> None:
    inside = Point("change", "raised", "close_rate", 60, -0.4, -0.3, -0.2, -0.2)
    outside = replace(inside, truth=-0.19)
    other = replace(outside, what="missed")
    found = [_found("e", points=(inside, other)), _found("e", points=(outside,)), Found(60, 1)]
    assert coverage(found, "change") == Share(1, 2)
    assert coverage(found, "missed") == Share(0, 1)
    assert math.isnan(coverage(found, "money").value)


def test_an_alarm_whose_own_interval_reaches_no_change_is_unfounded() -> None:
    raised = Point("change", "raised", "close_rate", 60, -0.4, -0.2, 0.0, -0.2)
    clear, later = replace(raised, high=-0.01), replace(raised, when="stands")
    assert unfounded([_found("D", points=(raised, later)), _found("D", points=(clear,))]) == Share(1, 2)


def test_a_segment_is_blamed_that_does_not_carry_the_drift_alone() -> None:
    whys = ["close_rate/all", "close_rate/channel=organic", "close_rate/channel=referral", ""]
    found = [Found(60, 1, why) for why in whys]
    assert blamed(found, BY_NAME["segment60"]) == Share(1, 3)
    assert blamed(found, BY_NAME["drop35"]) == Share(2, 3)


def test_flips_are_changes_of_the_verdict_from_week_to_week() -> None:
    assert flips_a_year([_found("eehh"), _found("eheh")]) == pytest.approx(52.1775 * 4 / 8)
    assert flips_a_year([_found("eeee")]) == 0


def test_the_error_of_since_is_that_of_the_last_review_with_an_alarm() -> None:
    found = [_found("DDe", since=(55, 60, None)), _found("eee"), _found("eeD", since=(None, None, 58))]
    assert onset_errors(found).tolist() == [2.0, 0.0]


def test_a_promise_is_held_against_the_first_judgement_or_the_last_review() -> None:
    kept, late, beyond = Promise(0, 3, 5), Promise(0, 2, None), Promise(0, 40, 3)
    assert promise_errors([_found("eeeeehhh", promises=(kept, late, beyond))]).tolist() == [2.0, 6.0]


def test_what_a_rule_promised_is_told_by_size_and_never_noticed_is_later_than_all() -> None:
    reckoned = (Reckoned(0.2, None), Reckoned(0.35, 9))
    found = [_found("e", reckoned=reckoned), _found("e", reckoned=(Reckoned(0.2, 30),)), _found("e")]
    assert reckoned_weeks(found, 0.2).tolist() == [math.inf, 30.0]
    assert reckoned_weeks(found, 0.35).tolist() == [9.0]


def test_a_drift_may_begin_in_any_week_of_the_first_year() -> None:
    onsets = [history("promise35", 25, number).onset for number in range(40)]
    assert min(onsets) >= 52
    assert max(onsets) < 104
    assert len(set(onsets)) > 20
    drawn = history("promise35", 250, 3)
    assert drawn.kept[CLOSE.name][drawn.week == drawn.onset].max() == 0.65
    assert drawn.kept[CLOSE.name][drawn.week < drawn.onset].min() == 1.0


def test_a_rule_is_asked_on_the_eve_of_the_deployment_in_a_few_histories(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[date] = []

    def promises(_: object, __: object, agreed: Charter, as_of: date) -> list[RulePromise]:
        asked.append(as_of)
        promise = RuleReckoned((Delay(0.35, 9, 0.9), Delay(0.20, None, 0.1)), 0.04)
        return [RulePromise(rule, promise, None, (), None) for rule in agreed.stopping_rules]

    monkeypatch.setattr(review_method, "rule_promises", promises)
    made = [history("promise35", 25, number) for number in (0, 5)]
    first, later = (reviewed(replace(each, spec=replace(each.spec, weeks=53))).told for each in made)
    assert first is not None
    assert later is not None
    assert asked == [date(2023, 12, 31)]
    assert first.onset == made[0].onset
    assert first.reckoned == (Reckoned(0.35, 9), Reckoned(0.20, None))
    assert later.reckoned == ()


def test_words_that_were_said_once_in_a_history_count_once() -> None:
    found = [_found("eee", mechanisms=("", "slower", "slower")), _found("e!e")]
    assert said(found, "slower") == Share(1, 2)
    assert judged_as(found, "data_problem") == Share(1, 2)
    assert judged_as(found, "data_problem", within=1) == Share(0, 2)


def test_good_news_after_a_drift_that_was_never_seen_is_no_recovery() -> None:
    family = BY_NAME["story_brand_unmended"]
    before = "e" * 4 + "D" * 20  # 24 looks until the decision
    seen = replace(_found(before + "Dr", onset=57), first=60)
    unseen = _found("e" * 24 + "hh", onset=57)
    stays = replace(_found(before + "DD", onset=57, rules=("breached",) * 26), first=60)
    ends = endings([seen, unseen, stays], family)
    assert (ends.found, ends.back, ends.ended) == (Share(2, 3), Share(1, 2), Share(2, 3))
    assert ends.breached.tolist() == [0.0, 0.0, 2.0]
    assert ends.weeks.tolist() == [4.0, math.inf, 4.0]
    with pytest.raises(ValueError, match="tells no story"):
        endings([seen], BY_NAME["drop35"])


def test_the_tables_name_the_families_whose_intervals_do_not_hold() -> None:
    good = Point("change", "raised", "close_rate", 60, -0.4, -0.3, -0.2, -0.3)
    answers = {
        Case(family.name, volume, number): Found(
            family.onset + 3 if family.drifts else None,
            0,
            "",
            _told(
                "e" + 67 * "h",
                onset=family.onset,
                points=(replace(good, truth=-0.1 if family.name == "rate80_drop25" else -0.3),),
            ),
        )
        for family in FAMILIES
        for volume in family.volumes
        for number in range(30)
    }
    results = Results({REVIEW.name: answers}, (REVIEW,), "make bench-detection", date(2026, 11, 1), 1.0)
    text = report.markdown(results)
    aim = next(line for line in text.splitlines() if line.startswith("| 95 % intervals of the change"))
    assert "but 80 % after 35 days: −25 % 0 %" in aim
    row = next(line for line in text.splitlines() if line.startswith("| 80 % after 35 days: −25 % |"))
    assert [cell.strip() for cell in row.split("|")[2:7]] == ["80", "30", "100 %, 4", "0 % off", "–"]
    assert "### False alarms where nothing drifts" not in text
    assert np.isfinite(report.as_json(results)["cells"][0]["flips_a_year"])
