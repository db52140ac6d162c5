"""What every answer tells a browser: nothing of it may be framed, guessed at, or fetched from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def answer_headers(page: str, origins: Sequence[str]) -> list[tuple[bytes, bytes]]:
    """Names and values. `page`: Streamlit's, whose inline scripts are allowed by their hashes; `origins`: ours."""
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(page)
    ]
    sockets = [f"ws{origin.removeprefix('http')}" for origin in origins]
    policy = {
        "default-src": ["'self'"],
        # Streamlit writes its styles as the page runs; of scripts it needs none that are made of text
        "script-src": ["'self'", *hashes],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'", *sockets, "data:", "blob:"],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-src": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    told = {
        "Content-Security-Policy": "; ".join(f"{name} {' '.join(of)}" for name, of in policy.items()),
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return [(name.lower().encode(), value.encode()) for name, value in told.items()]
