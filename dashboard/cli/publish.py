"""`leadline publish`: the review as a folder of pages for an intranet or a bucket."""

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


@click.command(short_help="Write the review as a folder of pages.")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@options.workspace_option
@click.option(
    "--weeks",
    metavar="N",
    type=click.IntRange(0, 104),
    default=12,
    show_default=True,
    help="How many past weeks.",
)
def publish(folder: Path, workspace: Path | None, weeks: int) -> int:
    """Write the review as a folder of pages that anybody can read without Leadline: this week, past weeks, cards.

    Nothing in it runs or is fetched. The folder is replaced as a whole, and only where it is new, empty or was
    published before; the same state gives the same bytes.

    \b
    Example:  leadline publish /srv/intranet/leadline
    """
    from leadline.dashboard.service.publish import check_target, write_site

    target = folder.expanduser().absolute()
    opened = options.opened(workspace)
    check_target(target, opened.path)
    with Progress("Making") as progress:
        progress.step("the pages")
        arguments = {"weeks": weeks, "by": user_name()}
        made = list(client.run(opened, "publish", arguments))
    write_site(target, {each["path"]: base64.b64decode(each["content"]) for each in made})
    as_it_was = day(dt.date.fromisoformat(made[0]["as_of"]))
    click.echo(f"Wrote {counted(len(made), 'file')} as of {as_it_was} to {folder}; begin with index.html.")
    return 0
