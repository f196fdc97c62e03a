"""The functions as ECS calls them: real handlers and a real client, on a simulated ECS with virtual time."""

import itertools
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from deployment_deadline import handler as deadline
from deployment_health_gate import handler as health_gate
from deployment_migration import handler as migration
from deployment_tick_guard import handler as tick_guard
from deployment_tick_guard.lease import Pause, Ticks

from roadworthy.testing import FakeEcs, faults
from tests.unit.lambdas.support.events import Context

ROLE = "arn:aws:iam::111122223333:role/any"
FINAL = {"SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"}
SETTINGS = {
    "CONTAINER": "api",
    "COMMAND": '["python", "-m", "app.migrate"]',
    "TEST_URL": "http://lb:9001",
    "MODE": "task-protection",
    "DEADLINE_SECONDS": "900",
    "SCHEDULER_ROLE_ARN": ROLE,
}


class Shop:
    """A blue/green service with the three hooks and the deadline; its test listener answers well."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **options: Any) -> None:
        self.fake = FakeEcs()
        self.ecs = self.fake.session().client("ecs")
        self._patch(monkeypatch)
        hooks = [
            self._hook("migration", migration.handler, "PRE_SCALE_UP"),
            self._hook("gate", health_gate.handler, "POST_TEST_TRAFFIC_SHIFT"),
            self._hook("ticks", tick_guard.handler, "PRE_PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT"),
        ]
        self.fake.add_service("shop", "api", image="api:1", strategy="BLUE_GREEN", hooks=hooks, **options)
        self.blue = self.ecs.list_tasks(cluster="shop", serviceName="api")["taskArns"]

    def _patch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = self.fake.clock

        class Now(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:
                return datetime.fromtimestamp(clock.now(), UTC)

        for name, value in SETTINGS.items():
            monkeypatch.setenv(name, value)
        for module in (migration, tick_guard, deadline):
            monkeypatch.setattr(module, "ecs", lambda: self.ecs)
        monkeypatch.setattr(deadline, "datetime", Now)
        monkeypatch.setattr("time.time", clock.now)
        monkeypatch.setattr(health_gate.probe, "get", lambda *_: 200)
        monkeypatch.setattr("time.sleep", lambda _: None)
        scheduler = self.fake.session().client("scheduler")
        monkeypatch.setattr(deadline, "scheduler", lambda: scheduler)
        self.fake.backend.register("scheduler", "CreateSchedule", self._schedule)
        self.fake.backend.register("scheduler", "DeleteSchedule", lambda _: {})

    def _hook(self, name: str, handler: Callable[..., Any], *stages: str) -> dict[str, Any]:
        arn = self.fake.add_function(name, lambda event, _: handler(event, Context(900_000)))
        return {"hookTargetArn": arn, "roleArn": ROLE, "lifecycleStages": list(stages)}

    def _schedule(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        at = datetime.strptime(asked["ScheduleExpression"], "at(%Y-%m-%dT%H:%M:%S)").replace(tzinfo=UTC).timestamp()
        given = json.loads(asked["Target"]["Input"])
        self.fake.clock.at(at, lambda: deadline.handler(given, Context()))
        return {"ScheduleArn": "arn:aws:scheduler:eu-west-1:111122223333:schedule/default/" + asked["Name"]}

    def deploy(self, minutes: float = 60) -> dict[str, Any]:
        """Deploy a new version, tell EventBridge, and let time pass until the deployment is over."""
        service = self.ecs.update_service(cluster="shop", service="api", forceNewDeployment=True)["service"]
        now = datetime.fromtimestamp(self.fake.clock.now(), UTC)
        event = {
            "detail-type": "ECS Deployment State Change",
            "time": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "resources": [service["serviceArn"]],
            "detail": {"eventName": "SERVICE_DEPLOYMENT_IN_PROGRESS"},
        }
        deadline.handler(event, Context())
        for _ in range(int(minutes * 12)):
            self.fake.clock.sleep(5)
            found = self.ecs.describe_service_deployments(serviceDeploymentArns=[service["currentServiceDeployment"]])
            if found["serviceDeployments"][0]["status"] in FINAL:
                break
        assert self.fake.plane.hook_errors == []
        return dict(found["serviceDeployments"][0])

    def protect(self, *, on: bool = True) -> None:
        """A worker of the old version begins its tick, or ends it."""
        self.ecs.update_task_protection(cluster="shop", tasks=self.blue[:1], protectionEnabled=on)

    def use_leases(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Have the guard and a worker agree by leases."""
        self.fake.neighbours.dynamodb.add_table("ticks", {"service": "S"})
        client = self.fake.session().client("dynamodb")
        self.ticks = Ticks(client, "ticks", "shop/api", "worker-1", self.fake.clock.now)
        monkeypatch.setenv("MODE", "lease")
        monkeypatch.setenv("LEASE_TABLE", "ticks")
        monkeypatch.setattr(tick_guard, "dynamodb", lambda: client)
        self.pause = Pause(client, "ticks", "shop/api", self.fake.clock.now)

    def work(self, *, every: float, seconds: float) -> list[float]:
        """Have the worker try to begin a tick again and again, each of so many seconds; when it could."""
        begun: list[float] = []
        clock = self.fake.clock

        def tick() -> None:
            may = self.ticks.begin(seconds + 1)
            begun.extend([clock.now()] if may else [])
            clock.at(clock.now() + (seconds if may else every), end if may else tick)

        def end() -> None:
            self.ticks.end()
            tick()

        tick()
        return begun

    def done(self) -> list[str]:
        """What the functions have begun or ended."""
        acts = {"RunTask", "StopTask", "StopServiceDeployment"}
        return [call.operation for call in self.fake.calls if call.operation in acts]

    def green(self) -> set[str]:
        """The service's tasks that are not those it had before."""
        return set(self.ecs.list_tasks(cluster="shop", serviceName="api")["taskArns"]) - set(self.blue)


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    return Shop(monkeypatch)


