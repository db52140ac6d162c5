"""Portals on loopback that fail in every way: what a vendor's own answers, and what the network does to them."""

from __future__ import annotations

import datetime as dt
import json
import random
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

LONGEST_ADDRESS = 2_000


@dataclass
class MockPortal:
    """Which faults happen: name -> chance at each request."""

    token_header = "Authorization"
    tokens: set[str] = field(default_factory=lambda: {"good"})
    faults: dict[str, float] = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    clock: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    skew: dt.timedelta = dt.timedelta()
    searches: int | None = None
    """how many a `window` (seconds) takes; None for any"""
    window: float = 1.0
    asked: int = 0
    paths: set[str] = field(default_factory=set)
    ends_after: int | None = None
    """requests until the token ends"""
    url: str = ""
    _searched: deque[float] = field(default_factory=deque)

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        raise NotImplementedError

    def happens(self, fault: str) -> bool:
        return self.chance.random() < self.faults.get(fault, 0)

    def is_too_fast(self) -> bool:
        """Whether one more search is beyond the limit, which is stricter than that of reading."""
        if self.searches is None:
            return False
        now = time.monotonic()
        while self._searched and self._searched[0] <= now - self.window:
            self._searched.popleft()
        if len(self._searched) >= self.searches:
            return True
        self._searched.append(now)
        return False

    def now(self) -> str:
        """A moment later than the one before, as the portal's clock has it."""
        self.clock += dt.timedelta(milliseconds=3)
        return (self.clock + self.skew).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Told = TypeVar("Told", bound=MockPortal)


@contextmanager
def portal(told: Told) -> Iterator[Told]:
    """Serves it until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, body: Any) -> None:
            told.asked += 1
            if told.ends_after is not None and told.asked > told.ends_after:
                told.tokens.discard("good")
            url = urlsplit(self.path)
            if self.headers.get(told.token_header, "").removeprefix("Bearer ") not in told.tokens:
                return self._send(401, {})
            if len(self.path) > LONGEST_ADDRESS:
                return self._send(414, {})
            if told.happens("429" if "search" in self.path else "429 elsewhere"):
                return self._send(429, {}, {"Retry-After": "0"})
            if "search" in self.path and told.is_too_fast():
                return self._send(429, {})
            if told.happens("500"):
                return self._send(500, {})
            if told.happens("gone"):
                self.close_connection = True
                return None
            status, answer = told.answer(self.command, url.path, dict(parse_qsl(url.query)), body)
            self._send(status, answer, cut=told.happens("cut"))
            return None

        def _send(
            self, status: int, answer: Any, headers: dict[str, str] | None = None, *, cut: bool = False
        ) -> None:
            content = json.dumps(answer).encode()
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if cut else content)
            self.close_connection = self.close_connection or cut

        def log_message(self, *_: object) -> None:
            """The test says what it found."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
