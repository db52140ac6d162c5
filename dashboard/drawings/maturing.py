"""Cohort × age: of what entered in each week, how much has come through by each age, the baseline on top."""

from __future__ import annotations

import plotly.graph_objects as go

from leadline.dashboard.drawings.plotly_frame import lay_out, plotly_text, with_note
from leadline.dashboard.words.formats import counted, day, metric_value, number, one_line
from leadline.dashboard.words.tables import Table
from leadline.dashboard.words.theme import faded, palette
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.maturing import Maturing

ROW_HEIGHT = 13


def maturing_chart(found: Maturing, metric: Metric, mode: str, currency: str | None = None) -> go.Figure:
    """The stronger the colour, the more has come through. What can't be known yet is left empty."""
    colours = palette(mode)
    figure = go.Figure()
    if not any(value is not None for row in found.reached for value in row):
        return with_note(figure, "No cohort has entered yet.", colours)
    rows = len(found.weeks)
    top = (
        max((v for row in (*found.reached, found.baseline) for v in row if v is not None), default=1.0) or 1.0
    )
    scale = [[0, faded(colours.outcome, 0.06)], [1, faded(colours.outcome, 0.95)]]
    shared = {"colorscale": scale, "zmin": 0, "zmax": top, "xgap": 1, "hoverongaps": False}
    figure.add_trace(
        go.Heatmap(
            x=list(found.ages),
            y=list(range(rows)),
            z=[list(row) for row in found.reached],
            text=[[_hover(found, metric, c, a, currency) for a in found.ages] for c in range(rows)],
            hovertemplate="%{text}<extra></extra>",
            ygap=1,
            showscale=False,
            name="cohorts",
            **shared,
        )
    )
    figure.add_trace(
        go.Heatmap(
            x=list(found.ages),
            y=[-3.5, -1.5],
            z=[list(found.baseline)],
            text=[
                [
                    f"Baseline, {_age(a)}: {metric_value(found.baseline[a], metric.unit, currency)}"
                    for a in found.ages
                ]
            ],
            hovertemplate="%{text}<extra></extra>",
            showscale=False,
            name="baseline",
            **shared,
        )
    )
    lay_out(figure, colours, height=ROW_HEIGHT * (rows + 4) + 64, margin=(10, 8, 10, 44), size=13)
    every = max(rows // 10, 1)
    ticks = [*range(0, rows, every)]
    figure.update_yaxes(
        range=[rows - 0.5, -4],
        tickvals=[-2.5, *ticks],
        ticktext=["<b>baseline</b>", *(day(found.weeks[at]) for at in ticks)],
        showgrid=False,
    )
    step = max(len(found.ages) // 13, 1)
    figure.update_xaxes(
        type="linear",
        range=[-0.5, len(found.ages) - 0.5],
        tickvals=list(found.ages)[::step],
        title={"text": "weeks after entry", "font": {"color": colours.muted, "size": 13}, "standoff": 6},
    )
    return figure


def maturing_sentence(found: Maturing, metric: Metric, currency: str | None = None) -> str:
    """'Of what entered 4 weeks ago 9.1 % has come through by now; in the baseline it was 12 % at that age.'"""
    for age in (len(found.ages) // 4, len(found.ages) // 8, 1):
        place = len(found.weeks) - 1 - age
        if place < 0 or age >= len(found.ages) or found.units[place] == 0:
            continue
        reached, usual = found.reached[place][age], found.baseline[age]
        if reached is None or usual is None:
            continue
        now, was = (metric_value(value, metric.unit, currency) for value in (reached, usual))
        entity = one_line(metric.entity)
        return (
            f"Of the {number(found.units[place])} {entity} that entered in the week of {day(found.weeks[place])}, "
            f"{now} have come through by now, {counted(age, 'week')} later; in the baseline it was {was} at that age."
        )
    return "Too little has entered since to compare."


def maturing_table(found: Maturing) -> Table:
    """One row a cohort, one column an age: bare values for a spreadsheet, empty where not known yet."""
    headings = ("week", "entered", *(f"after_{age}_weeks" for age in found.ages))
    baseline = ("baseline", None, *found.baseline)
    cohorts = (
        (week, units, *reached)
        for week, units, reached in zip(found.weeks, found.units, found.reached, strict=True)
    )
    return Table(headings, (baseline, *cohorts))


def _hover(found: Maturing, metric: Metric, cohort: int, age: int, currency: str | None) -> str:
    reached = found.reached[cohort][age]
    if reached is None:
        return ""
    return (
        f"<b>Week of {day(found.weeks[cohort])}</b>, {_age(age)}"
        f"<br>{metric_value(reached, metric.unit, currency)} of {number(found.units[cohort])} "
        f"{plotly_text(metric.entity)}<br>baseline at this age: "
        f"{metric_value(found.baseline[age], metric.unit, currency)}"
    )


def _age(weeks: int) -> str:
    return "in the week of entry" if weeks == 0 else f"after {counted(weeks, 'week')}"
