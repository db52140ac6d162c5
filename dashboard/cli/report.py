"""`leadline report`: the weekly pack or one alert card, written to a file."""

from __future__ import annotations

import base64
import datetime as dt
from pathlib import Path

import click

from leadline.dashboard.cli import options
from leadline.dashboard.cli.progress import Progress
from leadline.dashboard.service import client
from leadline.dashboard.service.command import user_name
from leadline.dashboard.words.formats import counted, day

WORDS = {
    "html": "the weekly pack",
    "pptx": "the weekly pack",
    "pdf": "the weekly pack",
    "png": "the alert card",
    "json": "the review as JSON",
}


@click.command(short_help="Write the weekly pack or one alert card.")
@click.option(
    "--out", required=True, metavar="FILE", type=click.Path(path_type=Path),
    help="Where to: .html, .pdf or .pptx for the weekly pack, .png for one alert card, .json for the numbers.",
)  # fmt: skip
@options.workspace_option
@click.option(
    "--as-of", type=options.DATE, metavar="DATE", help="Only what was known at the end of this day."
)
@click.option("--workflow", metavar="ID", help="Only this workflow. A card is of the worst one otherwise.")
@click.option("--code", metavar="CODE", help="The very review whose code stands on a card, as it was shown.")
@click.option("--dark", is_flag=True, help="Light on dark, for a projector in a dark room.")
def report(
    out: Path,
    workspace: Path | None,
    as_of: dt.date | None,
    workflow: str | None,
    code: str | None,
    dark: bool,
) -> int:
    """Write the weekly pack (.html, .pdf, .pptx), one alert card (.png) or the numbers (.json) to a file.

    The pack has a page or slide for each workflow, worst first. What it shows is kept in the ledger, so that the
    code on each card brings the very same review back. An existing file is replaced once the new one is whole.

    \b
    Example:  leadline report --out review.pptx
              leadline report --out card.png --workflow lead-routing --dark
              leadline report --out card.png --code K7Q2-M4XT
    """
    from leadline.dashboard.service.report import ReportError, check_writable, format_of, write_whole

    file = out.expanduser().absolute()
    form = format_of(file)
    if code and as_of:
        raise ReportError(
            "A code names a review with its date; leave --as-of out, or --code to have that day reviewed anew."
        )
    if dark and form == "json":
        raise ReportError("Numbers have no colours; leave --dark out or write a card, a page or slides.")
    check_writable(file)
    arguments = {
        "format": form,
        "as_of": as_of.isoformat() if as_of else None,
        "workflow": workflow,
        "code": code,
        "dark": dark,
        "by": user_name(),
    }
    with Progress("Making") as progress:
        progress.step(WORDS[form])
        made = list(client.run(options.opened(workspace), "report", arguments))
    for told in made:
        write_whole(file, base64.b64decode(told["content"]))
        names = told["workflows"]
        of = (
            f" of {names[0]}"
            if len(names) == 1 or (form == "png" and names)
            else f" of {counted(len(names), 'workflow')}"
        )
        as_it_was = day(dt.date.fromisoformat(told["as_of"]))
        click.echo(f"Wrote {WORDS[form]}{of} as of {as_it_was} to {out}.")
    return 0
