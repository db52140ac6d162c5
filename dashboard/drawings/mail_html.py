"""The weekly message as a mail's HTML: no script, nothing fetched; cards are pictures within the mail (`cid:`).

Mail programs know little CSS: colours stand on the elements, and what knows the reader's dark setting overrides them.
"""

from __future__ import annotations

import html as markup
from collections.abc import Mapping

from leadline.dashboard.drawings.lettering import held_together
from leadline.dashboard.words.formats import one_line
from leadline.dashboard.words.theme import DARK, LIGHT
from leadline.dashboard.words.weekly_message import MessagePart, WeeklyMessage

_FONT = "font-family:'Segoe UI',Helvetica,Arial,sans-serif"
_DARK = f"""@media (prefers-color-scheme: dark) {{
  .paper {{ background:{DARK.background} !important; color:{DARK.text} !important; }}
  .card {{ background:{DARK.surface} !important; color:{DARK.text} !important; }}
  .quiet {{ color:{DARK.muted} !important; }}
  a {{ color:{DARK.proxy} !important; }}
  {" ".join(f".{hue} {{ border-color:{colour} !important; }}" for hue, colour in DARK.hues.items())}
}}"""


def mail_html(message: WeeklyMessage, cards: Mapping[str, str]) -> str:
    """The whole HTML part. `cards`: workflow -> content id of its card."""
    parts = "".join(_part(part, cards.get(part.workflow, "")) for part in message.parts)
    left_out = f"<p>{_text(message.left_out)}</p>" if message.left_out else ""
    dashboard = f"<p>{_anchor(message.link, 'Open the dashboard')}</p>" if message.link else ""
    leave = f" {_anchor(message.unsubscribe, 'No more of these')}." if message.unsubscribe else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{_text(message.subject)}</title>
<style>
{_DARK}
</style>
</head>
<body class="paper" style="margin:0;padding:0;background:{LIGHT.background};color:{LIGHT.text};{_FONT};font-size:16px;\
line-height:1.45">
<div class="paper" style="max-width:600px;margin:0 auto;padding:20px 16px;background:{LIGHT.background};\
color:{LIGHT.text}">
<p class="quiet" style="margin:0 0 6px;color:{LIGHT.muted};font-size:14px">{_text(message.week)}</p>
<h1 style="margin:0 0 18px;font-size:23px;line-height:1.25">{_text(message.portfolio)}</h1>
{parts}
{left_out}
<p class="quiet" style="color:{LIGHT.muted};font-size:14px">{_text(message.data)}</p>
{dashboard}
<p class="quiet" style="color:{LIGHT.muted};font-size:13px">{_text(message.why)}{leave}</p>
</div>
</body>
</html>
"""


def _part(part: MessagePart, card: str) -> str:
    if part.is_folded:
        name = _anchor(part.link, _text(part.name)) if part.link else _text(part.name)
        return (
            f'<p style="margin:0 0 10px;padding:0 0 0 10px;border-left:6px solid {LIGHT.hues[part.hue]}" '
            f'class="{part.hue}">{_text(part.badge)} · {name}<br><span class="quiet" '
            f'style="color:{LIGHT.muted}">Due: </span><span>{markup.escape(one_line(part.due))}</span></p>\n'
        )
    picture = (
        f'<img src="cid:{card}" alt="{_text(part.alt)}" width="568" '
        'style="display:block;width:100%;height:auto;border:0;border-radius:6px;margin:12px 0 0">'
        if card
        else ""
    )
    due = markup.escape(one_line(part.due))  # every letter as it is, so that it is found again
    lines = _line("Due", due) + _line("Cost so far", _text(part.cost)) + _line("Owner", _text(part.owner))
    link = f'<p style="margin:10px 0 0">{_anchor(part.link, "Show this review")}</p>' if part.link else ""
    return f"""<div class="card {part.hue}" style="background:{LIGHT.surface};color:{LIGHT.text};\
border-left:6px solid {LIGHT.hues[part.hue]};border-radius:6px;padding:14px 16px;margin:0 0 16px">
<p style="margin:0 0 4px;font-weight:600">{_text(part.badge)} · {_text(part.name)}</p>
<p style="margin:0 0 8px;font-size:18px;line-height:1.35;font-weight:600">{_text(part.statement)}</p>
{lines}
{picture}{link}
</div>
"""


def _line(label: str, words: str) -> str:
    return (
        f'<p style="margin:2px 0"><span class="quiet" style="color:{LIGHT.muted}">{label}: </span>'
        f"<span>{words}</span></p>"
    )


def _anchor(address: str, words: str) -> str:
    return f'<a href="{markup.escape(address)}" style="color:{LIGHT.proxy}">{words}</a>'


def _text(words: str) -> str:
    """Escaped, and so that '33 %' is not parted."""
    return markup.escape(held_together(one_line(words)))
