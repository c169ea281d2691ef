"""How the page is served: every launch value in one place, each of them the safe one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any, Final

from starlette.types import ASGIApp

from ui.guard import Guard, Limits
from ui.shell import Shell

# Set before Gradio is imported, so that neither it nor what it imports calls anybody.
ENVIRONMENT: Final = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_SHARE": "False",
    "GRADIO_MCP_SERVER": "False",
    "GRADIO_SSR_MODE": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_ALLOWED_PATHS": "",
    # Gradio sums up its timings with pandas after every event; nothing here shows them.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "DO_NOT_TRACK": "1",
    "OTEL_SDK_DISABLED": "true",
}
MOUNT: Final[dict[str, Any]] = {
    "path": "/",
    "footer_links": [],  # no settings, no API page, no run history
    "run_history": False,  # nothing that was asked is kept in the browser
    "show_error": False,  # errors are said by the page itself, in one sentence
    "ssr_mode": False,
    "pwa": False,
    "enable_monitoring": False,
    "favicon_path": str(Path(__file__).parent / "assets" / "icon.png"),
    "allowed_paths": [],  # no file of this machine is served
    "max_file_size": 1,  # Gradio's own upload is not served; the page has its own, with caps
}
QUEUE: Final[dict[str, Any]] = {
    # Above the desk's own bound, which answers "busy" first and in the page's own words.
    "max_size": 256,
    "default_concurrency_limit": None,
    "api_open": False,
}
# Browser tabs of which Gradio remembers what its components show, a whole conversation each; it
# needs none of that to go on, and its own 10,000 would take gigabytes.
SESSIONS: Final = 16
HOST: Final = "127.0.0.1"
PORT: Final = 7860
SERVER: Final[dict[str, Any]] = {
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "proxy_headers": False,
    "limit_concurrency": 1024,
    "timeout_graceful_shutdown": 5,
    "ws": "none",
}


def quieten() -> None:
    """Turn off telemetry and everything that opens the page to others; call before Gradio."""
    os.environ.update(ENVIRONMENT)


def theme() -> Any:
    """Return a theme without fonts of its own: page.css names those that are served from here."""
    import gradio as gr

    return gr.themes.Base(
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )


def wrap(app: ASGIApp, limits: Limits) -> ASGIApp:
    """Put the guard and our start page around an application."""
    nonce = secrets.token_urlsafe(16)
    return Guard(Shell(app, nonce), limits, nonce)
