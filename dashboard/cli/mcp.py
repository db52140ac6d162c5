"""`leadline mcp`: what assistants on this machine may read, over standard input and output."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from leadline.dashboard.cli import errors, options
from leadline.dashboard.service import client


@click.command(short_help="Let an assistant read.")
@options.workspace_option
def mcp(workspace: Path | None) -> int:
    """Let an assistant on this machine read the review, over standard input and output (Model Context Protocol).

    Three tools: the week's review, one workflow with its reasons, what is due. Nothing can be written. A served
    dashboard answers the same over HTTP at /mcp, to a token made with 'leadline token new NAME --may read'.

    \b
    Example:  leadline mcp --workspace myteam     (as the assistant's settings name it;
                                                   needs pip install 'leadline[mcp]')
    """
    from leadline.dashboard.service import mcp_server

    if not mcp_server.is_installed():
        return errors.complain(mcp_server.MISSING)
    opened = options.opened(workspace)

    def ask(command: str, arguments: Mapping[str, Any]) -> str:
        return str(next(iter(list(client.run(opened, command, arguments))))["text"])

    mcp_server.server(ask).run("stdio")
    return 0
