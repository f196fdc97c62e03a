import base64
import json
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError
from query_result.handler import handler, logger

from tests.unit.lambdas.support import events, tables
from tests.unit.lambdas.support.logs import log_of

PATHS = {"/query/user": "user_id", "/query/marketing": "marketing_id", "/query/fail": "transaction_id"}


def ask(path: str, **body: Any) -> tuple[int, Any]:
    answer = handler(events.rest("POST", path, json.dumps(body)), events.Context())
    return answer["statusCode"], json.loads(answer["body"])


def failing(client: Any, failure: Exception | dict[str, Any]) -> None:
    def fail(**_: Any) -> Any:
        if isinstance(failure, Exception):
            raise failure
        return type("Response", (), {"status_code": 400, "headers": {}})(), failure

    client.meta.events.register("before-call.dynamodb.Query", fail)


def test_health_is_answered_without_dynamodb() -> None:
    answer = handler(events.rest("GET", "/health"), events.Context())
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"status": "ok"})


def test_a_users_notifications_come_newest_first(dynamodb: Any) -> None:
    tables.fill(dynamodb, [tables.item(created_at=time) for time in (1, 3, 2)])
    status, page = ask("/query/user", user_id="user-1")
    assert (status, [item["created_at"] for item in page["items"]], page["count"]) == (200, [3, 2, 1], 3)


def test_a_campaigns_notifications_come_newest_first_of_all_users(dynamodb: Any) -> None:
    tables.fill(dynamodb, [tables.item(f"user-{n}", n, marketing_id="campaign-1") for n in (1, 3, 2)])
    _, page = ask("/query/marketing", marketing_id="campaign-1")
    assert [item["user_id"] for item in page["items"]] == ["user-3", "user-2", "user-1"]


def test_a_transactions_failures_leave_out_what_was_sent(dynamodb: Any) -> None:
    tables.fill(dynamodb, [tables.item(created_at=1), tables.item(created_at=2, status="FAILED", error_msg="gone")])
    _, page = ask("/query/fail", transaction_id="transaction-1")
    assert [item["error_msg"] for item in page["items"]] == ["gone"]


def test_the_source_application_is_shown(dynamodb: Any) -> None:
    tables.fill(dynamodb, [tables.item(ap_id="mobile-app-001")])
    assert ask("/query/user", user_id="user-1")[1]["items"][0]["ap_id"] == "mobile-app-001"


@pytest.mark.parametrize(("path", "field"), PATHS.items())
def test_nobodys_records_are_an_empty_page(dynamodb: Any, path: str, field: str) -> None:
    assert ask(path, **{field: "nobody"}) == (200, {"items": [], "count": 0, "next_token": None})


@pytest.mark.parametrize(("path", "field"), PATHS.items())
def test_a_missing_id_is_a_400_that_names_it(dynamodb: Any, path: str, field: str) -> None:
    status, error = ask(path)
    assert (status, error["field"], error["correlation_id"]) == (400, field, "request-id-1")


def test_a_token_that_is_not_ours_is_a_400_that_names_it(dynamodb: Any) -> None:
    status, error = ask("/query/user", user_id="user-1", next_token="garbage")
    assert (status, error["field"]) == (400, "next_token")


def test_a_base64_body_is_read(dynamodb: Any) -> None:
    body = base64.b64encode(b'{"user_id": "user-1"}').decode()
    answer = handler(events.rest("POST", "/query/user", body, isBase64Encoded=True), events.Context())
    assert answer["statusCode"] == 200


@pytest.mark.parametrize("body", ["!", base64.b64encode(b"\xff").decode()])
def test_a_broken_base64_body_is_a_400(dynamodb: Any, body: str) -> None:
    answer = handler(events.rest("POST", "/query/user", body, isBase64Encoded=True), events.Context())
    assert (answer["statusCode"], json.loads(answer["body"])["field"]) == (400, "body")


@pytest.mark.parametrize("path", ["/query/failures", "/failed", "/"])
def test_an_unknown_path_is_a_404_that_lists_the_paths(path: str) -> None:
    status, error = ask(path)
    assert (status, "/query/fail" in error["message"]) == (404, True)


def test_a_wrong_method_is_a_405_that_names_the_right_one() -> None:
    answer = handler(events.rest("GET", "/query/user"), events.Context())
    assert (answer["statusCode"], answer["multiValueHeaders"]["Allow"]) == (405, ["POST"])


@pytest.mark.parametrize(
    ("given", "returned"), [("caller-id-1", "caller-id-1"), ("short", "request-id-1"), ("a b" * 9, "request-id-1")]
)
def test_the_callers_correlation_id_comes_back_if_it_is_well_formed(dynamodb: Any, given: str, returned: str) -> None:
    event = events.rest("POST", "/query/user", "{}", headers={"X-Correlation-Id": given})
    answer = handler(event, events.Context())
    assert answer["multiValueHeaders"]["x-correlation-id"] == [returned]


def test_the_time_in_each_hop_is_told(dynamodb: Any) -> None:
    answer = handler(events.rest("POST", "/query/user", '{"user_id": "u"}'), events.Context())
    names = [entry.split(";")[0] for entry in answer["multiValueHeaders"]["Server-Timing"][0].split(", ")]
    assert names == ["dynamodb", "query-result"]


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        ({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, 503),
        ({"Error": {"Code": "AccessDeniedException", "Message": "arn:aws:secret is not authorized"}}, 502),
        (ReadTimeoutError(endpoint_url="https://dynamodb"), 504),
        (ConnectTimeoutError(endpoint_url="https://dynamodb"), 504),
        (EndpointConnectionError(endpoint_url="https://dynamodb"), 503),
    ],
)
def test_a_failure_of_dynamodb_names_the_hop_and_tells_no_internals(dynamodb: Any, failure: Any, status: int) -> None:
    failing(dynamodb, failure)
    found, error = ask("/query/user", user_id="user-1")
    assert (found, error["hop"], "arn:" in error["message"]) == (status, "dynamodb", False)


def test_a_busy_dynamodb_says_when_to_ask_again(dynamodb: Any) -> None:
    failing(dynamodb, {"Error": {"Code": "ThrottlingException", "Message": ""}})
    answer = handler(events.rest("POST", "/query/user", '{"user_id": "u"}'), events.Context())
    assert answer["multiValueHeaders"]["Retry-After"] == ["1"]


def test_a_missing_setting_is_a_500_and_its_cause_is_in_the_log(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    log = log_of(logger, monkeypatch)
    monkeypatch.delenv("NOTIFICATION_TABLE")
    status, error = ask("/query/user", user_id="user-1")
    assert (status, error["hop"], "NOTIFICATION_TABLE" in log.getvalue()) == (500, "query-result", True)


def test_the_log_holds_no_users_data(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    log = log_of(logger, monkeypatch)
    tables.fill(dynamodb, [tables.item("user-secret", notification_title="title-secret")])
    ask("/query/user", user_id="user-secret")
    assert "answered" in log.getvalue()
    assert "secret" not in log.getvalue()


def test_one_call_of_dynamodb_gives_up_within_seven_seconds(dynamodb: Any) -> None:
    config = dynamodb.meta.config
    attempts = config.retries["total_max_attempts"]
    assert attempts * (config.connect_timeout + config.read_timeout) + (attempts - 1) <= 7
