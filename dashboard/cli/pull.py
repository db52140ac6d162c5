"""`leadline pull`: what has changed in a vendor's portal, into the inbox and landed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from leadline.dashboard.cli import errors, options, print_landing
from leadline.dashboard.cli.progress import Progress
from leadline.dashboard.words.formats import counted


@click.command(short_help="Pull what has changed from a vendor.")
@click.argument("vendor", metavar="VENDOR", type=click.Choice(["hubspot", "pipedrive"]))
@options.workspace_option
@click.option(
    "--since", type=options.DATE, metavar="DATE", help="Changes from this day on. Default: the last pull."
)
def pull(vendor: str, workspace: Path | None, since: dt.date | None) -> int:
    """Pull deals, contacts and e-mail events that have changed since the last pull, and land them.

    Each pull reads the 30 days before the last one again, so that what a portal was late with comes too; what was
    archived there is retired. One that is cut off goes on where it stopped. The token stands in LEADLINE_HUBSPOT_TOKEN
    or LEADLINE_PIPEDRIVE_TOKEN, never in the workspace.

    Exit status: 0 all landed; 1 rows were set aside or a file waits with a question; 2 an error.

    \b
    Example:  leadline pull hubspot
              leadline pull hubspot --since 2026-01-01
    """
    from leadline.dashboard.service import pull as pulling

    opened = options.opened(workspace)
    with Progress("Pulling") as progress:
        done = pulling.pull(opened, vendor, since, progress.step)
    read = ", ".join(f"{count:,} {kind}" for kind, count in done.rows.items())
    click.echo(f"Read {read} that have changed.")
    for report in done.reports:
        print_landing.landed(report)
        if report["state"] != "landed":
            errors.complain(print_landing.not_landed(report))
    for template, count in done.retired.items():
        click.echo(f"{counted(count, 'row')} of {template} retired: archived or deleted there.")
    return int(any(each["state"] != "landed" or each["rows"]["quarantined"] for each in done.reports))
