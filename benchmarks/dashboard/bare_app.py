"""The bare page: draws a plan with Streamlit alone, as a script that has its data at hand would.

`streamlit run bare_app.py -- PLANS.json`; `?page=workflow` chooses the plan.
"""

from __future__ import annotations

import itertools
import json
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import streamlit as st

Node = dict[str, Any]
numbers = itertools.count()


@st.cache_resource
def plans() -> dict[str, Node]:
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for plan in told.values():
        decode(plan)
    return dict(told)


def decode(node: Node) -> None:
    if "png" in node:
        node["png"] = [b64decode(picture) for picture in node["png"]]
    for inner in node["inside"].values():
        decode(inner)


def draw(node: Node) -> None:
    """What stands in a node, in order; columns that stand side by side are made together."""
    inside = [node["inside"][place] for place in sorted(node["inside"], key=int)]
    at = 0
    while at < len(inside):
        beside = list(itertools.takewhile(lambda each: each["kind"] in ("column", "tab"), inside[at:]))
        if not beside:
            put(inside[at])
            at += 1
            continue
        kind = beside[0]["kind"]
        made = (
            st.columns([each["weight"] for each in beside])
            if kind == "column"
            else st.tabs([each["label"] for each in beside])
        )
        for place, each in zip(made, beside, strict=True):
            with place:
                draw(each)
        at += len(beside)


def put(node: Node) -> None:
    kind, key = node["kind"], f"k{next(numbers)}"
    label = node.get("label") or "Label"
    if kind in ("markdown", "text"):
        st.markdown(node["body"])
    elif kind == "heading":
        {"h1": st.title, "h2": st.header}.get(node["tag"], st.subheader)(node["body"], anchor=False)
    elif kind == "alert":
        st.info(node["body"])
    elif kind == "code":
        st.code(node["body"], language=None)
    elif kind == "table":
        st.table(node["columns"], border="horizontal", hide_index=True, height=node["height"] or "content")
    elif kind == "plotly_chart":
        st.plotly_chart(go.Figure(node["figure"]), theme=None, key=key)
    elif kind == "imgs":
        for picture in node["png"]:
            st.image(picture)
    elif kind == "selectbox":
        st.selectbox(label, node["options"], key=key)
    elif kind == "multiselect":
        st.multiselect(label, node["options"], key=key)
    elif kind == "button_group":
        st.segmented_control(label, node["options"], key=key)
    elif kind == "text_input":
        st.text_input(label, node["value"], key=key)
    elif kind == "text_area":
        st.text_area(label, node["value"], key=key)
    elif kind == "number_input":
        st.number_input(label, key=key)
    elif kind == "checkbox":
        st.checkbox(label, key=key)
    elif kind == "date_input":
        st.date_input(label, key=key)
    elif kind == "file_uploader":
        st.file_uploader(label, key=key)
    elif kind == "page_link":
        st.page_link(HERE, label=label)
    elif kind == "download_button":
        st.download_button(label, lambda: b"nothing", key=key, on_click="ignore")
    elif kind == "button" and node["submits"]:
        st.form_submit_button(label, key=key)
    elif kind == "button":
        st.button(label, key=key)
    elif kind == "expandable":
        with st.expander(label):
            draw(node)
    elif kind == "popover":
        with st.popover(label):
            draw(node)
    elif kind == "form":
        with st.form(key, border=False):
            draw(node)
    elif node["inside"] and all(each["kind"] in ("column", "tab") for each in node["inside"].values()):
        draw(node)  # Streamlit makes the container around them
    else:
        with st.container(border=node.get("border", False), horizontal=node.get("horizontal", False)):
            draw(node)


def page(name: str) -> Any:
    return st.Page(lambda: draw(plans()[name]), title=name or "home", url_path=name, default=not name)


st.set_page_config(layout="wide")
PAGES = [page(name) for name in plans()]
HERE = PAGES[0]
st.navigation(PAGES, position="top").run()
