"""A blue/green service with Roadworthy's own functions as its hooks, rolled out by the command, and looked at."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from deployment_deadline import handler as deadline
from deployment_health_gate import handler as health_gate
from deployment_health_gate import probe
from deployment_migration import handler as migration
from deployment_tick_guard import handler as tick_guard

from roadworthy.testing.plane.state import Deployment, Service
from tests.unit.lambdas.support.events import Context
from tests.unit.operations.operate import IMAGE, STAGE, Shop

ROLE = "arn:aws:iam::111122223333:role/any"
START = ("rollout", "start", "gateway", "--image", "9d8e7f6", "--no-checks", "--cluster", STAGE)
SETTINGS = {
    "CONTAINER": "gateway",
    "COMMAND": '["python", "-m", "app.migrate"]',
    "TEST_URL": "http://lb:9001",
    "MODE": "task-protection",
    "DEADLINE_SECONDS": "900",
    "SCHEDULER_ROLE_ARN": ROLE,
}
STAGES = {  # as Roadworthy's patterns attach them
    "migration": ["PRE_SCALE_UP"],
    "gate": ["POST_TEST_TRAFFIC_SHIFT"],
    "ticks": ["PRE_PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT"],
}
HANDLERS: dict[str, Callable[..., Any]] = {
    "migration": migration.handler,
    "gate": health_gate.handler,
    "ticks": tick_guard.handler,
}


class Hooked:
    """The service `gateway`, blue/green, with the functions as hooks and the deadline.

    Attributes:
        invoked: the stages at which each function was invoked, with its answer.
        away: the virtual seconds in which a revision that has production traffic had no healthy task.
        green: the most tasks that the newest revision had.
        answers: the status that the new version answers the health gate with.
    """

    def __init__(self, shop: Shop, monkeypatch: pytest.MonkeyPatch, **options: Any) -> None:
        self.shop, self.fake = shop, shop.fake
        self.ecs = self.fake.session().client("ecs")
        self.invoked: list[tuple[str, str, str]] = []
        self.away, self.green, self.answers = 0, 0, 200
        self._timed: set[str] = set()
        self._patch(monkeypatch)
        stages = options.pop("stages", STAGES)
        hooks = [self._hook(name, handler, stages[name]) for name, handler in HANDLERS.items()]
        settings = {"strategy": "BLUE_GREEN", "hooks": hooks, **options}
        self.fake.add_service(STAGE, "gateway", image=IMAGE, **settings)
        self.service: Service = self.fake.plane.services_named("gateway")[0]
        self.blue = self.ecs.list_tasks(cluster=STAGE, serviceName="gateway")["taskArns"]
        self._look()

    def start(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any], str]:
        """Roll out: the exit code, the JSON of the last line, and the lines of the steps."""
        return self.run(capsys, *START, *arguments)

    def run(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any], str]:
        """The same of any action."""
        capsys.readouterr()
        code = self.shop.code(*arguments)
        told = capsys.readouterr()
        found = told.out[told.out.index("{") :] if "{" in told.out else "{}"
        return code, json.loads(found), marks(told.err)

    def protect(self, *, on: bool = True) -> None:
        """A worker of the old version begins its tick, or ends it."""
        self.ecs.update_task_protection(cluster=STAGE, tasks=self.blue[:1], protectionEnabled=on)

    def made(self, *operations: str) -> list[str]:
        """The calls of these operations, in order."""
        return [call.operation for call in self.fake.calls if call.operation in operations]

    def stages(self, function: str) -> list[str]:
        """Where a function was invoked."""
        return [stage for name, stage, _ in self.invoked if name == function]

    # What is underneath -------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Look at the service each second: does whoever has production traffic have healthy tasks?"""
        deployments = self.service.deployments
        shares = [(share, _healthy(deployments, arn)) for arn, share in self.service.production.items()]
        self.away += not shares or any(share > 0 and healthy == 0 for share, healthy in shares)
        newest = self.service.history[-1].target.revision.arn
        if len(self.service.history) > 1:
            self.green = max(self.green, sum(len(one.alive) for one in deployments if one.revision.arn == newest))
        self._tell_of_deployment()
        self.fake.clock.after(1, self._look)

    def _tell_of_deployment(self) -> None:
        """EventBridge tells the deadline that a deployment goes on."""
        record = self.service.history[-1]
        if record.status != "IN_PROGRESS" or record.arn in self._timed:
            return
        self._timed.add(record.arn)
        event = {
            "detail-type": "ECS Deployment State Change",
            "time": f"{datetime.fromtimestamp(self.fake.clock.now(), UTC):%Y-%m-%dT%H:%M:%SZ}",
            "resources": [self.service.arn],
            "detail": {"eventName": "SERVICE_DEPLOYMENT_IN_PROGRESS"},
        }
        deadline.handler(event, Context())

    def _hook(self, name: str, handler: Callable[..., Any], stages: list[str]) -> dict[str, Any]:
        def call(event: dict[str, Any], _: object) -> Any:
            answer = handler(event, Context(900_000))
            self.invoked.append((name, event["lifecycleStage"], answer["hookStatus"]))
            return answer

        return {"hookTargetArn": self.fake.add_function(name, call), "roleArn": ROLE, "lifecycleStages": stages}

    def _patch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = self.fake.clock

        class Now(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
                return datetime.fromtimestamp(clock.now(), UTC)

        for name, value in SETTINGS.items():
            monkeypatch.setenv(name, value)
        for module in (migration, tick_guard, deadline):
            monkeypatch.setattr(module, "ecs", lambda: self.ecs)
        monkeypatch.setattr(deadline, "datetime", Now)
        monkeypatch.setattr("time.time", clock.now)
        monkeypatch.setattr("time.sleep", lambda _: None)
        monkeypatch.setattr(probe, "get", lambda *_: self.answers)
        scheduler = self.fake.session().client("scheduler")
        monkeypatch.setattr(deadline, "scheduler", lambda: scheduler)
        self.fake.backend.register("scheduler", "CreateSchedule", self._schedule)
        self.fake.backend.register("scheduler", "DeleteSchedule", lambda _: {})

    def _schedule(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        at = datetime.strptime(asked["ScheduleExpression"], "at(%Y-%m-%dT%H:%M:%S)").replace(tzinfo=UTC).timestamp()
        given = json.loads(asked["Target"]["Input"])
        self.fake.clock.at(at, lambda: deadline.handler(given, Context()))
        return {"ScheduleArn": "arn:aws:scheduler:eu-west-1:111122223333:schedule/default/" + asked["Name"]}


def marks(told: str) -> str:
    """The steps with their marks: "1✓ 2✓ 3✗"."""
    numbers = [line[1] for line in told.splitlines() if line.startswith("[")]
    ends = [line.strip()[0] for line in told.splitlines() if line.startswith("      ") and line.strip()[:1] in "✓✗"]
    return " ".join(number + end for number, end in zip(numbers, [*ends, "…"], strict=False))


def _healthy(deployments: list[Deployment], revision: str) -> int:
    return sum(len(one.healthy) for one in deployments if one.revision.arn == revision)
