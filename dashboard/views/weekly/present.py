"""The review in a room: one workflow a screen, its card as large as the screen, turned with the arrow keys."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import caches, kit
from leadline.dashboard.views.page import Page
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.verdicts import display_name
from leadline.metrics.results import Review

_AT = "show"
"""in the link: the workflow that is on the screen"""


def button(review: Review) -> None:
    """The way into it, from the worst workflow on."""
    st.button(
        "Present", icon=":material/present_to_all:", key="present",
        on_click=lambda: _turn(review.workflows[0].workflow), help="One workflow a screen, turned with the arrow keys",
    )  # fmt: skip


def is_asked() -> bool:
    """Whether the link asks for the presentation."""
    return _AT in st.query_params


def shown(page: Page, review: Review) -> None:
    """The card that the link names, the worst one where it names none, and the keys to turn it."""
    names = [workflow.workflow for workflow in review.workflows]
    if not names:
        kit.quiet("No workflow has a charter yet, so there is nothing to show.")
        st.button("Leave", icon=":material/close:", key="leave", on_click=lambda: _turn(None))
        return
    told = st.query_params.get(_AT, "")
    at = names.index(told) if told in names else 0
    workflow = review.workflows[at]
    with st.container(horizontal=True, vertical_alignment="center"):
        kit.quiet(f"**{at + 1} of {len(names)}** · {escape_markdown(display_name(workflow))}")
        st.space("stretch")
        _key("Before", "arrow_back", "Left", names[at - 1] if at else None)
        _key("Next", "arrow_forward", "Right", names[at + 1] if at + 1 < len(names) else None)
        st.button("Leave", icon=":material/close:", key="leave", shortcut="Esc", on_click=lambda: _turn(None))
    card = caches.card_of(page.workspace, page.warehouse, review, workflow, page.mode)
    if card is None:
        kit.quiet("◌ An import is being landed; the card is drawn once it is in.")
        return
    st.image(card.png, width="stretch", alt=escape_markdown(card.alt))


def _key(label: str, icon: str, key: str, to: str | None) -> None:
    st.button(
        label, icon=f":material/{icon}:", key=label, shortcut=key, disabled=to is None,
        on_click=lambda: _turn(to),
    )  # fmt: skip


def _turn(to: str | None) -> None:
    if to is None:
        st.query_params.pop(_AT, None)
    else:
        st.query_params[_AT] = to
