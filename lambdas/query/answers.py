"""What of the handler's answer goes on to the caller, and what stands in where it gave none of ours."""

import json
import re
from collections.abc import Mapping

from query.errors import HandlerError
from query.upstream import Answer

CORRELATION_HEADER = "x-correlation-id"
CORRELATION_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
PASSED_HEADERS = ("Retry-After", "Allow")
# What the load balancer says itself, as HTML, and what that means:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
BALANCER_MEANS = {
    502: "the handler broke the connection",
    503: "no healthy handler is running",
    504: "the handler did not answer the load balancer in time",
}
GATEWAY_FAILURE = 502


def correlation_id(headers: Mapping[str, str | None], request_id: str) -> str:
    """The caller's correlation id where it is well-formed, else API Gateway's request id."""
    given = next((value for name, value in headers.items() if name.lower() == CORRELATION_HEADER), None) or ""
    return given if CORRELATION_ID.fullmatch(given) else request_id


def checked(answer: Answer) -> Answer:
    """The answer if it is our handler's own JSON; raises HandlerError if the load balancer spoke for it."""
    if _is_json_object(answer):
        return answer
    status = answer.status if answer.status in BALANCER_MEANS else GATEWAY_FAILURE
    raise HandlerError(status, BALANCER_MEANS.get(answer.status, "the handler's answer is not JSON"))


def _is_json_object(answer: Answer) -> bool:
    own = CORRELATION_HEADER in answer.headers  # which the handler always sets, and a load balancer never
    if not own or "json" not in answer.headers.get("content-type", ""):
        return False
    try:
        return isinstance(json.loads(answer.body), dict)
    except (ValueError, RecursionError):
        return False
