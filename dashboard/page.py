"""What every page shares: the workspace it shows, the week chosen, and errors told in one sentence."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from dashboard import session
from dashboard.owner import current_workspace, shared_warehouse
from dashboard.pictures import cards
from dashboard.pictures.formats import day, one_line
from dashboard.pictures.wording import display_name, escape_markdown
from data.errors import CharterError, LeadlineError
from data.warehouse import Warehouse
from data.workspace import Workspace
from metrics.agreement.catalog import Metric
from metrics.results import Review, WorkflowReview

WEEKS_BACK = 104
"""how far back the list of weeks goes; a link can go further"""
_log = logging.getLogger("leadline.dashboard")


@dataclass(frozen=True)
class Page:
    """What a page is drawn from."""

    workspace: Workspace
    warehouse: Warehouse
    mode: str
    """'light' or 'dark'"""

    @property
    def catalog(self) -> Mapping[str, Metric]:
        return session.catalog_of(self.workspace)

    def review(self, as_of: dt.date) -> Review:
        return session.review_of(self.workspace, self.warehouse, as_of)


@contextmanager
def page() -> Iterator[Page]:
    """The workspace of this process. What goes wrong inside is told in one sentence, never a stack trace."""
    try:
        workspace = current_workspace()
        yield Page(workspace, shared_warehouse(workspace), mode())
    except CharterError as error:
        tell_error(str(error))
        for fault in error.faults:
            st.markdown(f"- {escape_markdown(fault)}")
    except LeadlineError as error:
        tell_error(str(error))
    except Exception:
        _log.exception("A page could not be shown.")
        tell_error(
            "This page can't be shown because of a fault in Leadline; your data is untouched. Reload the page, and "
            "if it stays, run 'leadline doctor' and report what the server's window says."
        )


def tell_error(sentence: str) -> None:
    """One sentence in a box; names inside it are shown as they stand."""
    st.error(escape_markdown(sentence), icon=":material/error:")


def mode() -> str:
    """Whether the browser shows the light or the dark theme; light until it has said."""
    return "dark" if st.context.theme.type == "dark" else "light"


def choose_week(workspace: Workspace) -> dt.date:
    """The day to show: the newest, or a week's end chosen here or named in the link (`?week=2024-06-30`)."""
    today = workspace.today()
    last_sunday = today - dt.timedelta(days=(today.weekday() + 1) % 7)
    weeks = [last_sunday - dt.timedelta(weeks=back) for back in range(WEEKS_BACK)]
    linked = _linked_date(today)
    options = [today.isoformat(), *(week.isoformat() for week in weeks if week != today)]
    if linked and linked.isoformat() not in options:
        options = sorted([*options, linked.isoformat()], reverse=True)
    chosen = st.selectbox(
        "As of",
        options,
        format_func=lambda text: _week_words(dt.date.fromisoformat(text), today),
        key="week",
        bind="query-params",
        label_visibility="collapsed",
        help="Shows the review as it would have been with only what was known then.",
    )
    return dt.date.fromisoformat(chosen)


def choose_workflow(review: Review) -> WorkflowReview:
    """The workflow chosen here or named in the link (`?workflow=lead-routing`); the worst one otherwise.

    The link always names it, so that it opens the same workflow when another one has become the worst.
    """
    known = {workflow.workflow: workflow for workflow in review.workflows}
    asked = st.query_params.get("workflow")
    if asked is not None and asked not in known:
        tell_error(
            f"The link names the workflow “{one_line(asked)[:80]}”, which has no charter here; another is shown."
        )
    if asked not in known and st.session_state.get("workflow") not in known:
        st.session_state["workflow"] = review.workflows[0].workflow
    chosen = st.selectbox(
        "Workflow",
        list(known),
        index=None,
        required=True,
        format_func=lambda key: cards.option(known[key].verdict, display_name(known[key])),
        key="workflow",
        bind="query-params",
        label_visibility="collapsed",
    )
    return known.get(chosen or "", review.workflows[0])


def _linked_date(today: dt.date) -> dt.date | None:
    try:
        linked = dt.date.fromisoformat(st.query_params.get("week", ""))
    except ValueError:
        return None
    return linked if dt.date(1990, 1, 1) <= linked <= today else None


def _week_words(date: dt.date, today: dt.date) -> str:
    if date == today:
        return f"Newest, as of {day(date)}"
    return f"Week to {day(date)}" if date.weekday() == 6 else f"As of {day(date)}"
