"""`leadline weekly` and `leadline schedule`: the message of the week, and what has it sent without hands."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from leadline.dashboard.cli import errors, options
from leadline.dashboard.service import client
from leadline.dashboard.words.schedules import KINDS, schedule_text


@click.command(short_help="Send the weekly message.")
@options.workspace_option
@click.option("--test", is_flag=True, help="Send a test message to everybody who follows, and nothing else.")
@click.option("--again", is_flag=True, help="Also to those who have had this week's.")
@click.option("--unsubscribe", metavar="ADDRESS", help="End it for this address, and send nothing.")
@click.option("--resubscribe", metavar="ADDRESS", help="Take that back, and send nothing.")
def weekly(
    workspace: Path | None, test: bool, again: bool, unsubscribe: str | None, resubscribe: str | None
) -> int:
    """Send the weekly message, also when nothing is new: by mail to the people of leadline.toml, and to every channel.

    It holds the sentence for everything, what is due, cost, the cards, and the pack; each gets it once a week.

    Exit status: 0 all sent; 2 somebody was not reached, or nobody follows.

    \b
    Example:  leadline weekly --test
              leadline weekly
    """
    from leadline.dashboard.service.weekly_delivery import deliver_week

    opened = options.opened(workspace)
    if address := unsubscribe or resubscribe:
        list(client.run(opened, "unsubscribe", {"address": address, "back": unsubscribe is None}))
        click.echo(f"{address} {'has no weekly message from now on' if unsubscribe else 'follows again'}.")
        return 0
    said, is_whole = deliver_week(opened, again=again, test=test)
    for sentence in said if is_whole else ():
        click.echo(sentence)
    return 0 if is_whole else errors.complain(*said)


@click.command(short_help="Print what has everything done without hands.")
@options.workspace_option
@click.option(
    "--as", "kind", type=click.Choice(KINDS), default=KINDS[0], show_default=True, help="For which timer."
)
def schedule(workspace: Path | None, kind: str) -> int:
    """Print lines for cron, or systemd units: land the inbox, review and notify each day, the message each Monday.

    Nothing is installed; what is printed says where it goes.

    \b
    Example:  leadline schedule
              leadline schedule --as systemd
    """
    program = shutil.which("leadline") or str(Path(sys.executable).with_name("leadline"))
    opened = options.opened(workspace)
    click.echo(schedule_text(kind, program, str(opened.path), opened.settings.timezone), nl=False)
    return 0
