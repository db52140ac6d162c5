"""The weekly pack as one HTML file: nothing is fetched, nothing runs, everything from files is escaped.

Charts are PNG inside the file, one for each scheme, so that it follows the reader's light or dark setting; on paper
it is always light, a page for each workflow.
"""

from __future__ import annotations

import base64
import html as markup
import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

from leadline.dashboard.drawings.divergence_png import divergence_png
from leadline.dashboard.drawings.lettering import held_together
from leadline.dashboard.drawings.pack import Pack, PackPart
from leadline.dashboard.words.alert_card import Cell, Side
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.formats import one_line
from leadline.dashboard.words.tables import Table, cell_text
from leadline.dashboard.words.theme import DARK, LIGHT, Mode, Palette
from leadline.metrics.results import Pair

CHART_WIDTH, CHART_HEIGHT = 1100, 360
_LONGEST_WHOLE = 13
"""letters of the longest word that a column of any table has room for"""
_RANGE = re.compile(r"(?<=\d)–(?=\d)")
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def html(pack: Pack, theme: Mode | None = None, above: str = "", below: str = "") -> str:
    """The whole file. `theme` None: as the reader's system is set; 'dark': dark on every screen.

    `above`, `below`: markup that leads to pages beside it, at the top and before the data.
    """
    parts = "\n".join(_part(part, theme) for part in pack.parts)
    notes = _paragraphs(pack.notes, "note")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="{"light dark" if theme is None else theme}">
<meta name="generator" content="Leadline">
<title>{_text(f"{pack.title}: {pack.workspace}, {pack.week}")}</title>
<style>
{_style(theme)}
</style>
</head>
<body>
{above}
<header>
<p class="where"><strong>{_text(pack.workspace)}</strong> · {_text(pack.title)} · {_text(pack.week)}</p>
<h1>{_text(pack.portfolio)}</h1>
{_overview(pack)}
{notes}
</header>
<main>
{parts}
</main>
{below}
<footer>
<h2>Data</h2>
<p>{_text(pack.data)}</p>
{_table(pack.sources)}
<p class="made">Made by Leadline from what was known on that day.</p>
</footer>
</body>
</html>
"""


def _overview(pack: Pack) -> str:
    if not pack.parts:
        return ""
    rows = []
    for part, row in zip(pack.parts, pack.overview.rows, strict=True):
        cells = "".join(f"<td>{_text(cell_text(cell))}</td>" for cell in row[1:])
        rows.append(f"<tr><td>{_badge(part)}</td>{cells}</tr>")
    head = "".join(f'<th scope="col">{_text(heading)}</th>' for heading in pack.overview.headings)
    return f'<table class="overview"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _part(part: PackPart, theme: Mode | None) -> str:
    words = part.words
    code = (
        f'<p class="code">Review <strong>{_text(words.code)}</strong> · {_text(words.link)}</p>'
        if words.code
        else ""
    )
    why = f"<h3>Why we say this</h3><ul>{_items(part.why)}</ul>" if part.why else ""
    findings = (
        f"<h3>What to know about the data</h3><ul>{_items(part.findings)}</ul>" if part.findings else ""
    )
    pairs = f"<h3>Every pair</h3>{_table(part.pairs, 'pairs')}" if part.pairs.rows else ""
    rules = f"<h3>Stopping rules</h3>{_table(part.rules)}" if part.rules.rows else ""
    hue = verdict_words(words.verdict).hue
    return f"""<section class="hue-{hue}" aria-label="{_text(words.name)}">
