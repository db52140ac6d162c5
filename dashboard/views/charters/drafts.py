"""Charters as they lie in the workspace, readable or not, and drafts of them with what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from leadline.data.documents.plain_files import read_plain
from leadline.data.documents.read import read_document, read_file
from leadline.data.errors import CharterError
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.agreement.contradictions import contradictions
from leadline.metrics.charter_terms import Charter

Catalog = Mapping[str, Metric]


@dataclass(frozen=True)
class Draft:
    """A charter's text, and what it says or what is wrong with it."""

    text: str
    charter: Charter | None
    faults: tuple[str, ...] = ()
    file: Path | None = None
    """in charters/, None for a draft of a new one"""

    @property
    def key(self) -> str:
        """Names it in a link: the workflow, or the file where that can't be read."""
        return self.charter.workflow if self.charter else self.file.name if self.file else ""


def drafted(text: str, catalog: Catalog, file: Path | None = None) -> Draft:
    """The text checked as `leadline charter` checks it."""
    try:
        charter = parse_charter(text, catalog, file.name if file else "The draft")
        return Draft(text, charter, contradictions(charter, catalog), file)
    except CharterError as error:
        return Draft(text, None, error.faults or (str(error),), file)


def kept(workspace: Workspace, catalog: Catalog) -> tuple[Draft, ...]:
    """Every file of charters/, those that can't be read first; files of comments alone are passed over."""
    found = []
    for file in sorted(workspace.charters.glob("*")):
        if file.suffix.lower() not in (".yaml", ".yml") or not file.is_file():
            continue
        try:
            text = read_file(file)
            if read_document(text, file.name)[0] is None:
                continue
        except CharterError as error:
            found.append(Draft(_as_it_stands(file), None, error.faults or (str(error),), file))
            continue
        found.append(drafted(text, catalog, file))
    return tuple(sorted(found, key=lambda draft: draft.charter is not None))


def _as_it_stands(file: Path) -> str:
    """What can be read of a file, for somebody to repair it."""
    try:
        return read_plain(file, 1_000_000).decode("utf-8", errors="replace")
    except OSError:
        return ""
