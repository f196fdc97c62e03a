"""The public edge against a real HTTP server on loopback."""

import base64
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from query import upstream
from query.handler import handler
from query.settings import settings

from tests.unit.lambdas.support import events

PAGE = b'{"items":[],"count":0,"next_token":null}'
ERROR = b'{"message":"DynamoDB is busy","hop":"dynamodb","correlation_id":"request-id-1"}'


@dataclass
class Handler:
    """Stands for the handler behind its load balancer: what it answers, and what it was asked."""

    status: int = 200
    body: bytes = PAGE
    headers: dict[str, str] = field(
        default_factory=lambda: {"Content-Type": "application/json", "x-correlation-id": "request-id-1"}
    )
    before: Callable[[BaseHTTPRequestHandler], None] = lambda _: None
    asked: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        self.asked.append((request.path, body, {name.lower(): value for name, value in request.headers.items()}))
        self.before(request)
        request.send_response(self.status)
        for name, value in {**self.headers, "Content-Length": str(len(self.body))}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(self.body)


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[Handler]:
    """The handler, reachable at HANDLER_URL."""
    double = Handler()

    class Requests(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            double.answer(self)

        do_POST = do_GET  # noqa: N815 - the base class's word

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Requests)
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # some tests break connections on purpose
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    use(monkeypatch, f"http://127.0.0.1:{server.server_port}/")
    yield double
    upstream.pool().clear()
    server.shutdown()
    server.server_close()


def use(monkeypatch: pytest.MonkeyPatch, url: str, timeout: str = "25") -> None:
    monkeypatch.setenv("HANDLER_URL", url)
    monkeypatch.setenv("HANDLER_TIMEOUT", timeout)
    settings.cache_clear()
    upstream.pool.cache_clear()


def ask(
    path: str = "/query/user", body: str | None = '{"user_id": "u"}', **changes: Any
) -> tuple[int, Any, dict[str, Any]]:
    method = "GET" if path == "/health" else "POST"
    remaining = changes.pop("remaining", 28_000)
    answer = handler(events.rest(method, path, body, **changes), events.Context(remaining))
    return answer["statusCode"], json.loads(answer["body"]), answer["multiValueHeaders"]


@pytest.mark.parametrize("path", ["/query/user", "/query/marketing", "/query/fail"])
def test_a_query_goes_to_the_same_path_untouched_and_its_answer_comes_back(behind: Handler, path: str) -> None:
    assert ask(path, '{"user_id":  "한"}')[:2] == (200, json.loads(PAGE))
    assert behind.asked[0][:2] == (path, '{"user_id":  "한"}'.encode())


def test_health_is_the_handlers(behind: Handler) -> None:
    behind.body = b'{"status":"ok"}'
    assert ask("/health", None)[:2] == (200, {"status": "ok"})


def test_the_correlation_id_travels_there_and_back(behind: Handler) -> None:
    headers = ask(headers={"X-Correlation-ID": "caller-id-1"})[2]
    assert behind.asked[0][2]["x-correlation-id"] == "caller-id-1"
    assert headers["x-correlation-id"] == ["caller-id-1"]


def test_an_ill_formed_correlation_id_is_replaced_by_the_request_id(behind: Handler) -> None:
    ask(headers={"x-correlation-id": "a\r\nb: injected"})
    assert behind.asked[0][2]["x-correlation-id"] == "request-id-1"


def test_the_handlers_timing_is_kept_and_ours_added(behind: Handler) -> None:
    behind.headers["Server-Timing"] = "dynamodb;dur=3.0, handler;dur=9.0"
    assert ask()[2]["Server-Timing"][0].startswith("dynamodb;dur=3.0, handler;dur=9.0, query;dur=")


def test_connections_are_kept_alive(behind: Handler) -> None:
    ports = set()
    behind.before = lambda request: ports.add(request.client_address[1])
    for _ in range(3):
        ask()
    assert len(ports) == 1


@pytest.mark.parametrize("status", [400, 500, 502, 503, 504])
def test_an_error_of_ours_passes_with_its_own_hop(behind: Handler, status: int) -> None:
    behind.status, behind.body = status, ERROR
    assert ask()[:2] == (status, json.loads(ERROR))


def test_json_that_is_not_the_handlers_own_is_the_load_balancers(behind: Handler) -> None:
    behind.status, behind.body = 502, b'{"message": "Target 10.0.0.1:8000 connect error"}'
    del behind.headers["x-correlation-id"]
    status, error, _ = ask()
    assert (status, error["hop"], error["message"]) == (502, "handler", "the handler broke the connection")