<p>{_badge(part)}</p>
<h2>{_text(words.statement)}</h2>
<div class="sides">{"".join(_side(side, place) for place, side in enumerate(words.sides))}</div>
{_chart(part, theme)}
<dl>{"".join(_cell(cell) for cell in words.cells)}</dl>
{why}
{findings}
{pairs}
{rules}
<p class="data">{_text(words.data)}</p>
{code}
</section>"""


def _badge(part: PackPart) -> str:
    hue = verdict_words(part.words.verdict).hue
    return f'<span class="badge hue-{hue}">{_text(part.words.badge)}</span>'


def _chart(part: PackPart, theme: Mode | None) -> str:
    pair = part.workflow.lead_pair
    if pair is None:
        return ""

    return f"<figure>{''.join(_picture(part, pair, mode) for mode in _modes(theme))}</figure>"


def _picture(part: PackPart, pair: Pair, mode: Mode) -> str:
    png = divergence_png(
        part.workflow, pair, mode, width=CHART_WIDTH, height=CHART_HEIGHT, scale=1.5, catalog=part.catalog,
        with_figures=False,
    )  # fmt: skip
    source = f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
    size = f'width="{CHART_WIDTH}" height="{CHART_HEIGHT}"'
    return f'<img class="{mode}" src="{source}" alt="{_text(part.chart_alt)}" {size}>'


def _modes(theme: Mode | None) -> tuple[Mode, ...]:
    """On paper it is always the light one."""
    return ("light",) if theme == "light" else ("light", "dark")


def _side(side: Side, place: int) -> str:
    return (
        f'<div class="{("proxy", "outcome")[place]}"><p class="label">{_text(side.name)}</p>'
        f'<p><span class="level">{_text(side.words.now)}</span> {_text(side.marked)}</p>'
        f'<p class="details">{_text(side.details)}</p></div>'
    )


def _cell(cell: Cell) -> str:
    details = "".join(f'<span class="details">{_text(words)}</span>' for words in cell.details)
    return f"<div><dt>{_text(cell.label)}</dt><dd>{_verbatim(cell.words)}{details}</dd></div>"


def _table(table: Table, kind: str = "plain") -> str:
    if not table.rows:
        return ""
    head = "".join(f'<th scope="col">{_text(heading)}</th>' for heading in table.headings)
    rows = "".join(f"<tr>{''.join(_table_cell(cell_text(cell)) for cell in row)}</tr>" for row in table.rows)
    return f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _table_cell(words: str) -> str:
    """Only words too long for a narrow column may be parted."""
    is_whole = all(len(word) <= _LONGEST_WHOLE for word in words.split())
    return f'<td class="{"whole" if is_whole else "parted"}">{_text(words)}</td>'


def _items(sentences: Iterable[str]) -> str:
    return "".join(f"<li>{_text(sentence)}</li>" for sentence in sentences)


def _paragraphs(sentences: Iterable[str], kind: str) -> str:
    return "".join(f'<p class="{kind}">{_text(sentence)}</p>' for sentence in sentences)


def _text(words: str) -> str:
    """Escaped, on one line, and so that browsers part neither '33 %' nor '28–52'."""
    return markup.escape(_RANGE.sub("\u2060–\u2060", held_together(one_line(words))))


def _verbatim(words: str) -> str:
    """Escaped, every letter as it is: whoever looks for the sentence of the JSON finds it."""
    return markup.escape(one_line(words))


def _style(theme: Mode | None) -> str:
    dark = f":root {{ {_variables(DARK)} }} img.light {{ display: none; }} img.dark {{ display: block; }}"
    when = "screen" if theme == "dark" else "screen and (prefers-color-scheme: dark)"
    on_screen = "" if theme == "light" else f"@media {when} {{ {dark} }}"
    return f":root {{ {_variables(LIGHT)} }}\n{_sheet()}\n{on_screen}"


def _variables(colours: Palette) -> str:
    named: dict[str, str] = {
        "background": colours.background,
        "surface": colours.surface,
        "border": colours.border,
        "text": colours.text,
        "muted": colours.muted,
        "proxy": colours.proxy,
        "outcome": colours.outcome,
        **{str(hue): colour for hue, colour in colours.hues.items()},
    }
    return " ".join(f"--{name}: {colour};" for name, colour in named.items())


@cache
def _sheet() -> str:
    return resources.files("leadline.dashboard.drawings").joinpath("pack.css").read_text(encoding="utf-8")
