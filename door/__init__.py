"""Leadline: is your AI making marketing better, or only faster?

    import leadline

    with leadline.open("team") as team:
        review = team.review(as_of="2024-06-30")
        review.to_frame()

`docs/python.md` says what else there is. Importing this is light: the engine, pandas and whatever else is needed are
imported when a workspace is opened, or when a frame is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadline.data.errors import LeadlineError

if TYPE_CHECKING:
    import os

    from leadline.dashboard.service.python.opened_workspace import OpenedWorkspace
    from leadline.dashboard.service.python.results import (
        Gate,
        Landing,
        NotLandedError,
        Registered,
        Replay,
        Review,
    )

    __version__: str

__all__ = [
    "Gate",
    "Landing",
    "LeadlineError",
    "NotLandedError",
    "OpenedWorkspace",
    "Registered",
    "Replay",
    "Review",
    "__version__",
    "open",
]


def open(path: str | os.PathLike[str] | None = None) -> OpenedWorkspace:
    """The workspace in that folder; without one, the folder that the command line would take.

    Raises LeadlineError where there is none or its settings are wrong.
    """
    from leadline.dashboard.service.python.opened_workspace import OpenedWorkspace

    return OpenedWorkspace(path)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("leadline")
    if name == "OpenedWorkspace":
        from leadline.dashboard.service.python import opened_workspace

        return opened_workspace.OpenedWorkspace
    if name in __all__:
        from leadline.dashboard.service.python import results

        return getattr(results, name)
    raise AttributeError(f"module 'leadline' has no attribute {name!r}")
