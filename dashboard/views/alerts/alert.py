"""Pieces of the alerts page: one alert with its card and what can be done about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from leadline.dashboard.views import access, actions, caches, kit
from leadline.dashboard.views.alerts import conversation
from leadline.dashboard.views.decisions import decision_form
from leadline.dashboard.views.page import Page, tell_error
from leadline.dashboard.words import alerts
from leadline.dashboard.words.codes import alert_words
from leadline.dashboard.words.conventions import current
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.review_card import currency_of
from leadline.data.errors import LeadlineError
from leadline.metrics.agreement.alerts import LONGEST_SILENCE_DAYS, Alert
from leadline.metrics.agreement.shown_evidence import read_evidence
from leadline.metrics.results import Review, WorkflowReview


def nothing_yet(review: Review) -> None:
    """The quiet state: what would raise one."""
    if not any(workflow.rules for workflow in review.workflows):
        st.markdown("An alert is raised when a stopping rule is breached; none is agreed yet.")
        st.page_link(kit.CHARTERS, label="Agree on stopping rules", icon=":material/contract:")
        return
    kit.quiet(
        "● Every agreed stopping rule is kept, or waits for data. An alert is raised when one is breached."
    )


def open_alerts(page: Page, review: Review | None, found: Sequence[Alert]) -> bool:
    """Each with what can be done; a workflow's card stands beside its first alert. True where somebody decides now."""
    seen: set[str] = set()
    decides = False
    for alert in found:
        others = [each.id for each in found if each.workflow == alert.workflow and each.id != alert.id]
        decides |= open_alert(page, review, alert, others, first=alert.workflow not in seen)
        seen.add(alert.workflow)
    return decides


def open_alert(
    page: Page, review: Review | None, alert: Alert, others: Sequence[str], *, first: bool
) -> bool:
    """What is breached, how bad, what happened since, the card, and what can be done. True where somebody decides now.

    `first`: of its workflow, so that the card stands here.
    `others`: further open alerts of its workflow.
    """
    workflows = review.workflows if review is not None else ()
    workflow = next((each for each in workflows if each.workflow == alert.workflow), None)
    with st.container(border=True):
        said, beside = st.columns([0.56, 0.44], gap="medium")
        with said:
            _told(page, alert, currency_of(workflow, alert.when.partition(" ")[0]) if workflow else None)
            decides = _actions(page, review, alert, others)
        with beside:
            if not first:
                kit.quiet("The card of its workflow stands above.")
            elif review is None:
                kit.quiet("Its card is drawn once the review is made.")
            elif workflow is not None:
                _card(page, review, workflow, alert.id)
            else:
                kit.quiet("Its workflow has no charter any more, so there is no card of today.")
    return decides


def _told(page: Page, alert: Alert, currency: str | None) -> None:
    st.markdown(alerts.alert_badge(alert, page.workspace.today()))
    st.markdown(f"##### {escape_markdown(alerts.alert_title(alert, page.catalog))}", anchors=False)
    facts = alerts.alert_facts(alert, page.catalog, currency)
    st.markdown("  \n".join(f":small[{one}]" for one in facts))
    lines = [escape_markdown(line) for line in alerts.history_lines(alert, page.zone)]
    st.markdown("\n".join(f"- :small[{line}]" for line in lines))


def _actions(page: Page, review: Review | None, alert: Alert, others: Sequence[str]) -> bool:
    """Decide, say something, ask somebody, as far as the reader may do any of it; a link to the reasons."""
    who = access.person(page.workspace)
    acts = any(who.may(act) for act in ("acknowledge", "silence", "decide"))
    is_decided, decides = alert.state == "decided", False
    with st.container(horizontal=True, vertical_alignment="center"):
        if acts and st.button(
            "Decide again" if is_decided else "Decide",
            type="secondary" if is_decided else "primary",
            icon=":material/gavel:",
            key=f"decide on {alert.id}",
        ):
            decision_form.decide_dialog(page, review, alert.workflow, alert.owner, alert, others)
            decides = True
        if who.may("comment"):
            with st.popover("Comment", icon=":material/chat:"):
                conversation.comment(page, alert)
            with st.popover("Assign", icon=":material/person_add:"):
                conversation.assign(page, alert)
        if acts and alert.state == "raised":
            with st.popover("Acknowledge", icon=":material/visibility:"):
                _acknowledge(page, alert)
        if acts:
            with st.popover("Silence", icon=":material/notifications_off:"):
                _silence(page, alert)
        st.page_link(
            kit.WORKFLOW,
            label="Why we say this",
            icon=":material/arrow_forward:",
            icon_position="right",
            query_params={"workflow": alert.workflow},
        )
    if not acts:
        kit.may(page, "decide")
    return decides


