"""Closing the week: each alert that waits is decided or carried over; weeks that were missed are closed late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from leadline.dashboard.views import actions, caches, kit
from leadline.dashboard.views.decisions import decision_form
from leadline.dashboard.views.page import Page, tell_error
from leadline.dashboard.words import closing
from leadline.dashboard.words.alerts import alert_title, urgency
from leadline.dashboard.words.formats import day
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.verdicts import PORTFOLIO
from leadline.data.errors import LeadlineError
from leadline.metrics.agreement.alerts import Alert
from leadline.metrics.agreement.close_review import undecided_alerts
from leadline.metrics.agreement.entries import entries
from leadline.metrics.agreement.held_reviews import is_late
from leadline.metrics.results import Review


def close_week(page: Page, review: Review) -> None:
    """'Reviewed by, notes': keeps what was shown, does the checkpoints, and asks for each alert that waits."""
    if not review.workflows:
        return
    rows, today = entries(page.warehouse, ("review_closed",)), page.workspace.today()
    closed = closing.closed_words(closing.closed_reviews(rows, review))
    late = is_late(review.as_of, today)
    label = "Closed" if closed else "Close it late" if late else "Close the week"
    # with many workflows what it asks for is drawn when it is opened: it would be most of the page
    is_lazy = len(review.workflows) >= PORTFOLIO
    with st.popover(
        label, icon=":material/task_alt:", key="close popover", on_change="rerun" if is_lazy else "ignore"
    ) as asked:
        if is_lazy and not asked.open:
            return
        if closed:
            kit.quiet(f"● {escape_markdown(closed)}. What was shown is kept as it was.")
        if kit.may(page, "close"):
            waiting = sorted(undecided_alerts(page.warehouse, review), key=urgency)
            _ask(page, review, waiting, can_decide=review.as_of == today)
            _form(page, review, waiting, "Close it again" if closed else label)
        _missed(closing.missed_weeks(rows, today), review.as_of)


def changed_since(page: Page, review: Review) -> None:
    """What is another number by now than when the week was closed; nothing where it is not closed."""
    found = closing.closed_reviews(entries(page.warehouse, ("review_closed",)), review)
    shown = {
        name: caches.evidence_of(page.workspace, page.warehouse, str(entry.payload["evidence"]))
        for name, entry in found.items()
    }
    if said := closing.changed_since(shown, review, page.catalog):
        st.info(escape_markdown(said), icon=":material/history_edu:")


def _ask(page: Page, review: Review, waiting: Sequence[Alert], *, can_decide: bool) -> None:
    """What waits for a decision, with the way to it."""
    st.markdown("Keeps this review with its numbers as it is shown now, and notes the checkpoints as held.")
    if waiting:
        st.markdown("**Nobody has decided on these:** decide, or say below why they are carried over.")
    for alert in waiting:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"**{alert.id}** {escape_markdown(alert_title(alert, page.catalog))}", width="stretch"
            )
            if can_decide and st.button("Decide", icon=":material/gavel:", key=f"decide first {alert.id}"):
                others = [a.id for a in waiting if a.workflow == alert.workflow and a is not alert]
                decision_form.decide_dialog(page, review, alert.workflow, alert.owner, alert, others)


def _form(page: Page, review: Review, waiting: Sequence[Alert], label: str) -> None:
    with st.form("close the week", border=False):
        carried = {
            alert.id: st.text_input(closing.carry_label(alert), max_chars=400, key=f"carry {alert.id}")
            for alert in waiting
        }
        name = kit.name_field(page, "close")
        notes = st.text_area("Notes", max_chars=2000, height=90, key="notes of the week")
        sent = st.form_submit_button(label, type="primary", icon=":material/task_alt:")
    if not sent:
        return
    try:
        actions.close_week(
            page, review, name, notes or "", {each: said or "" for each, said in carried.items()}
        )
    except LeadlineError as error:
        tell_error(str(error))
        return
    kit.remember_name(name)
    st.session_state["closed"] = "The week is closed; what was shown is kept."
    st.rerun()


def _missed(weeks: Sequence[dt.date], shown: dt.date) -> None:
    """Links to the weeks that nobody has closed."""
    others = [week for week in weeks if week != shown]
    if not others:
        return
    st.markdown("**Nobody has closed:**")
    for week in others:
        kit.link(kit.WEEKLY_REVIEW, f"Week to {day(week)}", week=week.isoformat())
