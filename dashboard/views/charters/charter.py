"""Pieces of the charters page: which one, what it says, what is undefined, its rules and its versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

import streamlit as st

from leadline.dashboard.service.charter_files import own_metrics, unpositioned
from leadline.dashboard.views import caches, kit, links
from leadline.dashboard.views.charters.drafts import Draft
from leadline.dashboard.views.page import Page, tell_error
from leadline.dashboard.words import charters
from leadline.dashboard.words.charters import open_points
from leadline.dashboard.words.findings import fact_words
from leadline.dashboard.words.formats import counted, day, local, one_line
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.metrics import (
    mismatch_sentence,
    unknown_codes_sentence,
    unpositioned_sentence,
)
from leadline.dashboard.words.review_card import fact, rule_mark
from leadline.data.errors import CharterError
from leadline.metrics.agreement.changes import text_difference
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.agreement.charter_versions import CharterVersion, charter_history
from leadline.metrics.charter_terms import Charter
from leadline.metrics.promises import RulePromise
from leadline.metrics.results import WorkflowReview

NEW = "new charter"
"""no workflow's identity: those hold no space"""


def choose(found: Sequence[Draft]) -> Draft:
    """The charter named in the link or chosen here; a new one last."""
    known = {draft.key: draft for draft in found}
    words = {key: _option(draft) for key, draft in known.items()} | {NEW: "+ A new charter"}
    key = links.choose_named("workflow", "Charter", words, next(iter(words)), _only_here(found))
    return known.get(key, Draft("", None))


def _only_here(found: Sequence[Draft]) -> list[str]:
    """Files that can't be read, and the new one: no workflows for other pages."""
    return [NEW, *(draft.key for draft in found if draft.charter is None)]


def _option(draft: Draft) -> str:
    return charters.charter_name(draft.charter) if draft.charter else f"✕ {draft.key} (can't be read)"


def above(found: Sequence[Draft]) -> None:
    """Where we are, in small."""
    unread = [draft for draft in found if draft.charter is None]
    agreed = len(found) - len(unread)
    of = f"{counted(agreed, 'workflow')} with what was agreed before deployment" if agreed else "none yet"
    words = f"**Charters** · {of}"
    if unread:
        words += f" · ✕ {counted(len(unread), 'file')} can't be read, so no review is made"
    kit.quiet(words)


def reviewed(page: Page, found: Sequence[Draft], chosen: Draft) -> WorkflowReview | None:
    """The workflow as reviewed today; None where there is no review."""
    if chosen.charter is None or any(draft.charter is None for draft in found):
        return None
    review = page.review(page.workspace.today())
    return next((w for w in review.workflows if w.workflow == chosen.charter.workflow), None)


def title(page: Page, chosen: Draft, review: WorkflowReview | None) -> None:
    """One sentence: signed by whom, which version, how much is undefined."""
    kit.told_once("registered")
    if chosen.file is None:
        st.header("A new charter: what a workflow is for, and what will stop it", anchor=False)
        return
    if chosen.charter is None:
        st.header(escape_markdown(f"{chosen.file.name} can't be used as it stands"), anchor=False)
        return
    charter = chosen.charter
    versions = charter_history(page.warehouse, charter.workflow)
    current = versions[-1].version if versions and versions[-1].content == charter.source else None
    undefined = open_points(charter, page.catalog, review)
    st.header(escape_markdown(charters.charter_sentence(charter, undefined, current)), anchor=False)
    if current is None:
        was = f"was changed since version {versions[-1].version}" if versions else "was never registered"
        st.warning(
            f"The file {escape_markdown(chosen.file.name)} {was} and is used as it stands. Register it, so that this "
            "version is kept with who and why.",
            icon=":material/history:",
        )


def unreadable(chosen: Draft) -> None:
    """A file that is no charter yet: every fault, and where to correct it."""
    if chosen.file is None:
        st.markdown(
            "Write it in a form or as YAML; both are the same charter, checked the same way. Nothing is kept before "
            "you register it."
        )
        return
    faults(chosen.faults)
    st.markdown("Correct it under **Edit as YAML**; nothing is judged until every charter can be read.")


def faults(found: Sequence[str]) -> None:
    """Every fault at once."""
    tell_error(f"{counted(len(found), 'fault')} to correct:")
    st.markdown("\n".join(f"- {escape_markdown(fault)}" for fault in found))


