"""The notebook of the documentation runs from top to bottom, and lies there without what a run has left."""

from __future__ import annotations

import ast
import json
import shlex
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import leadline
from tests.dashboard import command_line

NOTEBOOK = Path(__file__).resolve().parents[1] / "docs" / "python.ipynb"
CELLS: list[dict[str, Any]] = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
CODE = {cell["id"]: "".join(cell["source"]) for cell in CELLS if cell["cell_type"] == "code"}


def _run(cell: str, names: dict[str, Any]) -> Any:
    """What the cell shows: the value of its last expression."""
    if cell.startswith("!leadline "):
        ran = command_line.run(*shlex.split(cell)[1:])
        assert ran.status == 0, ran
        return ran.out
    *body, last = ast.parse(cell).body
    if not isinstance(last, ast.Expr):
        exec(compile(ast.Module([*body, last], []), "cell", "exec"), names)
        return None
    exec(compile(ast.Module(body, []), "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Cell -> what it shows, in the order of the notebook, with a home folder of its own."""
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        patch.setenv("HOME", str(home))
        patch.setenv("USERPROFILE", str(home))
        return {name: _run(cell, names) for name, cell in CODE.items()}


def test_every_cell_runs_and_shows_what_the_words_beside_it_say(shown: dict[str, Any]) -> None:
    assert shown["contacts"].rows.new > 2000
    assert set(shown["opportunities"]["became"]) == {"new"}
    assert shown["charter"].workflow == "lead-routing"
    assert shown["review"].workflows[0].verdict == "diverging"
    assert list(shown["pairs"]["verdict"]) == ["diverging"]
    assert shown["units"].startswith("share of the baseline value")
    assert len(shown["weeks"]) == 8
    assert len(shown["replay"]) == 22
    assert shown["first"] == pd.Timestamp("2024-05-19")


def test_results_have_a_look_of_their_own_in_it(shown: dict[str, Any]) -> None:
    own = leadline.Landing | leadline.Registered | leadline.Review | leadline.Replay
    looks = {name: value._repr_html_() for name, value in shown.items() if isinstance(value, own)}
    assert set(looks) == {"contacts", "charter", "review", "replay"}
    assert '<img alt="Lead routing agent. Divergence chart, drifting since' in looks["review"]
    assert "◆ Drifting" in looks["replay"]


def test_it_lies_there_without_outputs() -> None:
    assert [cell["outputs"] for cell in CELLS if cell["cell_type"] == "code" and cell["outputs"]] == []
    assert {cell["execution_count"] for cell in CELLS if cell["cell_type"] == "code"} == {None}
