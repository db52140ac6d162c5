"""What may know what: the contracts of pyproject.toml see every wrong import, and floors are light at run time."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PLANTED = (
    # (importing module, imported module, whether the import stands at the top, in a function, or is one for types)
    ("leadline.data.errors", "leadline.metrics.results", "top"),
    ("leadline.data.exports.recognition.headings", "leadline.data.landing.land", "function"),
    ("leadline.data.workspace.backup", "leadline.data.warehouse", "types"),
    ("leadline.data.landing.undo", "duckdb", "top"),
    ("leadline.data.warehouse", "leadline.data.engines.engine", "function"),
    ("leadline.metrics.cohorts", "leadline.dashboard.words.formats", "types"),
    ("leadline.metrics.agreement.decisions", "leadline.metrics.recovery", "top"),
    ("leadline.metrics.results", "leadline.metrics.agreement.catalog", "types"),
    ("leadline.metrics.statistics.cost", "pandas", "function"),
    ("leadline.metrics.totals", "duckdb", "top"),
    ("leadline.metrics.totals", "plotly", "function"),
    ("leadline.metrics.agreement.rules", "streamlit", "top"),
    ("leadline.data.landing.undo", "click", "function"),
    ("leadline.data.exports.files.sheets", "scipy", "types"),
    ("leadline.dashboard.words.theme", "leadline.dashboard.drawings.canvas", "top"),
    ("leadline.dashboard.drawings.canvas", "leadline.dashboard.service.client", "top"),
    ("leadline.dashboard.service.report", "leadline.dashboard.views.caches", "function"),
    ("leadline.dashboard.service.access", "streamlit", "top"),
    ("leadline.dashboard.service.client", "click", "function"),
    ("leadline.dashboard.views.links", "leadline.dashboard.cli.options", "top"),
    ("leadline.dashboard.cli.progress", "leadline.dashboard.views.kit", "top"),
)
CIRCLE = ("leadline.dashboard.service.failures", "leadline.dashboard.service.client")
"""each imports the other when this is planted"""
WAYS = {
    "top": "import {0} as planted\n",
    "function": "def planted():\n    import {0}\n",
    "types": "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import {0}\n",
}


def _linted(folder: Path, planted: dict[str, list[str]]) -> subprocess.CompletedProcess[str]:
    """lint-imports, with the contracts of pyproject.toml, over a copy to whose modules these texts are added."""
    package = folder / "leadline"
    shutil.copytree(ROOT / "door", package)
    for name in ("data", "metrics", "dashboard"):
        shutil.copytree(ROOT / name, package / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for module, texts in planted.items():
        file = folder.joinpath(*module.split(".")).with_suffix(".py")
        file.write_text(file.read_text(encoding="utf-8") + "\n\n" + "\n".join(texts), encoding="utf-8")
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONUTF8": "1", "COLUMNS": "300"},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said where all of them are planted at once."""
    texts: dict[str, list[str]] = {}
    for importing, imported, way in PLANTED:
        texts.setdefault(importing, []).append(WAYS[way].format(imported))
    linted = _linted(tmp_path_factory.mktemp("planted"), texts)
    assert linted.returncode == 1, linted.stdout + linted.stderr
    return linted.stdout


@pytest.mark.parametrize(("importing", "imported"), [planted[:2] for planted in PLANTED])
def test_a_planted_wrong_import_is_named(complaints: str, importing: str, imported: str) -> None:
    assert f"{importing} -> {imported} (l." in complaints


def test_a_planted_circle_is_found(tmp_path: Path) -> None:
    one, other = CIRCLE
    linted = _linted(tmp_path, {one: [WAYS["types"].format(other)], other: [WAYS["function"].format(one)]})
    assert linted.returncode == 1
    assert "imports in a circle, not even for its types or within a function BROKEN" in linted.stdout
    assert "1 broken" in linted.stdout


HEAVY = ("streamlit", "plotly", "pandas", "duckdb", "matplotlib", "scipy", "sqlglot", "pptx", "click", "yaml")
BRINGS = {
    "data.workspace": ("yaml",),
    "metrics.statistics": ("scipy",),
    "dashboard.words": ("duckdb", "scipy", "sqlglot", "yaml"),
    "dashboard.drawings": ("plotly", "duckdb", "matplotlib", "scipy", "sqlglot", "pptx", "yaml"),
    "dashboard.service": ("duckdb", "scipy", "sqlglot", "yaml", "pandas", "matplotlib"),
}
IMPORT_ALL = """
import importlib, pkgutil, sys
floor = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(floor.__path__, floor.__name__ + "."):
    importlib.import_module(module.name)
print(*(name for name in sys.argv[2:] if name in sys.modules))
"""


@pytest.mark.parametrize("floor", BRINGS)
def test_the_whole_floor_is_imported_without_the_libraries_of_those_above(floor: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, f"leadline.{floor}", *HEAVY],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert set(ran.stdout.split()) <= set(BRINGS[floor])


HELP_OF_ALL = """
import contextlib, io, sys
from leadline.dashboard.cli.main import main
for words in ([], *([name] for name in main.commands)):
    with contextlib.redirect_stdout(io.StringIO()) as told, contextlib.suppress(SystemExit):
        main([*words, "--help"])
    assert told.getvalue().startswith("Usage: leadline"), words
print(len(main.commands), *(name for name in sys.argv[1:] if name in sys.modules))
"""


def test_no_command_brings_heavy_libraries_along_before_it_begins() -> None:
    heavy = [name for name in HEAVY if name not in ("click", "yaml")]
    ran = subprocess.run(
        [sys.executable, "-c", HELP_OF_ALL, "numpy", *heavy], capture_output=True, text=True, check=True
    )
    commands, *brought = ran.stdout.split()
    assert int(commands) > 20
    assert brought == []


def test_statistics_import_nothing_but_numpy_scipy_and_the_standard_library() -> None:
    allowed = {"leadline", "numpy", "scipy", *sys.stdlib_module_names}
    imported = {
        (name.split(".")[0], file.name)
        for file in (ROOT / "metrics" / "statistics").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert ("scipy", "maturity.py") in imported or ("numpy", "maturity.py") in imported
    assert {(name, file) for name, file in imported if name not in allowed} == set()


WITHOUT_STREAMLIT = """
import sys
sys.modules["streamlit"] = None
from pathlib import Path
from leadline.dashboard.service import client, new_workspace
from leadline.data.workspace.workspace import open_workspace
folder = Path(sys.argv[1])
new_workspace.make_workspace(folder)
export = folder / "leads.csv"
export.write_text("lead_id,created_at,workflow\\nL1,2026-01-05,routing\\n")
workspace = open_workspace(folder)
(landed,) = client.run(workspace, "ingest", {"files": [str(export)]})
(checked,) = client.run(workspace, "check", {"as_of": "2026-02-01"})
print(landed["state"], checked["status"])
"""


def test_the_service_lands_and_judges_where_streamlit_cannot_be_imported(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_STREAMLIT, str(tmp_path / "team")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.stdout.strip() == "landed 4", ran.stderr
