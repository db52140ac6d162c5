"""The documentation is held to the code: what exists is documented, what is documented exists, examples run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from leadline.dashboard.cli.main import main
from leadline.data.exports.recognition.mapping import read_mapping
from leadline.data.exports.recognition.vendor_format import formats
from leadline.data.samples import tour
from leadline.data.templates import MODIFIED, templates

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
COMMANDS = ROOT / "docs" / "commands.md"
EXPORTS = ROOT / "docs" / "exports.md"
DOCUMENTS = [
    README,
    ROOT / "CHANGELOG.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FOR_ALL = {"--help", "--workspace", "--version"}
GROUP = {name for parameter in main.params for name in parameter.opts}


def _long_options(command: click.Command) -> set[str]:
    """Its own, and those of the commands in it."""
    parts = command.commands.values() if isinstance(command, click.Group) else ()
    return {
        name
        for each in (command, *parts)
        for parameter in each.get_params(click.Context(each))
        if isinstance(parameter, click.Option)
        for name in parameter.opts
        if name.startswith("--")
    }


def _sections() -> dict[str, str]:
    """Command -> its section of docs/commands.md."""
    parts = re.split(r"^## leadline (\w+).*$", COMMANDS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_has_its_section_and_every_section_its_command() -> None:
    assert list(_sections()) == list(main.commands)


@pytest.mark.parametrize("name", list(main.commands))
def test_every_option_is_documented_and_every_documented_one_exists(name: str) -> None:
    documented = set(re.findall(r"--[a-z][a-z-]*", _sections()[name]))
    assert documented - FOR_ALL == _long_options(main.commands[name]) - FOR_ALL


def test_what_all_commands_share_is_documented_once() -> None:
    preamble = COMMANDS.read_text(encoding="utf-8").split("\n## ")[0]
    assert all(name in preamble for name in FOR_ALL)


def test_every_exit_status_of_check_is_documented() -> None:
    assert re.search(r"0 nothing breached; 3 .* breached; 4 .*; 2 an error", _sections()["check"], re.DOTALL)


def _written_commands() -> Iterator[tuple[str, str]]:
    """Every `leadline …` in code of the documents: (document, command line)."""
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        code = re.findall(r"^```.*?^```", text, re.DOTALL | re.MULTILINE) + re.findall(r"`[^`\n]+`", text)
        for block in code:
            for line in block.strip("`").splitlines():
                if match := re.match(r"\s*(leadline\s+.*)", line):
                    yield document.name, match[1]


def test_every_command_line_written_anywhere_exists() -> None:
    written = list(_written_commands())
    assert len(written) > 20
    for document, line in written:
        words = [word for word in shlex.split(line, comments=True)[1:] if word not in ("||", "&&")]
        name = next((word for word in words if not word.startswith("-")), None)
        if name == "COMMAND" or name is None:
            known = GROUP | FOR_ALL
        else:
            assert name in main.commands, f"{document}: {line}"
            known = _long_options(main.commands[name]) | FOR_ALL
        unknown = {word for word in words if word.startswith("--")} - known
        assert not unknown, f"{document}: {line}"


def test_every_dependency_has_one_line_and_every_line_its_dependency() -> None:
    extras = PROJECT["optional-dependencies"].values()
    declared = [*PROJECT["dependencies"], *(one for extra in extras for one in extra)]
    names = sorted(re.split(r"[><=\[]", each)[0] for each in declared)
    lines = re.findall(
        r"^\| `([^`]+)` \| .{10,} \|$", (ROOT / "docs/dependencies.md").read_text(), re.MULTILINE
    )
    assert sorted(lines) == names


def test_every_link_to_a_file_of_the_project_leads_somewhere() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_make_target_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"^make (\w+)|`make (\w+)`", README.read_text(encoding="utf-8"), re.MULTILINE))
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    wanted = {first or second for first, second in named}
    assert {"demo", "test"} <= wanted <= targets


def test_the_changelog_begins_with_this_version() -> None:
    first = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert first is not None
    assert first[1] == PROJECT["version"]


@pytest.mark.parametrize("name", templates())
def test_the_columns_of_every_template_are_documented(name: str) -> None:
    row = re.search(rf"^\| `{name}` \| (.*) \| (.*) \|$", EXPORTS.read_text(encoding="utf-8"), re.MULTILINE)
    assert row is not None
    columns = [column for column in templates()[name].columns if column is not MODIFIED]
    assert re.findall(r"`(\w+)`", row[2]) == [column.name for column in columns]
    assert re.findall(r"\*\*`(\w+)`\*\*", row[2]) == [c.name for c in columns if c.required != "no"]


def test_every_known_system_is_documented_as_it_is_declared() -> None:
    section = EXPORTS.read_text(encoding="utf-8").split("## Exports of known systems")[1].split("\n## ")[0]
    rows = [
        tuple(cell.strip() for cell in row.strip("|").split("|"))
        for row in section.splitlines()
        if "|" in row
    ]
    assert rows[2:] == [
        (one.name, f"`{one.template}`", one.known, one.takes, one.leaves) for one in formats()
    ]


def test_the_mapping_that_is_shown_is_a_mapping() -> None:
    shown = re.search(r"```yaml\n(.*?)```", EXPORTS.read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    taught = read_mapping(yaml.safe_load(shown[1]))
    assert taught.template == "deals"
    assert taught.attributes == ("Product line",)


def _tour_script() -> str:
    tour_section = README.read_text(encoding="utf-8").split("## Five minutes")[1].split("\n## ")[0]
    return "\n".join(re.findall(r"^```sh\n(.*?)^```", tour_section, re.DOTALL | re.MULTILINE))


def _python_of_the_readme() -> str:
    section = README.read_text(encoding="utf-8").split("## From Python")[1].split("\n## ")[0]
    (code,) = re.findall(r"^```python\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
    return str(code)


def test_the_tour_of_the_readme_runs_and_finds_the_drift(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("the tour is written for a shell; there is no bash here")
    bin_folder = str(Path(sys.executable).parent)
    ran = subprocess.run(
        [bash, "-euo", "pipefail", "-c", _tour_script()],
        cwd=ROOT,
        env={
            "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "PYTHONUTF8": "1",
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "DRIFTING  Lead routing agent" in ran.stdout
    assert "Pause the workflow" in ran.stdout
    assert "2024-06-30  lead-routing: drifting" in ran.stdout
    assert ran.stderr == ""
    shown = subprocess.run(
        [sys.executable, "-c", _python_of_the_readme()],
        env={**os.environ, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    assert re.search(r"lead-routing +diverging +-0\.\d+ +close_rate +-0\.\d+", shown.stdout)


def test_the_exports_of_the_tour_are_what_their_generator_writes(tmp_path: Path) -> None:
    tour.write(tmp_path)
    for export in (tour.CONTACTS, tour.OPPORTUNITIES):
        made = (tmp_path / export).read_text(encoding="utf-8").splitlines()
        shipped = (tour.FOLDER / export).read_text(encoding="utf-8").splitlines()
        assert made[0] == shipped[0]
        assert len(made) == len(shipped)
        # the last digit of a second may differ between processors
        same = sum(a == b for a, b in zip(made, shipped, strict=True))
        assert same >= 0.99 * len(shipped)
