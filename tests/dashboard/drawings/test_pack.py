"""The weekly pack: one page that fetches nothing, and slides whose text and tables are native."""

from __future__ import annotations

import base64
import io
import re
from functools import cache

import pytest
from PIL import Image
from pptx import Presentation, presentation
from pptx.enum.text import MSO_AUTO_SIZE

from leadline.dashboard.drawings import pack_pptx
from leadline.dashboard.drawings.pack import Pack, pack_of
from leadline.dashboard.drawings.pack_html import html
from leadline.dashboard.drawings.pack_pdf import pdf
from leadline.dashboard.drawings.pack_pptx import HEIGHT, WIDTH, pptx
from leadline.dashboard.words.theme import DARK, LIGHT, Mode, palette
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.results import Review
from tests.dashboard import example_reviews as examples
from tests.dashboard.pictures import CASES, HEBREW
from tests.dashboard.read_page import ReadPage
from tests.dashboard.read_slides import words_of

CATALOG = load_catalog(None)
USUAL = examples.review(
    examples.drifting(), examples.data_problem(), examples.too_early(), examples.holding()
)
ODD = examples.review(
    *(CASES[name] for name in ("hostile names", "one endless word", "Hebrew names", "names in other scripts",
                               "no pair, no rule", "huge and tiny numbers", "no names")),
    uncharted=(examples.HOSTILE,),
)  # fmt: skip
REVIEWS = {"usual": USUAL, "odd": ODD, "empty": examples.empty_review()}
PIXEL = 9525


@cache
def page_of(name: str, theme: Mode | None = None) -> str:
    """The page of one of REVIEWS."""
    return html(packed(REVIEWS[name]), theme)


@cache
def _slides(name: str, theme: Mode) -> bytes:
    return pptx(packed(REVIEWS[name]), theme)


def deck_of(name: str, theme: Mode = "light") -> presentation.Presentation:
    """The slides of one of REVIEWS, opened."""
    return Presentation(io.BytesIO(_slides(name, theme)))


def packed(review: Review) -> Pack:
    codes = {workflow.workflow: "K7Q2M4XT" for workflow in review.workflows}
    return pack_of(review, CATALOG, workspace_name="Northwind", codes=codes)


