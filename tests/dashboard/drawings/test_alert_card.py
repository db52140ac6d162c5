"""The alert card: complete in itself, legible in both themes, with nothing cut off whatever it is called."""

from __future__ import annotations

import io
import re
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from leadline.dashboard.drawings import lettering
from leadline.dashboard.drawings.alert_card_png import HEIGHT, WIDTH, card_png, draw_card
from leadline.dashboard.drawings.canvas import Box, Canvas
from leadline.dashboard.drawings.divergence_png import divergence_png
from leadline.dashboard.drawings.lettering import broken, cut, directed, ready_to_draw, width
from leadline.dashboard.words.alert_card import card_words, spelled
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.formats import one_line
from leadline.dashboard.words.theme import DARK, LIGHT, Mode, palette
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.findings import AsTold
from leadline.metrics.results import WorkflowReview
from tests.dashboard import example_reviews as examples
from tests.dashboard.pictures import ARABIC, CASES, HEBREW, named, pixels, share_of, text_layer

CATALOG = load_catalog(None)
MOST_BESIDE_BARE = 4.0
"""times a bare picture of the same size and as many texts; measured: 0.8 to 3.2, most for one endless word"""
EVERY_CASE = [*((name, "light") for name in CASES), ("drifting", "dark"), ("hostile names", "dark")]
"""places don't depend on the theme"""


def png(workflow: WorkflowReview, theme: Mode = "light", scale: int = 1) -> bytes:
    return card_png(
        examples.review(workflow), workflow, theme=theme, scale=scale, workspace_name="Northwind", code="K7Q2M4XT"
    )  # fmt: skip


@cache
def picture_of(name: str) -> bytes:
    """The light card of one of CASES, drawn once for all that only look at it."""
    return png(CASES[name])


def drawn(workflow: WorkflowReview, theme: Mode = "light", workspace: str = "Northwind") -> Canvas:
    words = card_words(
        examples.review(workflow), workflow, CATALOG, workspace_name=workspace, code="K7Q2M4XT"
    )
    with ready_to_draw():
        return draw_card(words, workflow, palette(theme))


@pytest.mark.parametrize(("theme", "scale"), [("light", 1), ("dark", 2)])
def test_a_card_is_sixteen_by_nine_and_not_blank(theme: Mode, scale: int) -> None:
    picture = pixels(png(examples.drifting(), theme, scale))
    colours = LIGHT if theme == "light" else DARK
    assert picture.shape == (HEIGHT * scale, WIDTH * scale, 3)
    assert 0.4 < share_of(picture, colours.background) < 0.9
    assert share_of(picture, colours.hues["red"]) > 0.008
    for ink in (colours.text, colours.proxy, colours.outcome):
        assert share_of(picture, ink) > 0.0005, ink


@pytest.mark.parametrize(("name", "theme"), EVERY_CASE)
def test_no_text_leaves_the_card_or_runs_into_another(name: str, theme: Mode) -> None:
    canvas = drawn(CASES[name], theme, workspace=CASES[name].name)
    assert len(canvas.written) > 8
    for written in canvas.written:
        box = written.box
        assert box.left >= 14, written
        assert box.right <= WIDTH - 20, written
        assert box.top >= 0, written
        assert box.bottom <= HEIGHT, written
    for place, one in enumerate(canvas.written):
        for other in canvas.written[place + 1 :]:
            assert not _collide(one.box, other.box), (one, other)


def _collide(one: Box, other: Box) -> bool:
    """Letters over letters; the room that a line keeps for ascenders and descenders may touch."""
    slack = 0.3 * min(one.height, other.height)
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 1 and down > slack


@pytest.mark.parametrize("name", list(CASES))
def test_nothing_but_the_stripe_touches_the_edges_of_the_picture(name: str) -> None:
    workflow = CASES[name]
    picture = pixels(picture_of(name))
    background = np.array([int(LIGHT.background[place : place + 2], 16) for place in (1, 3, 5)])
    for edge in (picture[:4, 20:], picture[-4:, 20:], picture[:, -16:]):
        assert (edge == background).all()
    stripe = LIGHT.hues[verdict_words(workflow.verdict).hue]
    assert share_of(picture[:, 1:13], stripe) == 1.0


