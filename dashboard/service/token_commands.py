"""The commands about tokens, as `service.commands` describes them: JSON in, JSON out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from leadline.dashboard.service import tokens
from leadline.dashboard.service.command import Arguments, Command, CutOff, Json
from leadline.data.workspace.workspace import Workspace

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse


def new(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`name`, `may`, `by` -> the token, this once."""
    name, may = arguments["name"], arguments["may"]
    token = tokens.make(warehouse, workspace, name, may, arguments["by"])
    yield {"name": name, "may": may, "token": token}


def _new_begun(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, cut_off: CutOff
) -> Iterator[Json]:
    """One that was made and never told is of no use to anybody."""
    for each in tokens.in_force(warehouse):
        made = dt.datetime.fromisoformat(each.made)
        # a moment is kept in whole seconds
        if each.name == arguments["name"] and made >= cut_off.begun.replace(microsecond=0):
            tokens.revoke(warehouse, workspace, each.name, arguments["by"])
    yield from new(warehouse, workspace, arguments)


def in_force(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """Each token that is in force, by name; never what it is made of."""
    tokens.write(warehouse, workspace)
    for each in tokens.in_force(warehouse):
        yield {"name": each.name, "may": each.may, "made": f"{each.made}Z", "by": each.by}


def revoke(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`name`, `by` -> what was revoked."""
    gone = tokens.revoke(warehouse, workspace, arguments["name"], arguments["by"])
    yield {"name": gone.name, "may": gone.may}


def _revoke_begun(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, cut_off: CutOff
) -> Iterator[Json]:
    if any(each.name == arguments["name"] for each in tokens.in_force(warehouse)):
        yield from revoke(warehouse, workspace, arguments)
    else:
        tokens.write(warehouse, workspace)
        yield {"name": arguments["name"], "may": None}


TOKEN_COMMANDS = {
    "token_new": Command(new, _new_begun),
    "tokens": Command(in_force),
    "token_revoke": Command(revoke, _revoke_begun),
}
