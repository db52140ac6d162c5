"""Requests as no library would send them: doubled headers, other hosts, other peers."""

from __future__ import annotations

import http.client
from contextlib import closing
from dataclasses import dataclass
from email.message import Message


@dataclass(frozen=True)
class Told:
    status: int
    text: str
    headers: Message


def asked(
    port: int,
    path: str,
    method: str = "GET",
    peer: str = "127.0.0.1",
    body: bytes | None = None,
    **headers: str | list[str],
) -> Told:
    """One request to this machine. A header with several values is sent as often; `peer`: where it comes from."""
    with closing(
        http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(peer, 0))
    ) as connection:
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            for each in value if isinstance(value, list) else [value]:
                connection.putheader(name.replace("_", "-"), each)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return Told(answer.status, answer.read().decode(errors="replace"), answer.headers)
