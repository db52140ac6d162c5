"""Briefs: what outputs were told, how complete it is, and whether those with a complete brief do better."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from leadline.dashboard.service.written_rows import BRIEFS, Sheet, now
from leadline.dashboard.views import actions, caches, kit
from leadline.dashboard.views.page import Page, tell_error
from leadline.dashboard.words import briefs as words
from leadline.dashboard.words.markdown import escape_markdown
from leadline.data.errors import LeadlineError
from leadline.metrics.outputs.briefs import PARTS, Brief, says
from leadline.metrics.results import WorkflowReview


def show(page: Page, workflow: WorkflowReview) -> None:
    """The sentence, the comparisons, the briefs, the outputs without one."""
    charter = workflow.charter
    if charter is None:
        kit.quiet("This workflow has no charter.")
        return
    found = caches.compared_of(page.workspace, page.warehouse, charter)
    st.header(escape_markdown(words.headline(found, page.catalog)), anchor=False)
    kit.quiet(words.HOW_COMPARED)
    _write(page, workflow, found.briefs)
    for one in found.comparisons:
        kit.section(
            words.comparison_title(one, page.catalog), words.comparison_table(one, found.briefs, page.catalog),
            f"{workflow.workflow}-{one.outcome}-{one.by}", "",
        )  # fmt: skip
        for sentence in words.comparison_sentences(one, found.briefs, page.catalog):
            st.markdown(escape_markdown(sentence))
    kit.section(
        "Briefs", words.briefs_table(found.briefs), f"{workflow.workflow}-briefs",
        "No brief has landed. Export them from where they are written, with the columns of the template briefs, "
        "or write one here.", height=420 if len(found.briefs) > 10 else None,
    )  # fmt: skip
    without = caches.unbriefed_of(page.workspace, page.warehouse, workflow.workflow)
    kit.section(
        "Outputs without a brief", words.unbriefed_table(without), f"{workflow.workflow}-unbriefed",
        "Every output of the last 12 weeks names a brief that is known.", height=320 if len(without) > 8 else None,
    )  # fmt: skip


def _write(page: Page, workflow: WorkflowReview, known: Mapping[str, Brief]) -> None:
    """A brief written here lands as an import of its own, to be undone under Data like any other."""
    with st.expander("Write a brief", icon=":material/edit_note:"):
        if not kit.may(page, "review"):
            return
        with st.form(f"brief {workflow.workflow}", clear_on_submit=False, border=False):
            one, two, three = st.columns([1, 2, 1])
            name = one.text_input(
                "Brief", max_chars=64, placeholder="B17", help="What its outputs name as brief_id."
            )
            title = two.text_input("Title", max_chars=200)
            with three:
                who = kit.name_field(page, f"brief {workflow.workflow}")
            said = {
                part: st.text_area(
                    words.PART_LABELS[part], height=80, help=words.PART_HELP[part], max_chars=2000
                )
                for part in PARTS
            }
            if not st.form_submit_button("Keep this brief", type="primary", icon=":material/check:"):
                return
        missing = [words.PART_LABELS[part].lower() for part in PARTS if not says(said[part])]
        if not name.strip() or name.strip() in known:
            tell_error(words.name_problem(name, is_known=name.strip() in known))
            return
        row = {
            "brief_id": name.strip(),
            "written_at": now(page.workspace),
            "workflow": workflow.workflow,
            "author": who,
            "title": title,
            **{str(part): text for part, text in said.items()},
        }
        sheet = Sheet(page.workspace, BRIEFS, workflow.workflow, who)
        try:
            actions.write(page, sheet, [row])
            report = actions.land_written(page, sheet)
        except LeadlineError as error:
            tell_error(str(error))
            return
        kit.remember_name(who)
        number = report.import_id if report else None
        st.session_state["brief written"] = escape_markdown(
            words.kept_sentence(name.strip(), number, missing)
        )
        st.rerun()
