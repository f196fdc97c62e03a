"""The handler in one process: its own ASGI interface in front, a mocked internal API behind."""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from query_handler.app import create_app
from query_handler.settings import Settings

PAGE = {"items": [{"user_id": "u", "created_at": 12345678901234567890}], "count": 1, "next_token": None}
Answer = Callable[[httpx.Request], httpx.Response]


def ask(
    answer: Answer,
    path: str = "/query/user",
    body: str = '{"user_id": "u"}',
    *,
    method: str = "POST",
    headers: dict[str, str] | None = None,
    timeout: float = 5,
    url: str = "https://api.internal/v1/",
) -> httpx.Response:
    """One request to the handler, whose internal API gives `answer`."""
    settings = Settings("test", url, timeout, "ap-southeast-1")
    app = create_app(settings, httpx.MockTransport(answer))

    async def exchange() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://h") as client,
        ):
            sent = {"Content-Type": "application/json", **(headers or {})}
            return await client.request(method, path, content=body if method == "POST" else None, headers=sent)

    return asyncio.run(exchange())


def page(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=PAGE)


def recording(asked: list[httpx.Request]) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return page(request)

    return answer


def never(_: httpx.Request) -> httpx.Response:
    raise AssertionError("the internal API was asked")


def answering(status: int, body: Any, **headers: str) -> Answer:
    return lambda _: httpx.Response(status, json=body, headers=headers)


def raising(error: Exception) -> Answer:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


@pytest.mark.parametrize(
    ("operation", "field"), [("user", "user_id"), ("marketing", "marketing_id"), ("fail", "transaction_id")]
)
@pytest.mark.parametrize("base", ["https://api.internal/v1/", "https://api.internal/v1"])
def test_a_query_goes_to_the_stage_and_its_page_comes_back_digit_by_digit(
    operation: str, field: str, base: str
) -> None:
    asked: list[httpx.Request] = []
    answer = ask(
        recording(asked),
        f"/query/{operation}",
        json.dumps({field: "x"}),
        url=base,
    )
    assert str(asked[0].url) == f"https://api.internal/v1/query/{operation}"
    assert (answer.status_code, answer.json()) == (200, PAGE)


def test_the_body_is_passed_on_byte_by_byte() -> None:
    asked: list[httpx.Request] = []
    ask(recording(asked), body='{"limit": 5,  "user_id": "한"}')
    assert [request.content for request in asked] == ['{"limit": 5,  "user_id": "한"}'.encode()]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("{}", "user_id"),
        ('{"user_id": ""}', "user_id"),
        ('{"user_id": "\\ud800"}', "user_id"),
        ('{"user_id": "u", "limit": true}', "limit"),
        ('{"user_id": "u", "limit": "10"}', "limit"),
        ('{"user_id": "u", "next_token": null}', "next_token"),
        ('{"user_id": "u", "cursor": "c"}', "cursor"),
        ("[]", "body"),
        ("{", "body"),
        ("[" * 50_000, "body"),
        ('{"user_id": "u", "limit": %s}' % ("9" * 5000), "body"),
        ("", "body"),
    ],
)
def test_a_wrong_body_is_a_400_that_names_the_field_and_stops_here(body: str, field: str) -> None:
    answer = ask(never, body=body)
    assert (answer.status_code, answer.json()["field"]) == (400, field)


@pytest.mark.parametrize(
    ("behind", "status", "hop"),
    [
        (answering(403, {"message": "Forbidden"}), 502, "internal-api"),
        (answering(404, {"message": "Not Found"}), 502, "internal-api"),
        (answering(429, {"message": "Too Many Requests"}), 503, "internal-api"),
        (answering(500, {"message": "Internal server error"}), 502, "internal-api"),
        (answering(502, {"message": "Internal server error"}), 502, "query-result"),
        (answering(503, {"message": "Service Unavailable"}), 503, "internal-api"),
        (answering(504, {"message": "Endpoint request timed out"}), 504, "query-result"),
        (answering(503, {"message": "DynamoDB is busy", "hop": "dynamodb"}), 503, "dynamodb"),
        (answering(500, {"message": "fault", "hop": "query-result"}), 500, "query-result"),
        (answering(500, {"message": "x", "hop": "made-up"}), 502, "internal-api"),
        (lambda _: httpx.Response(503, text="<html>"), 503, "internal-api"),
        (lambda _: httpx.Response(302, headers={"Location": "https://elsewhere"}), 502, "internal-api"),
        (lambda _: httpx.Response(200, text="<html>"), 502, "internal-api"),
        (answering(200, {"status": "ok"}), 502, "internal-api"),
        (raising(httpx.ConnectError("refused")), 503, "internal-api"),
        (raising(httpx.ConnectTimeout("slow")), 504, "internal-api"),
        (raising(httpx.ReadTimeout("slow")), 504, "internal-api"),
        (raising(httpx.RemoteProtocolError("gone")), 503, "internal-api"),
    ],
)
def test_a_failure_behind_names_its_hop(behind: Answer, status: int, hop: str) -> None:
    answer = ask(behind)
    assert (answer.status_code, answer.json()["hop"]) == (status, hop)