def test_retry_after_passes(behind: Handler) -> None:
    behind.status, behind.body = 503, ERROR
    behind.headers["Retry-After"] = "1"
    assert ask()[2]["Retry-After"] == ["1"]


@pytest.mark.parametrize(
    ("status", "expected"), [(502, 502), (503, 503), (504, 504), (500, 502), (200, 502), (302, 502)]
)
def test_the_load_balancers_own_html_becomes_an_error_of_hop_handler(
    behind: Handler, status: int, expected: int
) -> None:
    behind.status, behind.body, behind.headers = status, b"<html>", {"Content-Type": "text/html"}
    found, error, _ = ask()
    assert (found, error["hop"], error["correlation_id"]) == (expected, "handler", "request-id-1")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"])
def test_json_that_is_no_object_is_a_502(behind: Handler, body: bytes) -> None:
    behind.body = body
    assert ask()[0] == 502


def test_a_handler_that_is_away_is_a_503(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    use(monkeypatch, f"http://127.0.0.1:{port}")
    status, error, _ = ask()
    assert (status, error["hop"]) == (503, "handler")


def test_a_slow_handler_is_a_504_and_is_asked_once(behind: Handler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDLER_TIMEOUT", "0.2")
    settings.cache_clear()
    behind.before = lambda _: time.sleep(0.5)
    status, error, _ = ask()
    assert (status, error["hop"], len(behind.asked)) == (504, "handler", 1)


def test_the_time_that_the_function_has_left_bounds_the_wait(behind: Handler) -> None:
    behind.before = lambda _: time.sleep(0.6)
    began = time.monotonic()
    assert ask(remaining=1_200)[0] == 504
    assert time.monotonic() - began < 0.55


def test_a_connection_that_breaks_before_the_answer_is_tried_once_more(behind: Handler) -> None:
    def break_the_first(request: BaseHTTPRequestHandler) -> None:
        if len(behind.asked) == 1:
            request.connection.shutdown(socket.SHUT_RDWR)

    behind.before = break_the_first
    assert (ask()[0], len(behind.asked)) == (200, 2)


def test_a_connection_that_always_breaks_is_a_503(behind: Handler) -> None:
    behind.before = lambda request: request.connection.shutdown(socket.SHUT_RDWR)
    assert (ask()[0], len(behind.asked)) == (503, 2)


@pytest.mark.parametrize("body", [None, "", "  "])
def test_a_missing_body_is_a_400_before_the_handler_is_asked(behind: Handler, body: str | None) -> None:
    status, error, _ = ask(body=body)
    assert (status, error["field"], behind.asked) == (400, "body", [])


def test_a_body_above_64_kb_is_a_413(behind: Handler) -> None:
    assert ask(body="x" * (64 * 1024 + 1))[0] == 413
    assert ask(body="x" * (64 * 1024))[0] == 200


def test_a_base64_body_is_passed_on_decoded(behind: Handler) -> None:
    ask(body=base64.b64encode(b'{"user_id":"u"}').decode(), isBase64Encoded=True)
    assert behind.asked[0][1] == b'{"user_id":"u"}'


@pytest.mark.parametrize("body", ["!", base64.b64encode(b"\xff").decode()])
def test_a_broken_base64_body_is_a_400(behind: Handler, body: str) -> None:
    assert ask(body=body, isBase64Encoded=True)[0] == 400


@pytest.mark.parametrize("path", ["/query/failures", "/failed"])
def test_the_old_paths_are_gone(behind: Handler, path: str) -> None:
    assert (ask(path)[0], behind.asked) == (404, [])


def test_a_wrong_method_is_a_405(behind: Handler) -> None:
    assert handler(events.rest("GET", "/query/user"), events.Context())["statusCode"] == 405


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HANDLER_URL", ""),
        ("HANDLER_URL", "alb.internal"),
        ("HANDLER_TIMEOUT", "0"),
        ("HANDLER_TIMEOUT", "soon"),
        ("HANDLER_TIMEOUT", "inf"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    use(monkeypatch, "http://127.0.0.1")
    monkeypatch.setenv(name, value)
    with pytest.raises(RuntimeError, match=name):
        settings()


def test_a_wrong_setting_is_a_500_with_a_correlation_id(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "")
    status, error, _ = ask()
    assert (status, error["correlation_id"]) == (500, "request-id-1")
