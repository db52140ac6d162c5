"""A file that landed although nothing judges its rows says so at once."""

from __future__ import annotations

from dataclasses import replace

from leadline.data.errors import CharterError
from leadline.data.exports.landing_report import FileReport, Warned
from leadline.data.templates import kind_words
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.charter import templates_watched


def with_unjudged(report: FileReport, workspace: Workspace) -> FileReport:
    """The report, with a warning where no metric of any charter reads rows of its template."""
    if report.state != "landed" or report.template is None:
        return report
    try:
        watched = templates_watched(workspace)
    except CharterError:
        return report  # what is wrong with a charter is told where charters are read
    if watched is None or report.template in watched:
        return report
    message = (
        f"Nothing judges {kind_words(report.template)} yet: no metric of any charter reads these rows. They are kept, "
        "and their freshness is told."
    )
    return replace(report, warnings=(*report.warnings, Warned("unjudged", message)))
