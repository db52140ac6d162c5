"""One portal on the network: JSON requests that wait, try again and give up with a sentence.

A token stands in an environment variable, or in a file that another variable names: a file is read again where the
portal does not take its token any more, so that whoever renews it need not begin the pull anew.
No redirection is followed.
"""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import re
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from leadline.data.documents.plain_files import read_plain
from leadline.data.errors import LeadlineError

TRIES = 6
"""of one request that fails for reasons that pass"""
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 120.0
TIMEOUT_SECONDS = 60.0
_LARGEST_ANSWER = 64 << 20
_LONGEST_TOKEN = 10_000
_PASSING = (429, 500, 502, 503, 504)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class PortalError(LeadlineError):
    """A portal can't be read any further now. One sentence, without a secret."""


@dataclass(frozen=True)
class Portal:
    """Where it is and how somebody shows who he is."""

    name: str
    """'HubSpot'"""
    base_url: str
    variable: str
    """the environment variable of the token; with '_FILE' behind it that of a file"""
    header: Callable[[str], tuple[str, str]]
    """token -> name and value of the header that carries it"""
    sleep: Callable[[float], None] = time.sleep

    def get(self, path: str, query: Mapping[str, str]) -> Any:
        """The answer as JSON. Raises PortalError."""
        return self._asked("GET", f"{path}?{urlencode(query)}" if query else path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The answer as JSON. Raises PortalError."""
        return self._asked("POST", path, json.dumps(body).encode())

    def _asked(self, method: str, path: str, body: bytes | None) -> Any:
        token = self._token()
        why = ""
        for attempt in range(TRIES):
            try:
                status, headers, answer = self._sent(method, path, body, token)
            except (OSError, http.client.HTTPException) as e:
                why = f"it could not be reached ({getattr(e, 'strerror', None) or type(e).__name__})"
                self.sleep(_pause(attempt, {}))
                continue
            if status == 401:
                if (fresh := self._token()) == token:
                    raise PortalError(
                        f"{self.name} does not take the token of {self.variable} (any more); put a new one there and "
                        "repeat the command: it goes on where it stopped."
                    )
                token, why = fresh, "it takes no token"
                continue
            if status in _PASSING:
                why = f"it answered with status {status}"
                self.sleep(_pause(attempt, headers))
                continue
            if not 200 <= status < 300:
                raise PortalError(
                    f"{self.name} refused {path.partition('?')[0]} with status {status}; {_hint(status)}"
                )
            try:
                return json.loads(answer)
            except ValueError:
                why = "its answer was cut off"
                self.sleep(_pause(attempt, {}))
        raise PortalError(
            f"{self.name} could not be read further: {why}, {TRIES} times; repeat the command later: it goes on where "
            "it stopped."
        )

    def _sent(
        self, method: str, path: str, body: bytes | None, token: str
    ) -> tuple[int, Mapping[str, str], bytes]:
        url = urlsplit(self.base_url)
        if url.scheme != "https" and url.hostname not in _LOOPBACK:
            raise PortalError(
                f"The base_url of {self.name} is no https address, and a token must not be read on its way."
            )
        name, value = self.header(token)
        headers = {name: value, "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        host, port = url.hostname or "", url.port
        made = (
            http.client.HTTPSConnection(
                host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
            if url.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
        )
        with closing(made) as connection:
            connection.request(method, f"{url.path.rstrip('/')}{path}", body, headers)
            response = connection.getresponse()
            answer = response.read(_LARGEST_ANSWER + 1)
            if len(answer) > _LARGEST_ANSWER:
                raise PortalError(
                    f"{self.name} answered with more than {_LARGEST_ANSWER:,} bytes, which no page has."
                )
            return response.status, {key.lower(): said for key, said in response.getheaders()}, answer

    def _token(self) -> str:
        file = os.environ.get(f"{self.variable}_FILE", "")
        try:
            token = (
                read_plain(Path(file), _LONGEST_TOKEN).decode() if file else os.environ.get(self.variable, "")
            )
        except (OSError, ValueError) as e:
            raise PortalError(f"The file that {self.variable}_FILE names can't be read; check it.") from e
        token = token.strip()
        if not token or not token.isascii() or not token.isprintable():
            raise PortalError(
                f"{self.name} wants a token: put it into the environment variable {self.variable}, or its file's name "
                f"into {self.variable}_FILE."
            )
        return token


def _pause(attempt: int, headers: Mapping[str, str]) -> float:
    """Seconds: what the portal asks for, else one, two, four …"""
    said = headers.get("retry-after", "")
    pause = FIRST_PAUSE_SECONDS * 2.0**attempt
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]*)?", said):
        pause = float(said)
    elif said:
        with suppress(ValueError, TypeError):
            pause = max((parsedate_to_datetime(said) - dt.datetime.now(dt.UTC)).total_seconds(), 0.0)
    return min(pause, LONGEST_PAUSE_SECONDS)


def _hint(status: int) -> str:
    if status == 403:
        return "the token lacks a right that docs/connectors.md names."
    return "check base_url and docs/connectors.md."
