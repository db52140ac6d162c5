"""`leadline inbox`: lands what lies in the inbox, once or as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from leadline.dashboard.cli import errors, options, print_landing
from leadline.dashboard.service import client
from leadline.data.errors import LeadlineError
from leadline.data.plain_json import to_json
from leadline.data.workspace import inbox_folder
from leadline.data.workspace.workspace import Workspace

PATIENCE_SECONDS = 10.0
Json = dict[str, Any]


@click.command(short_help="Land what lies in the inbox.")
@options.workspace_option
@click.option("--once", is_flag=True, help="Land what is complete within ten seconds, then end.")
@options.json_option
def inbox(workspace: Path | None, once: bool, as_json: bool) -> int:
    """Land the files that lie in the workspace's inbox, as they come, until Ctrl+C; a running dashboard does it too.

    A file lands once it has stopped growing, exactly as with 'leadline ingest', and moves to 'landed' there. What asks
    or is refused waits where it is, with its question on the upload page. Nothing is deleted.

    Exit status: 0; 1 as long as rows were set aside or a file waits; 2 an error.

    \b
    Example:  leadline inbox --once
              leadline inbox --once --json
    """
    opened = options.opened(workspace)
    folder = inbox_folder.made_ready(opened)
    if once:
        arguments = {"rested": inbox_folder.rested(folder, PATIENCE_SECONDS)}
        reports = _land(opened, folder, arguments, print_landing.landed if not as_json else None)
        if as_json:
            click.echo(to_json({"files": reports}, indent=2))
        elif not reports:
            click.echo(f"Nothing lies in the inbox, {folder}.")
        return _status(reports)
    click.echo(f"Watching {folder} (Ctrl+C stops it).", err=as_json)
    return _watch(opened, folder, as_json)


def _watch(opened: Workspace, folder: Path, as_json: bool) -> int:
    """Until Ctrl+C. What stands in the way, as another command or a lost mount does, is told once and waited for."""
    from leadline.dashboard.service.inbox import take_back

    tell = (lambda report: click.echo(to_json(report))) if as_json else print_landing.landed
    before: list[inbox_folder.Entry] = []
    status, seen, told = 0, None, ""
    try:
        while True:
            try:
                take_back(opened.path, folder)
                now = inbox_folder.look(inbox_folder.made_ready(opened))
                rested = inbox_folder.unmoved(before, now)
                odd = {each.name: each.stamp for each in now if each.problem}
                if (rested or odd) and (rested, odd) != seen:
                    reports = _land(opened, folder, {"rested": rested, "only_new": True}, tell)
                    status = max(status, _status(reports))
                before, seen, told = now, (rested, odd), ""
            except (LeadlineError, OSError) as e:
                if str(e) != told:
                    told = str(e)
                    errors.complain(told)
            time.sleep(inbox_folder.REST_SECONDS)
    except KeyboardInterrupt:
        return status


def _land(
    opened: Workspace, folder: Path, arguments: dict[str, Any], tell: Callable[[Json], None] | None
) -> list[Json]:
    """The reports, each told as it is there; then what waits."""
    reports = []
    for report in client.run(opened, "inbox", arguments):
        reports.append(report)
        if tell is not None:
            tell(report)
        if report["state"] != "landed":
            errors.complain(print_landing.not_landed(report))
    if waiting := sum(report["state"] != "landed" for report in reports):
        errors.complain(print_landing.waits(waiting, folder))
    return reports


def _status(reports: list[Json]) -> int:
    return int(any(report["state"] != "landed" or report["rows"]["quarantined"] for report in reports))
