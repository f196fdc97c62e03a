"""Where to ask, what to expect, and how often to try."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from deployment_hook.options import Options, SettingError

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_CODES = re.compile(r"([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?")

LONGEST_SECONDS = 900 - 15  # a function may run for 15 minutes, and needs some of them for itself


@dataclass(frozen=True)
class Settings:
    """`host` and `port` are connected to; `server_name` is who is asked for there, and whose certificate it must be.

    `codes` are the HTTP statuses that are a success, of which `successes` must follow one another. A try begins every
    `interval_seconds` and may take no longer than that, so `tries` of them are over after tries x interval seconds.
    """

    tls: bool
    verify_tls: bool
    host: str
    port: int
    server_name: str
    path: str
    codes: frozenset[int]
    tries: int
    interval_seconds: int
    successes: int

    @property
    def target(self) -> str:
        """What is asked, for the log."""
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}{self.path}"


def parse(options: Options) -> Settings:
    """Read the settings; raises SettingError."""
    tls, host, port = _address(options.text("TEST_URL"))
    tries = options.number("TRIES", 12, least=1, most=180)
    interval = options.number("INTERVAL_SECONDS", 5, least=1, most=60)
    if tries * interval > LONGEST_SECONDS:
        raise SettingError(f"TRIES x INTERVAL_SECONDS is {tries * interval} s: it must be at most {LONGEST_SECONDS} s")
    return Settings(
        tls=tls,
        verify_tls=options.choice("VERIFY_TLS", ("true", "false"), "true") == "true",
        host=host,
        port=port,
        server_name=_name(options.text("SERVER_NAME", host)),
        path=_path(options.text("HEALTH_PATH", "/")),
        codes=_codes(options.text("EXPECTED_CODES", "200")),
        tries=tries,
        interval_seconds=interval,
        successes=options.number("SUCCESSES", 1, least=1, most=tries),
    )


def _address(url: str) -> tuple[bool, str, int]:
    wrong = SettingError(f"TEST_URL is {url!r}: it must be http:// or https://, a host and a port, and nothing more")
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise wrong from None
    more = parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username is not None
    if parts.scheme not in {"http", "https"} or more or not _NAME.fullmatch(parts.hostname or ""):
        raise wrong
    return parts.scheme == "https", parts.hostname or "", port


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise SettingError(f"SERVER_NAME is {name!r}: it must be a host's name, without a port")
    return name


def _path(path: str) -> str:
    if not path.startswith("/") or not path.isascii() or not path.isprintable() or " " in path:
        raise SettingError(f"HEALTH_PATH is {path!r}: it must begin with / and have no spaces")
    return path


def _codes(matcher: str) -> frozenset[int]:
    """As in a target group's matcher: `200`, `200,202` or `200-299`."""
    codes: set[int] = set()
    for part in matcher.split(","):
        found = _CODES.fullmatch(part.strip())
        if not found:
            raise SettingError(f"EXPECTED_CODES is {matcher!r}: it must be like 200, 200,202 or 200-299")
        codes.update(range(int(found[1]), int(found[2] or found[1]) + 1))
    if not codes:
        raise SettingError(f"EXPECTED_CODES is {matcher!r}: the ranges have no code")
    return frozenset(codes)
