import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from deployment_deadline import handler as entry
from deployment_deadline.deadline import NotListedError
from deployment_deadline.deployments import Deployment
from deployment_deadline.events import UnknownEventError
from deployment_deadline.handler import handler
from deployment_deadline.schedule import name as schedule_name
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from deployment_hook.options import SettingError
from tests.unit.lambdas.support.events import Context
from tests.unit.lambdas.support.hooks import BLUE, DEPLOYMENT, SERVICE, Scripted, error

BEGAN = datetime(2026, 11, 22, 9, 0, 0, 250_000, tzinfo=UTC)
ROLE = "arn:aws:iam::111122223333:role/scheduler"
FUNCTION = Context().invoked_function_arn
PAUSED = [{"hookId": "1", "targetType": "PAUSE", "status": "AWAITING_ACTION"}]
FIRED = {"expiredServiceDeployment": DEPLOYMENT}
FINAL = ["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"]
BACK = ["STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"]
Call = Callable[..., None]


def changed(name: str = "IN_PROGRESS", minutes: float = 0) -> dict[str, Any]:
    """As in https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html"""
    return {
        "id": "ddca6449-b258-46c0-8653-e0e3a6EXAMPLE",
        "detail-type": "ECS Deployment State Change",
        "source": "aws.ecs",
        "time": f"{BEGAN + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}",
        "resources": [SERVICE],
        "detail": {"eventName": f"SERVICE_DEPLOYMENT_{name}", "deploymentId": "ecs-svc/123", "reason": "..."},
    }


def ecs(status: str = "IN_PROGRESS", *, first: bool = False, hooks: Any = (), **answers: Any) -> Scripted:
    """An ECS with one deployment of the service."""
    known = {"serviceDeploymentArn": DEPLOYMENT, "status": status, "startedAt": BEGAN, "createdAt": BEGAN}
    sources = [] if first else [{"arn": BLUE}]
    whole = known | {"sourceServiceRevisions": sources, "lifecycleHookDetails": list(hooks)}
    usual = {
        "list_service_deployments": {"serviceDeployments": [known]},
        "describe_service_deployments": {"serviceDeployments": [whole]},
        "stop_service_deployment": {"serviceDeploymentArn": DEPLOYMENT},
    }
    return Scripted(**(usual | answers))


@pytest.fixture(scope="module")
def aws() -> Iterator[Any]:
    with mock_aws():
        yield boto3.client("scheduler", region_name="us-west-2", aws_access_key_id="x", aws_secret_access_key="x")


@pytest.fixture
def scheduler(aws: Any) -> Any:
    for schedule in aws.list_schedules()["Schedules"]:
        aws.delete_schedule(Name=schedule["Name"])
    return aws


