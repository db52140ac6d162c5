"""What the program reads at run time is part of the installed package."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATTERNS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]


def _is_packaged(file: Path) -> bool:
    package = file.parent
    inside = file.name
    while package.name.startswith("."):
        inside = f"{package.name}/{inside}"
        package = package.parent
    patterns = [*PATTERNS.get("*", []), *PATTERNS.get(".".join(package.relative_to(ROOT).parts), [])]
    return any(fnmatch(inside, pattern) and inside.count("/") == pattern.count("/") for pattern in patterns)


def test_every_file_beside_the_code_is_packaged() -> None:
    left_out = [
        str(file.relative_to(ROOT))
        for folder in ("data", "metrics", "dashboard")
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and file.suffix not in (".py", ".pyc") and not _is_packaged(file)
    ]
    assert left_out == []


def test_the_console_command_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["scripts"] == {"leadline": "dashboard.cli:main"}
