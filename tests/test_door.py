"""`import leadline`: what is exported is what is documented, and importing it costs next to nothing."""

from __future__ import annotations

import copy
import re
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import click
import pytest

import leadline
from leadline.dashboard.cli.main import main
from leadline.dashboard.service.python import frames
from leadline.dashboard.service.python.landing_options import LandingOptions
from leadline.data.errors import CharterError, ExportError
from leadline.data.exports.landing_report import RowCounts

DOCUMENT = (Path(__file__).resolve().parents[1] / "docs" / "python.md").read_text(encoding="utf-8")
HEAVY = (
    "duckdb",
    "pandas",
    "streamlit",
    "numpy",
    "scipy",
    "plotly",
    "matplotlib",
    "yaml",
    "click",
    "sqlglot",
)


def _loaded(code: str) -> list[str]:
    """Which heavy packages a fresh Python has imported after that."""
    told = f"import sys; print([name for name in {HEAVY} if name in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}; {told}"], capture_output=True, text=True, check=True
    )
    return list(re.findall(r"'(\w+)'", ran.stdout))


def test_importing_leadline_imports_nothing_heavy() -> None:
    assert _loaded("import leadline; leadline.LeadlineError") == []


def test_opening_a_workspace_imports_no_library_that_only_pages_frames_or_engines_need(
    tmp_path: Path,
) -> None:
    (tmp_path / "charters").mkdir()
    loaded = _loaded(f"import leadline; leadline.open({str(tmp_path)!r})")
    assert "duckdb" in loaded
    assert not {"pandas", "streamlit", "plotly", "matplotlib", "sqlglot"} & set(loaded)


def test_what_is_exported_is_documented_and_what_is_documented_is_exported() -> None:
    documented = re.findall(r"^\| `leadline\.(\w+)` \|", DOCUMENT, re.MULTILINE)
    assert sorted(documented) == sorted(leadline.__all__)


@pytest.mark.parametrize("name", leadline.__all__)
def test_every_exported_name_is_there(name: str) -> None:
    assert getattr(leadline, name) is not None


def test_a_name_that_is_not_exported_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'results'"):
        leadline.results  # noqa: B018


REFUSED = {
    "file": "a.csv",
    "state": "refused",
    "message": "a.csv is empty.",
    "source": None,
    "template": None,
}


@pytest.mark.parametrize(
    "raised",
    [
        leadline.LeadlineError("a.csv is empty."),
        ExportError("a.csv is empty.", "empty_file"),
        CharterError("two things", ("one", "other")),
        leadline.NotLandedError(
            leadline.Landing(
                **REFUSED,
                dry_run=False,
                import_id=None,
                rows=RowCounts(),
                reasons=(),
                warnings=(),
                questions=(),
            )
        ),
    ],
)
def test_an_error_can_be_handed_on_by_a_pool_of_processes(raised: leadline.LeadlineError) -> None:
    again = copy.copy(raised)  # asks __reduce__, as pickle does
    assert (type(again), str(again), vars(again)) == (type(raised), str(raised), vars(raised))


def test_every_error_is_of_the_one_root() -> None:
    assert issubclass(leadline.NotLandedError, leadline.LeadlineError)


def test_the_options_of_land_are_those_of_the_command_line() -> None:
    ingest = main.commands["ingest"]
    options = {each.name for each in ingest.params if isinstance(each, click.Option)}
    assert set(get_type_hints(LandingOptions)) == options - {"workspace", "as_json"}


def test_the_options_of_land_are_documented() -> None:
    section = DOCUMENT.split("\n## land\n")[1].split("\n\n`to_frame()`")[0]
    assert all(f"`{name}`" in section for name in get_type_hints(LandingOptions))


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("landing", "`to_frame()`: rows by what became of them"),
        ("registered", "`to_frame()`: one row."),
        ("gate", "It asks no database. `to_frame()`"),
        ("pairs", "`review.to_frame()` has one row"),
        ("workflows", '`to_frame("workflows")`'),
        ("rules", '`to_frame("rules")`'),
        ("weeks", '`to_frame("weeks")`'),
        ("sources", '`to_frame("sources")`'),
    ],
)
def test_the_columns_of_every_frame_are_documented_with_their_dtypes(name: str, place: str) -> None:
    table = re.search(r"(?:^\|.*\n)+", DOCUMENT.split(place)[1], re.MULTILINE)
    assert table is not None
    documented = re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", table[0], re.MULTILINE)
    assert documented == list(frames.COLUMNS[name].items())


def test_every_number_of_a_frame_says_what_it_is_measured_in() -> None:
    said_by_its_name = {
        "proxy_improved",
        "rows",
        "import_id",
        "first_line",
        "version",
        "open_points",
        "charter_version",
    }
    for name, columns in frames.COLUMNS.items():
        numbers = {column for column, kind in columns.items() if kind in (frames.NUMBER, frames.COUNT)}
        assert numbers - said_by_its_name <= set(frames.UNITS), name
