"""What holds for a whole workspace, above every page: that its data are made up, that its clock stands still."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.words.formats import day
from leadline.data.workspace.workspace import Workspace


def shown(workspace: Workspace) -> None:
    """One line; nothing where the data are one's own and the clock runs."""
    held = workspace.settings.as_of
    if not workspace.is_sample and held is None:
        return
    told = ["Sample data: nothing here is real."] if workspace.is_sample else []
    told += [f"The clock stands still on {day(held)}."] if held else []
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for each in told:  # one badge is never broken, so that on a phone it would be cut
            st.badge(each, icon=":material/science:", color="orange")
        if workspace.is_sample:
            with st.popover("Start with your own", type="tertiary"):
                st.markdown(
                    "Your exports belong in a workspace of their own, so that samples never mix with them. In a "
                    "terminal on the computer that runs Leadline:"
                )
                st.code("leadline init ~/leadline\nleadline dashboard --workspace ~/leadline", language=None)
                st.markdown("The upload page there takes your files by drag and drop.")
