"""Sentences: what a leader reads aloud, in every verdict; numbers as people read them; names that can do no harm."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.dashboard.service.review_json import to_contract
from leadline.dashboard.words import alert_card, changes, costs, due, formats, markdown, review_card, verdicts
from leadline.dashboard.words.codes import verdict_words
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.declared.declaration import Rows, ValuePerUnit
from leadline.metrics.findings import AsTold
from leadline.metrics.results import Breakdown, Change, Cost, Evidence, Recovered, RuleState, SegmentPart
from leadline.metrics.verdicts import VERDICTS, Verdict
from tests.dashboard import example_reviews as examples

CATALOG = load_catalog(None)


def test_the_gravest_breached_rule_names_the_action() -> None:
    rules = tuple(
        RuleState(action, "breached", examples.AS_OF, action, None, None)
        for action in ("review", "stop", "pause")
    )
    assert verdicts.headline(examples.drifting(rules=rules)).endswith("Agreed action: stop.")


def test_without_a_breached_rule_no_action_is_claimed() -> None:
    assert "action" not in verdicts.headline(examples.drifting(rules=()))


def test_a_segment_that_carries_the_drift_is_named() -> None:
    workflow = examples.drifting(pairs=(examples.pair(mechanism="segment", segment="channel=referral"),))
    assert "; in channel “referral”, of 100 leads 14 close (likely 12–16), down from 20" in verdicts.headline(
        workflow
    )


def test_too_early_without_a_date_promises_none() -> None:
    pair = replace(examples.too_early().pairs[0], answer_expected=None)
    assert verdicts.headline(examples.too_early(pairs=(pair,))).endswith(
        "too little of qualified appointment rate is known yet for an answer."
    )


def test_a_workflow_without_pairs_says_that_nothing_can_be_counted() -> None:
    workflow = examples.drifting(verdict="data_problem", pairs=(), findings=())
    assert "None of its agreed metrics can be counted" in verdicts.headline(workflow)


def test_declining_does_not_claim_that_the_proxy_improved() -> None:
    flat = Change(0.01, -0.03, 0.05, 900, improved=False)
    pair = examples.pair(verdict="declining", proxy="open_rate", proxy_change=flat)
    text = verdicts.headline(examples.drifting(verdict="declining", pairs=(pair,), rules=()))
    assert text == (
        "Lead routing agent is declining. Of 100 leads 14 close (likely 12–16), down from 20, since the week of "
        "12 February 2024; open rate did not clearly improve."
    )


def test_declining_with_a_proxy_that_fell_too_says_so() -> None:
    slower = Change(0.4, 0.3, 0.5, 900, improved=False, baseline_value=60.0, current_value=84.0)
    pair = examples.pair(verdict="declining", proxy_change=slower)
    text = verdicts.headline(examples.drifting(verdict="declining", pairs=(pair,)))
    assert "; response time is 84 minutes, up from 60 minutes, too." in text


@pytest.mark.parametrize(
    ("mechanism", "words"),
    [
        ("slower", "close rate comes later than it used to"),
        ("mix", "because the mix of what comes in changed"),
        (None, "not yet clear enough to call"),
    ],
)
def test_watch_is_told_in_the_words_of_its_mechanism(mechanism: str | None, words: str) -> None:
    pair = examples.pair(verdict="watch", mechanism=mechanism)
    text = verdicts.headline(examples.drifting(verdict="watch", pairs=(pair,), rules=()))
    assert text.startswith("Lead routing agent needs watching.")
    assert words in text
    assert "drift" not in text


def test_recovering_says_where_the_outcome_stands_by_now() -> None:
    pair = examples.pair(verdict="recovering")
    text = verdicts.headline(examples.drifting(verdict="recovering", pairs=(pair,), rules=()))
    assert "Close rate is coming back towards its baseline" in text


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_a_word_a_shape_and_a_headline_of_one_line(verdict: Verdict) -> None:
    unknown = Change(None, None, None, 0)
    for pair in (
        examples.pair(verdict=verdict),
        examples.pair(
            verdict=verdict, proxy_change=unknown, outcome_change=unknown, since=None, evidence=None
        ),
    ):
        text = verdicts.headline(examples.drifting(verdict=verdict, pairs=(pair,)))
        assert "\n" not in text
        assert "None" not in text
        assert "nan" not in text
        assert text.endswith(".")
    assert verdict_words(verdict).word[0].isupper()
    assert len(verdict_words(verdict).shape) == 1


def test_a_metric_that_the_catalog_does_not_know_is_told_by_its_name() -> None:
    pair = examples.pair(outcome="demo_rate")
    assert "demo rate is 33 % lower (22–42 %)" in verdicts.headline(examples.drifting(pairs=(pair,)), CATALOG)


def test_every_built_in_metric_has_words_for_both_directions() -> None:
    for metric in CATALOG.values():
        for relative in (0.25, -0.25):
            phrase = changes.change_phrase(metric.id, Change(relative, None, None, 10), CATALOG)
            assert "25 %" in phrase
            assert "{" not in phrase


@pytest.mark.parametrize(
    ("metric", "change", "told"),
    [
        ("reply_rate", Change(None, 150.0, None, 2600, True, 0.0, 0.118), "rose from none to 12 of 100"),
        ("asset_volume", Change(None, 20.0, None, 400, True, 0.0, 40.0), "rose from none to 40 a week"),
        ("reply_rate", Change(None, -0.4, None, 90, False, 0.0, 0.01), "too early to say"),
        ("reply_rate", Change(None, None, None, 90, None, 0.0, 0.0), "is still none"),
        ("reply_rate", Change(574.0, 69.0, 4646.0, 2600, True, 0.0002, 0.107), "from next to none to 11 of 100"),
        ("reply_rate", Change(14.0, 9.0, 20.0, 2600, True, 0.02, 0.3), "rose from 2 % to 30 %"),
    ],
)  # fmt: skip
def test_a_rise_from_none_or_next_to_none_is_told_by_its_values(
    metric: str, change: Change, told: str
) -> None:
    assert told in formats.one_line(changes.change_phrase(metric, change, CATALOG)).replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_the_portfolio_sentence_begins_with_the_worst_and_names_all() -> None:
    assert verdicts.portfolio_sentence(examples.review()) == (
        "1 of 3 workflows is drifting (Lead routing agent); 1 is too young to judge (Newsletter personalization); 1 is "
        "holding (Content studio)."
    )


def test_a_portfolio_is_told_by_numbers_and_names_only_few() -> None:
    review = examples.review(examples.drifting(), *[examples.holding()] * 6)
    assert verdicts.portfolio_sentence(review) == (
        "1 of 7 workflows is drifting (Lead routing agent); 6 are holding."
    )


def test_a_single_workflow_is_not_counted() -> None:
    assert verdicts.portfolio_sentence(examples.review(examples.holding())) == ("Content studio is holding.")


def test_an_empty_portfolio_claims_nothing() -> None:
    assert "nothing to judge" in verdicts.portfolio_sentence(examples.empty_review())


def test_a_change_is_told_with_values_and_units() -> None:
    assert changes.change_sentence(CATALOG["close_rate"], examples.FEWER_CLOSE) == (
        "33 % fewer leads close (22–42 %): 13.5 %, was 20.1 %; 1,450 leads."
    )
    assert changes.change_sentence(CATALOG["response_time"], examples.FASTER) == (
        "Answers are 95 % faster (94–96 %): 8.4 minutes, was 2.8 hours; 2,870 leads."
    )


def test_a_level_beside_a_target_is_no_fall() -> None:
    beside = replace(examples.FEWER_CLOSE, baseline_value=0.27, current_value=0.181, is_of_target=True)
    assert changes.change_sentence(CATALOG["close_rate"], beside) == (
        "Close rate is 18.1 %, 33 % below the 27 % that was agreed (22–42 %); 1,450 leads."
    )
    met = replace(beside, relative=0.0, low=-0.1, high=0.1)
    assert "as was agreed" in changes.change_sentence(CATALOG["close_rate"], met)


def test_a_single_unit_is_singular() -> None:
    change = replace(examples.FEWER_CLOSE, units=1)
    assert changes.change_sentence(CATALOG["close_rate"], change).endswith("; 1 lead.")


def test_without_a_rule_or_a_checkpoint_what_is_due_says_so() -> None:
    assert "no stopping rule covers this yet" in due.action_due(examples.drifting(rules=()))
    assert due.action_due(examples.holding(next_checkpoint=None)) == "Nothing."


def test_evidence_is_odds_beside_their_limit() -> None:
    assert verdicts.evidence_sentence(Evidence(310.0, 150.0)) == (
        "The data speak 310 to 1 against “no change”; the limit is 150 to 1, so an alarm stands."
    )
    assert verdicts.evidence_sentence(Evidence(2.4, 150.0)).endswith("no alarm stands.")
    assert verdicts.odds_words(5e9) == "more than a million to 1"


def test_a_cost_without_a_price_keeps_its_interval() -> None:
    unpriced = Cost(4.0, -1.0, 9.0, None, None, None, None, "close_rate")
    assert costs.cost_words(unpriced, CATALOG) == "about 4 deals fewer (−1 to 9)"
    assert costs.cost_sentence(unpriced, CATALOG) == (
        "The drift means about 4 deals fewer (−1 to 9), counted on close rate."
    )


def test_what_an_outcome_lost_that_is_an_amount_is_that_amount() -> None:
    lost = Cost(1.6e6, 1.1e6, 2.2e6, 1.6e6, 1.1e6, 2.2e6, "EUR", "won_value_per_lead")
    assert costs.cost_words(lost, CATALOG) == "€1.6m (€1.1m–2.2m)"
    assert costs.cost_unit(lost, CATALOG) == "EUR"
    assert costs.cost_sentence(lost, CATALOG) == (
        "The drift has cost about €1.6m (€1.1m–2.2m), counted on won value per lead."
    )
    of_seats = replace(
        CATALOG["won_value_per_lead"],
        declaration=ValuePerUnit(Rows("leads", "created_at"), Rows("asset_uses", "used_at"), "rating"),
    )
    seats = Cost(1200.0, 900.0, 1500.0, None, None, None, None, "seats")
    assert costs.cost_words(seats, {"seats": of_seats}) == "about 1,200 rating fewer (900–1,500)"


def test_amounts_of_a_total_have_their_currency() -> None:
    total = Change(-0.3, -0.5, -0.1, 60, baseline_value=42_000.0, current_value=30_000.0, currency="USD")
    told = examples.pair(outcome="won_value_per_lead", total_change=total)
    assert verdicts.total_sentence(told, CATALOG) == "In total, it fell too: $30k a week, $42k before."


def test_of_a_volume_that_was_multiplied_the_total_is_told_beside_the_rate() -> None:
    grown = Change(3.16, 2.7, 3.7, 900, improved=True, baseline_value=20.0, current_value=83.2)
    fewer = Change(-0.81, -0.86, -0.75, 900, baseline_value=0.6, current_value=0.11)

    def said(total: Change) -> str:
        used = examples.pair(
            proxy="asset_volume", outcome="asset_usage_rate", proxy_change=grown, outcome_change=fewer,
            total_change=total,
        )  # fmt: skip
        return verdicts.statement(examples.drifting(pairs=(used,)), CATALOG)

    assert (
        "83 assets are published a week, up from 20; of 100 assets 11 are used by sales (likely 8–15), down from 60"
        in said(fewer)
    )
    fell = Change(-0.34, -0.5, -0.13, 60, baseline_value=1.2, current_value=0.8)
    assert said(fell).endswith("In total, used assets fell too: 0.8 a week, 1.2 before.")
    rose = Change(0.85, 0.4, 1.4, 60, baseline_value=2.6, current_value=4.8)
    assert said(rose).endswith("Only per asset, though: in total, used assets rose to 4.8 a week from 2.6.")
    unclear = replace(rose, low=-0.1)
    assert said(unclear).endswith(
        "In total, used assets neither fell nor rose clearly: 4.8 a week, 2.6 before."
    )


def test_a_count_has_no_ages_to_be_fewer_at() -> None:
    fewer = examples.pair(outcome="won_deals")
    assert verdicts.mechanism_sentence(fewer, CATALOG) == (
        "It is a lower level than when the baseline ended, its season taken out."
    )
    assert "at every age" in verdicts.mechanism_sentence(examples.pair(), CATALOG)


def test_what_a_count_lost_is_told_in_its_own_unit() -> None:
    unpriced = Cost(11.4, 2.0, 21.0, None, None, None, None, "used_assets")
    assert costs.cost_words(unpriced, CATALOG) == "about 11 used assets fewer (2–21)"
    fewer = Change(-0.34, -0.5, -0.13, 60, baseline_value=5.3, current_value=3.5)
    assert changes.change_sentence(CATALOG["qualified_appointments"], fewer) == (
        "34 % fewer qualified appointments are held (13–50 %): 3.5 a week, was 5.3 when the baseline ended; "
        "60 qualified appointments."
    )


def test_of_a_rate_its_units_are_there_without_what_should_come_of_them() -> None:
    failed = Cost(24.0, 19.0, 29.0, None, None, None, None, "review_pass_rate")
    assert costs.cost_words(failed, CATALOG) == "about 24 fewer reviews are passed (19–29)"
    plain = {
        "review_pass_rate": replace(CATALOG["review_pass_rate"], worse="review pass rate is {change} lower")
    }
    assert (
        costs.cost_words(failed, plain)
        == "about 24 reviews fewer than at the earlier review pass rate (19–29)"
    )
    dearer = replace(failed, outcome="cost_per_qualified_lead")
    assert costs.cost_words(dearer, CATALOG) == "about 24 qualified leads fewer (19–29)"


def test_a_value_of_a_week_says_so_wherever_it_is_told() -> None:
    told = {each.kind: changes.a_week(each) for each in CATALOG.values()}
    assert {kind for kind, words in told.items() if words} <= {"volume", "sum"}
    more = Change(2.0, 1.9, 2.1, 6592, baseline_value=68.0, current_value=206.0)
    pair = replace(examples.pair(proxy="email_volume"), proxy_change=more)
    workflow = replace(examples.drifting(), pairs=(pair,))
    assert "206 a week, better, was 68 a week" in alert_card._sides(workflow, CATALOG)[0].text()
    told = next(each for each in review_card.figures(workflow, CATALOG) if each.label == "Email volume")
    assert (told.value, told.told) == ("206 a week", "was 68 a week")


def test_rules_are_told_with_value_and_threshold_in_their_unit() -> None:
    pending = examples.drifting().rules[1]
    assert verdicts.rule_sentence(pending, "share") == (
        "Close rate below 15 %: past its threshold since 30 Jun 2024 (14.7 %; threshold 15 %)"
    )
    assert (
        verdicts.rule_sentence(examples.too_early().rules[0])
        == "Drifting: can't be judged, too early to judge"
    )


def test_sources_that_are_not_fresh_are_named() -> None:
    sources = (*examples.SOURCES[:2], replace(examples.SOURCES[2], state="stale"))
    assert verdicts.freshness_sentence(sources) == "emails late; 2 of 3 sources fresh, newest 30 Jun 2024"
    assert verdicts.freshness_sentence(examples.SOURCES) == "4 sources fresh, newest 30 Jun 2024"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.334, "33 %"),
        (0.042, "4.2 %"),
        (0.9962, "99.6 %"),
        (1.0, "100 %"),
        (0.0, "0 %"),
        (None, "–"),
        (2.5, "250 %"),
    ],
)
def test_a_share_is_rounded_for_reading_and_never_up_to_all(value: float | None, text: str) -> None:
    assert formats.percent(value) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-0.42, -0.22, "22–42 %"),
        (0.94, 0.96, "94–96 %"),
        (-0.05, 0.09, "−5 % to +9 %"),
        (0.331, 0.334, "33.1–33.4 %"),
        (0.3341, 0.3342, "33.4 %"),
        (None, 0.1, ""),
        (-0.01, 0.0, "−1 % to 0 %"),
    ],
)
def test_an_interval_keeps_its_signs_only_where_it_crosses_zero(
    low: float | None, high: float | None, text: str
) -> None:
    assert formats.interval(low, high) == text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (402_000, "EUR", "€402k"),
        (1_250_000, "USD", "$1.2m"),
        (999.5, "GBP", "£1k"),
        (999_600, "EUR", "€1m"),
        (9_400, "EUR", "€9.4k"),
        (120, "CHF", "CHF 120"),
        (-5_000, "EUR", "−€5k"),
        (18.5, None, "18.50"),
        (2.4e9, "EUR", "€2.4bn"),
        (None, "EUR", "–"),
    ],
)
def test_money_is_short_and_carries_its_currency(
    amount: float | None, currency: str | None, text: str
) -> None:
    assert formats.money(amount, currency) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (8, "8 minutes"),
        (1, "1 minute"),
        (168, "2.8 hours"),
        (0.5, "30 seconds"),
        (4320, "3 days"),
        (None, "–"),
    ],
)
def test_durations_come_in_the_unit_people_would_use(minutes: float | None, text: str) -> None:
    assert formats.duration(minutes) == text


def test_dates_name_their_month() -> None:
    assert formats.day(dt.date(2024, 2, 12)) == "12 Feb 2024"
    assert formats.day_span(dt.date(2024, 6, 24), dt.date(2024, 6, 30)) == "24–30 Jun 2024"
    assert formats.day_span(dt.date(2024, 1, 29), dt.date(2024, 2, 4)) == "29 Jan – 4 Feb 2024"
    assert formats.day_span(dt.date(2024, 12, 30), dt.date(2025, 1, 5)) == "30 Dec 2024 – 5 Jan 2025"


def test_a_long_list_ends_in_how_many_more() -> None:
    assert formats.listed(list("abcdef")) == "a, b, c, d and 2 more"
    assert formats.listed(["a", "b"]) == "a and b"
    assert formats.listed([]) == ""


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0.00408, "0.0041"),
        (0.004, "0.004"),
        (-0.05, "−0.05"),
        (0.0999, "0.1"),
        (0.24, "0.2"),
        (0, "0"),
        (1e-9, "0.0"),
    ],
)
def test_a_small_number_is_told_by_what_it_says(value: float, told: str) -> None:
    assert formats.metric_value(value, "count") == told


@given(st.floats(min_value=-5, max_value=50))
def test_a_change_is_always_told_with_one_sign_and_one_percent_mark(relative: float) -> None:
    text = formats.signed_percent(relative)
    assert text.endswith(" %")
    assert text.count("%") == 1
    assert text == "0 %" or text[0] in "+−"


@given(st.text())
def test_an_escaped_name_is_one_line_in_which_every_mark_is_escaped(name: str) -> None:
    text = markdown.escape_markdown(name)
    assert "\n" not in text
    bare = text.replace("\\\\", "")
    for mark in "`*_[]<>$#|:":
        assert bare.count(mark) == bare.count(f"\\{mark}")


@given(st.text())
def test_escaping_changes_no_letter_of_a_name(name: str) -> None:
    shown = markdown.escape_markdown(name).replace("\u2060", "").replace("\u00a0", " ")
    assert _unescaped(shown) == formats.one_line(name).replace("\u2060", "").replace("\u00a0", " ")


def _unescaped(text: str) -> str:
    letters, at = [], 0
    while at < len(text):
        at += text[at] == "\\"
        letters.append(text[at])
        at += 1
    return "".join(letters)


def test_bare_links_addresses_and_emoji_codes_are_kept_apart() -> None:
    text = markdown.escape_markdown(examples.HOSTILE)
    for live in (r"\:\/\/", r"www\.", r"\:smile", "@evil"):
        assert live not in text


def test_a_very_long_name_is_cut_in_sentences() -> None:
    text = verdicts.headline(examples.drifting(name="x" * 5000))
    assert len(text) < 400


def test_wording_imports_neither_streamlit_nor_plotly() -> None:
    heavy = ("streamlit", "plotly", "duckdb", "pandas")
    code = f"import sys, leadline.dashboard.words.verdicts; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert done.stdout.strip() == "[]"


def test_each_verdict_is_called_what_it_is() -> None:
    called = {verdict: verdict_words(verdict).word for verdict in VERDICTS}
    assert called == {
        "diverging": "Drifting",
        "declining": "Declining",
        "watch": "Watch",
        "recovering": "Recovering",
        "aligned": "Holding",
        "too_early": "Too early",
        "data_problem": "Check the data",
    }


def test_no_surface_says_check_the_data_and_pause_in_one_breath() -> None:
    broken = examples.data_problem()
    breached = replace(broken, rules=(RuleState("floor", "breached", examples.AS_OF, "pause", None, None),))
    assert "ause" not in verdicts.headline(breached) + due.action_due(breached)


def test_a_rule_that_could_not_be_judged_lately_says_when_it_was_judged_last() -> None:
    rule = RuleState("floor", "breached", dt.date(2025, 10, 26), "pause", 0.155, 0.423)
    told = verdicts.rule_sentence(replace(rule, last_judged=dt.date(2026, 3, 8)), "share")
    assert told == "Floor: breached since 26 Oct 2025 (15.5 %; threshold 42.3 %), last judged 8 Mar 2026"
    unknown = replace(
        rule,
        state="no_data",
        last_judged=dt.date(2026, 3, 8),
        held_since=rule.since,
        reason=AsTold("Deals are late."),
    )
    assert verdicts.rule_sentence(unknown) == (
        "Floor: can't be judged: Deals are late; breached since 26 Oct 2025 when it was judged last, 8 Mar 2026"
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            Change(0.24, 0.12, 0.37, 900, improved=True, baseline_value=0.5, current_value=0.62),
            ", and of 100 assets 62 are used by sales (likely 56–68), up from 50.",
        ),
        (
            Change(0.04, -0.05, 0.13, 900, improved=False),
            "no decline shows in asset usage rate: 4 % more assets are used by sales",
        ),
        (
            Change(-0.1, -0.21, 0.02, 900, baseline_value=0.5, current_value=0.45),
            "no decline beyond what was agreed shows in asset usage rate: of 100 assets 45 are used by sales (likely "
            "40–51), 50 before.",
        ),
        (Change(0.0, -0.08, 0.08, 900), "keeps its level: asset usage rate is as it was"),
        (
            Change(0.0, -0.08, 0.08, 900, baseline_value=0.5, current_value=0.5),
            "keeps its level: of 100 assets 50 are used by sales (likely 46–54), as before.",
        ),
    ],
)
def test_how_an_outcome_holds_is_never_contradicted_by_its_number(change: Change, told: str) -> None:
    holding = examples.holding()
    pair = replace(holding.pairs[0], outcome_change=change)
    assert told in verdicts.statement(replace(holding, pairs=(pair,)))


def test_an_outcome_that_comes_sooner_is_told_so_before_its_level() -> None:
    holding = examples.holding()
    pair = replace(
        holding.pairs[0], mechanism="faster", outcome_change=Change(0.14, 0.02, 0.27, 900, improved=False)
    )
    told = verdicts.statement(replace(holding, pairs=(pair,)))
    assert (
        "asset usage rate comes sooner than it used to, and beyond that 14 % more assets are used by sales"
        in told
    )
    assert "sooner" in verdicts.mechanism_sentence(pair, CATALOG)


def test_a_mix_is_told_with_its_interval_and_the_part_that_did_most() -> None:
    part = SegmentPart("referral", 120, 0.25, 0.0, 0.36, None, -0.018, 0.0, False)
    grown = replace(part, name="web", share_before=0.4, share_now=0.53, mix_effect=0.001)
    pair = replace(examples.holding().pairs[0], mechanism="mix")
    mix = Breakdown(
        pair.outcome, "channel", examples.AS_OF, 0.2, 0.19, -0.01, -0.018, 0.0, (part, grown), mix_error=0.02
    )
    shown = examples.holding(pairs=(pair,), breakdowns=(mix,))
    told = (
        "because the mix by channel changed (−9 %, likely range 5–13 %; “referral” is gone, before 25 %), not"
    )
    assert told in verdicts.statement(shown)
    (written,) = to_contract(examples.review(shown))["workflows"][0]["pairs"]
    change = written["mix_change"]
    assert (change["dimension"], change["units"]) == ("channel", 240)
    assert [change[key] for key in ("relative", "low", "high")] == pytest.approx([-0.09, -0.1292, -0.0508])
    some = replace(mix, parts=(replace(part, share_now=0.08), grown))
    assert "“referral” is 8 % of it, before 25 %" in verdicts.statement(replace(shown, breakdowns=(some,)))


def test_a_mix_is_told_with_its_own_number_or_with_none() -> None:
    holding = examples.holding()
    pair = replace(holding.pairs[0], mechanism="mix", outcome_change=Change(0.04, -0.05, 0.13, 900))
    mix = Breakdown(pair.outcome, "channel", examples.AS_OF, 0.2, 0.19, -0.01, -0.018, 0.008, ())
    told = verdicts.statement(replace(holding, pairs=(pair,), breakdowns=(mix,)))
    assert "because the mix by channel changed (−9 %), not because any part does worse." in told
    assert "more assets are used" not in told
    assert "because the mix of what comes in changed, not" in verdicts.statement(
        replace(holding, pairs=(pair,))
    )


def test_a_recovery_says_when_after_which_decision_and_from_what() -> None:
    holding = examples.holding()
    back = Recovered("asset_usage_rate", dt.date(2026, 6, 7), "D5", dt.date(2026, 3, 1), -0.75)
    pair = replace(holding.pairs[0], recovered=back)
    told = verdicts.statement(replace(holding, pairs=(pair,)))
    assert told.startswith("Content studio is holding.")
    assert told.endswith(
        "Asset usage rate recovered on 7 June 2026, 14 weeks after the decision of 1 March 2026 (D5), from 10 of "
        "100."
    )


def test_while_another_outcome_drifts_nothing_is_called_recovered() -> None:
    back = Recovered("asset_usage_rate", dt.date(2026, 6, 7), "D5", dt.date(2026, 3, 1), -0.75)
    pair = replace(examples.holding().pairs[0], recovered=back)
    assert examples.drifting(pairs=(examples.pair(), pair)).recovered is None


def test_evidence_without_a_standing_alarm_names_no_week_since_which() -> None:
    pair = replace(examples.pair(), verdict="watch", since=dt.date(2024, 2, 12))
    assert "since" not in verdicts.statement(examples.drifting(verdict="watch", pairs=(pair,)))


@pytest.mark.parametrize(
    ("plural", "one"),
    {
        "leads": "lead",
        "open replies": "open reply",
        "matches": "match",
        "addresses": "address",
        "responses": "response",
        "people": "person",
        "business": "business",
    }.items(),
)
def test_one_of_many_is_named_as_one(plural: str, one: str) -> None:
    metric = replace(CATALOG["close_rate"], entity=plural)
    assert changes.units_words(metric, 1) == f"1 {one}"
    assert changes.units_words(metric, 2) == f"2 {plural}"
