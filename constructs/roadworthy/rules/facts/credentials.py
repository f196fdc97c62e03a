"""Telling credentials from other values of environment variables.

What may be a name, a path, a reference or a placeholder is none.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
"""

import re

from roadworthy.template.pattern import Pattern
from roadworthy.template.values import HOLE

PASSWORDS = ("PASSWORD", "PASSWD", "PASSPHRASE")
# A variable of such a name may also hold the secret's name, so that its value must look random.
KEYS = ("SECRET", "TOKEN", "API_KEY", "APIKEY", "ACCESS_KEY", "SECRET_KEY", "PRIVATE_KEY", "ENCRYPTION_KEY")
MEANT_TO_BE_SEEN = Pattern(r"PUBLIC|PUBLISHABLE|SITE_?KEY")
CAPITALS = Pattern(r"[A-Z][A-Z_]*")
PLACEHOLDER = Pattern(
    r"<[^>]*>|\{\{|\$\{|^\$\w+$|%\w+%|^\[|^__\w+__$|…|^x{3,}|^(.)\1*$|change-?_?me|placeholder|replace|[-_]here$"
    r"|^(?:your|my|the|change|insert|enter|put|todo|example|dummy|fake)(?:[-_ ]|$)",
    re.IGNORECASE,
)
_SETTINGS = "true false yes no on off none null required optional enabled disabled test secret password"
SETTING = Pattern(rf"(?:{'|'.join(_SETTINGS.split())}|[0-9]{{1,5}})", re.IGNORECASE)
ELSEWHERE = Pattern(r"^(?:arn:|/|\./|[a-z][a-z0-9+.-]*://|ssm:|vault:|secretsmanager:)")
ACCESS_KEY = Pattern(r"^(?:AKIA|ASIA)[A-Z2-7]{16}$")
PRIVATE_KEY = Pattern(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")
URL = Pattern(r"^[a-z][a-z0-9+.-]{1,30}://[^/@:\s]{0,200}:(?P<password>[^/@\s]{1,200})@[^/\s]")
LONG = 30  # characters; shorter values with a slash are names of secrets
RANDOM = 8
SHORTEST = 4  # characters of a credential


def credential(name: str, value: str) -> str | None:
    """What the variable holds, for a message: `a password`; None when it is not certainly a credential."""
    if HOLE in value:
        return None
    if "://" in value:
        match = URL.match(value)
        return "a URL with a password" if match and not _is_placeholder(match["password"]) else None
    if value.startswith(("AKIA", "ASIA")) and ACCESS_KEY.match(value):
        return "an AWS access key"
    if value.startswith("-----BEGIN") and PRIVATE_KEY.match(value):
        return "a private key"
    return _by_name(name.upper(), value)


def _by_name(name: str, value: str) -> str | None:
    if not name.endswith(PASSWORDS + KEYS) or _is_placeholder(value) or ELSEWHERE.match(value) or value.upper() == name:
        return None
    if name.endswith(PASSWORDS):
        return "a password"
    return "a secret" if _looks_random(value) and not MEANT_TO_BE_SEEN.search(name) else None


def _is_placeholder(value: str) -> bool:
    plain = SETTING.fullmatch(value) or CAPITALS.fullmatch(value)
    return len(value) < SHORTEST or bool(plain or PLACEHOLDER.search(value))


def _looks_random(value: str) -> bool:
    named = "/" in value and len(value) < LONG
    return len(value) >= RANDOM and not named and any(map(str.isdigit, value)) and any(map(str.isalpha, value))
