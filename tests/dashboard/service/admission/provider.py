"""A small OpenID Connect provider on loopback: discovery, keys, authorization code, signed identity tokens.

Whoever comes to it is signed in at once as the person that it is told to vouch for.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "leadline", "a secret of the client"


@dataclass
class Provider:
    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    """what it says of whoever comes"""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))

    @property
    def metadata(self) -> str:
        return f"{self.url}/.well-known/openid-configuration"

    def token(self, code: str) -> dict[str, Any]:
        """For a code, once."""
        asked, now = self.codes.pop(code), int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 600,
            "sub": "1",
            "nonce": asked["nonce"],
        }
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, {**claims, **self.person}, self.key)
        return {"access_token": "opaque", "token_type": "Bearer", "expires_in": 600, "id_token": signed}


@contextmanager
def provider() -> Iterator[Provider]:
    """Until the block ends."""
    told = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            if url.path.endswith("openid-configuration"):
                self._json(
                    {
                        "issuer": told.url,
                        "authorization_endpoint": f"{told.url}/authorize",
                        "token_endpoint": f"{told.url}/token",
                        "jwks_uri": f"{told.url}/keys",
                        "id_token_signing_alg_values_supported": ["RS256"],
                        "response_types_supported": ["code"],
                        "subject_types_supported": ["public"],
                    }
                )
            elif url.path == "/keys":
                self._json({"keys": [told.key.as_dict(private=False)]})
            else:
                code = secrets.token_urlsafe(8)
                told.codes[code] = asked
                self.send_response(302)
                self.send_header(
                    "Location",
                    f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}",
                )
                self.end_headers()

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            known = base64.b64encode(f"{CLIENT}:{SECRET}".replace(" ", "%20").encode()).decode()
            if self.headers.get("Authorization") not in (
                f"Basic {known}",
                f"Basic {base64.b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}",
            ):
                self._json({"error": "invalid_client"}, 401)
            else:
                self._json(told.token(form["code"][0]))

        def _json(self, content: dict[str, Any], status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield told
        server.shutdown()