def _acknowledge(page: Page, alert: Alert) -> None:
    if not kit.may(page, "acknowledge"):
        return
    st.markdown(
        "Says who looks after it. It stays open until a decision is recorded and the rule is kept again."
    )
    name = kit.name_field(page, f"acknowledge {alert.id}")
    if st.button("I look after it", type="primary", key=f"acknowledge {alert.id}"):
        try:
            known = actions.acknowledge(page, alert.id, name)
        except LeadlineError as error:
            tell_error(str(error))
            return
        kit.remember_name(name)
        by = known.acknowledged_by or name
        st.session_state["acknowledged"] = escape_markdown(f"Alert {alert.id} is acknowledged by {by}.")
        st.rerun()


def _silence(page: Page, alert: Alert) -> None:
    if not kit.may(page, "silence"):
        return
    today = page.workspace.today()
    st.markdown(
        "Nothing is sent about it until the end of that day, unless it gets worse. It stays open here."
    )
    until = st.date_input(
        "Until", today + dt.timedelta(weeks=1), min_value=today,
        max_value=today + dt.timedelta(days=LONGEST_SILENCE_DAYS), format=current().date_input, key=f"until {alert.id}",
    )  # fmt: skip
    reason = st.text_input("Reason", key=f"silence reason {alert.id}", max_chars=400)
    name = kit.name_field(page, f"silence {alert.id}")
    if st.button("Silence it", type="primary", key=f"silence {alert.id}"):
        try:
            actions.silence(
                page, alert.id, name, until if isinstance(until, dt.date) else today, reason or ""
            )
        except LeadlineError as error:
            tell_error(str(error))
            return
        kit.remember_name(name)
        st.session_state["silenced"] = f"Nothing is sent about alert {alert.id} until {until}."
        st.rerun()


def _card(page: Page, review: Review, workflow: WorkflowReview, alert: str, evidence: str = "") -> None:
    """The picture that stands alone in a meeting, and its download."""
    card = caches.card_of(page.workspace, page.warehouse, review, workflow, page.mode, evidence)
    if card is None:
        kit.quiet("◌ An import is being landed; the card is drawn once it is in. Reload the page then.")
        return
    st.image(card.png, width="stretch", alt=escape_markdown(card.alt))
    st.download_button(
        "Download the card as PNG",
        card.png,
        file_name=f"{kit.file_stem(workflow.workflow)}-{review.as_of.isoformat()}.png",
        mime="image/png",
        icon=":material/download:",
        on_click="ignore",
        key=f"card {alert}",
    )


def resolved(page: Page, over: Sequence[Alert], asked: str | None) -> None:
    """Alerts that are over: the newest one told, or the one the link names, with the card as it was shown."""
    if not over:
        return
    st.subheader("Resolved", anchor=False)
    for alert in sorted(over, key=lambda each: each.id != asked)[:20]:
        words = alerts.alert_title(alert, page.catalog)
        shown = st.expander(
            f"{alert_words('resolved').shape} {escape_markdown(words)}",
            expanded=alert.id == asked,
            key=f"resolved {alert.id}",
            on_change="rerun",
        )
        if not shown.open:
            continue
        with shown:
            said, picture = st.columns([0.56, 0.44], gap="medium")
            with said:
                _told(page, alert, None)
                kit.quiet(escape_markdown(alerts.resolution_words(alert)))
            with picture:
                evidence = read_evidence(page.warehouse, alert.evidence).shown
                then = Review(evidence.as_of, evidence.complete_through, (evidence.workflow,), evidence.data)
                kit.quiet("As it was shown when it was raised")
                _card(page, then, evidence.workflow, alert.id, alert.evidence)
