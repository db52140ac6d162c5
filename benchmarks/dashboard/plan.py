"""What a page of Leadline consists of, as plain data from which a bare page of the same size is drawn."""

from __future__ import annotations

import http.client
import io
import json
from base64 import b64encode
from contextlib import closing
from typing import Any

import pyarrow as pa

from tests.dashboard.sessions import Run

Node = dict[str, Any]
LAID_OUT = ("column", "expandable", "popover", "form", "tab_container", "tab", "flex_container", "vertical")


def plan_of(run: Run, port: int, cookie: str = "") -> Node:
    """The page as a tree: each node has a `kind`, what it shows, and what stands in it."""
    root: Node = {"kind": "page", "inside": {}}
    for place in sorted({*run.blocks, *run.elements}):
        if place[0] != 0:
            continue  # the sidebar and toasts
        node = (
            _block(run.blocks[place]) if place in run.blocks else _element(run.elements[place], port, cookie)
        )
        holder = root
        for step in place[1:-1]:
            holder = holder["inside"].setdefault(str(step), {"kind": "flex_container", "inside": {}})
        holder["inside"][str(place[-1])] = node
    return root


def _block(block: Any) -> Node:
    kind = str(block.WhichOneof("type"))
    node: Node = {"kind": kind, "inside": {}}
    said = getattr(block, kind)
    if kind == "column":
        node["weight"] = said.weight
    elif kind in ("expandable", "popover", "tab"):
        node["label"] = said.label
    elif kind == "flex_container":
        node["border"] = said.border
        node["horizontal"] = said.direction == said.Direction.HORIZONTAL
    return node


def _element(element: Any, port: int, cookie: str) -> Node:
    kind = str(element.WhichOneof("type"))
    said = getattr(element, kind)
    node: Node = {"kind": kind, "inside": {}}
    if kind in ("markdown", "heading", "text", "alert"):
        node["body"] = said.body
        node["tag"] = getattr(said, "tag", "")
    elif kind == "code":
        node["body"] = said.code_text
    elif kind == "table":
        with pa.ipc.open_stream(io.BytesIO(said.arrow_data.data)) as stream:
            node["columns"] = stream.read_all().to_pydict()
        node["height"] = element.height_config.pixel_height
    elif kind == "plotly_chart":
        node["figure"] = json.loads(said.spec)
    elif kind == "imgs":
        node["png"] = [b64encode(_fetched(port, picture.url, cookie)).decode() for picture in said.imgs]
    elif kind in ("selectbox", "multiselect"):
        node["label"], node["options"] = said.label, list(said.options)
    elif kind == "button_group":
        node["label"], node["options"] = said.label, [option.content for option in said.options]
    elif kind in (
        "text_input",
        "text_area",
        "number_input",
        "checkbox",
        "date_input",
        "page_link",
        "file_uploader",
    ):
        node["label"] = said.label
        node["value"] = getattr(said, "default", None) if kind in ("text_input", "text_area") else None
    elif kind in ("button", "download_button"):
        node["label"] = said.label
        node["submits"] = getattr(said, "is_form_submitter", False)
    return node


def _fetched(port: int, url: str, cookie: str) -> bytes:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", url, headers={"Cookie": cookie})
        answer = connection.getresponse()
        assert answer.status == 200, (url, answer.status)
        return answer.read()
