"""Draws the picture of docs/architecture.md: `python docs/pictures/draw_architecture.py`."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

HERE = Path(__file__).parent
BLUE, ORANGE, GREEN, INK, GREY = "#1f5fa8", "#b8450f", "#2f7d4f", "#1c2733", "#5c6b7a"
FLOORS = [
    ("views", "a folder a page", 0.13, 6.0, 2.62, ORANGE),
    ("cli", "leadline …", 2.87, 6.0, 1.25, ORANGE),
    ("service", "what a workspace can be asked", 0.13, 5.0, 3.99, ORANGE),
    ("drawings", "results → pictures", 0.13, 4.0, 3.99, ORANGE),
    ("words", "results → text", 0.13, 3.0, 3.99, ORANGE),
    ("review, study, judging, …", "one composition, from facts to verdicts", 4.53, 3.0, 3.99, BLUE),
    ("agreement", "agreed, decided", 4.53, 2.0, 1.93, BLUE),
    ("counts, sql", "questions about facts", 6.59, 2.0, 1.93, BLUE),
    ("statistics", "arrays in, what is known out", 4.53, 1.0, 3.99, BLUE),
    ("landing", "a file → facts, undo", 8.93, 1.0, 1.93, GREEN),
    ("counts", "kept, follow imports", 10.99, 1.0, 1.93, GREEN),
    ("exports", "a file → typed rows", 8.93, 0.0, 1.93, GREEN),
    ("warehouse", "DuckDB; other engines", 10.99, 0.0, 1.93, GREEN),
    ("templates", "a YAML a kind", 8.93, -1.0, 1.93, GREEN),
    ("workspace", "the folder, its lock", 10.99, -1.0, 1.93, GREEN),
]
HOUSES = [("dashboard", 0.0, 2.78, 4.25, 4.35, ORANGE), ("metrics", 4.4, 0.78, 4.25, 3.35, BLUE)]
HOUSES.append(("data", 8.8, -1.22, 4.25, 3.35, GREEN))

mpl.use("svg")
mpl.rcParams.update({"font.size": 9, "svg.fonttype": "none", "svg.hashsalt": "leadline"})


def room(ax: Axes, name: str, inside: str, x: float, y: float, width: float, colour: str) -> None:
    """One folder: its name, and what is in it."""
    ax.add_patch(_box(x, y, width, 0.78, "white", colour))
    ax.text(x + width / 2, y + 0.49, name, ha="center", va="center", color=INK, weight="bold")
    ax.text(x + width / 2, y + 0.23, inside, ha="center", va="center", color=GREY, size=7.5)


def _box(x: float, y: float, width: float, height: float, face: str, edge: str) -> FancyBboxPatch:
    return FancyBboxPatch(
        (x, y), width, height, boxstyle="round,pad=0,rounding_size=0.08", fc=face, ec=edge, lw=1.2
    )


def main() -> None:
    """Three houses, each lower than the one that may import it."""
    figure, ax = plt.subplots(figsize=(11.2, 7.2))
    for name, x, y, width, height, colour in HOUSES:
        ax.add_patch(_box(x, y, width, height, colour + "14", colour))
        ax.text(x + 0.13, y + height + 0.1, f"{name}/", color=colour, size=12, weight="bold")
    for floor in FLOORS:
        room(ax, *floor)
    bend = {"arrowstyle": "-|>", "color": INK, "lw": 1.4, "connectionstyle": "angle,angleA=0,angleB=90,rad=6"}
    # statistics know nothing of data: the way to it leads from the floors above them
    for start, end in (((4.12, 3.39), (4.53, 3.39)), ((8.52, 2.62), (9.9, 1.78))):
        ax.annotate(
            "", end, start, arrowprops=bend if start[1] != end[1] else bend | {"connectionstyle": "arc3"}
        )
    ax.text(
        0.0,
        -0.75,
        "An arrow: may import. Never back, and within\na house only downwards.",
        color=GREY,
        va="center",
    )
    ax.text(
        13.05,
        6.9,
        "exports  →  facts  →  verdicts  →  pages:\ndata flow the other way",
        color=GREY,
        ha="right",
        va="top",
    )
    ax.set_xlim(-0.1, 13.15)
    ax.set_ylim(-1.4, 7.6)
    ax.axis("off")
    figure.savefig(HERE / "architecture.svg", bbox_inches="tight", metadata={"Date": None}, facecolor="white")


if __name__ == "__main__":
    main()
