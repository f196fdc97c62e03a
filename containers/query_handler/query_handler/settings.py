"""The handler's settings, read from the environment once, at the start."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

# The callers in front give up at 25 s and API Gateway at 29 s, whatever REQUEST_TIMEOUT says: see
# docs/query-api.md.
LONGEST_TIMEOUT = 20.0


class SettingsError(Exception):
    """A variable is missing or wrong; the message is one line that names it."""


@dataclass(frozen=True)
class Settings:
    """`request_timeout` is in seconds, and at most 20 whatever REQUEST_TIMEOUT says."""

    environment: str
    internal_api_url: str
    request_timeout: float
    region: str


def parse(environment: Mapping[str, str]) -> Settings:
    """Read ENVIRONMENT, INTERNAL_API_URL, REQUEST_TIMEOUT (default 30) and AWS_DEFAULT_REGION.

    Raises SettingsError.
    """
    return Settings(
        environment=_required(environment, "ENVIRONMENT"),
        internal_api_url=_url(_required(environment, "INTERNAL_API_URL")),
        request_timeout=min(_seconds(environment.get("REQUEST_TIMEOUT", "30")), LONGEST_TIMEOUT),
        region=_required(environment, "AWS_DEFAULT_REGION"),
    )


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise SettingsError(f"environment variable {name} is missing")
    return value


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError(f"environment variable INTERNAL_API_URL must be an http(s) URL, not {text!r}")
    return text


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise SettingsError(f"environment variable REQUEST_TIMEOUT must be seconds above 0, not {text!r}")
    return seconds
