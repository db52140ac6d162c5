"""Results as a notebook shows them: plain HTML with pictures in it. Everything that came from data is escaped."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape

import pandas as pd

from leadline.dashboard.drawings.divergence_png import divergence_png
from leadline.dashboard.drawings.divergence_scene import describe
from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.conventions import writing
from leadline.dashboard.words.formats import day, listed, one_line
from leadline.dashboard.words.verdicts import display_name, headline, portfolio_sentence
from leadline.data.errors import LeadlineError
from leadline.data.exports.landing_report import Warned
from leadline.metrics.results import Review, WorkflowReview

PICTURES = 3
"""charts drawn beside a review, the worst workflows first"""
_WIDTH, _HEIGHT = 1040, 460


def review(found: Review, catalog: Catalog, locale: str) -> str:
    """Every workflow's sentence, worst first, with the charts of the first."""
    with writing(locale):
        parts = [
            _paragraph(f"Review as of {day(found.as_of)}"),
            _paragraph(portfolio_sentence(found)),
        ]
        for place, workflow in enumerate(found.workflows):
            parts.append(_heading(workflow))
            parts.append(_paragraph(headline(workflow, catalog)))
            if place < PICTURES and workflow.pairs:
                parts.append(picture(*drawn(workflow, locale)))
        if len(found.workflows) > PICTURES:
            parts.append(_paragraph("picture('…') draws the charts of the others."))
        if found.uncharted:
            names = listed([one_line(name) for name in found.uncharted], len(found.uncharted))
            parts.append(_paragraph(f"Rows without a charter, of which nothing is judged: {names}."))
    return _inside(parts)


def replay(found: Iterable[Review], locale: str) -> str:
    """One row a week, one column a workflow, the verdict in words."""
    with writing(locale):
        weeks = {
            day(one.as_of): {each.workflow: verdict_words(each.verdict).marked for each in one.workflows}
            for one in found
        }
    return _inside([pd.DataFrame(weeks, dtype="str").T.to_html(na_rep="")])


def landing(message: str, warnings: Iterable[Warned], frame: pd.DataFrame) -> str:
    """The sentence, warnings, and what became of the rows."""
    rows = frame[["became", "reason", "rows", "first_line", "example"]].astype("object")
    with pd.option_context("display.max_colwidth", None):
        table = rows.where(rows.notna(), "").to_html(index=False)
    return _inside([_paragraph(message), *(_paragraph(f"Note: {one.message}") for one in warnings), table])


def paragraphs(sentences: Iterable[str]) -> str:
    """One below the other."""
    return _inside([_paragraph(sentence) for sentence in sentences])


def drawn(workflow: WorkflowReview, locale: str) -> tuple[bytes, str]:
    """The divergence chart of the deciding pair as PNG, and what it shows. Raises LeadlineError without a pair."""
    pair = workflow.lead_pair
    if pair is None:
        raise LeadlineError(
            f"The charter of {display_name(workflow)} agrees no proxy and outcome, so there is nothing to draw."
        )
    with writing(locale):
        png = divergence_png(workflow, pair, "light", width=_WIDTH, height=_HEIGHT, scale=1)
        return png, f"{display_name(workflow)}. {describe(workflow, pair)}"


def picture(png: bytes, alt: str) -> str:
    """The picture inside the page, with its description."""
    content = base64.b64encode(png).decode("ascii")
    return f'<img alt="{escape(alt)}" src="data:image/png;base64,{content}" style="max-width: {_WIDTH}px; width: 100%">'


def _heading(workflow: WorkflowReview) -> str:
    words = f"{verdict_words(workflow.verdict).marked}: {display_name(workflow)}"
    return f"<h4>{escape(words)}</h4>"


def _paragraph(words: str) -> str:
    return f"<p>{escape(one_line(words))}</p>"


def _inside(parts: Iterable[str]) -> str:
    return f"<div>{''.join(parts)}</div>"