def agreed(page: Page, charter: Charter, review: WorkflowReview | None) -> None:
    """The charter as it is in force."""
    columns = st.columns(3)
    blocks = (
        ("What it is for", charters.intent_facts(charter, page.catalog)),
        ("From objective to instruction", charters.cascade_facts(charter, page.catalog)),
        ("What is watched", charters.watch_facts(charter, page.catalog)),
    )
    for column, (heading, facts) in zip(columns, blocks, strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"##### {heading}", anchors=False)
            st.markdown("  \n".join(fact(label, escape_markdown(words)) for label, words in facts))
    own = own_metrics(charter, page.catalog)
    for found in caches.mismatches_of(page.workspace, page.warehouse, own, charter.workflow):
        st.warning(escape_markdown(mismatch_sentence(found)), icon=":material/filter_alt_off:")
    for one in unpositioned(charter, page.catalog):
        st.warning(escape_markdown(unpositioned_sentence(one.label)), icon=":material/chat_bubble:")
    if charter.positioning and (strange := caches.unknown_codes_of(page.workspace, page.warehouse, charter)):
        st.warning(escape_markdown(unknown_codes_sentence(strange)), icon=":material/chat_bubble:")
    rules(page, charter, review)
    st.subheader("Still undefined", anchor=False)
    points = open_points(charter, page.catalog, review)
    if points:
        st.markdown("\n".join(f"- {escape_markdown(point)}" for point in points))
    else:
        kit.quiet("● Nothing: intent, cascade, owner, rules, checkpoints and signature are all agreed.")


def rules(page: Page, charter: Charter, review: WorkflowReview | None) -> None:
    """The stopping rules, where they stand, what was done to them after a breach, and what they can promise."""
    promises = caches.promises_of(page.workspace, page.warehouse, charter, page.workspace.today(), ask=False)
    table = charters.agreed_rules_table(charter, promises, review, page.catalog)
    kit.section(
        "Stopping rules", table, f"{charter.workflow}-rules",
        "None is agreed, so nothing will ask for a decision.",
    )  # fmt: skip
    for rule in review.rules if review else ():
        for mark in rule.marks:
            st.warning(
                f"{rule_mark(rule)} **{escape_markdown(one_line(rule.id))}**: {escape_markdown(fact_words(mark))}",
                icon=":material/flag:",
            )
    if charter.stopping_rules:
        promise_button(page, charter, promises)


def promise_button(page: Page, charter: Charter, told: Sequence[RulePromise] | None) -> None:
    """Reckons, when asked, how fast each rule would notice, how often it would cry wolf, and when it would have
    fired."""
    if told is not None:
        kit.quiet(
            "Reckoned for this workflow's own volume, by simulation: half of the time a fall is noticed within the "
            "weeks named, or sooner. “Would have fired” replays the rule over what has landed. "
            + charters.flow_words(told)
        )
    elif st.button(
        "What can these rules promise?",
        icon=":material/science:",
        key=f"promise {charter.workflow}",
        help="How fast each would notice a fall, how often it would cry wolf, and when it would have fired. "
        "Takes a few seconds the first time.",
    ):
        caches.promises_of(page.workspace, page.warehouse, charter, page.workspace.today(), ask=True)
        st.rerun()


def versions(page: Page, charter: Charter) -> None:
    """Every version with who, when and why; and any two of them side by side."""
    history = charter_history(page.warehouse, charter.workflow)
    zone = ZoneInfo(page.workspace.settings.timezone)
    read = [_read(page, version) for version in history]
    kit.section(
        "Versions", charters.versions_table(history, read, zone), f"{charter.workflow}-versions",
        "None is registered yet.",
    )  # fmt: skip
    if len(history) < 2:
        return
    st.subheader("Two versions compared", anchor=False)
    numbers = [version.version for version in history]
    one, other = st.columns(2)
    before = one.selectbox(
        "From version", numbers[:-1], index=len(numbers) - 2, format_func=_words(history, zone)
    )
    after = other.selectbox(
        "To version",
        [n for n in numbers if n > before],
        index=len(numbers) - before - 1,
        format_func=_words(history, zone),
    )
    old, new = (history[numbers.index(number)] for number in (before, after))
    changes = charters.difference(read[numbers.index(before)], read[numbers.index(after)])
    st.markdown(
        "\n".join(f"- {escape_markdown(change)}" for change in changes) or "Only the wording of the file."
    )
    st.code(text_difference(old.content, new.content), language=None, wrap_lines=True)


def _words(history: Sequence[CharterVersion], zone: ZoneInfo) -> Callable[[int], str]:
    known = {
        version.version: (
            f"{version.version} · {day(local(version.registered_at, zone).date())} · {one_line(version.author)}"
        )
        for version in history
    }
    return known.__getitem__


def _read(page: Page, version: CharterVersion) -> Charter | None:
    try:
        return parse_charter(version.content, page.catalog, f"version {version.version}")
    except CharterError:
        return None
