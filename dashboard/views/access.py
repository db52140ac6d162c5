"""Who looks at this page, as Streamlit's login says, and what `service.access` lets them do."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner import get_script_run_ctx

from leadline.dashboard.service import access
from leadline.dashboard.service.access import Act, Person
from leadline.dashboard.service.admission import uploads
from leadline.dashboard.service.open_warehouse import current_workspace
from leadline.dashboard.service.report import workspace_name
from leadline.data.errors import LeadlineError
from leadline.data.workspace.workspace import Workspace


def person(workspace: Workspace) -> Person:
    """Whoever looks at this page. Raises WorkspaceError where the workspace's roles are not readable."""
    return access.person_of(workspace, _claims())


def require(workspace: Workspace, act: Act, said: str = "") -> str:
    """The name to be written down for this act. Raises AccessError where the role does not allow it.

    `said`: who somebody says they are; it counts only where no login knows better.
    """
    return access.require(person(workspace), act, said)


def require_reading(workspace: Workspace) -> None:
    """Raises AccessError where this person sees nothing here."""
    access.require_reading(person(workspace))


def allow_uploads() -> None:
    """Lets this session send files: whoever looks may land, and the page shows an uploader."""
    if (context := get_script_run_ctx()) is not None:
        uploads.allow(context.session_id)


def sign_out_page() -> list[StreamlitPage]:
    """The way out, beside the other pages, where somebody signed in with Leadline's own login."""
    if "iss" not in _claims():
        return []
    return [st.Page(st.logout, title="Sign out", icon=":material/logout:", url_path="sign-out")]


def workspace_named() -> list[str]:
    """What the workspace is called, for the browser's tab; [] where there is none, or the reader may not see it."""
    try:
        workspace = current_workspace()
        return [workspace_name(workspace)] if person(workspace).may_read else []
    except LeadlineError:
        return []  # the page says what is wrong


def _claims() -> Mapping[str, object]:
    """What the login says of this person; 'is_logged_in' is missing where none is configured."""
    return dict(st.user.to_dict())
