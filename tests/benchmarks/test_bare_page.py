"""The bare page of the benchmark shows what the plan of a page says: as many elements of each kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import benchmarks.dashboard

APP = Path(benchmarks.dashboard.__file__).with_name("bare_app.py")


def node(kind: str, *inside: dict[str, object], **said: object) -> dict[str, object]:
    return {"kind": kind, "inside": {str(at): each for at, each in enumerate(inside)}, **said}


def test_a_bare_page_has_the_elements_of_its_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = node(
        "flex_container",
        node("column", node("markdown", body="Left", tag=""), weight=0.6),
        node("column", node("selectbox", label="Week", options=["a", "b"]), weight=0.4),
    )
    page = node(
        "page",
        node("heading", body="One is drifting", tag="h2"),
        columns,
        node("expandable", node("table", columns={"Week": ["1", "2"]}, height=0), label="Numbers"),
        node("form", node("text_input", label="Name", value=""), node("button", label="Close", submits=True)),
        node("plotly_chart", figure={"data": [{"type": "scatter", "x": [1, 2], "y": [3, 4]}], "layout": {}}),
    )
    plans = tmp_path / "plans.json"
    plans.write_text(json.dumps({"": page}), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["bare_app.py", str(plans)])
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not app.exception
    assert [one.value for one in app.header] == ["One is drifting"]
    assert [one.value for one in app.markdown] == ["Left"]
    assert [one.label for one in app.selectbox] == ["Week"]
    assert [one.label for one in app.button] == ["Close"]
    assert [len(one.value) for one in app.table] == [2]
    assert len(app.get("plotly_chart")) == 1
