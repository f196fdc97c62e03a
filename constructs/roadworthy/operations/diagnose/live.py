"""A service as AWS tells of it now: what the checks look at. Each question is asked when it is needed, and once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from roadworthy.online.aws import Aws as OnlineAws
from roadworthy.online.errors import OnlineError
from roadworthy.operations.clock import Clock
from roadworthy.operations.diagnose.once import Once
from roadworthy.operations.ecs.service import Rollout, Service
from roadworthy.operations.ecs.service_deployment import ServiceDeployment
from roadworthy.operations.ecs.task import Task
from roadworthy.operations.errors import NoAwsError, NotFoundError, OperationError
from roadworthy.operations.live import sources
from roadworthy.operations.place import Target
from roadworthy.template.sources import Sources

Raw = Mapping[str, Any]
SUCCESSFUL = "SUCCESSFUL"
REPLACED = "STOPPED"  # another deployment took its place


class Live:
    """A service and what surrounds it. Every property may raise `OperationError`.

    Attributes:
        target: where it is, and its names.
        service: the service.
        clock: tells the time.
        once: what was asked already.
    """

    def __init__(self, target: Target, clock: Clock) -> None:
        """Look the service up.

        Raises:
            OperationError: there is none, or AWS cannot be asked.
        """
        self.target = target
        self.cluster = target.cluster
        self.aws = target.cluster.aws
        self.clock = clock
        self.once = Once()
        self.service: Service = self.cluster.service(target.name)

    @property
    def definition(self) -> Raw:
        """The task definition that the service should run."""
        if not self.service.task_definition:
            raise NotFoundError(f"{self.service.controller} deploys the service: it has no task definition of its own")
        return self.task_definition(self.service.task_definition)

    def task_definition(self, arn: str) -> Raw:
        """A task definition."""
        return self.once(("task definition", arn), lambda: self.cluster.task_definition(arn))

    @property
    def running(self) -> Sequence[Task]:
        """The tasks that run or shall run."""
        return self.once("running tasks", lambda: self._tasks(stopped=False))

    @property
    def stopped(self) -> Sequence[Task]:
        """The tasks that stopped within about an hour, newest first."""
        return self.once("stopped tasks", lambda: self._tasks(stopped=True))

    @property
    def deployment(self) -> ServiceDeployment | None:
        """The newest service deployment; None where ECS knows of none."""
        return self.once("deployment", self._newest_deployment)

    @property
    def troubled_since(self) -> datetime | None:
        """When a deployment began that goes on or failed; None where the last one succeeded."""
        try:
            last = self.deployment
        except OperationError:
            last = None
        if last:
            return None if last.status in {SUCCESSFUL, REPLACED} else last.created
        return self.primary.created if self.primary and self.primary.state in {"IN_PROGRESS", "FAILED"} else None

    @property
    def primary(self) -> Rollout | None:
        """The rollout that ECS moves to, or has moved to."""
        return self.service.primary

    @property
    def is_steady(self) -> bool:
        """Whether as many tasks run as are wanted, and no deployment goes on."""
        calm = self.primary is None or self.primary.state in {"", "COMPLETED"}
        return calm and self.service.running >= self.service.desired

    @property
    def target_groups(self) -> Sequence[Raw]:
        """Its target groups, as DescribeTargetGroups tells of them."""
        return self.once("target groups", self._target_groups)

    @property
    def sources(self) -> Sources:
        """The service as documents, for the rules; without target groups where they may not be read."""
        return self.once("documents", self._sources)

    @property
    def online(self) -> OnlineAws:
        """Who asks AWS for the checks that are also made before a deployment."""
        return self.once("online", self._online)

    def _tasks(self, *, stopped: bool) -> list[Task]:
        arns = self.cluster.task_arns(self.target.name, stopped=stopped)
        tasks = self.cluster.tasks(arns) if arns else []
        return sorted(tasks, key=lambda task: task.created.timestamp() if task.created else 0.0, reverse=True)

    def _newest_deployment(self) -> ServiceDeployment | None:
        newest = next(iter(self.cluster.deployments_of(self.target.name)), None)
        return self.cluster.deployments([newest.arn]).get(newest.arn, newest) if newest else None

    def _target_groups(self) -> list[Raw]:
        arns = list(self.service.target_groups)
        if not arns:
            return []
        return list(self.aws.call("elbv2", "describe_target_groups", TargetGroupArns=arns).get("TargetGroups", []))

    def _sources(self) -> Sources:
        try:
            groups = self.target_groups
        except OperationError:
            groups = []
        return sources(self.definition, self.service.raw, groups, name=self.target.label)

    def _online(self) -> OnlineAws:
        try:
            return OnlineAws(self.aws.session, self.aws.region)
        except OnlineError as error:
            raise NoAwsError(str(error)) from error
