"""Every option of Streamlit that decides who reaches what, so that no file in somebody's home changes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from leadline.dashboard.service.admission.identities import USER_HEADERS
from leadline.dashboard.service.admission.serve_settings import Serving
from leadline.dashboard.service.admission.visitors import derived

LARGEST_UPLOAD_MB = 2000


def options(serving: Serving, port: int) -> dict[str, Any]:
    """As Streamlit's own flags, which count before its files and its variables."""
    return {
        "server.address": serving.host,
        "server.port": port,
        "server.baseUrlPath": serving.path.strip("/"),
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.allowRunOnSave": False,
        "server.maxUploadSize": LARGEST_UPLOAD_MB,
        # the guard has looked at host and origin before Streamlit does
        "server.allowedHosts": [],
        "server.corsAllowedOrigins": [],
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.xsrfCookieSameSite": "lax",
        "server.enableStaticServing": False,
        "server.scriptHealthCheckEnabled": False,
        "server.enableAgentApi": False,
        "server.customComponentBaseUrlPath": "",
        "server.unsafeMetricsUserAttributes": [],
        "server.trustedUserHeaders": USER_HEADERS if serving.header is not None else {},
        "server.showEmailPrompt": False,
        "browser.gatherUsageStats": False,
        "browser.serverAddress": serving.public.host.partition(":")[0] if serving.public else serving.host,
        "client.allowedOrigins": [],
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "client.toolbarMode": "viewer",
        "global.developmentMode": False,
        "logger.hideWelcomeMessage": True,
        "secrets.files": [],
    }


def secrets(path: Path, serving: Serving) -> dict[str, Any] | None:
    """What Streamlit's login is told; None where it is not used."""
    if serving.oidc is None or serving.public is None:
        return None
    return {
        "auth": {
            "redirect_uri": f"{serving.public.url}/oauth2callback",
            "cookie_secret": derived(path, "sign-in").hex(),
            "client_id": serving.oidc.client_id,
            "client_secret": serving.oidc.client_secret,
            "server_metadata_url": serving.oidc.metadata,
            # left to itself, Streamlit asks for select_account, which some providers refuse
            "client_kwargs": {"scope": "openid email profile", "prompt": serving.oidc.prompt},
        }
    }


def environment(path: Path) -> dict[str, str]:
    """Variables of this process: what can be set in no other way.

    A restart keeps sign-ins and sessions; and uvicorn, which else takes the word of every local sender on who is
    connected, takes nobody's, so that the guard sees the socket's own peer.
    """
    return {"STREAMLIT_SERVER_COOKIE_SECRET": derived(path, "sign-in").hex(), "FORWARDED_ALLOW_IPS": ""}
