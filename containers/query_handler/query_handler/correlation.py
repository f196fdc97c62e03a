"""Correlation id, timing and log line of every request, as ASGI middleware.

The id comes in as `x-correlation-id` (or is made here), stands in every log line and goes back to the caller.
`Server-Timing` (https://www.w3.org/TR/server-timing/) collects what each hop needed.
"""

import json
import logging
import re
import time
import uuid
from contextvars import ContextVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "x-correlation-id"
TIMING = "Server-Timing"
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
QUIET_PATHS = frozenset({"/health", "/ready"})

logger = logging.getLogger(__name__)
_current: ContextVar[str] = ContextVar("correlation_id", default="")


def current() -> str:
    """The correlation id of the request that is being answered; `""` outside of one."""
    return _current.get()


class CorrelationMiddleware:
    """Wraps the whole application, so that even a fault is answered in our shape and logged with its id."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; other traffic passes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        _current.set(given if WELL_FORMED.fullmatch(given) else str(uuid.uuid4()))
        await _Exchange(scope, send).run(self.app, receive)


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope = scope
        self.send = send
        self.began = time.perf_counter()
        self.status = 0

    async def run(self, app: ASGIApp, receive: Receive) -> None:
        try:
            await app(self.scope, receive, self.send_with_headers)
        except Exception:
            logger.exception("fault")
            if not self.status:
                await self.send_fault()
        self.log()

    async def send_with_headers(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[HEADER] = current()
            before = headers.get(TIMING)
            own = f"handler;dur={self.milliseconds():.1f}"
            headers[TIMING] = f"{before}, {own}" if before else own
        await self.send(message)

    async def send_fault(self) -> None:
        body = {"message": "the handler has a fault; its log has the cause", "hop": "handler"}
        text = json.dumps({**body, "correlation_id": current()}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(text)).encode())]
        await self.send_with_headers({"type": "http.response.start", "status": 500, "headers": headers})
        await self.send({"type": "http.response.body", "body": text})

    def log(self) -> None:
        quiet = self.scope["path"] in QUIET_PATHS and self.status < 500  # noqa: PLR2004 - HTTP's own number
        facts = {"method": self.scope["method"], "path": self.scope["path"], "status": self.status}
        level = logging.DEBUG if quiet else logging.INFO
        logger.log(level, "answered", extra={"facts": facts | {"milliseconds": round(self.milliseconds(), 1)}})

    def milliseconds(self) -> float:
        return (time.perf_counter() - self.began) * 1000
