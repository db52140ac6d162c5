"""What is installed is one package, and all that the program reads at run time is in it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import venv
from fnmatch import fnmatch
from pathlib import Path

import pytest

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
    assert PYPROJECT["project"]["scripts"] == {"leadline": "leadline.dashboard.cli.start:main"}


def test_the_licence_is_declared_and_lies_at_the_top() -> None:
    project = PYPROJECT["project"]
    assert (project["license"], project["license-files"]) == ("Apache-2.0", ["LICENSE"])
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site-packages of a new environment, into which the project and nothing else was installed."""
    source, environment = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("environment")
    for folder in FOLDERS.values():
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(ROOT / file, source)
    venv.create(environment, with_pip=False)
    (site_packages,) = environment.glob("[lL]ib/**/site-packages")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    alone = ["--no-index", "--no-deps", "--no-build-isolation", "--no-compile", "--ignore-installed"]
    ran = subprocess.run(
        [*pip, *alone, "--prefix", str(environment), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return site_packages


def test_installing_puts_one_name_into_site_packages(installed: Path) -> None:
    release = f"leadline-{PYPROJECT['project']['version']}.dist-info"
    assert sorted(path.name for path in installed.iterdir()) == ["leadline", release]
    assert (installed / release / "licenses" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_what_is_installed_holds_every_file_of_code_and_of_data(installed: Path) -> None:
    wanted = {
        Path(*package.split(".")[1:], file.relative_to(ROOT / folder)).as_posix(): file
        for package, folder in FOLDERS.items()
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    }
    there = {
        file.relative_to(installed / "leadline").as_posix(): file
        for file in (installed / "leadline").rglob("*")
        if file.is_file()
    }
    assert sorted(there) == sorted(wanted)
    assert [name for name, file in there.items() if file.read_bytes() != wanted[name].read_bytes()] == []


def test_what_is_installed_runs_by_itself(installed: Path, tmp_path: Path) -> None:
    """Where the editable installation is not seen: a workspace is made, with its schema from SQL and YAML files."""
    code = (
        f"import sys; sys.path.insert(0, {str(installed)!r})\n"
        "import leadline.dashboard.cli.main as program\n"
        "print(program.__file__)\n"
        "program.main(sys.argv[1:])"
    )
    for words in (["init", str(tmp_path / "team")], ["imports", "--workspace", str(tmp_path / "team")]):
        ran = subprocess.run(
            [sys.executable, "-c", code, *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout.startswith(str(installed / "leadline" / "dashboard" / "cli" / "main.py"))
    assert "Nothing has landed yet" in ran.stdout


SCRIPT_OF_A_USER = """\
import leadline

with leadline.open("team") as team:
    landing: leadline.Landing = team.land("leads.csv", dates="dmy", header_row=3)
    review: leadline.Review = team.review(as_of="2024-06-30")
    weeks: int = len(team.replay("2024-01-01", "2024-06-30").to_frame(of="weeks"))
verdicts: dict[str, str] = {each.workflow: each.verdict for each in review.workflows}
reveal_type(review.to_frame())
team.land("leads.csv", dates="dym")
team.land("leads.csv", sheets="1")
team.reviews()
"""


@pytest.mark.slow
def test_a_users_type_checker_sees_the_types_of_what_is_installed(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT_OF_A_USER, encoding="utf-8")
    # what leadline depends on is found where the tests run
    elsewhere = [path for path in sys.path if path.endswith("site-packages")]
    (installed / "dependencies.pth").write_text("\n".join(elsewhere), encoding="utf-8")
    python = next(installed.parents[2].glob("[bS]*/python*"))
    known = ROOT / ".mypy_cache"  # what `make check` has read of the libraries, where it ran
    if known.is_dir():
        shutil.copytree(known, tmp_path / known.name)
    command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", str(python), "script.py"]
    try:
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    finally:
        (installed / "dependencies.pth").unlink()
    told = dict(re.findall(r"^script\.py:(\d+): (?:error|note): (.*)$", ran.stdout, re.MULTILINE)[::-1])
    assert sorted(told, key=int) == ["8", "9", "10", "11"], ran.stdout + ran.stderr
    assert 'Revealed type is "pandas' in told["8"]
    assert "expected \"Literal['dmy', 'mdy', 'ymd'] | None\"" in told["9"]
    assert 'Unexpected keyword argument "sheets"' in told["10"]
    assert '"OpenedWorkspace" has no attribute "reviews"' in told["11"]
