"""The part of a charter's form that says how outputs are looked at, and what buyers should be able to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from leadline.dashboard.views import kit
from leadline.dashboard.views.charters.intent_fields import Keyed
from leadline.metrics.agreement.charter import MOST_PROMISES


def reviewing(begun: Mapping[str, Any], key: Keyed) -> dict[str, Any]:
    """How outputs are reviewed; nothing where no dimension is named."""
    one, two, three, four = st.columns([2, 1, 1, 1])
    named = one.text_input(
        "Judged on", ", ".join(begun["dimensions"]), key=key("dimensions"), placeholder="accuracy, brand",
        help="What a reviewer passes or fails each output on. The page Outputs asks for it.",
    )  # fmt: skip
    said = {
        name: place.text_input(label, begun[name], key=key(name), placeholder=hint, help=help_text)
        for place, name, label, hint, help_text in (
            (two, "a_week", "Outputs a week", "20", "How many are drawn of each week."),
            (three, "second_review", "Twice", "20%", "The share that a second person judges, blind."),
            (
                four,
                "agreement",
                "Agreement",
                "0.67",
                "Krippendorff's alpha below which nothing is concluded.",
            ),
        )
    }
    dimensions = [name for part in named.split(",") if (name := " ".join(part.split()))]
    return {"dimensions": dimensions, **(said if dimensions else {})}


def positioning(begun: list[Mapping[str, Any]], key: Keyed) -> list[dict[str, Any]]:
    """A line a promise; an emptied line is none any more, and the last line is free."""
    found = []
    for place in range(min(len(begun) + 1, MOST_PROMISES)):
        said = begun[place] if place < len(begun) else {"id": "", "says": "", "yes": [], "no": []}
        columns = st.columns([1, 2, 2, 2])
        fields = (
            ("id", "Buyers should say", said["id"], "one-source"),
            ("says", "In a sentence", said["says"], "One place for every invoice"),
            ("yes", "What says it", "; ".join(said["yes"]), "We look it up once; it is all there"),
            ("no", "What does not", "; ".join(said["no"]), "It is cheap"),
        )
        line = {
            name: str(
                column.text_input(
                    label, value, key=key(f"promise {place} {name}"), placeholder=hint if place == 0 else "",
                    label_visibility="visible" if place == 0 else "collapsed",
                )
            ).strip()
            for column, (name, label, value, hint) in zip(columns, fields, strict=True)
        }  # fmt: skip
        if any(line.values()):
            examples = {name: _listed(line[name]) for name in ("yes", "no")}
            found.append({"id": line["id"], "says": line["says"], **examples})
    kit.quiet(
        "Conversations are coded by these on the page Outputs. Several examples: a semicolon between them."
    )
    return found


def _listed(text: str) -> list[str]:
    return [each for part in text.split(";") if (each := part.strip())]