def test_the_text_layer_holds_everything_the_card_says() -> None:
    told = text_layer(picture_of("drifting"))
    assert told["Description"].splitlines() == [
        "◆ Drifting",
        "Lead routing agent is drifting. Response time is 8.4 minutes, down from 2.8 hours; of 100 leads 14 close "
        "(likely 12–16), down from 20, since the week of 12 February 2024.",
        "Response time: 8.4 minutes, better, was 2.8 hours, likely 6.7–10 minutes, 2,870 leads",
        "Close rate: 14 of 100, worse, was 20 of 100, likely 12–16, 1,450 leads",
        "To be decided: Pause the workflow (Head of Demand Generation): rule “drifting” is breached for 8 "
        "weeks, and nobody has decided.",
        "Rule as agreed: Verdict “drifting”, then pause; Drifting: breached since 5 May 2024",
        "Cost so far: €402k; likely €255k–540k; about 41 deals fewer (26–55)",
        "Owner: Head of Demand Generation; next checkpoint 7 Jul 2024",
        "Data as of 30 Jun 2024, complete through 30 Jun 2024 · 4 sources fresh, newest 30 Jun 2024",
        "Workspace: Northwind",
        "Review K7Q2-M4XT: in Leadline under Decisions, “Code on a card”",
    ]
    assert told["Title"].endswith("Agreed action: pause.")


@pytest.mark.parametrize(
    "name", ["drifting", "holding", "too early", "a data problem", "huge and tiny numbers"]
)
def test_what_is_drawn_is_what_the_text_layer_says_and_all_of_it(name: str) -> None:
    workflow = CASES[name]
    drawn_words = " ".join(written.text for written in drawn(workflow).written).replace("\u00a0", " ")
    for line in text_layer(picture_of(name))["Description"].splitlines():
        for word in (
            line.removeprefix("Workspace: ")
            .replace(";", " ")
            .replace(",", " ")
            .replace("\u00a0", " ")
            .split()
        ):
            assert word.strip(":") in drawn_words, (word, line)


@pytest.mark.parametrize("name", ["Arabic names", "Hebrew names", "hostile names", "names in other scripts"])
def test_names_stand_in_the_text_layer_letter_by_letter(name: str) -> None:
    assert one_line(CASES[name].name)[:60] in text_layer(picture_of(name))["Description"]


def test_a_rule_as_signed_names_who_signed_it_and_that_it_was_changed_later() -> None:
    charter = parse_charter(
        """
workflow: lead-routing
name: Lead routing agent
owner: Head of Sales
deployed_on: 2024-01-01
watch: {proxies: [response_time], outcomes: [close_rate]}
stopping_rules:
  - {id: floor, when: close_rate < 15%, for: 2 weeks, min_sample: 40, action: pause}
signed: {by: Managing Director, on: 2023-12-15}
""",
        CATALOG,
        "lead-routing.yaml",
    )
    rule = replace(
        examples.drifting().rules[1],
        id="floor",
        state="breached",
        marks=(AsTold("Loosened after a breach."),),
    )
    words = card_words(
        examples.review(),
        examples.drifting(charter=charter, rules=(rule,)),
        CATALOG,
        workspace_name="N",
        code="",
    )
    cell = next(cell for cell in words.cells if cell.label == "Rule as signed")
    assert cell.words == "Close rate below 15 % for 2 weeks on 40 units or more, then pause"
    assert cell.details[0] == "Close rate below 15 %: breached since 30 Jun 2024 (14.7 %; threshold 15 %)"
    assert "signed by Managing Director, 15 Dec 2023" in cell.details
    assert "⚑ changed after a breach" in cell.details


