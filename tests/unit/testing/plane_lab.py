"""One service on a fake ECS, and its client."""

from typing import Any

from roadworthy.testing import FakeEcs
from roadworthy.testing.faults import Fault

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:4f1c2ab"
HOUR = 3600.0
LIVE = {"PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"}


class Lab:
    """The service `api` in the cluster `shop`; `options` are those of `FakeEcs.add_service`."""

    def __init__(self, *faults: Fault, **options: Any) -> None:
        self.fake = FakeEcs()
        self.fake.add_service("shop", "api", image=IMAGE, **options)
        self.fake.script("api", *faults)
        self.ecs = self.fake.session().client("ecs")
        self.start = self.fake.clock.now()

    @property
    def elapsed(self) -> float:
        return self.fake.clock.now() - self.start

    def sleep(self, seconds: float) -> None:
        self.fake.clock.sleep(seconds)

    def update(self, **changes: Any) -> str:
        """Start a deployment; returns its ARN."""
        changes = changes or {"forceNewDeployment": True}
        service = self.ecs.update_service(cluster="shop", service="api", **changes)["service"]
        return str(service["currentServiceDeployment"])

    def deployment(self, arn: str) -> dict[str, Any]:
        return dict(self.ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0])

    def follow(self, arn: str, limit: float = HOUR) -> dict[str, Any]:
        """Let time pass until a deployment has ended, or for so long."""
        begin = self.fake.clock.now()
        while self.deployment(arn)["status"] in LIVE and (passed := self.fake.clock.now() - begin) < limit:
            self.sleep(5 if passed < 300 else 60)
        return self.deployment(arn)

    def deploy(self, **changes: Any) -> dict[str, Any]:
        """Start a deployment and follow it to its end."""
        return self.follow(self.update(**changes))

    def service(self) -> dict[str, Any]:
        return dict(self.ecs.describe_services(cluster="shop", services=["api"])["services"][0])

    def events(self) -> list[str]:
        """What the service tells, the oldest first, without its own name."""
        return [event["message"].removeprefix("(service api) ") for event in reversed(self.service()["events"])]

    def tasks(self, status: str = "RUNNING", **asked: Any) -> list[dict[str, Any]]:
        arns = self.ecs.list_tasks(cluster="shop", serviceName="api", desiredStatus=status, **asked)["taskArns"]
        return list(self.ecs.describe_tasks(cluster="shop", tasks=arns)["tasks"]) if arns else []

    def failed(self) -> list[dict[str, Any]]:
        """The tasks that have stopped, but not because they were not needed any more."""
        reason = "Scaling activity"
        return [task for task in self.tasks("STOPPED") if not task["stoppedReason"].startswith(reason)]

    def register(self, image: str = IMAGE) -> str:
        """A new revision of the task definition; returns its ARN."""
        container = {"name": "api", "image": image}
        answer = self.ecs.register_task_definition(family="api", containerDefinitions=[container])
        return str(answer["taskDefinition"]["taskDefinitionArn"])
