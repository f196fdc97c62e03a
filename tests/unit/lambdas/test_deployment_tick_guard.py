import logging
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ConnectTimeoutError
from deployment_tick_guard import handler as entry
from deployment_tick_guard.handler import handler
from deployment_tick_guard.lease import Pause, Ticks
from moto import mock_aws

from tests.unit.lambdas.support.hooks import (
    BLUE,
    DEPLOYMENT,
    GREEN,
    SERVICE,
    Scripted,
    error,
    first_event,
    hook_event,
    rollback_event,
)

TABLE, KEY, START = "ticks", "shop/api", 1_000_000.0
STAGE, SWITCHED = "PRE_PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT"
OTHER = DEPLOYMENT + "2"
Answer = Callable[..., Any]


def is_(status: str) -> dict[str, Any]:
    """What ECS says of the deployment."""
    found = {"serviceDeploymentArn": DEPLOYMENT, "status": status, "sourceServiceRevisions": [{"arn": BLUE}]}
    return {"serviceDeployments": [found]}


FIRST = {"serviceDeployments": [{"serviceDeploymentArn": DEPLOYMENT, "status": "IN_PROGRESS"}]}


def changed(name: str = "SERVICE_DEPLOYMENT_COMPLETED", service: str = SERVICE) -> dict[str, Any]:
    """As in https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html"""
    return {
        "detail-type": "ECS Deployment State Change",
        "source": "aws.ecs",
        "time": "2026-11-22T09:00:00Z",
        "resources": [service],
        "detail": {"eventType": "INFO", "eventName": name, "deploymentId": "ecs-svc/123", "reason": "..."},
    }


@pytest.fixture(scope="module")
def aws() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-west-2", aws_access_key_id="x", aws_secret_access_key="x")
        client.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "service", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "service", "AttributeType": "S"}],
        )
        yield client


@pytest.fixture
def client(aws: Any) -> Any:
    aws.delete_item(TableName=TABLE, Key={"service": {"S": KEY}})
    return aws


@pytest.fixture
def worker(client: Any) -> Ticks:
    return Ticks(client, TABLE, KEY, "worker-1", now=lambda: START)


def pause_at(client: Any, seconds: float) -> str | None:
    """The deployment that holds the pause, so many seconds after the start."""
    return Pause(client, TABLE, KEY, now=lambda: START + seconds).by()


