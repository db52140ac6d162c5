"""Does the proxy still predict the outcome: the link by quarter, and what it says in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from math import log10

import plotly.graph_objects as go

from leadline.dashboard.drawings.plotly_frame import lay_out, plotly_text, with_note
from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.codes import link_words
from leadline.dashboard.words.findings import fact_words
from leadline.dashboard.words.formats import day, day_span, month, number, one_line, within_a_sentence
from leadline.dashboard.words.tables import Cell, Table, label_of
from leadline.dashboard.words.theme import palette
from leadline.metrics.findings import ComparedLeads
from leadline.metrics.results import Linkage, Odds

_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10)


def linkage_chart(found: Linkage, deployed_on: dt.date, mode: str) -> go.Figure:
    """Each quarter's odds with their interval; 1 is no link. The deployment stands between the quarters."""
    colours = palette(mode)
    figure = go.Figure()
    told = [period for period in found.periods if period.odds.value and period.odds.low and period.odds.high]
    if not told:
        return with_note(figure, "No quarter has enough outcomes to tell.", colours)
    entity = plotly_text(found.meaning.entity) if isinstance(found.meaning, ComparedLeads) else "leads"
    places = list(range(len(told)))
    values = [period.odds.value or 1.0 for period in told]
    lows, highs = ([getattr(period.odds, side) for period in told] for side in ("low", "high"))
    figure.add_trace(
        go.Scatter(
            x=places,
            y=values,
            mode="markers",
            marker={"size": 10, "color": colours.proxy},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [high - value for high, value in zip(highs, values, strict=True)],
                "arrayminus": [value - low for low, value in zip(lows, values, strict=True)],
                "color": colours.proxy,
                "thickness": 2,
                "width": 5,
            },
            text=[
                f"{day_span(p.first, p.last)}<br>{odds_interval(p.odds)} on {number(p.odds.units)} {entity}"
                for p in told
            ],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    figure.add_hline(y=1, line={"color": colours.muted, "width": 1.25})
    before = sum(period.last < deployed_on for period in told)
    if 0 < before < len(told):
        figure.add_vline(x=before - 0.5, line={"color": colours.muted, "width": 1.25, "dash": "dot"})
        figure.add_annotation(
            x=before - 0.5, y=1, yref="paper", yanchor="bottom", xanchor="left", xshift=-3, showarrow=False,
            text=f"Deployed {day(deployed_on)}", font={"color": colours.muted, "size": 12},
        )  # fmt: skip
    low, high = min(*lows, 0.7), max(*highs, 1.4)
    lay_out(figure, colours, height=246, margin=(10, 24, 20, 56), size=13)
    figure.update_xaxes(
        type="linear", range=[-0.6, len(told) - 0.4], tickvals=places,
        # on two lines, so that neighbours stay apart on a phone
        ticktext=["<br>".join(month(period.first).split()) for period in told],
    )  # fmt: skip
    ticks = [tick for tick in _TICKS if low / 1.2 <= tick <= high * 1.2]
    figure.update_yaxes(
        type="log", range=[log10(low / 1.15), log10(high * 1.15)], tickvals=ticks,
        ticktext=["no link" if tick == 1 else f"{number(tick, 0 if tick > 1 else 1)} ×" for tick in ticks],
    )  # fmt: skip
    return figure


def linkage_sentence(found: Linkage, catalog: Catalog) -> str:
    """'Response time never did predict close rate: …'"""
    proxy, outcome = (one_line(label_of(name, catalog)) for name in (found.proxy, found.outcome))
    words = link_words(found.verdict)
    if not words.sentence.startswith("{proxy}"):
        proxy = within_a_sentence(proxy)
    # names may hold braces: replaced, not formatted
    sentence = words.sentence.replace("{outcome}", within_a_sentence(outcome)).replace("{proxy}", proxy)
    told = f"{words.shape} {sentence}"
    if found.now.value is None and found.baseline.value is None:
        return f"{told}. {fact_words(found.note)}".strip()
    return (
        f"{told}: at equal age, {fact_words(found.meaning)} had {odds_interval(found.baseline)} in the baseline and "
        f"{odds_interval(found.now)} lately. {fact_words(found.note)}"
    ).strip()


def odds_interval(odds: Odds) -> str:
    """'1.1 × the odds (0.9–1.3)'."""
    if odds.value is None or odds.low is None or odds.high is None:
        return "odds that are not known"
    return f"{number(odds.value, 1)} × the odds ({number(odds.low, 1)}–{number(odds.high, 1)})"


def linkages_table(found: Sequence[Linkage], catalog: Catalog) -> Table:
    """One row a proxy and outcome that can be told of the same lead."""
    rows: list[tuple[Cell, ...]] = [
        (
            label_of(one.proxy, catalog),
            label_of(one.outcome, catalog),
            f"{link_words(one.verdict).shape} {link_words(one.verdict).word}",
            odds_interval(one.baseline),
            odds_interval(one.now),
            one.now.units,
            fact_words(one.meaning),
        )
        for one in found
    ]
    headings = (
        "Proxy",
        "Outcome",
        "Today",
        "In the baseline",
        "Lately",
        "On how many",
        "Compared with the rest",
    )
    return Table(headings, tuple(rows))


def describe_linkage(found: Linkage, catalog: Catalog) -> str:
    """The picture for people who can't see it."""
    told = [
        f"{day(period.first)} to {day(period.last)}: {odds_interval(period.odds)}"
        for period in found.periods
        if period.odds.value is not None
    ]
    return f"{linkage_sentence(found, catalog)} By quarter: {'; '.join(told) or 'nothing known'}."
