"""A page as its reader sees it."""

from __future__ import annotations

from html.parser import HTMLParser


class ReadPage(HTMLParser):
    """Its tags with their attributes, and its words without those of the style and the title."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._hidden = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._hidden += tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)

    @property
    def text(self) -> str:
        """All its words on one line, with plain blanks."""
        return " ".join(" ".join(self.words).replace("\u00a0", " ").replace("\u2060", "").split())
