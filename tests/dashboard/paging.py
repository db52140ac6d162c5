"""Pages run without a browser: opening one at a link, and reading what it says."""

from __future__ import annotations

import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

import leadline.dashboard

APP = Path(leadline.dashboard.__file__).with_name("app.py")
HOME = "views/weekly/page.py"
LIVE = (r"(?<!\\)\]\(https", r"(?<!\\)<(script|b)>", r"(?<!\\):red\[now", r"(?<!\\)`code", r"(?<!\\)\$x")
"""marks of example_reviews.HOSTILE that would be live Markdown if they were not escaped"""


def opened(page: str = HOME, **link: str) -> AppTest:
    """The app at one page, with what its link says."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    if page == HOME:
        app.query_params.update(link)
        app.run()
    else:
        app.run()
        app.switch_page(page)
        app.query_params.clear()
        app.query_params.update(link)
        app.run()
    assert not app.exception, app.exception
    return app


def text(app: AppTest) -> str:
    """Everything that is read on the page, tables included, without the marks of escaping."""
    parts = [*app.header, *app.subheader, *app.markdown, *app.error, *app.warning, *app.info, *app.success]
    told = [str(part.value) for part in parts]
    told += [f"{figure.label} {figure.value} {figure.delta}" for figure in app.metric]
    told += [table.value.to_string() for table in app.table]
    return "\n".join(told).replace("\\", "").replace("\u00a0", " ").replace("\u2060", "")


def press(app: AppTest, begin: str) -> AppTest:
    """Clicks the button whose label begins so."""
    next(button for button in app.button if button.label.startswith(begin)).click().run()
    assert not app.exception, app.exception
    return app


def buttons(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def downloads(app: AppTest) -> list[str]:
    return [button.label for button in app.get("download_button")]


def assert_nothing_is_live(app: AppTest) -> None:
    """No name that came from a file has become Markdown anywhere on the page."""
    shown = [
        str(p.value)
        for p in (*app.header, *app.subheader, *app.markdown, *app.info, *app.error, *app.success)
    ]
    shown += [str(cell) for table in app.table for row in table.value.to_numpy().tolist() for cell in row]
    for value in shown:
        for mark in LIVE:
            assert not re.search(mark, value), (mark, value)
