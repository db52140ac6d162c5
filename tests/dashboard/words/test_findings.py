"""Facts as sentences: every code has its words, in the reader's conventions; what was kept as a sentence stays one."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import fields, is_dataclass
from typing import Any, get_args

import pytest

from leadline.dashboard.words.charter_changes import change_words
from leadline.dashboard.words.conventions import writing
from leadline.dashboard.words.findings import fact_words, source_note
from leadline.dashboard.words.formats import percent
from leadline.data.plain_json import from_plain, to_plain
from leadline.metrics.agreement.entries import canonical
from leadline.metrics.agreement.shown_evidence import Shown
from leadline.metrics.findings import (
    AgreedBy,
    AgreedCount,
    AgreedDay,
    AgreedDays,
    AgreedShare,
    AgreedText,
    AsTold,
    ChangedAfterBreach,
    CharterChange,
    ComparedLeads,
    CurrencyMixed,
    DoubledRows,
    EnteredLate,
    Fact,
    FewUnits,
    GoneSegment,
    HeldBack,
    ImportNamed,
    MissingValues,
    NegativeAmounts,
    NoBaseline,
    NoRows,
    OpensWithoutClicks,
    QuarantinedRows,
    SilentWeeks,
    SinceDecision,
    SourceBehind,
    StaleSource,
    SuddenZero,
    UnjudgedRule,
    VolumeGap,
    WeekSpan,
)
from leadline.metrics.results import Finding, Linkage, Odds, SourceState
from tests.dashboard import example_reviews as examples

MAY = dt.date(2026, 5, 4)
DEALS = ImportNamed(7, "deals.csv")
ODDS = Odds(1.8, 1.4, 2.3, 2476, 465, 0.51)
LINK = Linkage("response_time", "close_rate", "predicts", ComparedLeads("response_time"), ODDS, ODDS, ())
SHARE = MissingValues("amount", "", WeekSpan(MAY, None), 0.18, 0.0, DEALS, "most")
TOLD: list[tuple[Fact, str]] = [
    (StaleSource("deals", MAY, 12, 2),
     "The newest entry of deals is of 4 May 2026, 12 days before the review; it is never silent for more than 2 days, "
     "so the export is stale or cut off."),
    (SuddenZero("Close rate", MAY, DEALS),
     "Close rate has had no event in any segment since the week of 4 May 2026, although more than a dozen were to be "
     "expected: that is an export that broke off or counts otherwise, not a decline; look at import 7, deals.csv."),
    (SilentWeeks("Close rate", WeekSpan(MAY, MAY)),
     "Close rate has no event in the week of 4 May 2026: these weeks of the export are missing"),
    (HeldBack("Close rate", MAY, MAY, "charter", ("NPS score", "Won deals")),
     "Close rate, NPS score and won deals of the weeks since 4 May 2026 (export of 4 May 2026) count neither for nor "
     "against, and no alarm rests on them: by the charter, what happened so shortly before may not be entered yet."),
    (EnteredLate("Close rate", MAY, MAY, 0.4, 900, ("Won deals",)),
     "Of the events of close rate and won deals in the week of 4 May 2026, about 40 % are entered by the export of "
     "4 May 2026, as successive exports tell (900 entries): so much fewer are expected of it."),
    (GoneSegment("channel", "referral", MAY, 2, 8.4, 0.25, "leads"),
     "Since the week of 4 May 2026, hardly anything (2 leads) has come in of channel “referral”, before about 8.4 "
     "leads a week (25 % of all): the total is without it, which counts as another mix."),
    (CurrencyMixed("Won value", ("", "USD"), 0.46, 0.02),
     "46 % of the amounts of won value are in no currency and USD (before: 2 %) and left out, so what it shows is "
     "another mix of currencies: bring its amounts in one currency."),
    (CurrencyMixed("Won value", ()), "Amounts in no currency are left out of won value: currencies are kept apart."),
    (VolumeGap("leads", WeekSpan(MAY, MAY), 40.4),
     "No leads entered in the week of 4 May 2026, although about 40 a week are usual: if the work did not pause, an "
     "export is missing."),
    (SHARE,
     "Since the week of 4 May 2026, 18 % of the won deals have no amount: their value is missing from every sum "
     "(before: 0 %; most came with import 7, deals.csv)."),
    (QuarantinedRows(DEALS, 90, 1450, "deals"),
     "Import 7 (deals.csv) left 90 of its 1,450 rows of deals in quarantine: until they are repaired, they are "
     "missing from every number."),
    (DoubledRows(DEALS, 9, 145, "deals"),
     "Import 7 (deals.csv) held 9 of its 145 rows of deals more than once; each counts once, but the export should be "
     "looked at."),
    (OpensWithoutClicks(MAY, 0.4, -0.1),
     "Opens rose by 40 % from one week to the next (week of 4 May 2026) while clicks fell by 10 %: opens by machines "
     "or another way of counting are likelier than more readers."),
    (NoBaseline("too_little", "Close rate", weeks=1, events=3, needed_weeks=8, needed_events=20, recorded_since=MAY),
     "Close rate is recorded only since the week of 4 May 2026, so the baseline has only 1 whole week with 3 events; "
     "at least 8 weeks and 20 events are needed to compare with."),
    (NoRows("spend"), "No rows of spend of this workflow have been landed yet."),
    (NoBaseline("nothing_landed", "Cost per click", "rows of spend"),
     "No rows of spend of this workflow have been landed, so cost per click can't be counted."),
    (NoBaseline("nothing_matches", "Accuracy", "reviews"),
     "No reviews of this workflow that accuracy counts have been landed: none at all, or none that its filter "
     "matches."),
    (FewUnits(1039, 1450), "it rests on 1,039 units, fewer than the 1,450 agreed"),
    (ChangedAfterBreach(MAY, None, "",
     CharterChange("metric_added", "open_rate", "", None, AgreedText("open_rate"), "tighter")),
     "Changed after the breach of 4 May 2026 (not registered): open_rate is watched now."),
    (ComparedLeads("answered_within_5_minutes", 15), "leads answered within 15 minutes"),
    (SourceBehind(4, ("nurture", "routing")), "newest entry is 4 days old (late for nurture, routing)"),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "words"), TOLD, ids=[fact.code for fact, _ in TOLD])
def test_a_fact_is_one_sentence(fact: Fact, words: str) -> None:
    assert fact_words(fact) == words


CHANGES: list[tuple[CharterChange, str]] = [
    (CharterChange("rule_changed", "floor", "for", AgreedCount(1, "week"), AgreedCount(3, "week"), "looser"),
     "Rule floor was loosened: 1 week became 3 weeks."),
    (CharterChange("rule_changed", "floor", "min_sample", AgreedCount(1450, "unit"), AgreedCount(0, "unit"), "tighter"),
     "Rule floor was tightened: 1.450 units became 0 units."),
    (CharterChange("rule_changed", "floor", "recover", None, AgreedText("close_rate >= 18%"), "tighter"),
     "Rule floor was tightened: back when no longer over the threshold became back at close_rate >= 18%."),
    (CharterChange("baseline_moved", "watch.baseline", "", AgreedDays(None, MAY), AgreedDays(MAY, MAY), "changed"),
     "The baseline was moved: the beginning to 4. Mai 2026 became 4. Mai 2026 to 4. Mai 2026."),
    (CharterChange("materiality", "proxy", "", AgreedShare(0.05), AgreedShare(0.075), "looser"),
     "What counts as material (proxy) was loosened: 5 % became 7,5 %."),
    (CharterChange("deployment", "deployed_on", "", AgreedDay(MAY), AgreedDay(MAY), "changed"),
     "The day of the deployment was moved: 4. Mai 2026 became 4. Mai 2026."),
    (CharterChange("checkpoints", "checkpoints.every", "", AgreedCount(2, "week"), None, "looser"),
     "Checkpoints: every 2 weeks became none."),
    (CharterChange("signature", "signed", "", AgreedBy("CEO", MAY), None, "changed"),
     "The signature: signed by CEO on 4. Mai 2026 became not signed."),
    (CharterChange("words", "owner", "", None, AgreedText("Ann"), "changed"), "owner: nothing became Ann."),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), CHANGES, ids=[f"{c.what} {c.aspect}" for c, _ in CHANGES])
def test_what_changed_in_a_charter_is_kept_as_values_and_told_in_the_readers_locale(
    change: CharterChange, words: str
) -> None:
    kept = from_plain(CharterChange, json.loads(json.dumps(to_plain(change))))
    with writing("de"):
        assert change_words(kept).replace("\u00a0", " ") == words


def test_a_fact_follows_the_readers_locale() -> None:
    with writing("de"):
        words = fact_words(SHARE)
    assert "Since the week of 4. Mai 2026, 18\u00a0% of the won deals" in words


def test_names_from_files_stay_on_one_line() -> None:
    words = fact_words(QuarantinedRows(ImportNamed(1, "a\nb\u202e.csv"), 9, 90, "deals"))
    assert words.startswith("Import 1 (a b .csv) left 9")


def test_a_source_of_which_nothing_landed_says_so_and_a_fresh_one_nothing() -> None:
    assert source_note(SourceState("deals", None, "empty")) == "nothing landed yet"
    assert source_note(SourceState("deals", MAY, "fresh")) == ""


@pytest.mark.parametrize("kind", get_args(Fact), ids=lambda kind: kind.__name__)
def test_every_fact_is_read_back_from_the_ledger_as_it_was(kind: type) -> None:
    fact = _made(kind)
    held = Finding(fact, blocks_verdict=True, metric="close_rate")
    assert from_plain(Finding, to_plain(held)) == held
    if kind is not AsTold:
        assert from_plain(Fact, to_plain(fact)) == fact


def test_no_two_facts_share_a_code() -> None:
    codes = [kind.code for kind in get_args(Fact) if kind is not AsTold]
    assert len(set(codes)) == len(codes)


def test_a_review_that_was_kept_with_sentences_shows_them_and_keeps_its_hash() -> None:
    kept: dict[str, Any] = to_plain(
        Shown(examples.AS_OF, examples.AS_OF, examples.drifting(linkages=(LINK,)), examples.SOURCES)
    )
    workflow = kept["workflow"]
    assert {pair["note"] for pair in workflow["pairs"]} == {""}
    workflow["findings"] = [
        {"code": "stale_source", "message": "Deals end on 3 May.", "blocks_verdict": True, "metric": None}
    ]
    workflow["pairs"][0]["note"] = "Measured on what entered since the decision of 3 May 2026."
    workflow["rules"][0] |= {
        "reason": "there is no value",
        "marks": ["Changed after the breach of 3 May 2026."],
    }
    told = "leads answered within 15 minutes"
    workflow["linkages"][0]["meaning"] = told
    kept["data"][0]["note"] = "newest entry is 12 days old"
    shown = from_plain(Shown, kept)
    read = shown.workflow
    (finding,) = read.findings
    assert (finding.code, fact_words(finding.about)) == ("stale_source", "Deals end on 3 May.")
    assert fact_words(read.pairs[0].note).startswith("Measured on")
    assert read.pairs[1].note is None
    assert [fact_words(mark) for mark in read.rules[0].marks] == ["Changed after the breach of 3 May 2026."]
    assert fact_words(read.rules[0].reason) == "there is no value"
    assert read.linkages[0].meaning == AsTold(told)
    assert source_note(shown.data[0]) == "newest entry is 12 days old"
    again = canonical(to_plain(shown)).encode()
    assert hashlib.sha256(again).digest() == hashlib.sha256(canonical(kept).encode()).digest()


def _made(kind: Any) -> Any:
    """A value of that class with something in every field."""
    given: dict[str, Any] = {
        "newest": MAY, "since": MAY, "week": MAY, "deployed_on": MAY, "decided_on": MAY, "breached_on": MAY,
        "changed_on": MAY, "registered_on": MAY, "recorded_since": MAY, "compared_from": MAY, "exported_on": MAY,
        "weeks": 3 if kind is NoBaseline else WeekSpan(MAY, MAY),
        "look_at": DEALS, "brought_by": DEALS, "taken_back": DEALS, "landed": DEALS, "late_for": ("a", "b"),
        "also": ("Won deals",), "others": ("EUR",), "sources": ("deals",), "field": "amount", "total_rose": True,
        "change": CharterChange("words", "owner", "", AgreedText("A"), AgreedText("B"), "changed"),
    }  # fmt: skip
    values: dict[str, Any] = {}
    for field in fields(kind):
        if field.name == "code":
            continue
        numeric = "int" in str(field.type) or "float" in str(field.type)
        values[field.name] = given.get(field.name, 2 if numeric else "x")
    made = kind(**values)
    assert is_dataclass(made)
    return made


def test_a_reason_and_a_note_are_told_where_a_review_names_them() -> None:
    assert fact_words(UnjudgedRule("no_amounts")) == "no won deal has an amount"
    assert fact_words(SinceDecision(MAY)) == "Measured on what entered since the decision of 4 May 2026."
    assert fact_words(None) == ""


def test_times_that_end_before_they_begin_are_told_with_their_count() -> None:
    told = fact_words(NegativeAmounts("First reply", "first_response_at", 0.1, is_time=True, count=24))
    assert told.startswith("24 times of first reply end before they begin (10")
    assert told.endswith(") and count as 0 minutes.")


def test_events_before_their_units_entered_are_told_with_their_count() -> None:
    found = NegativeAmounts("Renewal rate", "events", 0.89, share_before=0.0, count=130, is_event=True)
    assert fact_words(found) == (
        f"130 events of renewal rate are dated before the unit entered ({percent(0.89, 0)}, before {percent(0.0, 0)}) "
        "and count as if after it."
    )
