"""Values and options that several commands share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from leadline.dashboard.service import failures
from leadline.data.workspace.workspace import Workspace, open_workspace

Function = TypeVar("Function", bound=Callable[..., Any])


class DateType(click.ParamType[dt.date]):
    """An ISO date."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            if len(value) != 10:
                raise ValueError
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is not a date; write one such as 2026-11-22", param, ctx)


class ZoneType(click.ParamType[str]):
    """A time zone of the IANA list."""

    name = "zone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.fail(f"'{value}' is not a time zone; write one such as Europe/Berlin or UTC", param, ctx)
        return str(value)


class TemplateType(click.ParamType[str]):
    """A kind of rows."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from leadline.data.templates import templates

        if value not in templates():
            names = ", ".join(f"'{name}'" for name in templates())
            self.fail(f"'{value}' is not one of {names}", param, ctx)
        return str(value)


class DoubtType(click.ParamType[str]):
    """The code of a question that holds a file against what is known."""

    name = "code"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from leadline.data.exports.landing_report import Doubt

        if value not in get_args(Doubt):
            codes = ", ".join(f"'{code}'" for code in get_args(Doubt))
            self.fail(f"'{value}' is not one of {codes}", param, ctx)
        return str(value)


DOUBT = DoubtType()
TEMPLATE = TemplateType()
DATE = DateType()
ZONE = ZoneType()
PORT = click.IntRange(1, 65535)


def workspace_option(function: Function) -> Function:
    """--workspace, for every command; what it means by default is `data.workspace.workspace.locate`'s to say."""
    option = click.option(
        "--workspace",
        "-w",
        metavar="DIR",
        type=click.Path(file_okay=True, path_type=Path),
        help="The workspace. Default: LEADLINE_WORKSPACE, the current folder if it is one, else ~/leadline.",
    )
    return option(function)


def json_option(function: Function) -> Function:
    """--json, which prints JSON and nothing else."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON only.")(function)


def named(workspace: Path | None) -> Path | None:
    """The folder given with this command or, failing that, before it (`leadline --workspace DIR check`)."""
    if workspace is not None:
        return workspace
    context = click.get_current_context(silent=True)
    given = context.find_root().params.get("workspace") if context else None
    return given if isinstance(given, Path) else None


def opened(workspace: Path | None) -> Workspace:
    """The workspace meant by a command. Raises WorkspaceError in one sentence."""
    found = open_workspace(named(workspace))
    failures.log_into(found.path)
    return found
