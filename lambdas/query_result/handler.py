"""Lambda `query-result`: the internal API's proxy events in, pages of notification records out."""

import binascii
import time
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError

from query_result import answers, dynamodb, request
from query_result.errors import HOP_SELF, HopError, InvalidRequestError
from query_result.queries import QUERIES, Query, Reader
from query_result.settings import settings

SERVICE = "query-result"
ROUTES = {"/health": "GET"} | {f"/query/{query.operation}": "POST" for query in QUERIES}
RESERVE_SECONDS = 1.0  # kept back to write the answer

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
    """Whether this function runs; DynamoDB is not asked."""
    return _answer(200, {"status": "ok"})


@app.post("/query/<operation>")
def query(operation: str) -> Response[str]:
    """Run the query that the path names."""
    kind = next((kind for kind in QUERIES if kind.operation == operation), None)
    if kind is None:
        return _unknown_route()
    try:
        return _run(kind)
    except InvalidRequestError as error:
        return _refused(error)
    except HopError as error:
        return _hop_failed(error)
    except Exception:  # the one place that turns a fault of ours into an answer
        return _fault()


def _run(kind: Query) -> Response[str]:
    asked = request.parse(_body(), kind.id_field)
    reader = Reader(dynamodb.client(), settings().notification_table, _has_time)
    began = time.perf_counter()
    try:
        page = reader.answer(kind, asked)
    except (BotoCoreError, ClientError) as error:
        raise dynamodb.as_hop_error(error) from error
    duration = _milliseconds_since(began)
    logger.info("answered", operation=kind.operation, count=page["count"], more=page["next_token"] is not None)
    metrics.add_metric(name="DynamoDbTime", unit=MetricUnit.Milliseconds, value=duration)
    return _answer(200, page, timing=f"dynamodb;dur={duration:.1f}, ")


def _refused(error: InvalidRequestError) -> Response[str]:
    logger.info("refused", field=error.field)
    return _error(400, str(error), field=error.field)


def _hop_failed(error: HopError) -> Response[str]:
    logger.warning(str(error), status=error.status, hop=error.hop, cause=repr(error.__cause__))
    metrics.add_metric(name="HopFailure", unit=MetricUnit.Count, value=1)
    return _error(error.status, str(error), hop=error.hop, retry_after=error.retry_after)


def _fault() -> Response[str]:
    logger.exception("fault")
    return _error(500, "query-result has a fault; its log has the cause", hop=HOP_SELF)


@app.not_found
def _not_found(_: Exception) -> Response[str]:
    return _unknown_route()


def _unknown_route() -> Response[str]:
    path = app.current_event.path
    if path in ROUTES:
        return _error(405, f"use {ROUTES[path]} {path}", headers={"Allow": ROUTES[path]})
    return _error(404, f"no such path: use {', '.join(ROUTES)}")


def _body() -> str:
    try:
        return app.current_event.decoded_body or ""
    except (binascii.Error, UnicodeDecodeError):
        raise InvalidRequestError(request.BODY, "the body is not UTF-8 text") from None


def _has_time() -> bool:
    left: int = app.lambda_context.get_remaining_time_in_millis()
    return left / 1000 > dynamodb.CALL_SECONDS + RESERVE_SECONDS


def _error(
    status: int,
    message: str,
    *,
    field: str | None = None,
    hop: str | None = None,
    retry_after: int | None = None,
    headers: dict[str, str] | None = None,
) -> Response[str]:
    extra = {"Retry-After": str(retry_after)} if retry_after else {}
    body = answers.error_body(message, app.context["correlation"], field=field, hop=hop)
    return _answer(status, body, headers={**extra, **(headers or {})})


def _answer(
    status: int, body: dict[str, Any], *, timing: str = "", headers: dict[str, str] | None = None
) -> Response[str]:
    own: dict[str, str | list[str]] = {
        answers.CORRELATION_HEADER: app.context["correlation"],
        "Server-Timing": f"{timing}{SERVICE};dur={_milliseconds_since(app.context['started']):.1f}",
        **(headers or {}),
    }
    return answers.json_answer(status, body, own)


def _milliseconds_since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
