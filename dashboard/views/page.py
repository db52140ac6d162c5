"""What every page shares: the workspace it shows, and errors told in one sentence."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from leadline.dashboard.service.open_warehouse import current_workspace, shared_warehouse
from leadline.dashboard.views import access, caches, ribbon
from leadline.dashboard.words.conventions import write_in
from leadline.dashboard.words.markdown import escape_markdown
from leadline.data.errors import CharterError, LeadlineError, WorkspaceError
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.results import Review

_log = logging.getLogger("leadline.dashboard")
_top: ContextVar[DeltaGenerator | None] = ContextVar("top of the page", default=None)


@dataclass(frozen=True)
class Page:
    """What a page is drawn from."""

    workspace: Workspace
    warehouse: Warehouse
    mode: str
    """'light' or 'dark'"""

    @property
    def catalog(self) -> Mapping[str, Metric]:
        return caches.catalog_of(self.workspace)

    def review(self, as_of: dt.date) -> Review:
        """The review as of the end of that day. The newest one is recorded: what it raises, and what is over."""
        review = caches.review_of(self.workspace, self.warehouse, as_of)
        if as_of == self.workspace.today():
            caches.notice(self.workspace, self.warehouse, review)
        return review

    def made_review(self) -> Review | None:
        """The review of today where it is made already, so that what can't wait is shown before it is."""
        today = self.workspace.today()
        is_made = caches.made_review_of(self.workspace, self.warehouse, today) is not None
        return self.review(today) if is_made else None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.workspace.settings.timezone)


def open_page() -> Page:
    """The workspace of this process and its open warehouse; from here on, its locale is written in.

    Raises WorkspaceError where there is none.
    """
    workspace = current_workspace()
    write_in(workspace.settings.locale)
    _top.set(st.container())
    access.require_reading(workspace)
    ribbon.shown(workspace)
    page = Page(workspace, shared_warehouse(workspace), mode())
    if faults := caches.charter_faults_of(workspace, page.warehouse):
        note(" ".join(faults))
    return page


def note(sentence: str) -> None:
    """One sentence about the page itself, above all of it; it stays until the page is drawn anew.

    Not a toast: those vanish before they are read, and screen readers meet a dialog without a name.
    """
    place = _top.get()
    (place or st).info(escape_markdown(sentence), icon=":material/link_off:")


@contextmanager
def errors_told() -> Iterator[None]:
    """What goes wrong inside is told in one sentence where it happened, never as a stack trace."""
    try:
        yield
    except CharterError as error:
        told = str(error).partition("\n")[0]
        tell_error(told)
        st.markdown("\n".join(f"- {escape_markdown(fault)}" for fault in error.faults if fault != told))
        st.page_link(
            "views/charters/page.py", label="Put it right on the charters page", icon=":material/contract:"
        )
    except WorkspaceError as error:
        tell_error(str(error))
        st.button("Try again", icon=":material/refresh:")
    except LeadlineError as error:
        tell_error(str(error))
    except Exception:
        _log.exception("A page could not be shown.")
        tell_error(
            "This page can't be shown because of a fault in Leadline; your data is untouched. Reload the page; "
            "if it stays, tell whoever runs Leadline here: why stands in the server's window."
        )


def tell_error(sentence: str) -> None:
    """One sentence in a box; names inside it are shown as they stand."""
    st.error(escape_markdown(sentence), icon=":material/error:")


def mode() -> str:
    """Whether the browser shows the light or the dark theme; light until it has said."""
    return "dark" if st.context.theme.type == "dark" else "light"
