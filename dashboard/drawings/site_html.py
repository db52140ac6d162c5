"""The review as a folder of pages: this week, past weeks, a card for each workflow. Nothing is fetched, nothing runs.

The same packs and cards give the same bytes.
"""

from __future__ import annotations

import html as markup
from collections.abc import Mapping, Sequence

from leadline.dashboard.drawings import pack_html
from leadline.dashboard.drawings.pack import Pack
from leadline.dashboard.words.formats import one_line

INDEX = "index.html"
Links = Sequence[tuple[str, str, str]]
"""address, words of the link, what stands behind it"""


def site(
    pack: Pack, past: Sequence[tuple[str, Pack]], cards: Mapping[str, tuple[str, bytes]]
) -> dict[str, bytes]:
    """Path within the folder -> content.

    `past`: the day of each earlier week, newest first; `cards`: file's name -> workflow's name and PNG.
    """
    weeks = [(f"weeks/{day}.html", earlier) for day, earlier in past]
    pictures = {f"cards/{name}.png": card for name, card in cards.items()}
    to_cards = [(path, f"Card of {name}", "") for path, (name, _) in pictures.items()]
    to_weeks = [(path, _week(earlier), earlier.portfolio) for path, earlier in weeks]
    above = [
        (f"#{place}", words, "")
        for place, words, found in (("cards", "Cards", to_cards), ("weeks", "Past weeks", to_weeks))
        if found
    ]
    below = _list("cards", "Cards to pass on", to_cards) + _list("weeks", "Past weeks", to_weeks)
    pages = {INDEX: pack_html.html(pack, above=_row(above), below=below)}
    for place, (path, earlier) in enumerate(weeks):
        near = [("../index.html", "This week", "")]
        if place + 1 < len(weeks):
            near.append((_beside(weeks[place + 1][0]), "A week earlier", ""))
        if place:
            near.append((_beside(weeks[place - 1][0]), "A week later", ""))
        pages[path] = pack_html.html(earlier, above=_row(near))
    return {path: text.encode() for path, text in pages.items()} | {
        path: content for path, (_, content) in pictures.items()
    }


def _week(pack: Pack) -> str:
    """Without the day on which it was looked at, which is the week's last."""
    return pack.week.partition(", as of")[0]


def _beside(path: str) -> str:
    return path.rpartition("/")[2]


def _row(links: Links) -> str:
    if not links:
        return ""
    return f'<nav class="row" aria-label="Pages">{" · ".join(_link(*each) for each in links)}</nav>'


def _list(place: str, title: str, links: Links) -> str:
    if not links:
        return ""
    items = "".join(f"<li>{_link(*each)}</li>" for each in links)
    return f'<nav id="{place}" aria-label="{title}"><h2>{title}</h2><ul>{items}</ul></nav>'


def _link(address: str, words: str, behind: str) -> str:
    told = f": {markup.escape(one_line(behind))}" if behind else ""
    return f'<a href="{markup.escape(address)}">{markup.escape(one_line(words))}</a>{told}'
