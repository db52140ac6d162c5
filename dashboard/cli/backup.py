"""`leadline backup, restore`: a whole workspace to one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from leadline.dashboard.cli import options
from leadline.dashboard.cli.progress import Progress
from leadline.dashboard.service import client
from leadline.dashboard.words.formats import counted

NO_SALT = "It holds no file with the secret that addresses are hashed with."


@click.command(short_help="Write the whole workspace to one file.")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@options.workspace_option
@click.option("--replace", is_flag=True, help="Replace FILE if it is a backup already.")
def backup(file: Path, workspace: Path | None, replace: bool) -> int:
    """Write the whole workspace to one file, also while a dashboard serves it.

    The file is verified before it appears. It holds everything, so keep it as safe as the workspace.

    \b
    Example:  leadline backup myteam.backup
    """
    target = file.expanduser().absolute()
    with Progress("Backing up") as progress:
        progress.step("the database")
        told = list(
            client.run(options.opened(workspace), "backup", {"file": str(target), "replace": replace})
        )
    for made in told:
        click.echo(
            f"Backed up {counted(sum(made['rows'].values()), 'row')} of {counted(len(made['rows']), 'table')} "
            f"and {counted(made['texts'], 'file')} to {target}; it was read back and is whole. "
            f"{_secret(made['with_salt'])}"
        )
    return 0


@click.command(short_help="Make the workspace of a backup.")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@options.workspace_option
@click.option("--replace", is_flag=True, help="Replace a folder that holds something; it is kept beside.")
def restore(file: Path, workspace: Path | None, replace: bool) -> int:
    """Make the workspace of a backup, in a new folder or in place of the one there.

    A backup that was cut short or changed is refused, and the folder is as it was.

    \b
    Example:  leadline restore myteam.backup --workspace myteam-again
    """
    from leadline.data.database.connection import rows_of
    from leadline.data.workspace import backup as backups
    from leadline.data.workspace.workspace import locate

    folder = locate(options.named(workspace))
    made = backups.restore(file.expanduser().absolute(), folder, rows_of, replace=replace)
    kept = f" What stood there before is now {made.former}." if made.former else ""
    secret = "" if made.with_salt else f" {NO_SALT}"
    click.echo(f"Restored {counted(sum(made.rows.values()), 'row')} to {folder}.{kept}{secret}")
    return 0


def _secret(is_in_it: bool) -> str:
    if not is_in_it:
        return f"{NO_SALT} See 'leadline doctor'."
    return (
        "The secret that addresses are hashed with is in it: keep the file as you would keep the addresses."
    )


COMMANDS = (backup, restore)
