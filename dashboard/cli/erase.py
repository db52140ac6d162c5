"""`leadline erase`: a person is taken out of the workspace."""

from __future__ import annotations

from pathlib import Path

import click

from leadline.dashboard.cli import errors, options
from leadline.dashboard.service import client
from leadline.dashboard.service.command import user_name
from leadline.dashboard.words.erasure import erased_words, still_words


@click.command(short_help="Erase a person.")
@click.option("--lead", metavar="ID", help="The lead's id, as exports say it.")
@click.option("--address", metavar="TEXT", help="An e-mail address or telephone number.")
@options.workspace_option
def erase(lead: str | None, address: str | None, workspace: Path | None) -> int:
    """Erase a person: facts, all their versions, what was set aside, kept counts. It can't be undone.

    What the lead is linked to goes with it: appointments, deals, e-mails, conversations. Says which backups and files
    still hold the person. Erase the person where exports come from first, or the next export brings them back.

    \b
    Example:  leadline erase --lead L1042
              leadline erase --address ann@example.com
    """
    if (lead is None) == (address is None):
        return errors.complain("Name the person, with --lead ID or with --address TEXT.")
    arguments = {"lead": lead, "address": address, "by": user_name()}
    for told in client.run(options.opened(workspace), "erase", arguments):
        click.echo(erased_words(told["rows"], told["set_aside"]))
        for sentence in still_words(told):
            click.echo(sentence)
    return 0
