"""The opaque paging token: where a query stopped, bound to the query that it belongs to.

A token is base64url of compact JSON: `{"v": 1, "q": digest, "u": base64url of user_id, "t": created_at}`. The digest
binds it to the operation, the id and the ap_id. The start key is rebuilt from the *request* plus `u` and `t`, so that a
forged token can do no more than choose another place in the result that its bearer may read anyway; hence it needs no
signature.
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
# DynamoDB writes 38 significant digits, of up to 1E125 and down to 1E-130, without an exponent:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
NUMBER = re.compile(r"-?[0-9]{1,126}(\.[0-9]{1,168})?")
SIGNIFICANT_DIGITS = 38
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
    user = _base64(place.user_id)  # in base64 here, too: escaped as JSON, some ids grow sixfold
    content = {"v": VERSION, "q": scope.digest(), "u": user, "t": place.created_at}
    return _base64(json.dumps(content, separators=(",", ":")))


def decode(token: str, scope: Scope) -> Place:
    """Read a token back; raises InvalidRequestError for anything but a token of this very scope."""
    content = _content(token)
    if not isinstance(content, dict) or content.keys() != {"v", "q", "u", "t"} or content["v"] != VERSION:
        raise InvalidRequestError(FIELD, NOT_OURS)
    user = _text(content["u"]) if isinstance(content["u"], str) else ""
    if not (1 <= len(user.encode()) <= KEY_BYTES and _is_number(content["t"])):
        raise InvalidRequestError(FIELD, NOT_OURS)
    if content["q"] != scope.digest():
        raise InvalidRequestError(FIELD, OF_ANOTHER_QUERY)
    return Place(user, content["t"])


def _content(token: str) -> Any:
    try:
        return json.loads(_text(token))
    except (ValueError, RecursionError):
        raise InvalidRequestError(FIELD, NOT_OURS) from None


def _base64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _text(encoded: str) -> str:
    try:
        padded = encoded.encode("ascii") + b"=" * (-len(encoded) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except ValueError:  # broken ASCII, base64 and UTF-8 are all ValueErrors
        raise InvalidRequestError(FIELD, NOT_OURS) from None


def _is_number(value: Any) -> bool:
    if not isinstance(value, str) or NUMBER.fullmatch(value) is None:
        return False
    digits = value.lstrip("-").replace(".", "").strip("0")
    return len(digits) <= SIGNIFICANT_DIGITS
