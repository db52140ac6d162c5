"""What `leadline.open` gives: a workspace that can be landed into and asked, from a script or a notebook.

Every call runs the same command as the command line does (`dashboard.service.client`): in the dashboard that serves
the workspace, else in this process, which then holds the workspace until the call ends. Between calls nothing is held,
so that a dashboard can be started beside an open notebook.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from leadline.dashboard.service import client, gate_files
from leadline.dashboard.service.commands import first_week_end
from leadline.dashboard.service.python import landing_options
from leadline.dashboard.service.python.landing_options import LandingOptions, day_of
from leadline.dashboard.service.python.results import (
    Gate,
    Landing,
    NotLandedError,
    Registered,
    Replay,
    Review,
    landing_of,
    registered_of,
    review_of,
)
from leadline.dashboard.words.conventions import writing
from leadline.data.errors import LeadlineError
from leadline.data.plain_json import from_plain
from leadline.data.workspace.workspace import Workspace, open_workspace
from leadline.metrics.agreement.catalog import load_catalog

if TYPE_CHECKING:
    from types import TracebackType

Json = dict[str, Any]


class OpenedWorkspace:
    """A workspace, from `leadline.open(path)` until `close()` or the end of its `with` block."""

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self._path = open_workspace(None if path is None else _plain(path)).path
        self._is_open = True

    @property
    def path(self) -> Path:
        """The workspace's folder."""
        return self._path

    def land(self, file: str | os.PathLike[str], **options: Unpack[LandingOptions]) -> Landing:
        """Lands one export, whole or not at all; the options are those of `leadline ingest`.

        Raises NotLandedError where the file is refused or asks something, and nothing of it has landed then;
        LeadlineError for an option that does not exist or can't be meant.
        """
        arguments = {"files": [_absolute(file)], **landing_options.arguments(options)}
        (report,) = self._run("ingest", arguments)
        landing = landing_of(report, dry_run=bool(options.get("dry_run")))
        if landing.state != "landed":
            raise NotLandedError(landing)
        return landing

    def register(self, charter: str | os.PathLike[str], *, sign: str | None = None) -> Registered:
        """Checks and registers the charter in a YAML file; `sign`: the role in whose name it is signed today.

        Raises LeadlineError with every fault, its line and what to write instead.
        """
        if sign is not None and not str(sign).strip():
            raise LeadlineError("sign is empty; name the role that signs, such as 'Managing Director'.")
        (registered,) = self._run("charter", {"files": [_absolute(charter)], "sign": sign})
        return registered_of(registered)

    def review(self, as_of: dt.date | str | None = None) -> Review:
        """The review with what was known at the end of that day; None is the workspace's today. Records nothing."""
        day = day_of(as_of, "as_of")
        (review,) = self._reviews({"first": day.isoformat() if day else None})
        return review

    def replay(self, first: dt.date | str, last: dt.date | str) -> Replay:
        """The review at every week end (Sunday) from `first` to `last`, each with only what was known then.

        Raises LeadlineError where no week ends in between.
        """
        begin, end = day_of(first, "first"), day_of(last, "last")
        if begin is None or end is None:
            raise LeadlineError("A replay needs its first and its last day, such as '2024-01-01'.")
        sunday = first_week_end(begin, end, ("first", "last"))
        span = {"first": sunday.isoformat(), "last": end.isoformat()}
        return Replay(tuple(self._reviews(span)))

    def gate(self, workflow: str, key: str | None = None) -> Gate:
        """Whether the workflow may go on; `key`: the unit, a share of which may be left to people.

        Raises LeadlineError where no such workflow was registered or reviewed.
        """
        workspace = self._workspace()
        with writing(workspace.settings.locale):
            said = gate_files.ask(workspace, workflow, key, by="Python")
            if said is None:
                raise LeadlineError(
                    f"There is no workflow {workflow!r} here that was registered or reviewed."
                )
            return from_plain(Gate, gate_files.answer_json(said))  # type: ignore[no-any-return]

    def close(self) -> None:
        """No call after this one is answered. Nothing needs to be saved: what a call has done is kept at once."""
        self._is_open = False

    def __enter__(self) -> OpenedWorkspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{'Open' if self._is_open else 'Closed'} Leadline workspace {self._path}>"

    def _reviews(self, span: Json) -> Iterator[Review]:
        workspace = self._workspace()
        catalog = load_catalog(workspace)
        for told in self._run("whole_reviews", span):
            yield review_of(told["review"], catalog, workspace.settings.locale)

    def _run(self, command: str, arguments: Json) -> Iterator[Json]:
        return client.run(self._workspace(), command, arguments)

    def _workspace(self) -> Workspace:
        """The folder with its settings as they are now."""
        if not self._is_open:
            raise LeadlineError(
                f"The workspace {self._path} was closed; open it again with leadline.open({str(self._path)!r})."
            )
        return open_workspace(self._path)


def _absolute(file: str | os.PathLike[str]) -> str:
    return str(Path(_plain(file)).expanduser().absolute())


def _plain(path: object) -> str:
    """The path as text. Raises LeadlineError for what can name nothing."""
    said = os.fspath(path) if isinstance(path, str | os.PathLike) else path
    if not isinstance(said, str) or not said.strip() or "\0" in said:
        raise LeadlineError(f"{path!r} is no path; write one such as 'exports/leads.csv'.")
    return said
