"""`leadline report`: the weekly pack or one alert card as a file's bytes, from the open workspace.

The bytes travel as base64, so that a dashboard which holds the workspace can make them and the command line write
them where its user stands.
"""

from __future__ import annotations

import base64
import datetime as dt
import difflib
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadline.dashboard.service import review_codes
from leadline.dashboard.service.channels import notifying
from leadline.dashboard.service.review_json import to_contract
from leadline.dashboard.words.conventions import writing
from leadline.dashboard.words.formats import listed, one_line, shortened
from leadline.data.errors import LeadlineError
from leadline.data.plain_json import to_json
from leadline.data.workspace.workspace import Workspace
from leadline.metrics import review as reviews
from leadline.metrics.agreement.catalog import Metric, load_catalog
from leadline.metrics.results import Review, WorkflowReview

if TYPE_CHECKING:
    from leadline.dashboard.words.theme import Mode
    from leadline.data.warehouse import Warehouse

Json = dict[str, Any]
FORMATS = ("html", "pptx", "pdf", "png", "json")


class ReportError(LeadlineError):
    """A report can't be made or written. One sentence."""


def format_of(file: Path) -> str:
    """What a file is to be, by its name. Raises ReportError for what no report can be."""
    suffix = file.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        named = f"'{file.name}' ends in .{suffix}" if suffix else f"'{file.name}' has no ending"
        raise ReportError(
            f"{named}, which says nothing of what to write; end it in .html, .pdf or .pptx for the weekly pack, in "
            ".png for an alert card, or in .json for the numbers."
        )
    return suffix


def report(warehouse: Warehouse, workspace: Workspace, arguments: Mapping[str, Any]) -> Iterator[Json]:
    """`format`, `as_of`, `workflow`, `code`, `dark`, `by` -> `content` (base64) and what was `made` of which review."""
    catalog = load_catalog(workspace)
    form = arguments["format"]
    theme: Mode = "dark" if arguments.get("dark") else "light"
    by, only = arguments["by"], arguments.get("workflow")
    if code := arguments.get("code"):
        review = review_codes.review_of(review_codes.find(warehouse, code).shown)
    else:
        as_of = arguments.get("as_of")
        day = dt.date.fromisoformat(as_of) if as_of else workspace.today()
        review = reviews.review(warehouse, workspace, day)
    if only is not None:
        review = replace(review, workflows=(named(review, only),))
    if form == "json":
        content = (to_json(to_contract(review, catalog), indent=2) + "\n").encode()
    elif form == "png":
        if not review.workflows:
            raise ReportError(
                "No workflow has a charter yet, so there is no alert card; register one with 'leadline charter'."
            )
        content = card(
            warehouse, workspace, review, review.workflows[0], catalog, by=by, theme=theme, scale=2
        )
    else:
        content = pack(warehouse, workspace, review, catalog, form, by=by, dark=theme == "dark")
    yield {
        "content": base64.b64encode(content).decode("ascii"),
        "as_of": review.as_of.isoformat(),
        "workflows": [workflow.workflow for workflow in review.workflows],
    }


def card(
    warehouse: Warehouse,
    workspace: Workspace,
    review: Review,
    workflow: WorkflowReview,
    catalog: Mapping[str, Metric],
    *,
    by: str,
    theme: Mode,
    scale: int = 2,
) -> bytes:
    """The alert card of one workflow, whose review is kept so that the card's code finds it again."""
    from leadline.dashboard.drawings.alert_card_png import card_png

    code = review_codes.keep(warehouse, review, workflow, by)
    with writing(workspace.settings.locale):
        return card_png(
            review,
            workflow,
            theme=theme,
            scale=scale,
            workspace_name=workspace_name(workspace),
            code=code,
            catalog=catalog,
            link=notifying(workspace).link,
        )


def pack(
    warehouse: Warehouse,
    workspace: Workspace,
    review: Review,
    catalog: Mapping[str, Metric],
    form: str,
    *,
    by: str,
    dark: bool = False,
) -> bytes:
    """The weekly pack as 'html', 'pdf' or 'pptx'; every workflow's review is kept, so that its code finds it again."""
    from leadline.dashboard.drawings import pack_html, pack_pdf, pack_pptx
    from leadline.dashboard.drawings.pack import pack_of

    codes = {each.workflow: review_codes.keep(warehouse, review, each, by) for each in review.workflows}
    with writing(workspace.settings.locale):
        told = pack_of(
            review,
            catalog,
            workspace_name=workspace_name(workspace),
            codes=codes,
            link=notifying(workspace).link,
        )
        if form == "pptx":
            return pack_pptx.pptx(told, "dark" if dark else "light")
        if form == "pdf":
            return pack_pdf.pdf(told, "dark" if dark else "light")
        return pack_html.html(told, "dark" if dark else None).encode("utf-8")


def workspace_name(workspace: Workspace) -> str:
    """What people call it: `name` in leadline.toml, else the folder's name; and that it is made of samples."""
    name = one_line(workspace.settings.name) or one_line(workspace.path.name)
    return f"{name} · Sample data" if workspace.is_sample else name


def check_writable(file: Path) -> None:
    """Raises ReportError where a report can't be written there, before any work is done for it."""
    if file.is_dir():
        raise ReportError(f"{file} is a folder; name a file in it, such as {file / 'review.html'}.")
    if not file.parent.is_dir():
        raise ReportError(
            f"{file.parent} is not a folder that exists; make it first or name another with --out."
        )
    if not os.access(file.parent, os.W_OK):
        raise ReportError(f"{file.parent} can't be written to; name a file elsewhere with --out.")


def write_whole(file: Path, content: bytes) -> None:
    """The file is there whole or as it was before. Raises ReportError."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    except OSError as e:
        raise _unwritable(file, e) from e
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(file.stat().st_mode & 0o777 if file.exists() else 0o666 & ~mask)
        part.replace(file)
    except OSError as e:
        part.unlink(missing_ok=True)
        raise _unwritable(file, e) from e


def _unwritable(file: Path, error: OSError) -> ReportError:
    why = (error.strerror or type(error).__name__).lower()
    return ReportError(f"{file} can't be written ({why}); name a file elsewhere with --out.")


def named(review: Review, wanted: str) -> WorkflowReview:
    """The workflow of that identity. Raises ReportError, which names what was probably meant."""
    known = {each.workflow: each for each in review.workflows}
    if wanted in known:
        return known[wanted]
    said = shortened(one_line(wanted), 60)
    if not known:
        raise ReportError(
            f"There is no workflow '{said}': none has a charter yet; register one with 'leadline charter'."
        )
    near = difflib.get_close_matches(wanted.lower(), known, n=1, cutoff=0.5)
    hint = f"did you mean '{near[0]}'?" if near else f"there is {listed(list(known))}."
    raise ReportError(f"There is no workflow '{said}' in this review; {hint}")
