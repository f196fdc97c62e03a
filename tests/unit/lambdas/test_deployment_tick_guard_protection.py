from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from deployment_tick_guard import handler as entry
from deployment_tick_guard.handler import handler
from deployment_tick_guard.protection import protected

from deployment_hook import hook
from tests.unit.lambdas.support.hooks import BLUE, DEPLOYMENT, GREEN, PREFIX, Scripted, error, hook_event

STAGE = "PRE_PRODUCTION_TRAFFIC_SHIFT"
BEGAN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
OLD, NEW = f"{PREFIX}:task-definition/api:41", f"{PREFIX}:task-definition/api:42"


def arn(name: str) -> str:
    return f"{PREFIX}:task/shop/{name}"


def ecs(*tasks: tuple[str, str, int], protect: set[str], target: str = NEW) -> Scripted:
    """An ECS with tasks of a name, a task definition, and created so many minutes after the deployment began."""
    found = [
        {"taskArn": arn(name), "taskDefinitionArn": definition, "createdAt": BEGAN + timedelta(minutes=minutes)}
        for name, definition, minutes in tasks
        if name in protect
    ]
    states = [{"taskArn": arn(name), "protectionEnabled": name in protect} for name, _, _ in tasks]
    deployment = {"serviceDeploymentArn": DEPLOYMENT, "createdAt": BEGAN, "sourceServiceRevisions": [{"arn": BLUE}]}
    return Scripted(
        list_tasks={"taskArns": [arn(name) for name, _, _ in tasks]},
        get_task_protection={"protectedTasks": states},
        describe_tasks={"tasks": found},
        describe_service_revisions={"serviceRevisions": [{"serviceRevisionArn": GREEN, "taskDefinition": target}]},
        describe_service_deployments={"serviceDeployments": [deployment]},
    )


def seen(client: Scripted) -> list[str]:
    tasks = protected(client, hook.parse(hook_event(STAGE)))
    return [task.rpartition("/")[2] for task in tasks]


def test_a_protected_task_of_the_old_version_is_a_tick() -> None:
    client = ecs(("a", OLD, -60), ("b", OLD, -60), ("c", NEW, 1), protect={"b"})
    assert seen(client) == ["b"]
    assert client.asked("list_tasks") == [{"cluster": "shop", "serviceName": "api", "maxResults": 100}]


def test_a_protected_task_of_the_new_version_is_not_waited_for() -> None:
    assert seen(ecs(("a", OLD, -60), ("c", NEW, 1), protect={"c"})) == []


def test_a_task_of_the_old_version_that_was_replaced_meanwhile_is_waited_for() -> None:
    assert seen(ecs(("a", OLD, 2), ("c", NEW, 1), protect={"a", "c"})) == ["a"]


def test_a_deployment_that_changes_no_task_definition_is_told_apart_by_time() -> None:
    assert seen(ecs(("a", OLD, -60), ("c", OLD, 1), protect={"a", "c"}, target=OLD)) == ["a"]


def test_without_protection_nothing_more_is_asked() -> None:
    client = ecs(("a", OLD, -60), protect=set())
    assert seen(client) == []
    assert [name for name, _ in client.calls] == ["list_tasks", "get_task_protection"]


def test_every_page_of_tasks_is_looked_at() -> None:
    client = Scripted(
        list_tasks=[{"taskArns": [arn("a")], "nextToken": "more"}, {"taskArns": [arn("b")]}],
        get_task_protection={"protectedTasks": []},
    )
    assert seen(client) == []
    assert [asked.get("nextToken") for asked in client.asked("list_tasks")] == [None, "more"]
    assert [asked["tasks"] for asked in client.asked("get_task_protection")] == [[arn("a")], [arn("b")]]


def test_a_service_without_tasks_has_no_ticks() -> None:
    assert seen(Scripted(list_tasks={"taskArns": []})) == []


@pytest.fixture
def guard(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("MODE", "task-protection")
    monkeypatch.setenv("MIN_WAIT_SECONDS", "0")

    def call(client: Scripted, details: Any = None) -> Any:
        monkeypatch.setattr(entry, "ecs", lambda: client)
        monkeypatch.setattr("time.time", lambda: 1000.0)
        return handler(hook_event(STAGE, details=details), None)

    return call


def test_the_guard_waits_for_protected_tasks_and_needs_no_table(guard: Any) -> None:
    assert guard(ecs(("a", OLD, -60), protect={"a"}))["hookStatus"] == "IN_PROGRESS"
    assert guard(ecs(("a", OLD, -60), protect=set())) == {"hookStatus": "SUCCEEDED"}


def test_the_guard_fails_at_the_ceiling(guard: Any) -> None:
    details = {"step": f"{STAGE} 0", "since": 940}
    assert guard(ecs(("a", OLD, -60), protect={"a"}), details) == {"hookStatus": "FAILED"}


def test_a_denial_is_borne_with_at_first(guard: Any) -> None:
    client = Scripted(list_tasks=error("AccessDeniedException"))
    assert guard(client)["hookStatus"] == "IN_PROGRESS"
    assert guard(client, {"step": f"{STAGE} 0", "since": 970}) == {"hookStatus": "FAILED"}