def test_a_cost_that_is_counted_on_another_outcome_than_the_figures_says_so() -> None:
    workflow = examples.drifting()
    assert workflow.cost is not None
    other = replace(workflow, cost=replace(workflow.cost, outcome="qualified_appointment_rate"))
    told = [
        card_words(examples.review(each), each, CATALOG, workspace_name="N", code="").cells[2].details
        for each in (workflow, other)
    ]
    assert "counted on qualified appointment rate" in told[1]
    assert not any("counted on" in line for line in told[0])
    last = next(line for line in drawn(other).written if line.text.endswith("rate") and line.box.left > 1100)
    due = next(line for line in drawn(other).written if line.text == "To be decided")
    assert last.box.bottom < due.box.top - 40, "it stands in its own panel"


def test_the_rule_that_is_shown_is_the_one_that_is_due_also_once_the_harshest_was_decided_on() -> None:
    pause = replace(examples.drifting().rules[0], id="divergence", action="pause", state="breached")
    floor = replace(pause, id="floor", action="review", when="declining")
    for answered, due in (((), "drifting"), (("divergence",), "declining")):
        workflow = examples.drifting(rules=(pause, floor), answered=answered)
        words = card_words(examples.review(), workflow, CATALOG, workspace_name="N", code="")
        to_do, rule = words.cells[:2]
        assert f"“{due}”" in to_do.words
        assert rule.details[0].startswith(f"{due.capitalize()}: breached")


def test_a_dashboard_that_others_reach_is_linked_by_the_code() -> None:
    review, workflow = examples.review(), examples.drifting()
    words = card_words(
        review, workflow, CATALOG, workspace_name="N", code="K7Q2M4XT", link="https://leadline.example.com/"
    )
    assert words.link == "https://leadline.example.com/workflow?code=K7Q2-M4XT"
    assert spelled("k7q2-m4xt") == "k7q2-m4xt"


def test_the_same_review_gives_the_same_picture() -> None:
    assert png(examples.drifting()) == picture_of("drifting") != picture_of("holding")


def test_dollar_signs_and_backslashes_are_letters() -> None:
    plain, formula = width("$x^2$", 30), width("x2", 30)
    assert plain > 1.8 * formula
    odd = named(r"$\frac{1}{0}$ \alpha $ $$ %s {0}")
    assert r"$\frac{1}{0}$ \alpha $ $$ %s {0}" in " ".join(written.text for written in drawn(odd).written)


def test_letters_of_right_to_left_names_are_joined_and_ordered() -> None:
    """Joined Arabic letters are narrower than the same letters standing alone."""
    alone = sum(width(letter, 40) for letter in ARABIC.replace(" ", ""))
    assert width(ARABIC, 40) < 0.9 * alone
    assert directed(f"{HEBREW} is drifting. 33 %").startswith("\u200e")
    ink = [_ink(f"{ARABIC[:5]} drifts"), _ink(f"drifts {ARABIC[:5]}"), _ink("drifts")]
    # a sentence that begins with such a name still runs from left to right: its last word stands at its right
    begins, ends = (np.abs(each[:, -60:] - ink[2][:, -60:]).mean() for each in ink[:2])
    assert begins < ends / 3


def _ink(words: str) -> np.ndarray:
    """How light each pixel is when the words end at the right edge."""
    with ready_to_draw():
        canvas = Canvas(600, 80, "#ffffff")
        canvas.text(590, 50, words, 32, "#000000", anchor="right")
        return pixels(canvas.png()).mean(axis=2)


def test_letters_that_no_font_has_are_drawn_as_boxes_without_a_word_to_the_reader() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = pixels(png(CASES["names in other scripts"]))
    assert share_of(picture, LIGHT.text) > 0.003


def test_letters_that_only_another_font_of_the_machine_has_are_drawn_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rare = "\u1d8d\u1d8e"
    lettering._elsewhere.cache_clear()
    lettering._width_of_100.cache_clear()
    monkeypatch.setattr(lettering, "_WIDE_FONTS", re.compile("^no such font$"))
    boxes = _ink(rare)
    lettering._elsewhere.cache_clear()
    lettering._width_of_100.cache_clear()
    monkeypatch.setattr(lettering, "_WIDE_FONTS", re.compile("^STIXGeneral$"))
    letters = _ink(rare)
    lettering._elsewhere.cache_clear()
    lettering._width_of_100.cache_clear()
    assert letters.min() < 60
    assert (255 - letters).sum() < 0.7 * (255 - boxes).sum(), "letters have less ink than boxes"