def test_a_400_of_the_internal_api_passes_with_its_field() -> None:
    refusal = {"message": "next_token belongs to another query", "field": "next_token", "correlation_id": "other"}
    answer = ask(answering(400, refusal), headers={"x-correlation-id": "caller-id-1"})
    assert (answer.status_code, answer.json()) == (400, refusal | {"correlation_id": "caller-id-1"})


def test_a_busy_internal_api_says_when_to_ask_again() -> None:
    assert ask(answering(429, {"message": "Too Many Requests"})).headers["Retry-After"] == "1"


def test_a_connection_that_breaks_is_tried_once_more() -> None:
    asked: list[httpx.Request] = []

    def break_the_first(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if len(asked) == 1:
            raise httpx.ReadError("reset")
        return page(request)

    assert (ask(break_the_first).status_code, len(asked)) == (200, 2)


def test_an_answer_that_drips_is_cut_off_at_the_deadline() -> None:
    async def drip(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(5)
        return httpx.Response(200, json=PAGE)

    assert ask(drip, timeout=0.1).status_code == 504  # type: ignore[arg-type]


def test_the_correlation_id_travels_there_and_back() -> None:
    asked: list[httpx.Request] = []
    answer = ask(recording(asked), headers={"x-correlation-id": "caller-id-1"})
    assert asked[0].headers["x-correlation-id"] == answer.headers["x-correlation-id"] == "caller-id-1"


def test_an_ill_formed_correlation_id_is_replaced() -> None:
    assert ask(page, headers={"x-correlation-id": "short"}).headers["x-correlation-id"] != "short"


def test_the_time_in_each_hop_is_told() -> None:
    timing = ask(answering(200, PAGE, **{"Server-Timing": "dynamodb;dur=1, query-result;dur=2"})).headers[
        "Server-Timing"
    ]
    assert [entry.split(";")[0] for entry in timing.split(", ")] == [
        "dynamodb",
        "query-result",
        "internal-api",
        "handler",
    ]


def test_a_field_with_the_empty_name_is_a_mistake_of_the_body() -> None:
    answer = ask(never, body='{"user_id": "a", "": 1}')
    assert (answer.status_code, answer.json()["field"]) == (400, "body")


def test_health_asks_nobody() -> None:
    assert ask(never, "/health", method="GET").json() == {"status": "ok"}


def test_ready_reaches_the_internal_apis_health() -> None:
    asked: list[str] = []

    def healthy(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json={"status": "ok"})

    assert ask(healthy, "/ready", method="GET").json() == {"status": "ready"}
    assert asked == ["https://api.internal/v1/health"]


def test_not_ready_names_the_hop() -> None:
    answer = ask(raising(httpx.ConnectTimeout("slow")), "/ready", method="GET")
    assert (answer.status_code, answer.json()["hop"]) == (503, "internal-api")


def test_an_unknown_path_is_a_404_in_our_shape() -> None:
    answer = ask(never, "/query/failures")
    assert (answer.status_code, set(answer.json())) == (404, {"message", "correlation_id"})


def test_a_fault_is_a_500_in_our_shape_and_its_cause_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    answer = ask(raising(ZeroDivisionError("the cause")))
    assert (answer.status_code, answer.json()["hop"], "the cause" in caplog.text) == (500, "handler", True)
    assert answer.json()["correlation_id"] == answer.headers["x-correlation-id"]


def test_health_makes_no_noise_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ask(never, "/health", method="GET")
    assert "query_handler.correlation" not in [record.name for record in caplog.records]


def test_the_log_holds_no_users_data(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="query_handler")
    ask(page, body='{"user_id": "user-secret"}')
    assert "answered" in caplog.text
    assert not [record for record in caplog.records if "secret" in str(record.__dict__)]
