"""What is installed is one package, and all that the program reads at run time is in it."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PYPROJECT["tool"]["setuptools"]
FOLDERS = {"leadline": "door", **{f"leadline.{name}": name for name in ("data", "metrics", "dashboard")}}


def _packages() -> dict[str, Path]:
    """Package → its folder, by the folders that hold code."""
    found = {"leadline": ROOT / "door"}
    for package, name in list(FOLDERS.items())[1:]:
        for beginning in (ROOT / name).rglob("__init__.py"):
            inside = beginning.parent.relative_to(ROOT / name).parts
            found[".".join((package, *inside))] = beginning.parent
    return found


def _is_packaged(file: Path, packages: dict[str, Path]) -> bool:
    """Is it data of a package above it?"""
    for package, folder in packages.items():
        if file.is_relative_to(folder):
            patterns = SETUPTOOLS["package-data"].get("*", []) + SETUPTOOLS["package-data"].get(package, [])
            inside = file.relative_to(folder).as_posix()
            if any(_matches(inside, pattern) for pattern in patterns):
                return True
    return False


def _matches(inside: str, pattern: str) -> bool:
    """As setuptools globs: `**` is any folders but hidden ones, `*` stays within a folder."""
    if pattern.startswith("**/"):
        return not any(part.startswith(".") for part in inside.split("/")) and fnmatch(
            inside.rsplit("/", 1)[-1], pattern.removeprefix("**/")
        )
    return inside.count("/") == pattern.count("/") and fnmatch(inside, pattern)


def test_every_file_beside_the_code_is_packaged() -> None:
    packages = _packages()
    left_out = [
        str(file.relative_to(ROOT))
        for folder in FOLDERS.values()
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and file.suffix not in (".py", ".pyc") and not _is_packaged(file, packages)
    ]
    assert left_out == []


def test_every_folder_of_code_is_packaged_and_nothing_else() -> None:
    without_beginning = {
        str(file.parent.relative_to(ROOT))
        for folder in FOLDERS.values()
        for file in (ROOT / folder).rglob("*.py")
        if not (file.parent / "__init__.py").is_file()
    }
    assert without_beginning == set()
    assert sorted(SETUPTOOLS["packages"]) == sorted(_packages())
    assert SETUPTOOLS["package-dir"] == FOLDERS


def test_the_console_command_is_declared() -> None:
    assert PYPROJECT["project"]["scripts"] == {"leadline": "leadline.dashboard.cli.main:main"}
