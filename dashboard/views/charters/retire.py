"""A workflow that is over: retired where somebody says why, listed with the way back."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

import streamlit as st

from leadline.dashboard.views import actions, kit
from leadline.dashboard.views.page import Page, tell_error
from leadline.dashboard.words import retirement
from leadline.dashboard.words.formats import counted
from leadline.dashboard.words.markdown import escape_markdown
from leadline.data.errors import LeadlineError
from leadline.metrics.agreement.retirement import Retired, retired_workflows


def offer(page: Page, workflow: str) -> None:
    """Retires a workflow, folded away until somebody asks for it."""
    with st.expander(retirement.OFFER, icon=":material/inventory_2:", key=f"over {workflow}"):
        if not kit.may(page, "agree"):
            return
        kit.quiet(retirement.WHAT_IT_DOES)
        reason = st.text_input("Why is it over?", max_chars=400, key=f"why over {workflow}")
        name = kit.name_field(page, f"retire {workflow}")
        if st.button("Retire it", icon=":material/inventory_2:", key=f"retire {workflow}"):
            _do(
                partial(actions.retire_workflow, page, workflow, name, reason),
                name,
                f"{workflow} is retired.",
            )


def listed(page: Page, charted: Collection[str]) -> None:
    """Workflows that are over, each with a way to watch it again."""
    over = retired_workflows(page.warehouse, charted)
    if not over:
        return
    words = f"Retired: {counted(len(over), 'workflow')}"
    with st.expander(words, icon=":material/inventory_2:", key="retired"):
        for one in over:
            _one(page, one)


def _one(page: Page, one: Retired) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(escape_markdown(retirement.retired_sentence(one)), width="stretch")
        with st.popover("Watch it again", icon=":material/visibility:"):
            if not kit.may(page, "agree"):
                return
            kit.quiet("Registers its charter, as it was agreed last, as a new version.")
            reason = st.text_input("Why?", max_chars=400, key=f"why again {one.workflow}")
            name = kit.name_field(page, f"again {one.workflow}")
            if st.button("Register it again", type="primary", key=f"again {one.workflow}"):
                again = partial(actions.agree, page, one.content, name, reason, sign=False)
                _do(again, name, f"{one.workflow} is watched again.")


def _do(act: Callable[[], object], name: str, said: str) -> None:
    """Does it and says so on the page drawn anew, or says in a sentence why not."""
    try:
        act()
    except LeadlineError as error:
        tell_error(str(error))
        return
    kit.remember_name(name)
    st.session_state["registered"] = escape_markdown(said)
    st.rerun()
