"""Runs the command line in this process and tells what it printed and how it ended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from leadline.dashboard.cli.main import main
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import DATABASE, open_workspace


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What was printed, which must be one JSON value and nothing else."""
        return json.loads(self.out)


def run(*arguments: str | Path, workspace: Path | None = None) -> Ran:
    """`leadline ARGUMENTS… --workspace WORKSPACE`."""
    named = ["--workspace", str(workspace)] if workspace else []
    result = CliRunner().invoke(main, [*map(str, arguments), *named])
    return Ran(result.exit_code, result.stdout, result.stderr)


def assert_one_sentence(ran: Ran) -> None:
    """An error: status 2, nothing printed, one line that ends as a sentence does and shows no stack trace."""
    assert ran.status == 2, ran
    assert ran.out == "", ran.out
    assert ran.err.count("\n") == 1, ran.err
    assert ran.err.rstrip().endswith((".", "?")), ran.err
    assert "Traceback" not in ran.err


def known(folder: Path) -> tuple[dict[str, bytes], str, str]:
    """What a workspace knows, however its database lays it out: the files beside it, data version, imports."""
    with open_warehouse(open_workspace(folder)) as warehouse:
        version = warehouse.data_version()
    files = {name: content for name, content in tree(folder).items() if name != DATABASE}
    return files, version, run("imports", "--json", workspace=folder).out


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below with its content: what 'untouched' is compared by. The lock file says nothing."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != "lock"
    }
