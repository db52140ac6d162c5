"""`leadline readiness`: before a workflow is expanded."""

from __future__ import annotations

from pathlib import Path

import click

from leadline.dashboard.cli import errors, options
from leadline.dashboard.cli.progress import Progress
from leadline.dashboard.service import client
from leadline.data.plain_json import to_json


@click.command(short_help="Is a workflow ready to be expanded?")
@click.argument("workflow", metavar="[WORKFLOW]", required=False)
@options.workspace_option
@options.json_option
def readiness(workflow: str | None, workspace: Path | None, as_json: bool) -> int:
    """Is a workflow ready to be expanded? About a dozen questions, each answered from what was agreed, landed, seen and
    decided, and one sentence that closes them.

    Exit status: 0 ready, 3 not yet, 4 it can't be said, 2 an unknown workflow or an error.

    \b
    Example:  leadline readiness
              leadline readiness lead-routing --json
    """
    with Progress("Asking") as progress:
        progress.step(workflow or "every workflow")
        (told,) = client.run(options.opened(workspace), "readiness", {"workflow": workflow})
    if as_json:
        click.echo(to_json(told["found"][0] if workflow else told["found"], indent=2))
    elif told["found"]:
        click.echo(told["text"])
    else:
        errors.complain("No workflow has a charter or rows yet, so nothing can be asked.")
    return int(told["status"])
