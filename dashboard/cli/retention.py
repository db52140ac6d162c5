"""`leadline retention`: what is older than agreed is shown, and deleted where somebody says so."""

from __future__ import annotations

from pathlib import Path

import click

from leadline.dashboard.cli import options
from leadline.dashboard.service import client
from leadline.dashboard.service.command import user_name
from leadline.dashboard.words.erasure import expired_words
from leadline.data.plain_json import to_json


@click.command(short_help="Show or delete what is older than agreed.")
@click.option("--delete", is_flag=True, help="Delete it; it can't be undone. Without this it is shown alone.")
@click.option(
    "--baselines", is_flag=True, help="With --delete: rows that verdicts are held against may go, too."
)
@options.workspace_option
@options.json_option
def retention(delete: bool, baselines: bool, workspace: Path | None, as_json: bool) -> int:
    """Show what is older than [retention] in leadline.toml keeps, by template; with --delete, delete it for good.

    All versions of a row go together, and nothing brings them back but another export that holds them. Rows of a
    baseline go only with --baselines, because verdicts are held against them.

    \b
    Example:  leadline retention
              leadline retention --delete
    """
    arguments = {"delete": delete, "baselines": baselines, "by": user_name()}
    for told in client.run(options.opened(workspace), "retention", arguments):
        if as_json:
            click.echo(to_json(told, indent=2))
            continue
        for sentence in expired_words(told):
            click.echo(sentence)
    return 0