@pytest.mark.parametrize("name", REVIEWS)
def test_a_page_fetches_nothing_and_runs_nothing(name: str) -> None:
    written = page_of(name)
    page = ReadPage(written)
    assert {tag for tag, _ in page.tags}.isdisjoint(
        {"script", "link", "iframe", "object", "embed", "a", "form", "base", "svg", "b"}
    )
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
        assert "style" not in attributes
        for name in ("src", "href", "srcset"):
            assert (attributes.get(name) or "data:").startswith(
                "data:image/png;base64,"
            ) or name not in attributes
    style = re.search(r"<style>(.*?)</style>", written, re.DOTALL)
    assert style is not None
    assert not re.search(r"url\(|@import|expression", style[1])
    policies = [a["content"] for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policies == [
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    ]


def test_a_page_opens_with_the_portfolio_and_its_week_and_goes_on_worst_first() -> None:
    page = ReadPage(page_of("usual"))
    order = [
        page.text.index(f"{name} ")
        for name in ("is drifting. Response time", "Deals end on 3 May", "is holding. 88 assets")
    ]
    assert order == sorted(order)
    for said in (
        "1 of 4 workflows is drifting (Lead routing agent)",
        "Week of 24–30 Jun 2024, as of 30 Jun 2024",
    ):
        assert said in page.text, said


def test_every_chart_of_a_page_is_there_light_and_dark_with_its_description() -> None:
    page = ReadPage(page_of("usual"))
    pictures = [attributes for tag, attributes in page.tags if tag == "img"]
    assert [each["class"] for each in pictures] == ["light", "dark"] * 4
    for picture in pictures:
        assert (picture["alt"] or "").startswith("Divergence chart, ")
        content = base64.b64decode((picture["src"] or "").partition(",")[2])
        with Image.open(io.BytesIO(content)) as opened:
            corner = opened.convert("RGB").getpixel((0, 0))
        colours = LIGHT if picture["class"] == "light" else DARK
        assert corner == tuple(bytes.fromhex(colours.background[1:]))


def test_a_page_follows_its_readers_scheme_unless_it_is_told_to_be_dark() -> None:
    following, dark = page_of("usual"), page_of("usual", "dark")
    assert "@media screen and (prefers-color-scheme: dark) { :root {" in following
    assert '<meta name="color-scheme" content="light dark">' in following
    assert "@media screen { :root {" in dark
    assert "prefers-color-scheme" not in dark


def test_a_page_breaks_before_every_workflow_when_it_is_printed() -> None:
    printed = re.search(r"@media print \{(.*?)\n\}", page_of("usual"), re.DOTALL)
    assert printed is not None
    assert re.search(r"section \{[^}]*break-before: page", printed[1])


def test_hostile_names_are_letters_on_a_page() -> None:
    page = ReadPage(page_of("odd"))
    assert "<b>Bold</b> [click](https://evil.example)" in page.text
    assert "<script>alert(1)</script>" in page.text
    assert HEBREW in page.text


def _shapes(slide: object) -> list[object]:
    return list(slide.shapes)  # type: ignore[attr-defined]


def test_slides_are_a_portfolio_and_one_for_each_workflow() -> None:
    deck = deck_of("usual")
    assert (deck.slide_width, deck.slide_height) == (WIDTH * PIXEL, HEIGHT * PIXEL)
    titles = [slide.shapes.title.text_frame.text.replace("\u00a0", " ") for slide in deck.slides]
    assert len(titles) == 5
    assert titles[0].startswith("1 of 4 workflows is drifting (Lead routing agent)")
    assert titles[1].startswith("Lead routing agent is drifting. Response time is 8.4 minutes")
    assert titles[4].startswith("Content studio is holding.")
    # in a wider font than Arial they shrink instead of running under the chart
    fits = [slide.shapes.title.text_frame.auto_size for slide in deck.slides]
    assert fits == [MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE] * 5


def test_a_slide_holds_native_tables_a_described_chart_and_notes() -> None:
    slide = deck_of("usual").slides[1]
    assert sum(getattr(shape, "has_table", False) for shape in _shapes(slide)) == 2
    (chart,) = [shape for shape in slide.shapes if shape.shape_type == 13]
    assert chart._element.nvPicPr.cNvPr.get("descr").startswith("Divergence chart, drifting since")
    with Image.open(io.BytesIO(chart.image.blob)) as picture:
        assert picture.width >= 2 * chart.width // PIXEL, "it must stay sharp in print"
    assert "Close rate: 14 of 100, worse" in slide.notes_slide.notes_text_frame.text.replace("\u00a0", " ")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_charts_on_slides_have_the_dots_and_the_contrast_for_print(theme: Mode) -> None:
    deck = deck_of("usual", theme)
    charts = [shape for slide in deck.slides for shape in slide.shapes if shape.name == "Divergence chart"]
    assert len(charts) == len(USUAL.workflows)
    for chart in charts:
        picture = Image.open(io.BytesIO(chart.image.blob))
        assert picture.width / (chart.width / 914_400) >= 200, "dots an inch"
        # without colour, lines are told apart by the names at their ends; both must stand out from the paper
        colours = palette(theme)
        for line in (colours.proxy, colours.outcome):
            grey, paper = (
                Image.new("RGB", (1, 1), c).convert("L").getpixel((0, 0)) for c in (line, colours.background)
            )
            assert abs(grey - paper) > 90, line


@pytest.mark.parametrize("name", REVIEWS)
def test_nothing_on_a_slide_lies_beyond_it(name: str) -> None:
    deck = deck_of(name)
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top >= 0
            assert shape.top + shape.height <= deck.slide_height


def test_a_long_portfolio_goes_on_on_the_next_slide(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = next(shape for shape in deck_of("usual").slides[1].shapes if shape.name == "Divergence chart")
    monkeypatch.setattr(pack_pptx, "divergence_png", lambda *_, **__: drawn.image.blob)
    review = examples.review(*[examples.drifting(workflow=f"flow-{place}") for place in range(24)])
    deck = Presentation(io.BytesIO(pptx(packed(review))))
    overviews = [slide for slide in deck.slides if "State" in words_of(slide).splitlines()]
    assert len(deck.slides) == 24 + len(overviews)
    assert 2 <= len(overviews) <= 8
    assert sum(words_of(slide).count("◆ Drifting") for slide in overviews) == 24


def test_hostile_names_are_letters_on_slides_and_the_deck_opens() -> None:
    deck = deck_of("odd")
    everything = "\n".join(words_of(slide) for slide in deck.slides)
    assert "<b>Bold</b> [click](https://evil.example) $x^2$" in everything
    assert "\ufffe" not in everything


def test_a_pdf_has_a_page_for_all_and_one_for_each_workflow() -> None:
    odd = examples.review(CASES["hostile names"], CASES["names in other scripts"])
    written = pdf(packed(odd))
    assert written.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", written)) == 3
    assert b"/ToUnicode" in written  # its letters can be searched
    assert len(re.findall(rb"/Type /Page\b", pdf(packed(examples.empty_review())))) == 1


def test_dark_slides_are_dark() -> None:
    slide = deck_of("usual", "dark").slides[1]
    assert str(slide.background.fill.fore_color.rgb) == DARK.background[1:].upper()


def test_the_same_review_gives_the_same_page_and_slides() -> None:
    one, other = _slides("usual", "light"), pptx(packed(USUAL))
    parts = [
        [
            (shape.name, shape.left, shape.top)
            for slide in Presentation(io.BytesIO(each)).slides
            for shape in slide.shapes
        ]
        for each in (one, other)
    ]
    assert parts[0] == parts[1]
    assert page_of("usual") == html(packed(USUAL))
