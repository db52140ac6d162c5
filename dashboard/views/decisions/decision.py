"""Pieces of the decisions page: one decision as it went, a new one, reviews closed, the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from leadline.dashboard.service import review_codes
from leadline.dashboard.views import kit, links
from leadline.dashboard.views.decisions import decision_form
from leadline.dashboard.views.page import Page, tell_error
from leadline.dashboard.words import decisions
from leadline.dashboard.words.alert_card import CODE_FIELD
from leadline.dashboard.words.formats import NAME_LETTERS, counted, day, local, moment, one_line, shortened
from leadline.dashboard.words.ledger import broken_words
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.tables import csv_text
from leadline.dashboard.words.verdicts import display_name
from leadline.metrics.agreement.alerts import Alert, alerts
from leadline.metrics.agreement.charters_in_force import charters_to_stop
from leadline.metrics.agreement.decisions import Decision
from leadline.metrics.agreement.entries import LedgerError, entries
from leadline.metrics.agreement.verification import verify
from leadline.metrics.charter_terms import Charter
from leadline.metrics.results import Review, WorkflowReview

SHOWN = 30


def decided(page: Page, review: Review, taken: Sequence[Decision]) -> None:
    """Every decision as one line from breach to outcome, those whose checkpoint is overdue first."""
    today = page.workspace.today()
    known = {alert.id: alert for alert in alerts(page.warehouse)}
    workflows = {workflow.workflow: workflow for workflow in review.workflows}
    table = decisions.decisions_table(taken, known, workflows, page.catalog, today)
    asked = links.asked_for("decision", [one.id for one in taken])
    kit.subheading("Decisions", table, "leadline-decisions")
    if not taken:
        kit.quiet(
            "None so far. When a rule is breached, decide on its alert: continue, adjust, pause or stop, with a "
            "reason, an owner, and the day on which somebody looks again."
        )
        return
    taken = sorted(taken, key=lambda one: one.id != asked)
    for one in sorted(taken, key=lambda each: not each.is_overdue(today))[:SHOWN]:
        _one(page, one, known, workflows)
    if len(taken) > SHOWN:
        kit.quiet(f"{counted(len(taken) - SHOWN, 'older decision')} in the CSV.")


def _one(
    page: Page, one: Decision, known: Mapping[str, Alert], workflows: Mapping[str, WorkflowReview]
) -> None:
    workflow = workflows.get(one.workflow)
    name = display_name(workflow) if workflow else one_line(one.workflow)
    with st.container(border=True):
        breach, decision, look, since = st.columns([0.22, 0.34, 0.2, 0.24], gap="medium")
        breach.markdown(_block("Breach", name, [decisions.breach_words(one, known, page.catalog)]))
        with decision:
            st.markdown(f"{decisions.decision_badge(one)} :small[:gray[{one.id}, {day(one.on)}]]")
            changes = f"**What changes:** {escape_markdown(shortened(one_line(one.changes), 300))}"
            lines = [escape_markdown(shortened(one_line(one.reason), 500)), changes if one.changes else ""]
            people = escape_markdown(
                f"Owner {shortened(one_line(one.owner), NAME_LETTERS)}; recorded by "
                f"{shortened(one_line(one.by), NAME_LETTERS)} on {moment(local(one.at, page.zone))}"
            )
            st.markdown("  \n".join([*(line for line in lines if line), f":small[:gray[{people}]]"]))
        look.markdown(_block("Checkpoint", "", [decisions.checkpoint_words(one, page.workspace.today())]))
        since.markdown(_block("Since then", "", decisions.comeback_lines(one, workflow, page.catalog)))


def _block(label: str, name: str, lines: Sequence[str]) -> str:
    bold = [f"**{escape_markdown(name)}**"] if name else []
    told = [f":small[{escape_markdown(line)}]" for line in lines]
    return "  \n".join([f":small[:gray[{label}]]", *bold, *told])


def record(page: Page, review: Review | None) -> None:
    """A decision without an alert: somebody decided before a rule did, also on what can't be judged. `review`: None
    while it is being made."""
    known: dict[str, Charter | WorkflowReview] = {
        each.workflow: each for each in (review.workflows if review is not None else ())
    }
    for charter in charters_to_stop(page.warehouse, page.workspace):
        known.setdefault(charter.workflow, charter)
    if not known or not kit.may(page, "decide"):
        return
    with st.expander("Record a decision without an alert", icon=":material/gavel:"):
        chosen = st.selectbox(
            "Workflow",
            list(known),
            format_func=lambda key: display_name(known[key]),
            key="decide on workflow",
        )
        decision_form.decide_form(page, review, chosen, known[chosen].owner)


def closed(page: Page, names: Mapping[str, str]) -> None:
    """Weeks that were closed: what was shown then is kept as it was."""
    held = entries(page.warehouse, ("review_closed",))
    kit.section(
        "Weeks closed", decisions.closed_table(held, names, page.zone), "leadline-weeks-closed",
        "None so far. Close a week on the weekly review: what was shown is then kept as it was.",
        height=380 if len(held) > 9 else None,
    )  # fmt: skip


def by_code(page: Page) -> None:
    """The field that takes the code on a card, and the way to that very review."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = st.text_input(
            CODE_FIELD, max_chars=20, placeholder="K7Q2-M4XT", key="code on a card", width=260,
            help="Opens the review exactly as it was shown when the card was made.",
        )  # fmt: skip
        if not code:
            return
        try:
            kept = review_codes.find(page.warehouse, code)
        except LedgerError as error:
            tell_error(str(error))
            return
        name, on = display_name(kept.shown.workflow), day(kept.shown.as_of)
        kit.link(kit.WORKFLOW, escape_markdown(f"{name}, as of {on}"), code=review_codes.code_of(kept.shown))


def ledger(page: Page) -> None:
    """Everything that was ever recorded, appended and never changed; whether it still is as it was written."""
    with st.expander(
        "The ledger: everything as it was recorded", icon=":material/book:", on_change="rerun"
    ) as book:
        if not book.open:
            return
        rows = entries(page.warehouse)
        kit.quiet(
            f"{counted(len(rows), 'row')}, each sealed with the row before it. Note the newest hash elsewhere; "
            "held against the ledger later, it also shows rows that were taken off the end."
        )
        with st.container(horizontal=True):
            if st.button("Is it as it was written?", icon=":material/rule:"):
                _verified(page)
            st.download_button(
                "The whole ledger as CSV",
                lambda: csv_text(decisions.ledger_csv_table(rows)).encode("utf-8-sig"),
                file_name="leadline-ledger.csv", mime="text/csv", icon=":material/download:", on_click="ignore",
            )  # fmt: skip
        kit.table(
            decisions.ledger_table(rows, page.zone), "The ledger", height=420 if len(rows) > 10 else None
        )


def _verified(page: Page) -> None:
    broken = verify(page.warehouse)
    if not broken:
        st.success(
            "Every row is as it was written, and none is missing between others.", icon=":material/check:"
        )
        return
    st.error(
        "\n".join(f"- {escape_markdown(broken_words(each))}" for each in broken), icon=":material/error:"
    )
