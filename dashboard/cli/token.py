"""`leadline token new, list, revoke`: what lets machines ask a server that the dashboard runs."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from leadline.dashboard.cli import options
from leadline.dashboard.service import client
from leadline.dashboard.service.command import user_name
from leadline.dashboard.service.tokens import May
from leadline.data.plain_json import to_json


@click.group(short_help="Let machines ask.", no_args_is_help=True)
def token() -> None:
    """Make, list and revoke the tokens with which machines ask a workspace that is being served.

    \b
    Example:  leadline token new sales-agent --may gate --workspace myteam
              leadline token list
    """


@token.command(short_help="Make a token.")
@click.argument("name", metavar="NAME")
@options.workspace_option
@click.option("--may", type=click.Choice(get_args(May)), required=True, help="Ask gates, or read metrics.")
def new(name: str, workspace: Path | None, may: str) -> int:
    """Make a token and print it, this once, alone on the last line. Only its hash is kept.

    \b
    Example:  leadline token new sales-agent --may gate
    """
    arguments = {"name": name, "may": may, "by": user_name()}
    for made in client.run(options.opened(workspace), "token_new", arguments):
        does = "asks gates" if made["may"] == "gate" else "reads metrics"
        click.echo(
            f"Token '{made['name']}' {does}. It is shown this once; send it as 'Authorization: Bearer …'."
        )
        click.echo(made["token"])
    return 0


@token.command("list", short_help="List the tokens in force.")
@options.workspace_option
@options.json_option
def list_tokens(workspace: Path | None, as_json: bool) -> int:
    """List the tokens in force: who made each, when, and what it may do.

    \b
    Example:  leadline token list
    """
    found = list(client.run(options.opened(workspace), "tokens", {}))
    if as_json:
        click.echo(to_json({"tokens": found}, indent=2))
        return 0
    for each in found:
        click.echo(f"{each['name']}  may {each['may']}, made {each['made'][:10]} by {each['by']}")
    if not found:
        click.echo("No token is in force; make one with 'leadline token new NAME --may gate'.")
    return 0


@token.command(short_help="Revoke a token.")
@click.argument("name", metavar="NAME")
@options.workspace_option
def revoke(name: str, workspace: Path | None) -> int:
    """Revoke a token: from the next request on it is a stranger's.

    \b
    Example:  leadline token revoke sales-agent
    """
    for gone in client.run(options.opened(workspace), "token_revoke", {"name": name, "by": user_name()}):
        click.echo(f"Token '{gone['name']}' is revoked.")
    return 0
