"""What people say to one another about an alert: comments, whom it is assigned to, and who hears of it by mail."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from leadline.dashboard.service import mentions
from leadline.dashboard.views import actions, kit
from leadline.dashboard.views.page import Page, tell_error
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.mentions import mentions_words
from leadline.data.errors import LeadlineError
from leadline.metrics.agreement.alerts import LONGEST_COMMENT, Alert


def comment(page: Page, alert: Alert) -> None:
    """A field for what there is to say; whom it names hears of it."""
    key = _key("comment", alert)
    text = st.text_area("Comment", max_chars=LONGEST_COMMENT, height=90, key=key, help=_who_hears(page))
    name = kit.name_field(page, key)
    _send(
        "Say it", "comment", alert, name, lambda: actions.comment(page, alert, text or "", name),
        f"Your comment stands on alert {alert.id}.",
    )  # fmt: skip


def assign(page: Page, alert: Alert) -> None:
    """Somebody of leadline.toml, or any other name; those whom leadline.toml names hear of it by mail."""
    key = _key("assign", alert)
    st.markdown(
        "Asks somebody to look after it. Whom leadline.toml names with an address hears of it by mail."
    )
    options = list(dict.fromkeys([*mentions.people(page.workspace), alert.owner]))
    to = st.selectbox(
        "Who looks after it", [one for one in options if one], index=None, accept_new_options=True, key=key,
        placeholder="Choose or type a name",
    )  # fmt: skip
    name = kit.name_field(page, key)
    _send(
        "Assign it", "assign", alert, name, lambda: actions.assign(page, alert, to or "", name),
        f"Alert {alert.id} is assigned to {to}.",
    )  # fmt: skip


def _key(what: str, alert: Alert) -> str:
    """A new one after each, else what was typed would stand there again."""
    return f"{what} {alert.id} {st.session_state.get(f'{what} sent', 0)}"


def _send(
    button: str, what: str, alert: Alert, name: str, send: Callable[[], mentions.Told], words: str
) -> None:
    """A button that sends; `words` say that it was, with whom it was mailed to."""
    if not st.button(button, type="primary", key=f"send {_key(what, alert)}"):
        return
    try:
        told = send()
    except LeadlineError as error:
        tell_error(str(error))
        return
    kit.remember_name(name)
    st.session_state[f"{what} sent"] = st.session_state.get(f"{what} sent", 0) + 1
    mailed = mentions_words(told.mailed, told.unknown, told.problem)
    st.session_state["said"] = escape_markdown(f"{words}{mailed}")
    st.rerun()


def _who_hears(page: Page) -> str:
    known = mentions.people(page.workspace)
    if not known:
        return "It stands in the alert's history. Nobody can be mailed: leadline.toml names no addresses."
    return escape_markdown(
        f"It stands in the alert's history. @{known[0].partition('@')[0]} sends a mail, too."
    )
