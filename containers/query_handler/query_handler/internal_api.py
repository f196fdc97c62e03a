"""The client of the internal API: one connection pool, one deadline, and every failure mapped to its hop."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from query_handler import correlation
from query_handler.errors import QueryError

HOP = "internal-api"
HOP_LAMBDA = "query-result"
HOPS = frozenset({HOP, HOP_LAMBDA, "dynamodb"})
RETRY_AFTER = "1"
CONNECT_SECONDS = 3.0
READY_SECONDS = 3.0
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=30)
BROKEN = (httpx.ReadError, httpx.WriteError, httpx.CloseError, httpx.RemoteProtocolError)


@dataclass(frozen=True)
class Page:
    """A 200 as the internal API gave it, with the time that it took added to `timing`."""

    body: bytes
    timing: str


class InternalApi:
    """Asks the internal API. `transport` is for tests; by default connections are tried twice."""

    def __init__(self, url: str, seconds: float, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.seconds = seconds
        self.client = httpx.AsyncClient(
            base_url=url,
            timeout=httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
            transport=transport or httpx.AsyncHTTPTransport(retries=1, limits=LIMITS),
        )

    async def query(self, operation: str, body: bytes) -> Page:
        """Pass a query on, byte by byte; raises QueryError."""
        began = time.perf_counter()
        answer = await self._ask("POST", f"query/{operation}", self.seconds, body)
        if not isinstance(_json_object(answer).get("items"), list):
            raise QueryError(502, "the internal API's answer is not a page of records", hop=HOP)
        own = f"{HOP};dur={(time.perf_counter() - began) * 1000:.1f}"
        return Page(answer.content, ", ".join(filter(None, [answer.headers.get(correlation.TIMING), own])))

    async def check(self) -> None:
        """Reach the internal API's /health; raises QueryError."""
        await self._ask("GET", "health", min(READY_SECONDS, self.seconds))

    async def _ask(self, method: str, path: str, seconds: float, body: bytes | None = None) -> httpx.Response:
        headers = {correlation.HEADER: correlation.current(), "Content-Type": "application/json"}
        try:
            async with asyncio.timeout(seconds):  # httpx's own time-outs count from one read to the next
                answer = await self._send(self.client.build_request(method, path, content=body, headers=headers))
            answer.raise_for_status()
        except httpx.HTTPStatusError as error:
            raise refusal(error.response) from error
        except (TimeoutError, httpx.TimeoutException) as error:
            raise QueryError(504, "the internal API did not answer in time", hop=HOP) from error
        except httpx.TransportError as error:
            message = "the internal API cannot be reached"
            raise QueryError(503, message, hop=HOP, retry_after=RETRY_AFTER) from error
        return answer

    async def _send(self, request: httpx.Request) -> httpx.Response:
        """Send; once more where a kept-alive connection broke before the answer (every query is a read)."""
        try:
            return await self.client.send(request)
        except BROKEN:
            return await self.client.send(request)


def refusal(answer: httpx.Response) -> QueryError:
    """What an answer that is not 2xx means to our caller."""
    body = _json_object(answer)
    status, message, hop = answer.status_code, str(body.get("message", "")), body.get("hop")
    if status == httpx.codes.BAD_REQUEST:
        return QueryError(400, message or "the request is wrong", field=str(body.get("field", "body")))
    if hop in HOPS and status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return QueryError(status, message, hop=str(hop), retry_after=answer.headers.get("Retry-After", ""))
    return _gateway_refusal(status)


def _gateway_refusal(status: int) -> QueryError:
    """API Gateway's own answers: `{"message": ...}` without a hop.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
    """
    match status:
        case 429 | 503:
            return QueryError(503, "the internal API is busy", hop=HOP, retry_after=RETRY_AFTER)
        case 504:
            return QueryError(504, "query-result did not answer in time", hop=HOP_LAMBDA)
        case 502:
            return QueryError(502, "query-result failed", hop=HOP_LAMBDA)
        case 403:
            return QueryError(502, "the internal API refuses the handler", hop=HOP)
        case _:
            return QueryError(502, f"the internal API answered with status {status}", hop=HOP)


def _json_object(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        body = json.loads(answer.content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
