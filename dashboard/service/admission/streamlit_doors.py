"""What the guard asks of Streamlit, in whose cookies, pages and uploads it looks: the one place that knows them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from leadline.dashboard.service.admission.answer_headers import answer_headers
from leadline.dashboard.service.admission.serve_settings import Serving


class Doors:
    """Of the Streamlit that runs in this process."""

    def __init__(self, url: str, serving: Serving) -> None:
        self._serving = serving
        self._origins = [url, *([serving.public.origin] if serving.public else [])]

    @cached_property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """Of every answer."""
        import streamlit

        page = Path(streamlit.__file__).with_name("static") / "index.html"
        return answer_headers(page.read_text(encoding="utf-8"), self._origins)

    def bytes_uploaded(self) -> int:
        """What sessions have sent and Streamlit still holds."""
        from streamlit.runtime import Runtime

        found = Runtime.instance().uploaded_file_mgr.get_stats()
        return sum(getattr(each, "byte_length", 0) for family in found.values() for each in family)

    def claims_of_cookies(self, cookies: Mapping[str, str]) -> Mapping[str, Any]:
        """What the provider said when the browser's person signed in; `is_logged_in` is false where nobody has."""
        from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
        from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

        try:
            told = json.loads(_get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME) or b"{}")
        except ValueError:
            told = {}
        return told if isinstance(told, dict) and told else {"is_logged_in": False}

    def sign_in_address(self) -> str:
        """Where somebody is sent on to the provider; good for some minutes."""
        from streamlit.auth_util import encode_provider_token

        return f"{self._serving.path}/auth/login?provider={encode_provider_token('default')}"