@pytest.fixture
def call(scheduler: Any, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call the handler, some minutes after the deployment began; it has 15 minutes."""
    monkeypatch.setenv("DEADLINE_SECONDS", "900")
    monkeypatch.setenv("SCHEDULER_ROLE_ARN", ROLE)

    def invoke(event: Any, client: Scripted, minutes: float = 0, schedules: Any = scheduler) -> None:
        class Now(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:
                return BEGAN + timedelta(minutes=minutes)

        monkeypatch.setattr(entry, "datetime", Now)
        monkeypatch.setattr(entry, "ecs", lambda: client)
        monkeypatch.setattr(entry, "scheduler", lambda: schedules)
        handler(event, Context())

    return invoke


def times(scheduler: Any) -> list[str]:
    """When the schedules that there are will call."""
    names = [each["Name"] for each in scheduler.list_schedules()["Schedules"]]
    return sorted(scheduler.get_schedule(Name=name)["ScheduleExpression"] for name in names)


def test_a_deployment_that_begins_gets_one_schedule_at_its_end(call: Call, scheduler: Any) -> None:
    call(changed(), ecs())
    [brief] = scheduler.list_schedules()["Schedules"]
    made = scheduler.get_schedule(Name=brief["Name"])
    assert (made["ScheduleExpression"], made["ScheduleExpressionTimezone"]) == ("at(2026-11-22T09:15:00)", "UTC")
    assert (made["ActionAfterCompletion"], made["FlexibleTimeWindow"]) == ("DELETE", {"Mode": "OFF"})
    assert (made["Target"]["Arn"], made["Target"]["RoleArn"]) == (FUNCTION, ROLE)
    assert json.loads(made["Target"]["Input"]) == FIRED


def test_the_schedules_name_tells_the_service_and_fits(call: Call, scheduler: Any) -> None:
    call(changed(), ecs())
    [brief] = scheduler.list_schedules()["Schedules"]
    assert brief["Name"].startswith("deadline-api-")
    assert len(brief["Name"]) <= 64


@given(service=st.text("abcXYZ019-_", min_size=1, max_size=255))
def test_a_name_is_always_one_that_the_scheduler_takes(service: str) -> None:
    deployment = Deployment(DEPLOYMENT.replace("/api/", f"/{service}/"), "PENDING", BEGAN)
    assert re.fullmatch(r"deadline-[0-9a-zA-Z-_.]{1,55}", schedule_name(deployment, BEGAN))


def test_the_same_event_again_changes_nothing(call: Call, scheduler: Any) -> None:
    call(changed(), ecs())
    call(changed(), ecs(), minutes=3)
    assert times(scheduler) == ["at(2026-11-22T09:15:00)"]


@pytest.mark.parametrize("status", [*FINAL, *BACK])
@pytest.mark.parametrize("name", ["COMPLETED", "FAILED", "IN_PROGRESS"])
def test_what_is_over_or_goes_back_loses_its_schedule(call: Call, scheduler: Any, status: str, name: str) -> None:
    call(changed(), ecs())
    client = ecs(status)
    call(changed(name, minutes=5), client, minutes=5)
    assert (times(scheduler), client.asked("stop_service_deployment")) == ([], [])


def test_an_end_without_a_schedule_is_nothing(call: Call, scheduler: Any) -> None:
    call(changed("COMPLETED"), ecs("SUCCESSFUL"))
    assert times(scheduler) == []


def test_a_deployment_that_is_not_over_in_time_is_rolled_back(call: Call, caplog: pytest.LogCaptureFixture) -> None:
    client = ecs()
    call(FIRED, client, minutes=15.5)
    assert client.asked("stop_service_deployment") == [{"serviceDeploymentArn": DEPLOYMENT, "stopType": "ROLLBACK"}]
    assert "is not over after 16 min: ECS rolls it back" in caplog.text


@pytest.mark.parametrize("status", [*FINAL, *BACK])
def test_a_deployment_that_is_over_or_goes_back_is_left_alone(call: Call, status: str) -> None:
    client = ecs(status)
    call(FIRED, client, minutes=15)
    assert client.asked("stop_service_deployment") == []


def test_a_deployment_that_ecs_has_forgotten_is_left_alone(call: Call) -> None:
    client = ecs(describe_service_deployments={"serviceDeployments": [], "failures": [{"reason": "MISSING"}]})
    call(FIRED, client, minutes=15)
    assert client.asked("stop_service_deployment") == []


@pytest.mark.parametrize("code", ["ConflictException", "ServiceDeploymentNotFoundException"])
def test_a_deployment_that_ends_at_that_moment_is_no_failure(call: Call, code: str) -> None:
    call(FIRED, ecs(stop_service_deployment=error(code)), minutes=15)


@pytest.mark.parametrize("code", ["ThrottlingException", "AccessDeniedException"])
def test_a_rollback_that_is_refused_is_raised_so_that_it_is_tried_again(call: Call, code: str) -> None:
    with pytest.raises(ClientError, match=code):
        call(FIRED, ecs(stop_service_deployment=error(code)), minutes=15)


def test_the_first_deployment_of_a_service_is_ended_as_well(call: Call, caplog: pytest.LogCaptureFixture) -> None:
    client = ecs(first=True)
    call(FIRED, client, minutes=15)
    assert len(client.asked("stop_service_deployment")) == 1
    assert "there is no version to go back to" in caplog.text


def test_an_event_that_comes_too_late_for_a_schedule_rolls_back_at_once(call: Call, scheduler: Any) -> None:
    client = ecs()
    call(changed(), client, minutes=15)
    assert (len(client.asked("stop_service_deployment")), times(scheduler)) == (1, [])


def test_who_waits_for_an_approval_gets_the_same_time_anew(call: Call, scheduler: Any) -> None:
    client = ecs(hooks=PAUSED)
    call(FIRED, client, minutes=15)
    assert (client.asked("stop_service_deployment"), times(scheduler)) == ([], ["at(2026-11-22T09:30:00)"])
    call(FIRED, client, minutes=30)
    assert times(scheduler) == ["at(2026-11-22T09:30:00)", "at(2026-11-22T09:45:00)"]


def test_a_schedule_that_calls_a_little_early_does_not_lose_the_time_anew(call: Call, scheduler: Any) -> None:
    call(FIRED, ecs(hooks=PAUSED), minutes=14.99)
    assert times(scheduler) == ["at(2026-11-22T09:30:00)"]


def test_who_was_approved_and_then_hangs_is_rolled_back(call: Call) -> None:
    client = ecs(hooks=[PAUSED[0] | {"status": "SUCCEEDED"}])
    call(FIRED, client, minutes=30)
    assert len(client.asked("stop_service_deployment")) == 1


def test_the_end_after_an_approval_deletes_the_schedule_that_was_made_anew(call: Call, scheduler: Any) -> None:
    call(FIRED, ecs(hooks=PAUSED), minutes=15)
    call(changed("COMPLETED", minutes=20), ecs("SUCCESSFUL"), minutes=20)
    assert times(scheduler) == []


def test_all_pages_of_deployments_are_followed(call: Call, scheduler: Any) -> None:
    pages = [
        {
            "serviceDeployments": [
                {"serviceDeploymentArn": DEPLOYMENT + end, "status": "IN_PROGRESS", "createdAt": BEGAN}
            ],
            **more,
        }
        for end, more in (("a", {"nextToken": "more"}), ("b", {}))
    ]
    client = ecs(list_service_deployments=pages)
    call(changed(), client)
    first, second = client.asked("list_service_deployments")
    assert (first["service"], first["cluster"]) == (SERVICE, "shop")
    assert first["createdAt"]["after"] == BEGAN.replace(microsecond=0) - timedelta(minutes=75)
    assert (second["nextToken"], len(times(scheduler))) == ("more", 2)


def test_an_event_that_is_there_before_its_deployment_is_listed_is_tried_again(call: Call) -> None:
    client = ecs(list_service_deployments={"serviceDeployments": []})
    with pytest.raises(NotListedError, match="service/shop/api"):
        call(changed(), client, minutes=1)
    call(changed(), client, minutes=3)


def test_an_older_deployment_that_is_over_is_not_taken_for_the_new_one(call: Call) -> None:
    older = {"serviceDeploymentArn": "a/b/c/d", "status": "SUCCESSFUL", "createdAt": BEGAN - timedelta(minutes=30)}
    with pytest.raises(NotListedError):
        call(changed(), ecs(list_service_deployments={"serviceDeployments": [older]}))


def test_the_short_form_of_a_services_arn_takes_the_cluster_from_the_event(call: Call) -> None:
    event = changed() | {"resources": ["arn:aws:ecs:us-west-2:111122223333:service/api"]}
    event["detail"]["clusterArn"] = "arn:aws:ecs:us-west-2:111122223333:cluster/shop"
    client = ecs()
    call(event, client)
    assert client.asked("list_service_deployments")[0]["cluster"] == "shop"


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        {},
        {"detail-type": "ECS Task State Change"},
        changed() | {"resources": []},
        changed() | {"time": "now"},
        changed() | {"time": "2026-11-22T09:00:00"},
        changed() | {"detail": None},
        changed() | {"resources": [7]},
    ],
)
def test_an_event_that_cannot_be_read_goes_to_the_dead_letters(call: Call, event: Any) -> None:
    with pytest.raises(UnknownEventError):
        call(event, ecs())


def test_a_schedule_that_cannot_be_made_is_raised(call: Call) -> None:
    denied = Scripted("scheduler", create_schedule=error("AccessDeniedException"))
    with pytest.raises(ClientError, match="AccessDenied"):
        call(changed(), ecs(), schedules=denied)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DEADLINE_SECONDS", "", "DEADLINE_SECONDS is missing"),
        ("DEADLINE_SECONDS", "30", "from 60 to 2592000"),
        ("SCHEDULER_ROLE_ARN", "", "SCHEDULER_ROLE_ARN is missing"),
    ],
)
def test_a_wrong_setting_is_raised_by_its_name(
    call: Call, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError, match=words):
        call(changed(), ecs())
