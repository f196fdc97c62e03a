import logging
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from deployment_migration import handler as entry
from deployment_migration.handler import handler

from tests.unit.lambdas.support.hooks import (
    DEPLOYMENT,
    GREEN,
    PREFIX,
    Scripted,
    error,
    hook_event,
    rollback_event,
)

TASK = f"{PREFIX}:task/shop/0123456789abcdef"
DEFINITION = f"{PREFIX}:task-definition/api:42"
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"], "assignPublicIp": "DISABLED"}}
REVISION = {
    "serviceRevisionArn": GREEN,
    "taskDefinition": DEFINITION,
    "networkConfiguration": NETWORK,
    "launchType": "FARGATE",
    "platformVersion": "1.4.0",
}
NO_CAPACITY = {"tasks": [], "failures": [{"reason": "RESOURCE:ENI", "detail": "none left"}]}
START = 1_000_000.0


def task(status: str = "RUNNING", code: int | None = None, **more: Any) -> dict[str, Any]:
    """What DescribeTasks says of the task, with the exit code of its container."""
    container = {"name": "app", "lastStatus": status} | ({} if code is None else {"exitCode": code})
    return {"tasks": [{"taskArn": TASK, "lastStatus": status, "containers": [{"name": "log"}, container], **more}]}


def ecs(**answers: Any) -> Scripted:
    """An ECS that has not started the task yet, and can."""
    usual = {
        "list_tasks": {"taskArns": []},
        "describe_service_revisions": {"serviceRevisions": [REVISION]},
        "run_task": {"tasks": [{"taskArn": TASK}]},
        "describe_tasks": task(),
        "stop_task": {},
    }
    return Scripted(**(usual | answers))


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call the handler, some seconds after the start, with an ECS."""
    monkeypatch.setenv("CONTAINER", "app")
    monkeypatch.setenv("COMMAND", '["python", "-m", "app.migrate"]')
    monkeypatch.setenv("TIMEOUT_SECONDS", "300")

    def call(client: Scripted, details: Any = None, after: float = 0, event: Any = None) -> dict[str, Any]:
        monkeypatch.setattr(entry, "ecs", lambda: client)
        monkeypatch.setattr("time.time", lambda: START + after)
        return handler(event or hook_event(details=details), None)

    return call


def started(**changes: Any) -> dict[str, Any]:
    return {"since": START, "taskArn": TASK, "attempt": 0} | changes


def test_the_task_is_the_new_versions_with_the_command_in_the_services_network(answer: Any) -> None:
    client = ecs()
    answer(client)
    [asked] = client.asked("run_task")
    assert (asked["taskDefinition"], asked["networkConfiguration"], asked["count"]) == (DEFINITION, NETWORK, 1)
    assert asked["overrides"] == {"containerOverrides": [{"name": "app", "command": ["python", "-m", "app.migrate"]}]}
    assert (asked["launchType"], asked["platformVersion"], asked["cluster"]) == ("FARGATE", "1.4.0", "shop")
    assert client.asked("describe_service_revisions") == [{"serviceRevisionArns": [GREEN]}]


def test_a_started_task_is_handed_to_the_next_invocation_with_the_hooks_own_details(answer: Any) -> None:
    told = answer(ecs(), {"team": "shop"})
    assert told == {"hookStatus": "IN_PROGRESS", "callBackDelay": 5, "hookDetails": {"team": "shop", **started()}}


def test_settings_of_the_hook_go_before_those_of_the_function(answer: Any) -> None:
    client = ecs()
    told = answer(client, {"container": "db", "command": ["./migrate"], "pollSeconds": 9.0})
    assert client.asked("run_task")[0]["overrides"] == {
        "containerOverrides": [{"name": "db", "command": ["./migrate"]}]
    }
    assert told["callBackDelay"] == 9


def test_a_second_first_invocation_asks_with_the_same_token(answer: Any) -> None:
    first, second = ecs(), ecs()
    answer(first)
    answer(second, after=30)
    assert first.asked("run_task") == second.asked("run_task")
    assert len(first.asked("run_task")[0]["clientToken"]) == 64


def test_another_deployment_has_another_token(answer: Any) -> None:
    first, second = ecs(), ecs()
    answer(first)
    answer(second, event=hook_event() | {"resourceArn": DEPLOYMENT + "2"})
    assert first.asked("run_task")[0]["clientToken"] != second.asked("run_task")[0]["clientToken"]


def test_a_running_task_is_found_by_its_deployment_when_the_details_are_lost(answer: Any) -> None:
    client = ecs(list_tasks={"taskArns": [TASK]})
    assert answer(client)["hookDetails"]["taskArn"] == TASK
    assert client.asked("list_tasks") == [{"cluster": "shop", "startedBy": "migration/TFX5sH9q9XDboDTOv0rIt"}]
    assert client.asked("run_task") == []


def test_a_token_that_stands_for_a_task_already_gives_that_task(answer: Any) -> None:
    client = ecs(run_task=error("ConflictException", resourceIds=[TASK]))
    assert answer(client)["hookDetails"]["taskArn"] == TASK


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (task("RUNNING"), "IN_PROGRESS"),
        ({"tasks": [], "failures": [{"arn": TASK, "reason": "MISSING"}]}, "IN_PROGRESS"),
        (task("STOPPED", 0), "SUCCEEDED"),
        (task("DEPROVISIONING", 0), "SUCCEEDED"),
        (task("STOPPED", 1), "FAILED"),
        (task("STOPPED", 137), "FAILED"),
        (task("STOPPED"), "FAILED"),
        ({"tasks": [{"taskArn": TASK, "lastStatus": "STOPPED", "containers": []}]}, "FAILED"),
    ],
)
def test_only_exit_code_0_succeeds(answer: Any, found: Any, status: str) -> None:
    client = ecs(describe_tasks=found)
    assert answer(client, started(), after=20)["hookStatus"] == status
    assert client.asked("describe_tasks") == [{"cluster": "shop", "tasks": [TASK]}]


def test_a_task_that_its_container_leaves_running_is_stopped(answer: Any) -> None:
    sidecar = ecs(describe_tasks=task("RUNNING", 0, desiredStatus="RUNNING"))
    assert answer(sidecar, started(), after=20) == {"hookStatus": "SUCCEEDED"}
    assert sidecar.asked("stop_task") == [{"cluster": "shop", "task": TASK, "reason": "migration: it is over"}]


@pytest.mark.parametrize("code", [0, 1])
def test_a_task_that_ends_of_itself_is_not_stopped(answer: Any, code: int) -> None:
    client = ecs(describe_tasks=task("DEPROVISIONING", code, desiredStatus="STOPPED"))
    answer(client, started(), after=20)
    assert client.asked("stop_task") == []


def test_the_log_says_why_a_migration_failed(answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    why = {"stopCode": "TaskFailedToStart", "stoppedReason": "CannotPullContainerError: not found"}
    answer(ecs(describe_tasks=task("STOPPED", **why)), started(), after=20)
    assert "exit code none, stop code TaskFailedToStart, stopped because CannotPullContainerError" in caplog.text
    assert TASK in caplog.text


def test_a_migration_that_is_not_over_in_time_is_stopped_and_fails(answer: Any) -> None:
    client = ecs()
    assert answer(client, started(), after=299)["hookStatus"] == "IN_PROGRESS"
    assert answer(client, started(), after=300) == {"hookStatus": "FAILED"}
    assert client.asked("stop_task") == [{"cluster": "shop", "task": TASK, "reason": "migration: not over after 300 s"}]


def test_a_migration_that_ends_at_its_limit_is_judged_by_its_exit_code(answer: Any) -> None:
    assert answer(ecs(describe_tasks=task("STOPPED", 0)), started(), after=300) == {"hookStatus": "SUCCEEDED"}


def test_a_stop_that_fails_changes_nothing(answer: Any) -> None:
    client = ecs(stop_task=error("InvalidParameterException"))
    assert answer(client, started(), after=300) == {"hookStatus": "FAILED"}


@pytest.mark.parametrize(
    "refusal",
    [
        NO_CAPACITY,
        error("ClientException", message="Capacity limit of PROVISIONING tasks reached"),
    ],
)
def test_without_capacity_it_is_tried_again_with_another_token(answer: Any, refusal: Any) -> None:
    client = ecs(run_task=[refusal, {"tasks": [{"taskArn": TASK}]}])
    told = answer(client)
    assert told["hookDetails"] == {"since": START, "taskArn": "", "attempt": 1}
    assert answer(client, told["hookDetails"], after=5)["hookDetails"] == started(attempt=1)
    first, second = (asked["clientToken"] for asked in client.asked("run_task"))
    assert first != second


def test_without_capacity_until_the_limit_it_fails(answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    waiting = {"since": START, "taskArn": "", "attempt": 7}
    assert answer(ecs(run_task=NO_CAPACITY), waiting, after=300) == {"hookStatus": "FAILED"}
    assert "RESOURCE:ENI none left" in caplog.text
    assert "not over after 300 s (never started)" in caplog.text


@pytest.mark.parametrize(
    "trouble",
    [
        error("ThrottlingException"),
        error("ServerException", 500),
        EndpointConnectionError(endpoint_url="https://ecs"),
    ],
)
@pytest.mark.parametrize("operation", ["list_tasks", "describe_service_revisions", "run_task"])
def test_what_may_pass_is_tried_again(answer: Any, trouble: Exception, operation: str) -> None:
    told = answer(ecs(**{operation: trouble}), after=60, details={"since": START})
    assert (told["hookStatus"], told["hookDetails"]["taskArn"]) == ("IN_PROGRESS", "")


def test_a_denial_is_borne_with_while_the_roles_policy_may_be_new(answer: Any) -> None:
    denied = ecs(run_task=error("AccessDeniedException"))
    assert answer(denied)["hookStatus"] == "IN_PROGRESS"
    assert answer(denied, {"since": START}, after=29)["hookStatus"] == "IN_PROGRESS"
    assert answer(denied, {"since": START}, after=30)["hookStatus"] == "FAILED"


def test_a_refusal_that_stays_fails_with_awss_own_words(answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    words = "Override for container named app is not a container in the TaskDefinition."
    assert answer(ecs(run_task=error("InvalidParameterException", message=words))) == {"hookStatus": "FAILED"}
    assert words in caplog.text


def test_what_cannot_be_watched_any_more_is_stopped(answer: Any) -> None:
    client = ecs(describe_tasks=error("ClusterNotFoundException"))
    assert answer(client, started(), after=60) == {"hookStatus": "FAILED"}
    assert client.asked("stop_task")[0]["task"] == TASK


@pytest.mark.parametrize(
    ("revision", "capacity"),
    [
        ({"capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]}, {"launchType": "FARGATE"}),
        (
            {"capacityProviderStrategy": [{"capacityProvider": "fleet", "weight": 1}]},
            {"capacityProviderStrategy": [{"capacityProvider": "fleet", "weight": 1}]},
        ),
        ({"launchType": "EC2"}, {"launchType": "EC2"}),
        ({}, {"launchType": "FARGATE"}),
    ],
)
def test_it_runs_where_the_service_does_but_never_on_spot(answer: Any, revision: Any, capacity: Any) -> None:
    client = ecs(describe_service_revisions={"serviceRevisions": [{"taskDefinition": DEFINITION} | revision]})
    answer(client)
    [asked] = client.asked("run_task")
    kept = {
        name: asked[name] for name in ("launchType", "capacityProviderStrategy", "platformVersion") if name in asked
    }
    assert kept == capacity


def test_a_revision_that_ecs_does_not_know_yet_is_asked_for_again(answer: Any) -> None:
    unknown = {"serviceRevisions": [], "failures": [{"arn": GREEN, "reason": "MISSING"}]}
    assert answer(ecs(describe_service_revisions=unknown))["hookStatus"] == "IN_PROGRESS"


def test_the_first_version_of_a_service_is_migrated_like_any_other(answer: Any) -> None:
    # The event is the same, with no sign of an older version; the database needs its schema all the more.
    client = ecs()
    assert answer(client, event=hook_event(productionTrafficWeights={GREEN: 100}))["hookStatus"] == "IN_PROGRESS"
    assert len(client.asked("run_task")) == 1


@pytest.mark.parametrize("stage", ["TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"])
def test_a_rollback_is_let_through_without_a_question_to_ecs(answer: Any, stage: str) -> None:
    client = ecs()
    assert answer(client, event=rollback_event(stage)) == {"hookStatus": "SUCCEEDED"}
    assert client.calls == []


@pytest.mark.parametrize("value", ["python -m app.migrate", "[]", "[1]", "{}", ""])
def test_a_wrong_command_fails_by_its_name(
    answer: Any, value: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    monkeypatch.setenv("COMMAND", value)
    assert answer(ecs()) == {"hookStatus": "FAILED"}
    assert "the variable COMMAND must be a JSON list of texts" in caplog.text


def test_details_that_came_back_as_texts_still_end_a_migration(answer: Any) -> None:
    texts = {"since": str(START), "taskArn": TASK, "attempt": "2"}
    assert answer(ecs(), texts, after=10)["hookDetails"] == started(attempt=2)
    assert answer(ecs(), texts, after=300) == {"hookStatus": "FAILED"}


def test_old_details_of_another_clock_do_not_end_a_migration(answer: Any) -> None:
    told = answer(ecs(), {"since": "yesterday", "attempt": "many", "taskArn": 7})
    assert told["hookDetails"] == started()
