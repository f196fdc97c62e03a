"""From a request's body to a checked query; every refusal names its field.

The same rules stand in stacks/query_service/internal_api.yaml. API Gateway enforces those in front of this
function, but only on bodies that are declared as `application/json`: so they are checked here again.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from query_result.errors import InvalidRequestError

BODY = "body"
ID_LENGTH = 256
TOKEN_LENGTH = 4096
LIMIT_DEFAULT = 10
LIMIT_MAX = 100


@dataclass(frozen=True)
class Request:
    """A checked query. `id_value` is that of user_id, marketing_id or transaction_id."""

    id_value: str
    limit: int = LIMIT_DEFAULT
    next_token: str | None = None
    ap_id: str | None = None


def parse(body: str, id_field: str) -> Request:
    """Check a JSON body such as `{"user_id": "u-1", "limit": 20}`; raises InvalidRequestError."""
    fields = _read_object(body)
    _refuse_unknown(fields, {id_field, "limit", "next_token", "ap_id"})
    if id_field not in fields:
        raise InvalidRequestError(id_field, f"{id_field} is missing")
    return Request(
        id_value=_text(fields, id_field, ID_LENGTH),
        limit=_limit(fields),
        next_token=_text(fields, "next_token", TOKEN_LENGTH) if "next_token" in fields else None,
        ap_id=_text(fields, "ap_id", ID_LENGTH) if "ap_id" in fields else None,
    )


def _read_object(body: str) -> dict[str, Any]:
    try:
        value = json.loads(body, object_pairs_hook=_unique_object, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):  # ValueError: broken JSON, or an integer of thousands of digits
        raise InvalidRequestError(BODY, "the body is not valid JSON") from None
    if not isinstance(value, dict):
        raise InvalidRequestError(BODY, f"the body must be a JSON object, not {_json_type(value)}")
    return value


def _unique_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidRequestError(_shown(twice), f"{_shown(twice)} is given more than once")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidRequestError(BODY, f"{name} is not valid JSON")


def _refuse_unknown(fields: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(_shown(name) for name in fields.keys() - known)
    if unknown:
        raise InvalidRequestError(unknown[0], f"unknown field {unknown[0]}: use {', '.join(sorted(known))}")


def _text(fields: Mapping[str, Any], name: str, longest: int) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise InvalidRequestError(name, f"{name} must be a string, not {_json_type(value)}")
    if not 1 <= len(value) <= longest:
        raise InvalidRequestError(name, f"{name} must have 1 to {longest} characters, not {len(value)}")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise InvalidRequestError(name, f"{name} holds half of a surrogate pair, which is not Unicode text")
    return value


def _limit(fields: Mapping[str, Any]) -> int:
    value = fields.get("limit", LIMIT_DEFAULT)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidRequestError("limit", f"limit must be an integer, not {_json_type(value)}")
    if not 1 <= value <= LIMIT_MAX:
        raise InvalidRequestError("limit", f"limit must be 1 to {LIMIT_MAX}")
    return value


def _shown(name: str) -> str:
    """A caller's field name, fit for an answer: short and printable."""
    return name[:64].encode("unicode_escape").decode()


def _json_type(value: Any) -> str:
    names = {
        bool: "a boolean",
        str: "a string",
        int: "an integer",
        float: "a decimal number",
        list: "an array",
    }
    return "null" if value is None else names.get(type(value), "an object")
