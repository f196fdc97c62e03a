"""A request and a reply, as they are on the wire."""

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """A request.

    Attributes:
        method: `POST`.
        path: without the query, still percent-encoded.
        query: what follows the question mark; empty when nothing does.
        headers: by their names in lower case.
        body: as sent, decompressed.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """A reply: an HTTP status, headers and the body."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def decompressed(headers: Mapping[str, str], body: bytes) -> bytes:
    """A body without the compression that its headers, in lower case, tell of; as it is when that is not true."""
    if headers.get("content-encoding") != "gzip":
        return body
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error):
        return body
