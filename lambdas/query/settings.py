"""The function's settings, read from the environment once."""

import math
import os
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

TIMEOUT_DEFAULT = "25"


@dataclass(frozen=True)
class Settings:
    """The handler's base URL without a closing slash, and the time-out of a request to it in seconds."""

    handler_url: str
    handler_timeout: float


@cache
def settings() -> Settings:
    """Parse the environment; raises RuntimeError that names the variable which is missing or wrong."""
    return Settings(
        handler_url=_url(os.environ.get("HANDLER_URL", "").strip()),
        handler_timeout=_seconds(os.environ.get("HANDLER_TIMEOUT", TIMEOUT_DEFAULT).strip()),
    )


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise RuntimeError(f"environment variable HANDLER_URL must be an http(s) URL, not {text!r}")
    return text.rstrip("/")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise RuntimeError(f"environment variable HANDLER_TIMEOUT must be seconds above 0, not {text!r}")
    return seconds
