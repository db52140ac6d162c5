"""Who asks, as the login says: a header of a trusted proxy, or the cookie of the OpenID Connect login.

What is found is handed to pages in headers of our own, which nobody else can send: they are taken from every request
first. Streamlit knows them as `st.user`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from starlette.types import Scope

from leadline.dashboard.service.admission.requests import Asked
from leadline.dashboard.service.admission.serve_settings import Header

_EMAIL, _SIGNED_IN = "x-leadline-email", "x-leadline-signed-in"
USER_HEADERS = {_EMAIL: "email", _SIGNED_IN: "is_logged_in"}
"""header -> the name that Streamlit gives it in `st.user`"""
Claims = Mapping[str, Any]


class UnclearIdentityError(Exception):
    """What says who it is says so twice, or names nobody. One sentence."""


def claims_of_header(asked: Asked, header: Header) -> Claims:
    """Whom the trusted proxy names; `is_logged_in` is false where it, or whoever else is connected, names nobody."""
    named = asked.connection.headers.getlist(header.email)
    if not named or not _is_trusted(asked.peer, header):
        return {"is_logged_in": False}
    address = named[0].strip()
    if len(named) > 1:
        raise UnclearIdentityError(
            f"The header {header.email} came {len(named)} times; have the proxy replace what browsers send of it."
        )
    if not address:
        return {"is_logged_in": False}
    if "@" not in address or not address.isascii() or any(c in address for c in ", ;<>\"'\t"):
        raise UnclearIdentityError(f"The header {header.email} holds no single e-mail address.")
    return {"is_logged_in": True, "email": address}


def told_to_pages(scope: Scope, header: Header | None, claims: Claims) -> Scope:
    """The request as pages get it: what claims to be the proxy's word, or ours, is gone; the claims stand there."""
    ours = {name.encode() for name in USER_HEADERS}
    if header is not None:
        ours.add(header.email.encode())
    headers = [each for each in scope["headers"] if each[0].lower() not in ours]
    if claims.get("is_logged_in") and header is not None:
        headers += [(_EMAIL.encode(), str(claims["email"]).encode()), (_SIGNED_IN.encode(), b"yes")]
    return {**scope, "headers": headers}


def _is_trusted(peer: str, header: Header) -> bool:
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return any((mapped or address) in network for network in header.trusted_proxies)
