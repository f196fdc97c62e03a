"""Queries travel every hop of the deployed service."""

import os

import httpx
import pytest

from roadworthy.local.signed_http import post
from tests.e2e.conftest import Service, command, eventually

pytestmark = pytest.mark.e2e

# In a row; a minute and a half for 2,000: QUERIES=2000 make test ARGS=tests/e2e/test_queries.py
QUERIES = int(os.environ.get("QUERIES", "300"))


@pytest.fixture(scope="module")
def seeded(service: Service) -> str:
    """A user with 25 notifications: every third of them failed, two sources."""
    user_id = "seeded-user"
    service.write(
        *(
            command(
                user_id,
                number,
                marketing_id="seeded-campaign",
                status="FAILED" if number % 3 == 0 else "SENT",
                ap_id="web-portal-001" if number % 2 else "mobile-app-001",
            )
            for number in range(25)
        )
    )
    eventually(lambda: len(service.notifications(user_id)) == 25)
    return user_id


def times(answer):
    return [item["created_at"] - 1_700_000_000_000 for item in answer.body["items"]]


def test_a_user_query_answers_the_newest_ten_first(service, seeded):
    answer = service.query("user", {"user_id": seeded})
    assert (answer.status, times(answer)) == (200, list(range(24, 14, -1)))


def test_a_marketing_query_goes_page_by_page_without_loss_or_repetition(service, seeded):
    seen, token = [], None
    while True:
        more = {"next_token": token} if token else {}
        answer = service.query("marketing", {"marketing_id": "seeded-campaign", "limit": 7, **more})
        seen += times(answer)
        token = answer.body["next_token"]
        if token is None:
            break
    assert seen == list(range(24, -1, -1))


def test_a_failure_query_answers_failures_alone(service, seeded):
    failed = service.query("fail", {"transaction_id": f"{seeded}-tx-3"})
    sent = service.query("fail", {"transaction_id": f"{seeded}-tx-4"})
    assert (failed.body["count"], failed.body["items"][0]["status"]) == (1, "FAILED")
    assert sent.body["items"] == []


def test_ap_id_is_carried_and_filters(service, seeded):
    answer = service.query("user", {"user_id": seeded, "limit": 5, "ap_id": "web-portal-001"})
    assert {item["ap_id"] for item in answer.body["items"]} == {"web-portal-001"}
    assert times(answer) == [23, 21, 19, 17, 15]


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        ("user", {}, "user_id"),
        ("user", {"user_id": ""}, "user_id"),
        ("user", {"user_id": "a", "limit": 0}, "limit"),
        ("user", {"user_id": "a", "limit": "ten"}, "limit"),
        ("user", {"user_id": "a", "colour": "red"}, "colour"),
        ("user", {"user_id": "a", "next_token": "garbage"}, "next_token"),
        ("marketing", {"user_id": "a"}, "marketing_id"),
        ("fail", {"transaction_id": 7}, "transaction_id"),
    ],
)
def test_bad_input_is_a_400_that_names_the_field(service, kind, body, field):
    answer = service.query(kind, body)
    assert (answer.status, answer.body["field"]) == (400, field)
    assert field in answer.body["message"]


def test_what_is_not_json_is_refused_by_the_gateway(service):
    assert service.query("user", "{nope").status == 400


@pytest.mark.parametrize("old", ["failures", "/failed", "failed"])
def test_the_old_names_of_the_failure_query_are_gone(service, old):
    assert service.query(old, {"transaction_id": "a"}).status in {403, 404}


def test_every_hop_tells_its_time(service, seeded):
    names = [name for name, _ in service.query("user", {"user_id": seeded}).hops]
    assert names == ["dynamodb", "query-result", "internal-api", "handler", "query"]


def test_one_correlation_id_is_in_the_answer_and_in_the_logs_of_every_hop(service, seeded):
    answer = service.query("user", {"user_id": seeded})
    correlation_id = answer.headers["x-correlation-id"]
    logs = service.aws.client("logs")

    def hops_that_logged() -> set[str]:
        groups = (
            "/aws/lambda/query-service-query",
            "/ecs/query-service",
            "/aws/lambda/query-service-query-result",
        )
        return {
            group
            for group in groups
            for event in logs.filter_log_events(logGroupName=group)["events"]
            if correlation_id in event["message"]
        }

    eventually(lambda: len(hops_that_logged()) == 3)


def test_health_answers_through_every_hop_up_to_the_handler(service):
    answer = post(f"{service.url}/health", None, region=service.aws.region, method="GET")
    assert answer.status == 200


def test_the_handler_reaches_the_internal_apis_health_through_the_endpoint(service):
    answer = httpx.get(f"{service.aws.url}/_alb/query-service/ready", trust_env=False)
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_a_request_without_a_signature_is_refused(service):
    answer = httpx.post(f"{service.url}/query/user", json={"user_id": "a"}, trust_env=False)
    assert answer.status_code == 403


def test_the_internal_api_cannot_be_reached_from_outside_the_network(service):
    url = service.aws.local_url(service.outputs["InternalApiUrl"])
    assert post(f"{url}/query/user", {"user_id": "a"}, region=service.aws.region).status == 403


def test_queries_in_a_row_succeed(service, seeded):
    statuses = {service.query("user", {"user_id": seeded, "limit": 5}).status for _ in range(QUERIES)}
    assert statuses == {200}
