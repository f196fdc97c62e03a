"""Answers in the API's one shape, with the headers that every hop adds."""

import json
import re
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import Response, content_types

CORRELATION_HEADER = "x-correlation-id"
CORRELATION_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def correlation_id(headers: Mapping[str, str], request_id: str) -> str:
    """The caller's correlation id where it is well-formed, else API Gateway's request id."""
    given = next((value for name, value in headers.items() if name.lower() == CORRELATION_HEADER), "") or ""
    return given if CORRELATION_ID.fullmatch(given) else request_id


def error_body(message: str, correlation: str, *, field: str | None = None, hop: str | None = None) -> dict[str, str]:
    """`{"message": ..., "field"?: ..., "hop"?: ..., "correlation_id": ...}`."""
    named = {"field": field, "hop": hop}
    return {"message": message, **{k: v for k, v in named.items() if v}, "correlation_id": correlation}


def json_answer(status: int, body: Mapping[str, Any], headers: dict[str, str | list[str]]) -> Response[str]:
    """A JSON answer as the Powertools resolver takes it."""
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return Response(status_code=status, content_type=content_types.APPLICATION_JSON, body=text, headers=headers)
