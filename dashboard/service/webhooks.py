"""Signed webhooks: a gate that turned, as fields, to an address that can tell who sent them.

Signed as https://www.standardwebhooks.com says: `webhook-id` stays the same when it is tried again,
`webhook-signature` is HMAC-SHA256 over id, moment and body. An address is
`https://hooks.example.com/leadline#whsec_…`; the secret never leaves this machine.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import http.client
import ipaddress
import json
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any
from urllib.parse import SplitResult, urlsplit

SECRET = "whsec_"  # noqa: S105 - how a secret begins, not one
SHORTEST_SECRET = 24
"""bytes, as the standard asks for"""
TIMEOUT_SECONDS = 15.0


def send(address: str, message: Mapping[str, Any]) -> str:
    """'' where it was taken (an answer of 2xx), else one sentence without any secret. `message`: `id` and `content`."""
    url = urlsplit(address)
    secret = _secret(url.fragment)
    if secret is None:
        return f"its address lacks the secret that it is signed with; write it behind '#', as '#{SECRET}…' in base64."
    try:
        if url.scheme != "https" and not _is_loopback(url):
            return "its address is no https address, and what is signed must not be read on its way."
        body = json.dumps(message["content"], ensure_ascii=False, separators=(",", ":")).encode()
        status = _posted(url, body, signed_headers(str(message["id"]), int(time.time()), body, secret))
    except (OSError, http.client.HTTPException, ValueError) as e:
        reason = getattr(e, "strerror", None) or type(e).__name__
        return f"it could not be reached ({reason})."
    return "" if 200 <= status < 300 else f"it answered with status {status}."


def signed_headers(name: str, moment: int, body: bytes, secret: bytes) -> dict[str, str]:
    """`moment`: seconds since 1970."""
    signed = hmac.new(secret, f"{name}.{moment}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(moment),
        "webhook-signature": f"v1,{base64.b64encode(signed).decode('ascii')}",
    }


def _posted(url: SplitResult, body: bytes, headers: Mapping[str, str]) -> int:
    """The status of the answer. Redirections are not followed: they could lead anywhere."""
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    target = f"{url.path or '/'}{'?' + url.query if url.query else ''}"
    with closing(kind(url.hostname or "", url.port, timeout=TIMEOUT_SECONDS)) as connection:
        connection.request("POST", target, body, dict(headers))
        return connection.getresponse().status


def _secret(fragment: str) -> bytes | None:
    if not fragment.startswith(SECRET):
        return None
    try:
        secret = base64.b64decode(fragment.removeprefix(SECRET) + "==", validate=False)
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) >= SHORTEST_SECRET else None


def _is_loopback(url: SplitResult) -> bool:
    try:
        return url.hostname == "localhost" or ipaddress.ip_address(url.hostname or "").is_loopback
    except ValueError:
        return False
