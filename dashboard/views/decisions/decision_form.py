"""The form that records a decision, on the alerts page and on the decisions page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from leadline.dashboard.views import actions, kit
from leadline.dashboard.views.page import Page, tell_error
from leadline.dashboard.words.alerts import agreed_words
from leadline.dashboard.words.codes import decision_words
from leadline.dashboard.words.conventions import current
from leadline.dashboard.words.formats import listed, sentence_case
from leadline.dashboard.words.markdown import escape_markdown
from leadline.data.errors import LeadlineError
from leadline.metrics.agreement.alerts import Alert
from leadline.metrics.agreement.decisions import DECISION_KINDS, LONGEST_AHEAD_DAYS, NewDecision
from leadline.metrics.results import Review

SOON = dt.timedelta(weeks=2)
"""the checkpoint offered at first"""


def decide_dialog(
    page: Page,
    review: Review | None,
    workflow: str,
    owner: str,
    alert: Alert | None,
    others: Sequence[str] = (),
) -> None:
    """The form over the page on which one reads why, with what was agreed and its action chosen."""

    @st.dialog("Decide", width="medium", icon=":material/gavel:")
    def shown() -> None:
        if alert is not None:
            st.markdown(escape_markdown(agreed_words(alert, page.catalog)))
        open_one = alert is not None and alert.state != "decided"
        agreed = alert.action if alert is not None and open_one and alert.action in DECISION_KINDS else None
        decide_form(page, review, workflow, owner, alert.id if alert else None, others, agreed)

    shown()


def decide_form(
    page: Page,
    review: Review | None,
    workflow: str,
    owner: str,
    alert: str | None = None,
    others: Sequence[str] = (),
    agreed: str | None = None,
) -> None:
    """Continue, adjust, pause or stop: reason, owner, what changes, when somebody looks again.

    `others`: further open alerts of the workflow, which the same decision may settle. `agreed`: the kind that is
    chosen at first. `review`: what is looked at; None while it is being made.
    """
    if not kit.may(page, "decide"):
        return
    recorded = st.session_state.get("decisions recorded", 0)
    # a new key after each: what was typed would stand there again, to be recorded twice
    today, key = page.workspace.today(), f"{alert or ''} {workflow} {recorded}"
    with st.form(f"decide {key}", border=False):
        kind = st.radio(
            "Decision", DECISION_KINDS, index=list(DECISION_KINDS).index(agreed) if agreed else None,  # type: ignore[arg-type]
            horizontal=True, key=f"kind {key}",
            format_func=lambda each: f"{decision_words(each).shape} {sentence_case(each)}: {decision_words(each).help}",
        )  # fmt: skip
        reason = st.text_area("Reason", key=f"reason {key}", height=76, max_chars=1000)
        changes = st.text_input(
            "What changes",
            key=f"changes {key}",
            max_chars=400,
            placeholder="the brief, the score, the objective …",
        )
        one, two, three = st.columns(3)
        sees_to_it = one.text_input("Owner: who sees to it", owner, key=f"owner {key}", max_chars=120)
        look = two.date_input(
            "Next checkpoint", today + SOON, key=f"next {key}", format=current().date_input,
            min_value=today, max_value=today + dt.timedelta(days=LONGEST_AHEAD_DAYS),
            help="The day on which somebody looks again. After a stop there need be none.",
        )  # fmt: skip
        with three:
            name = kit.name_field(page, f"decide {key}")
        both = False
        if others:
            both = st.checkbox(
                f"It decides on {listed(list(others))} of this workflow, too", value=True, key=f"both {key}"
            )
        sent = st.form_submit_button("Record the decision", type="primary", icon=":material/gavel:")
    if not sent:
        return
    try:
        decision = actions.decide(
            page,
            review,
            NewDecision(
                kind=kind or "",
                reason=reason or "",
                owner=sees_to_it or "",
                by=name,
                on=page.workspace.today(),
                alert=None if both else alert,
                workflow=workflow,
                changes=changes or "",
                next_checkpoint=look if isinstance(look, dt.date) and kind != "stop" else None,
            ),
        )
    except LeadlineError as error:
        tell_error(
            str(error) if kind else "The decision lacks its kind: choose continue, adjust, pause or stop."
        )
        return
    kit.remember_name(name)
    st.session_state["decisions recorded"] = recorded + 1
    st.session_state["decided"] = escape_markdown(
        f"Decision {decision.id} is recorded: {decision.kind}, by {decision.by}."
    )
    st.rerun()
