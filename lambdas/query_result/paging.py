"""The opaque paging token: where a query stopped, bound to the query that it belongs to.

A token is base64url of compact JSON: `{"v": 1, "q": digest, "u": user_id, "t": created_at}`. The digest binds
it to the operation, the id and the ap_id. The start key is rebuilt from the *request* plus `u` and `t`,
so that a forged token can do no more than choose another place in the result that its bearer may read
anyway; hence it needs no signature.
"""

import base64
import hashlib
import json
import re
from typing import Any, NamedTuple

from query_result.errors import InvalidRequestError

FIELD = "next_token"
VERSION = 1
# DynamoDB refuses longer keys:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
KEY_BYTES = 2048
NUMBER = re.compile(r"-?[0-9]{1,19}(\.[0-9]{1,18})?")
SURROGATE = re.compile("[\ud800-\udfff]")
NOT_OURS = "next_token is not one that this service gave: send it unchanged, or leave it out"
OF_ANOTHER_QUERY = "next_token belongs to another query: repeat that query's fields with it"


class Place(NamedTuple):
    """The table key of the last item that was answered; `created_at` as DynamoDB's digits."""

    user_id: str
    created_at: str


class Scope(NamedTuple):
    """What a token is good for: an operation (user, marketing or fail), its id and its filter."""

    operation: str
    id_value: str
    ap_id: str | None

    def digest(self) -> str:
        """16 hexadecimal characters that differ for every other scope."""
        return hashlib.sha256(json.dumps(self).encode()).hexdigest()[:16]


def encode(place: Place, scope: Scope) -> str:
    """Make the token that continues after `place`."""
    content = {"v": VERSION, "q": scope.digest(), "u": place.user_id, "t": place.created_at}
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(token: str, scope: Scope) -> Place:
    """Read a token back; raises InvalidRequestError for anything but a token of this very scope."""
    content = _content(token)
    if not isinstance(content, dict) or content.keys() != {"v", "q", "u", "t"} or content["v"] != VERSION:
        raise InvalidRequestError(FIELD, NOT_OURS)
    if not (_is_key(content["u"]) and _is_number(content["t"])):
        raise InvalidRequestError(FIELD, NOT_OURS)
    if content["q"] != scope.digest():
        raise InvalidRequestError(FIELD, OF_ANOTHER_QUERY)
    return Place(content["u"], content["t"])


def _content(token: str) -> Any:
    try:
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        return json.loads(base64.b64decode(padded, altchars=b"-_", validate=True).decode())
    except (ValueError, RecursionError):  # broken ASCII, base64, UTF-8 and JSON are all ValueErrors
        raise InvalidRequestError(FIELD, NOT_OURS) from None


def _is_key(value: Any) -> bool:
    is_text = isinstance(value, str) and not SURROGATE.search(value)
    return is_text and 1 <= len(value.encode()) <= KEY_BYTES


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and NUMBER.fullmatch(value) is not None
