"""The part of a charter's form that says what it is for and how that was handed down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import streamlit as st

from leadline.dashboard.views import kit
from leadline.dashboard.words.charters import LAYER_LABELS
from leadline.metrics.agreement.catalog import Metric

Keyed = Callable[[str], str]
"""a field's name -> its widget's key"""
Written = str | dict[str, str]
"""a plain text, or a group where more than the text is said"""


def intent(begun: Mapping[str, Any], catalog: Mapping[str, Metric], key: Keyed) -> dict[str, Any]:
    """Objective, audience, context and constraints as the form says them."""
    objective = _group(begun["objective"])
    text = st.text_input("Objective", objective.get("text", ""), key=key("objective"))
    proof, target = st.columns([2, 1])
    with proof:
        proved_by = _metric("Proved by", objective.get("proved_by", ""), catalog, key("proved_by"))
    share = target.text_input(
        "Target", objective.get("target", ""), key=key("target"), placeholder="25%",
        help="The share that it is to reach. The outcome is held against it where it names no target itself.",
    )  # fmt: skip
    audience = st.text_input("Audience", begun["audience"], key=key("audience"))
    context = st.text_input("Context", begun["context"], key=key("context"))
    return {
        "objective": _written(text, {"proved_by": proved_by, "target": share}),
        "audience": audience,
        "context": context,
        "constraints": _constraints(begun["constraints"], key),
    }


def _constraints(begun: list[Written], key: Keyed) -> list[Written]:
    """A line each with what checks it; an emptied line is no constraint any more, and the last line is free."""
    found = []
    for place in range(len(begun) + 1):
        said = _group(begun[place] if place < len(begun) else "")
        shown: Literal["visible", "collapsed"] = "visible" if place == 0 else "collapsed"
        what, check = st.columns([1.6, 1])
        text = what.text_input(
            "Constraint", said.get("text", ""), key=key(f"constraint {place}"), label_visibility=shown
        )
        checked = check.text_input(
            "Checked by", said.get("checked_by", ""), key=key(f"checked {place}"), label_visibility=shown,
            placeholder="review language",
        )  # fmt: skip
        found.append(_written(text, {"checked_by": checked}))
    kit.quiet("Checked by: “review” and a dimension, “metric” and its name, or “rule” and its id.")
    return [one for one in found if one]


def cascade(begun: Mapping[str, Written], catalog: Mapping[str, Metric], key: Keyed) -> dict[str, Written]:
    """Each layer with the metric by which it steers."""
    return {name: _layer(name, label, begun[name], catalog, key) for name, label in LAYER_LABELS.items()}


def _layer(name: str, label: str, begun: Written, catalog: Mapping[str, Metric], key: Keyed) -> Written:
    said = _group(begun)
    what, steers = st.columns([1.6, 1])
    text = what.text_input(label, said.get("text", ""), key=key(name))
    with steers:
        metric = _metric("Steers by", said.get("steers_by", ""), catalog, key(f"{name} steers"))
    return _written(text, {"steers_by": metric})


def _metric(label: str, begun: str, catalog: Mapping[str, Metric], key: str) -> str:
    names = list(catalog)
    chosen = st.selectbox(
        label, names, index=names.index(begun) if begun in names else None, key=key, placeholder="None named",
        format_func=lambda name: catalog[name].label,
    )  # fmt: skip
    return chosen or ""


def _group(written: Written) -> Mapping[str, str]:
    return {"text": written} if isinstance(written, str) else written


def _written(text: str, more: Mapping[str, str]) -> Written:
    said = {name: value for name, value in more.items() if value.strip()}
    return {"text": text, **said} if said else text
