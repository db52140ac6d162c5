"""Mine: what one person answers for, across workflows, gaps and what waits first."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from leadline.dashboard.views import access, caches, kit
from leadline.dashboard.views.decisions.dues import Due, decide_button, dues, tell
from leadline.dashboard.views.page import Page, errors_told, open_page
from leadline.dashboard.words import mine
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.review_card import badge, fact
from leadline.metrics.agreement.owners import handovers
from leadline.metrics.results import Review, WorkflowReview


def choose(page: Page, review: Review) -> str:
    """Whose workflows: named in the link, whoever signed in, or the first."""
    known = list(mine.people(review.workflows))
    name = access.person(page.workspace).name
    begin = known.index(name) if name in known else 0
    chosen = st.selectbox(
        "Who", known, index=begin, key="who", bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    # for the weekly review's own filter; a widget's value is forgotten with its page
    st.session_state["who mine"] = chosen or known[0]
    return chosen or known[0]


def row(page: Page, review: Review, workflow: WorkflowReview, told: mine.Line, due: Due) -> None:
    """One workflow: what was meant, what it was told, what runs, how it stands, what was decided and is due."""
    with st.container(border=True):
        said, stands = st.columns([1.5, 1], gap="medium")
        with said:
            st.page_link(
                kit.WORKFLOW,
                label=f"**{escape_markdown(told.name)}**",
                query_params={"workflow": workflow.workflow},
            )
            facts = (
                ("Objective", told.objective), ("Instruction", told.instruction), ("State", told.runs),
                ("Role", told.role),
            )  # fmt: skip
            st.markdown("  \n".join(fact(label, escape_markdown(words)) for label, words in facts))
        with stands:
            st.markdown(badge(workflow.verdict))
            st.markdown(fact("Decided", escape_markdown(told.decided)))
            tell(due)
            with st.container(horizontal=True, vertical_alignment="center"):
                decide_button(page, review, workflow, due)
                gaps = f"{told.gaps} open" if told.gaps else "none open"
                kit.link(kit.INTENT, f"Gaps: {gaps}", workflow=workflow.workflow)


def changes(page: Page, workflows: list[WorkflowReview]) -> None:
    """Who took over from whom."""
    found = [one for each in workflows for one in handovers(page.warehouse, each.workflow)]
    if not found:
        return
    st.subheader("Who took over", anchor=False)
    for one in sorted(found, key=lambda each: each.at, reverse=True):
        on = one.at.replace(tzinfo=dt.UTC).astimezone(page.zone).date()
        st.markdown(f"- {escape_markdown(mine.handover_sentence(one, on))}")


with errors_told():
    page = open_page()
    kit.told_once("decided")
    said, which = st.columns([3, 1.3], vertical_alignment="center")
    review = page.review(page.workspace.today())
    with said:
        kit.heading("Mine", review)
    if not review.workflows:
        kit.how_to_begin(page.workspace, review)
        st.stop()
    with which:
        who = choose(page, review)
    found = dues(page, review)
    own = [each for each in review.workflows if mine.role_of(each, who)]
    lines = {}
    for each in own:
        gaps = len(caches.gaps_of(page.workspace, page.warehouse, each))
        lines[each.workflow] = mine.line(each, who, each.causes.versions, found[each.workflow].words, gaps)
    waiting = sum(found[each.workflow].can_decide for each in own)
    st.header(escape_markdown(mine.mine_sentence(who, list(lines.values()), waiting)), anchor=False)
    own.sort(key=lambda each: (not found[each.workflow].can_decide, -lines[each.workflow].gaps))
    for each in own:
        row(page, review, each, lines[each.workflow], found[each.workflow])
    changes(page, own)