def took(deployment: dict[str, Any]) -> float:
    seconds: float = (deployment["finishedAt"] - deployment["startedAt"]).total_seconds()
    return seconds


def test_a_good_version_is_migrated_once_gated_and_switched_to(shop: Shop) -> None:
    deployment = shop.deploy()
    assert (deployment["status"], shop.done()) == ("SUCCESSFUL", ["RunTask"])
    assert len(shop.green()) == 2
    assert took(deployment) < 300


def test_a_failed_migration_keeps_the_old_version_and_the_new_one_never_starts(shop: Shop) -> None:
    shop.fake.script_task("api", faults.crash_loop(exit_code=3))
    deployment = shop.deploy()
    assert (deployment["status"], shop.green()) == ("ROLLBACK_SUCCESSFUL", set())
    assert "PRE_SCALE_UP lifecycle hook(s) failed" in deployment["statusReason"]


def test_a_version_that_is_not_healthy_is_rolled_back(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_gate.probe, "get", lambda *_: 503)
    deployment = shop.deploy()
    assert (deployment["status"], shop.green()) == ("ROLLBACK_SUCCESSFUL", set())
    assert "POST_TEST_TRAFFIC_SHIFT" in deployment["statusReason"]


def test_the_switch_waits_for_the_old_versions_tick(shop: Shop) -> None:
    usual = took(shop.deploy())
    shop.blue = shop.ecs.list_tasks(cluster="shop", serviceName="api")["taskArns"]
    shop.protect()
    shop.fake.clock.at(shop.fake.clock.now() + 75, lambda: shop.protect(on=False))
    deployment = shop.deploy()
    assert deployment["status"] == "SUCCESSFUL"
    assert usual < took(deployment) < usual + 60


def test_with_a_lease_no_tick_begins_from_the_guards_first_look_until_the_switch(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.use_leases(monkeypatch)
    begun = shop.work(every=1, seconds=20)
    deployment = shop.deploy()
    assert deployment["status"] == "SUCCESSFUL"
    pauses = [later - sooner for sooner, later in itertools.pairwise(begun)]
    assert 10 <= max(pauses) < 45


def test_with_a_lease_a_failed_deployment_lets_ticks_begin_at_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.use_leases(monkeypatch)
    begun = shop.work(every=1, seconds=3000)
    deployment = shop.deploy()
    assert (deployment["status"], len(begun)) == ("ROLLBACK_SUCCESSFUL", 1)
    assert shop.pause.by() is None


def test_a_tick_that_never_ends_rolls_back_and_the_old_version_goes_on(shop: Shop) -> None:
    shop.protect()
    deployment = shop.deploy()
    assert (deployment["status"], shop.green()) == ("ROLLBACK_SUCCESSFUL", set())
    assert "PRE_PRODUCTION_TRAFFIC_SHIFT" in deployment["statusReason"]


def test_a_version_that_never_starts_is_rolled_back_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop(monkeypatch, circuit_breaker=False)
    shop.fake.script("api", faults.never_starts())
    deployment = shop.deploy()
    assert (deployment["status"], shop.green()) == ("ROLLBACK_SUCCESSFUL", set())
    assert shop.done() == ["RunTask", "StopServiceDeployment"]
    assert 900 <= took(deployment) < 1000


def test_the_deadline_leaves_a_deployment_in_peace_that_was_in_time(shop: Shop) -> None:
    deployment = shop.deploy()
    shop.fake.clock.sleep(1000)
    assert (deployment["status"], shop.done()) == ("SUCCESSFUL", ["RunTask"])


def test_the_functions_ask_for_what_they_are_allowed_and_nothing_else(shop: Shop) -> None:
    shop.protect()
    asked = len(shop.fake.calls)
    shop.deploy()
    actions = {call.action for call in shop.fake.calls[asked:]}
    assert actions == {
        "ecs:UpdateService",
        "ecs:ListServiceDeployments",
        "scheduler:CreateSchedule",
        "ecs:DescribeServiceDeployments",
        "ecs:DescribeServiceRevisions",
        "ecs:RunTask",
        "ecs:ListTasks",
        "ecs:DescribeTasks",
        "ecs:GetTaskProtection",
    }
