"""What is wrong with an image reference.

Source: https://github.com/distribution/reference/blob/main/regexp.go
"""

from functools import lru_cache

from roadworthy.rules.facts.image import PLACEHOLDER
from roadworthy.template.pattern import Pattern
from roadworthy.template.values import HOLE

LONGEST = 255  # characters, without the digest
FINE = Pattern(r"[a-z0-9][a-z0-9._/-]{0,150}:[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")  # nearly all: nothing more is asked
DIGEST = Pattern(r"sha256:[0-9a-f]{64}")
TAG = Pattern(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
SCHEME = Pattern(r"[a-z]+://")
# Some capitals among small letters; all capitals, or capitals with underscores, stand for something else.
MIXED_CASE = Pattern(r"[a-z0-9._-]*[a-z][a-z0-9._-]*[A-Z][A-Za-z0-9._-]*|[A-Z][A-Za-z0-9._-]*[a-z][A-Za-z0-9._-]*")
PARTIAL_REGISTRY = {
    "account": Pattern(r"dkr\.ecr\.[^/]*amazonaws\.com"),
    "region": Pattern(rf"(?:[0-9]{{12}}|{HOLE})\.dkr\.ecr\.amazonaws\.com"),
}


@lru_cache(maxsize=4096)
def what_is_wrong(reference: str) -> str | None:
    """What is wrong with a reference (a skeleton), as the end of a sentence; None if nothing certainly is."""
    if FINE.fullmatch(reference) and "dkr.ecr" not in reference:
        return None
    text = PLACEHOLDER.sub(HOLE, reference)
    if not text or SCHEME.match(text):
        return f"begins with a scheme, `{text.partition('://')[0]}://`" if text else "is empty"
    if any(char.isspace() for char in text):
        return "contains white space" if HOLE not in text and not _is_prose(text) else None
    return _wrong_in_reference(text)


def _wrong_in_reference(text: str) -> str | None:
    name, at, digest = text.partition("@")
    if at and HOLE not in digest and not DIGEST.fullmatch(digest):
        return f"has the digest `{digest}`, which is not `sha256:` and 64 hexadecimal digits"
    if len(name.replace(HOLE, "")) > LONGEST:
        return f"is longer than {LONGEST} characters"
    return _wrong_in_name(name)


def _wrong_in_name(name: str) -> str | None:
    host, slash, path = name.partition("/")
    for part, expression in PARTIAL_REGISTRY.items():
        if slash and expression.fullmatch(host):
            return f"names an ECR registry without its {part}"
    last = name.rpartition("/")[2]
    repository, colon, tag = last.partition(":")
    if colon and HOLE not in last and not TAG.fullmatch(tag):
        return f"has the tag `{tag}`" if tag else "has an empty tag"
    segments = [*(path if _is_host(host) else name).rpartition("/")[0].split("/"), repository]
    if any(MIXED_CASE.fullmatch(segment) for segment in segments):
        return "has upper case in its repository's name"
    return None


def _is_host(text: str) -> bool:
    return "." in text or ":" in text or HOLE in text or text == "localhost"


def _is_prose(text: str) -> bool:
    """Whether somebody wrote what is to stand here: "your image here"."""
    return len(text.split()) > 2  # noqa: PLR2004 - words
