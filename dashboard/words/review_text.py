"""A review as text to read aloud: the whole portfolio in one sentence, then each workflow, worst first."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping

from leadline.dashboard.words import costs, markdown, review_card, verdicts
from leadline.dashboard.words.changes import counted_sentence
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.due import action_due
from leadline.dashboard.words.findings import OF_INTENT, fact_words, source_note
from leadline.dashboard.words.formats import day, listed, sentence_case
from leadline.dashboard.words.reviewing import validation_sentences
from leadline.dashboard.words.rules import rule_called
from leadline.dashboard.words.versions import cause_sentences
from leadline.data.templates import kind_words
from leadline.metrics.agreement.catalog import Metric, load_catalog
from leadline.metrics.due import checkpoint, due
from leadline.metrics.results import Finding, Review, RuleState, SourceState, WorkflowReview
from leadline.metrics.verdicts import meaning

WIDTH = 96
_HELD = "\ue000"
"""stands for a space at which no line may break"""


def to_text(review: Review, catalog: Mapping[str, Metric] | None = None, width: int = WIDTH) -> str:
    """The review in plain text, wrapped at `width` characters, ending in one line feed."""
    metrics = load_catalog(None) if catalog is None else catalog
    blocks = [
        _wrapped(
            f"Weekly review as of {day(review.as_of)} (data complete through {day(review.complete_through)})",
            width,
        ),
        _wrapped(verdicts.portfolio_sentence(review), width),
    ]
    blocks += [_workflow(workflow, metrics, width) for workflow in review.workflows]
    if review.uncharted:
        names = listed(list(review.uncharted))
        sentence = f"Rows have landed for {names}, but no charter says what is expected there."
        blocks.append(_wrapped(sentence, width))
    blocks.append(_data(review, width))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _workflow(workflow: WorkflowReview, catalog: Mapping[str, Metric], width: int) -> str:
    words = verdict_words(workflow.verdict)
    lines = [f"{words.shape} {words.word.upper()}  {verdicts.display_name(workflow)}"]

    def say(text: str, label: str = "") -> None:
        first = f"  {label + ': ' if label else ''}"
        lines.append(_wrapped(text, width, first=first, rest="  " if not label else "    "))

    headline = verdicts.headline(workflow, catalog)
    say(headline)
    if note := verdicts.note_words(workflow, headline):
        say(note)
    if lead := workflow.lead_pair if meaning(workflow.verdict).is_judged else None:
        for name, change in ((lead.outcome, lead.outcome_change), (lead.proxy, lead.proxy_change)):
            if name in catalog and (counted := counted_sentence(catalog[name], change)):
                say(counted)
    if workflow.cost:
        say(costs.cost_words(workflow.cost, catalog), "Cost so far")
    say(action_due(workflow, catalog), "To do")
    say(workflow.owner or "nobody is named in the charter", "Owner")
    for rule in _rules_worth_saying(workflow):
        unit, currency = review_card.rule_unit(rule, catalog), review_card.rule_currency(rule, workflow)
        say(verdicts.rule_sentence(rule, unit, currency, catalog), "Rule")
    for rule in workflow.rules:
        for mark in rule.marks:
            called = sentence_case(rule_called(rule.when, rule.id, catalog))
            say(f"{called}: {fact_words(mark)}", "Rule")
    for finding in _worth_saying(workflow, headline):
        say(
            fact_words(finding.about),
            finding_label(finding),
        )
    agreed = workflow.charter.reviewing if workflow.charter else None
    for sentence in validation_sentences(workflow.validation, agreed.agreement if agreed else None):
        say(sentence, "Reviewed")
    for about, sentence in cause_sentences(workflow.causes, catalog):
        say(sentence, about)
    if planned := checkpoint(workflow):
        say(day(planned), "Next checkpoint")
    return "\n".join(lines)


def _rules_worth_saying(workflow: WorkflowReview) -> list[RuleState]:
    """Rules that are not simply kept, without those that 'To do' or the headline has spoken of."""
    told = due(workflow)
    named = told.rule if told.kind == "decide" else None
    return [
        rule
        for rule in workflow.rules
        if rule.state != "ok"
        and not (rule.state == "breached" and rule == named)
        and not (rule.state == "no_data" and not meaning(workflow.verdict).is_judged)
    ]


def finding_label(finding: Finding) -> str:
    """What a finding is about."""
    if finding.code in OF_INTENT:
        return "Intent"
    return "Data, in the way of a verdict" if finding.blocks_verdict else "Data"


def _worth_saying(workflow: WorkflowReview, headline: str) -> list[Finding]:
    """Findings once each, those in the way of a verdict first, without what the headline has said."""
    told = {fact_words(finding.about): finding for finding in workflow.findings}
    once = {words: finding for words, finding in told.items() if words not in headline}
    return sorted(once.values(), key=lambda finding: not finding.blocks_verdict)


def _data(review: Review, width: int) -> str:
    sentence = verdicts.freshness_sentence(review.data)
    head = _wrapped(sentence if sentence.startswith(("Data", "No data")) else f"Data: {sentence}", width)
    return "\n".join(
        [head, *(_wrapped(_source(source), width, "  ") for source in review.data if source_note(source))]
    )


def _source(source: SourceState) -> str:
    return f"{kind_words(source.source)}: {source_note(source)}"


def _wrapped(text: str, width: int, first: str = "", rest: str | None = None) -> str:
    return textwrap.fill(
        markdown.unbroken(re.sub(r"[ \t\r\n]+", " ", text).strip(), _HELD),
        width,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    ).replace(_HELD, " ")
