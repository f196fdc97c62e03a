"""A request and a reply, as they are on the wire."""

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
