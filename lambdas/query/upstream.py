"""One request to the handler, over a pool of kept-alive connections.

A connection that was refused, or closed before an answer came (the load balancer drops idle ones), is
tried once more: every query is a read. A time-out is never tried again, for the caller has no time left
to wait for it.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3 import exceptions as failures

from query.errors import HandlerError

ATTEMPTS = 2
CONNECT_SECONDS = 3.0
LEAST_SECONDS = 0.05


@dataclass(frozen=True)
class Answer:
    """The handler's answer; `headers` have lower-case names."""

    status: int
    body: bytes
    headers: Mapping[str, str]


@cache
def pool() -> PoolManager:
    """The connections, made on first use and kept for the life of the execution environment."""
    return PoolManager(num_pools=1, maxsize=2, retries=False)


def send(method: str, url: str, *, body: bytes | None, headers: Mapping[str, str], seconds: float) -> Answer:
    """Send one request within `seconds`; raises HandlerError (503 cannot be reached, 504 time-out)."""
    deadline = time.monotonic() + seconds
    for attempt in range(ATTEMPTS):
        try:
            return _send_once(method, url, body, headers, deadline - time.monotonic())
        except (failures.NewConnectionError, failures.ProtocolError) as error:
            if attempt == ATTEMPTS - 1 or deadline - time.monotonic() < LEAST_SECONDS:
                raise HandlerError(503, "the handler cannot be reached") from error
        except failures.TimeoutError as error:
            raise HandlerError(504, "the handler did not answer in time") from error
        except failures.HTTPError as error:
            raise HandlerError(502, "the handler gave no readable answer") from error
    raise AssertionError("the loop above always returns or raises")


def _send_once(method: str, url: str, body: bytes | None, headers: Mapping[str, str], seconds: float) -> Answer:
    timeout = Timeout(connect=min(CONNECT_SECONDS, seconds), total=max(seconds, LEAST_SECONDS))
    response: BaseHTTPResponse = pool().request(
        method, url, body=body, headers=headers, timeout=timeout, redirect=False
    )
    lowered = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, response.data, lowered)
