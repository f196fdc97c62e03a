"""Lambda `query`: the public API's proxy events in, the handler's answers out."""

import binascii
import json
import time
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from query import answers, upstream
from query.errors import HOP_HANDLER, HandlerError, RefusedError
from query.settings import settings
from query.upstream import Answer

SERVICE = "query"
OPERATIONS = ("user", "marketing", "fail")
ROUTES = {"/health": "GET"} | {f"/query/{operation}": "POST" for operation in OPERATIONS}
BODY_BYTES = 64 * 1024
RESERVE_SECONDS = 1.0  # kept back of this function's own time-out, to write the answer

logger = Logger(service=SERVICE)
metrics = Metrics(namespace="QueryService", service=SERVICE)
app = APIGatewayRestResolver()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one API Gateway proxy event (REST, payload 1.0)."""
    correlation = answers.correlation_id(
        event.get("headers") or {}, event.get("requestContext", {}).get("requestId") or context.aws_request_id
    )
    logger.set_correlation_id(correlation)
    metrics.add_metric(name="Requests", unit=MetricUnit.Count, value=1)
    app.context.update(correlation=correlation, started=time.perf_counter())
    return app.resolve(event, context)


@app.get("/health")
def health() -> Response[str]:
    """The handler's health, through the load balancer."""
    return _or_error(lambda: _forward("GET", "/health", None))


@app.post("/query/<operation>")
def query(operation: str) -> Response[str]:
    """Pass the query that the path names on to the handler."""
    if operation not in OPERATIONS:
        return _unknown_route()
    return _or_error(lambda: _forward("POST", f"/query/{operation}", _body()))


def _forward(method: str, path: str, body: bytes | None) -> Response[str]:
    headers = {answers.CORRELATION_HEADER: app.context["correlation"], "Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    url = f"{settings().handler_url}{path}"
    answer = answers.checked(upstream.send(method, url, body=body, headers=headers, seconds=_seconds_left()))
    logger.info("forwarded", path=path, status=answer.status)
    return _passed_on(answer)


def _seconds_left() -> float:
    left: int = app.lambda_context.get_remaining_time_in_millis()
    return min(settings().handler_timeout, left / 1000 - RESERVE_SECONDS)


def _body() -> bytes:
    try:
        body = (app.current_event.decoded_body or "").encode()
    except (binascii.Error, UnicodeError):
        raise RefusedError(400, "the body is not UTF-8 text") from None
    if not body.strip():
        raise RefusedError(400, "the body is missing: send a JSON object")
    if len(body) > BODY_BYTES:
        raise RefusedError(413, f"the body has {len(body)} bytes: at most {BODY_BYTES} are taken")
    return body


def _or_error(act: Callable[[], Response[str]]) -> Response[str]:
    """Run `act`; whatever it raises becomes an answer."""
    try:
        return act()
    except RefusedError as error:
        logger.info("refused", status=error.status)
        return _error(error.status, str(error), field="body")
    except HandlerError as error:
        logger.warning(str(error), status=error.status, hop=HOP_HANDLER, cause=repr(error.__cause__))
        metrics.add_metric(name="HopFailure", unit=MetricUnit.Count, value=1)
        return _error(error.status, str(error), hop=HOP_HANDLER)
    except Exception:  # the one place that turns a fault of ours into an answer
        logger.exception("fault")
        return _error(500, "the query function has a fault; its log has the cause")


@app.not_found
def _not_found(_: Exception) -> Response[str]:
    return _unknown_route()


def _unknown_route() -> Response[str]:
    path = app.current_event.path
    if path in ROUTES:
        return _error(405, f"use {ROUTES[path]} {path}", headers={"Allow": ROUTES[path]})
    return _error(404, f"no such path: use {', '.join(ROUTES)}")


def _error(status: int, message: str, *, headers: dict[str, str] | None = None, **named: str) -> Response[str]:
    """An error in the API's one shape; `named` holds `field` or `hop`."""
    body = {"message": message, **named, "correlation_id": app.context["correlation"]}
    return _answer(status, json.dumps(body), headers or {}, timing="")


def _passed_on(answer: Answer) -> Response[str]:
    passed = {name: answer.headers[name.lower()] for name in answers.PASSED_HEADERS if name.lower() in answer.headers}
    return _answer(answer.status, answer.body.decode(), passed, timing=answer.headers.get("server-timing", ""))


def _answer(status: int, body: str, headers: dict[str, str], *, timing: str) -> Response[str]:
    spent = (time.perf_counter() - app.context["started"]) * 1000
    own: dict[str, str | list[str]] = {
        answers.CORRELATION_HEADER: app.context["correlation"],
        "Server-Timing": ", ".join(filter(None, [timing, f"{SERVICE};dur={spent:.1f}"])),
        **headers,
    }
    return Response(status_code=status, content_type=content_types.APPLICATION_JSON, body=body, headers=own)