@pytest.fixture
def answer(client: Any, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Call the handler in the mode `lease`, some seconds after the start."""
    for name, value in {"MODE": "lease", "LEASE_TABLE": TABLE, "MIN_WAIT_SECONDS": "0"}.items():
        monkeypatch.setenv(name, value)

    def call(event: Any, after: float = 0, ecs: Any = None, dynamodb: Any = client) -> Any:
        monkeypatch.setattr(entry, "ecs", lambda: ecs or Scripted())
        monkeypatch.setattr(entry, "dynamodb", lambda: dynamodb)
        monkeypatch.setattr("time.time", lambda: START + after)
        return handler(event, None)

    return call


def test_without_a_tick_the_switch_may_come_and_no_tick_begins_until_then(answer: Answer, worker: Ticks) -> None:
    assert answer(hook_event(STAGE)) == {"hookStatus": "SUCCEEDED"}
    assert not worker.begin(30)


def test_a_running_tick_is_waited_for(answer: Answer, worker: Ticks) -> None:
    worker.begin(30)
    told = answer(hook_event(STAGE, details={"team": "shop"}))
    assert told["hookDetails"] == {"team": "shop", "step": f"{STAGE} 0", "since": START}
    assert (told["hookStatus"], told["callBackDelay"]) == ("IN_PROGRESS", 5)
    worker.end()
    assert answer(hook_event(STAGE, details=told["hookDetails"]), after=5) == {"hookStatus": "SUCCEEDED"}


def test_the_same_invocation_twice_changes_nothing(answer: Answer, worker: Ticks) -> None:
    worker.begin(30)
    event = hook_event(STAGE)
    assert answer(event) == answer(event)


def test_every_invocation_prolongs_the_pause(answer: Answer, client: Any, worker: Ticks) -> None:
    worker.begin(50)
    details = answer(hook_event(STAGE))["hookDetails"]
    answer(hook_event(STAGE, details=details), after=40)
    assert (pause_at(client, 160), pause_at(client, 161)) == (DEPLOYMENT, None)


def test_the_switch_is_held_for_10_seconds_even_if_no_tick_is_seen(
    answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MIN_WAIT_SECONDS")
    told = answer(hook_event(STAGE))
    assert (told["hookStatus"], told["callBackDelay"]) == ("IN_PROGRESS", 5)
    told = answer(hook_event(STAGE, details=told["hookDetails"]), after=7)
    assert (told["hookStatus"], told["callBackDelay"]) == ("IN_PROGRESS", 3)
    assert answer(hook_event(STAGE, details=told["hookDetails"]), after=9.8)["callBackDelay"] == 1
    assert answer(hook_event(STAGE, details=told["hookDetails"]), after=10) == {"hookStatus": "SUCCEEDED"}


def test_a_tick_that_never_ends_fails_at_the_ceiling_and_the_old_version_works_on(
    answer: Answer, client: Any, worker: Ticks, caplog: pytest.LogCaptureFixture
) -> None:
    worker.begin(3600)
    details = answer(hook_event(STAGE))["hookDetails"]
    assert answer(hook_event(STAGE, details=details), after=59)["hookStatus"] == "IN_PROGRESS"
    assert answer(hook_event(STAGE, details=details), after=60) == {"hookStatus": "FAILED"}
    assert "after 60 s there still run: worker-1: rolled back" in caplog.text
    assert pause_at(client, 60) is None


def test_a_tick_that_never_ends_may_be_passed_over(answer: Answer, client: Any, worker: Ticks) -> None:
    worker.begin(3600)
    details = answer(hook_event(STAGE))["hookDetails"] | {"onTimeout": "CONTINUE"}
    assert answer(hook_event(STAGE, details=details), after=60) == {"hookStatus": "SUCCEEDED"}
    assert pause_at(client, 60) == DEPLOYMENT


def test_each_step_of_a_gradual_shift_has_its_own_time(answer: Answer, worker: Ticks) -> None:
    worker.begin(3600)
    old = {"step": f"{STAGE} 0", "since": START - 500}
    second = hook_event(STAGE, details=old, productionTrafficWeights={GREEN: 50, BLUE: 50})
    told = answer(second)
    assert (told["hookStatus"], told["hookDetails"]["since"]) == ("IN_PROGRESS", START)


def test_the_pause_ends_when_traffic_is_switched(answer: Answer, client: Any, worker: Ticks) -> None:
    answer(hook_event(STAGE))
    assert answer(hook_event(SWITCHED), after=8) == {"hookStatus": "SUCCEEDED"}
    assert pause_at(client, 8) is None
    assert worker.begin(30)


@pytest.mark.parametrize("stage", ["TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"])
def test_a_rollback_is_never_held_and_ends_the_pause(answer: Answer, client: Any, worker: Ticks, stage: str) -> None:
    worker.begin(3600)
    answer(hook_event(STAGE))
    assert answer(rollback_event(stage)) == {"hookStatus": "SUCCEEDED"}
    assert pause_at(client, 0) is None


def test_a_service_that_is_created_has_no_ticks(answer: Answer, client: Any, worker: Ticks) -> None:
    worker.begin(3600)
    assert answer(first_event(), ecs=Scripted(describe_service_deployments=FIRST)) == {"hookStatus": "SUCCEEDED"}
    assert pause_at(client, 0) is None


def test_without_weights_ecs_is_asked_for_the_older_version(answer: Answer, worker: Ticks) -> None:
    worker.begin(30)
    ecs = Scripted(describe_service_deployments=is_("IN_PROGRESS"))
    assert answer(hook_event("POST_SCALE_UP"), ecs=ecs)["hookStatus"] == "IN_PROGRESS"
    assert ecs.asked("describe_service_deployments") == [{"serviceDeploymentArns": [DEPLOYMENT]}]


def test_a_table_that_is_throttled_is_asked_again_until_the_ceiling(answer: Answer) -> None:
    throttled = error("ProvisionedThroughputExceededException")
    busy = Scripted("dynamodb", update_item=throttled, get_item=throttled)
    told = answer(hook_event(STAGE), dynamodb=busy)
    assert told["hookStatus"] == "IN_PROGRESS"
    assert answer(hook_event(STAGE, details=told["hookDetails"]), after=60, dynamodb=busy) == {"hookStatus": "FAILED"}


def test_a_table_that_is_not_there_fails_by_its_reason(answer: Answer, caplog: pytest.LogCaptureFixture) -> None:
    refusal = error("ResourceNotFoundException", message="no table ticks")
    gone = Scripted("dynamodb", update_item=refusal, get_item=refusal)
    assert answer(hook_event(STAGE), dynamodb=gone) == {"hookStatus": "FAILED"}
    assert "the ticks cannot be seen" in caplog.text
    assert "no table ticks" in caplog.text


def test_a_pause_that_cannot_be_ended_does_not_fail_what_is_switched(answer: Answer) -> None:
    busy = Scripted("dynamodb", get_item=ConnectTimeoutError(endpoint_url="https://dynamodb"))
    assert answer(hook_event(SWITCHED), dynamodb=busy) == {"hookStatus": "SUCCEEDED"}


@pytest.mark.parametrize(
    "status", ["SUCCESSFUL", "STOPPED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL"]
)
@pytest.mark.parametrize("name", ["COMPLETED", "FAILED", "IN_PROGRESS"])
def test_an_event_ends_the_pause_of_a_deployment_that_does_not_go_forward(
    answer: Answer, client: Any, status: str, name: str
) -> None:
    answer(hook_event(STAGE))
    answer(changed(f"SERVICE_DEPLOYMENT_{name}"), ecs=Scripted(describe_service_deployments=is_(status)))
    assert pause_at(client, 0) is None


def test_an_event_does_not_end_the_pause_of_a_deployment_that_goes_forward(answer: Answer, client: Any) -> None:
    answer(hook_event(STAGE))
    answer(changed(), ecs=Scripted(describe_service_deployments=is_("IN_PROGRESS")))
    assert pause_at(client, 0) == DEPLOYMENT


def test_an_event_ends_the_pause_of_a_deployment_that_ecs_does_not_know(answer: Answer, client: Any) -> None:
    answer(hook_event(STAGE))
    answer(changed(), ecs=Scripted(describe_service_deployments={"serviceDeployments": []}))
    assert pause_at(client, 0) is None


def test_an_event_without_a_pause_asks_ecs_nothing(answer: Answer) -> None:
    ecs = Scripted()
    assert answer(changed(), ecs=ecs) is None
    assert ecs.calls == []


def test_an_event_of_another_service_leaves_the_pause(answer: Answer, client: Any) -> None:
    answer(hook_event(STAGE))
    answer(changed(service=SERVICE + "2"), ecs=Scripted(describe_service_deployments=is_("STOPPED")))
    assert pause_at(client, 0) == DEPLOYMENT


def test_an_event_that_ecs_cannot_explain_leaves_the_pause_to_its_time(
    answer: Answer, client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    answer(hook_event(STAGE))
    answer(changed(), ecs=Scripted(describe_service_deployments=error("AccessDeniedException")))
    assert pause_at(client, 0) == DEPLOYMENT
    assert "the pause ends by itself" in caplog.text


@pytest.mark.parametrize("resources", [None, [], [7], ["arn:aws:ecs:us-west-2:1:service/api"], "x"])
def test_an_event_that_names_no_service_is_passed_over(answer: Answer, resources: Any) -> None:
    assert answer(changed() | {"resources": resources}) is None


def test_an_event_is_nothing_to_a_guard_without_leases(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEASE_TABLE")
    assert answer(changed()) is None


def test_the_lease_may_have_a_key_of_its_own(
    answer: Answer, client: Any, worker: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEASE_KEY", "api-stage")
    answer(hook_event(STAGE))
    assert Pause(client, TABLE, "api-stage", now=lambda: START).by() == DEPLOYMENT
    assert worker.begin(30)


def test_the_log_tells_how_long_the_switch_was_held(
    answer: Answer, worker: Ticks, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    worker.begin(30)
    answer(hook_event(STAGE, details={"step": f"{STAGE} 0", "since": START - 20}))
    assert "shop/api/TFX5sH9q9XDboDTOv0rIt: held for 20 s, ticks: worker-1" in caplog.text