def test_lines_break_between_words_and_never_inside_a_number_with_its_unit() -> None:
    text = "Answers are 95 % faster since 12 February 2024, and since 16 Nov 2026 too"
    for room in range(60, 700, 20):
        lines = broken(text, room, 20)
        assert all(width(line, 20) <= room * 1.01 for line in lines)
        if room > 200:
            assert not any(line.startswith(("%", "February", "2024", "Nov", "2026")) for line in lines)
            assert " ".join(lines).replace("\u00a0", " ") == text


def test_the_most_letters_that_fit_are_found_wherever_the_search_begins() -> None:
    for least in (0, 1):
        for below in range(least + 1, 12):
            for most in range(least, below):
                for share in (0.0, 0.3, 0.5, 0.9, 1.4):
                    found = lettering._most(lambda letters, most=most: letters <= most, least, below, share)  # type: ignore[misc]
                    assert found == most, (least, below, share)


def test_what_has_no_room_ends_in_an_ellipsis() -> None:
    assert cut("Lead routing agent", 1000, 20) == "Lead routing agent"
    short = cut("Lead routing agent", 90, 20)
    assert short.endswith("…")
    assert width(short, 20) <= 90
    assert broken("one two three four five six", 80, 20, most=2)[-1].endswith("…")


def test_other_threads_can_draw_at_the_same_time() -> None:
    from concurrent.futures import ThreadPoolExecutor

    names = ["drifting", "Arabic names", "holding"] * 2
    alone = [picture_of(name) for name in names]
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(lambda name: png(CASES[name]), names)) == alone


def test_drawing_leaves_the_settings_of_matplotlib_as_they_were() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    png(examples.drifting())
    assert dict(mpl.rcParams) == before


@pytest.mark.timed
@pytest.mark.parametrize(
    ("name", "scale"), [("drifting", 1), ("drifting", 2), ("hostile names", 1), ("one endless word", 1)]
)
def test_a_card_takes_hardly_longer_than_any_picture_of_its_size(name: str, scale: int) -> None:
    texts = len(drawn(CASES[name]).written)
    own, bare = [], []
    for _ in range(2):
        lettering._width_of_100.cache_clear()
        own.append(_seconds(lambda: png(CASES[name], "dark", scale)))
        bare.append(_seconds(lambda: _bare_picture(texts, scale)))
    assert min(own) <= MOST_BESIDE_BARE * min(bare), (own, bare)


def _seconds(draw: Callable[[], object]) -> float:
    """Of the processor in this thread, so that neither tests beside this one nor what others left behind counts."""
    started = time.thread_time()
    draw()
    return time.thread_time() - started


def _bare_picture(texts: int, scale: int) -> bytes:
    """Two lines with their bands and so many texts, as a PNG of a card's size, by matplotlib alone."""
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100 * scale)
    FigureCanvasAgg(figure)
    plot = figure.add_axes((0.05, 0.3, 0.6, 0.5))
    weeks = np.arange(78)
    for line in (1, 2):
        plot.plot(weeks, line * weeks % 40)
        plot.fill_between(weeks, line * weeks % 40 - 5, line * weeks % 40 + 5, alpha=0.2)
    for n in range(texts):
        figure.text(0.02 + 0.3 * (n % 3), 0.97 - 0.03 * (n // 3), "33 % fewer leads close", fontsize=14)
    written = io.BytesIO()
    figure.savefig(written, format="png")
    return written.getvalue()


@pytest.mark.parametrize(("name", "theme"), EVERY_CASE)
def test_every_chart_can_be_drawn_alone(name: str, theme: Mode) -> None:
    workflow = CASES[name]
    if workflow.lead_pair is None:
        return
    picture = pixels(divergence_png(workflow, workflow.lead_pair, theme, width=900, height=400, scale=1))
    assert picture.shape == (400, 900, 3)
    assert np.unique(picture.astype(int) @ (65_536, 256, 1)).size > 10, "colours"
