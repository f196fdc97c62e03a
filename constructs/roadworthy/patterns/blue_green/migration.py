"""The database is brought up to date before green starts; a migration that fails leaves blue alone."""

import dataclasses
import json
from collections.abc import Sequence

import aws_cdk as cdk

from roadworthy.patterns.blue_green.part import LifecycleHook, Part, Wait
from roadworthy.patterns.blue_green.site import Site
from roadworthy.patterns.blue_green.stages import LifecycleStage
from roadworthy.patterns.blue_green.times import minutes_for, refuse_seconds
from roadworthy.patterns.deployment.error import InvalidDeploymentError
from roadworthy.patterns.values import is_token

_SHORTEST, _LONGEST = 30, 82_800  # seconds; what the function takes: ECS waits for a hook for a day at most
_AFTER = 120  # seconds in which the function notices the end of the task, or stops it
_ONE_CALL = 60  # seconds


@dataclasses.dataclass(frozen=True, kw_only=True)
class Migration(Part):
    """Made by `run_task`.

    Attributes:
        command: what the service's container runs instead of its own command.
        timeout: how long until it must have ended, 30 s to 23 h.

    Raises:
        InvalidDeploymentError: no list of words, or a timeout out of its range.
    """

    command: Sequence[str]
    timeout: cdk.Duration = dataclasses.field(default_factory=lambda: cdk.Duration.minutes(10))

    @classmethod
    def run_task(cls, command: Sequence[str], *, timeout: cdk.Duration | None = None) -> "Migration":
        """Run one task of the new version with another command; another exit code than 0 makes the deployment go back.

        It runs with the subnets and security groups of the service, also on the first deployment, and again whenever
        CloudFormation rolls back: a migration that has nothing to do must succeed. The old version goes on with the new
        schema, and so it does after a rollback; only changes that it can live with may be made.

        Args:
            command: as `["python", "-m", "app.migrate"]`.
            timeout: how long it may take; default: 10 minutes. Then the task is stopped, and the deployment goes back.

        Raises:
            InvalidDeploymentError: no list of words, or a timeout out of its range.
        """
        return cls(command=command) if timeout is None else cls(command=command, timeout=timeout)

    def __post_init__(self) -> None:
        is_list = isinstance(self.command, Sequence) and not isinstance(self.command, str)
        if is_list and is_token(self.command):
            raise InvalidDeploymentError("migration command is a list that CloudFormation alone knows: write its words")
        if not is_list or not self.command or not all(isinstance(word, str) and word for word in self.command):
            raise InvalidDeploymentError(f"migration command {self.command!r} is no list of words")
        refuse_seconds("migration timeout", self.timeout, _SHORTEST, _LONGEST)

    @property
    def _seconds(self) -> int:
        return int(self.timeout.to_seconds())

    def waits(self) -> list[Wait]:
        """See `Part`."""
        return [Wait(stage=LifecycleStage.PRE_SCALE_UP, what="migration", seconds=self._seconds)]

    def hooks(self, site: Site) -> list[LifecycleHook]:
        """See `Part`."""
        function = site.function(
            "Migration",
            "deployment_migration",
            timeout_seconds=_ONE_CALL,
            environment={
                "CONTAINER": site.settings.container,
                "COMMAND": json.dumps(list(self.command)),
                "TIMEOUT_SECONDS": str(self._seconds),
            },
        )
        site.allow(function, ["ecs:DescribeServiceRevisions"], site.revision_arns())
        site.allow(function, ["ecs:RunTask"], site.family_arns(), site.in_cluster)
        site.allow(function, ["ecs:DescribeTasks", "ecs:StopTask"], site.task_arns())
        site.allow(function, ["ecs:ListTasks"], ["*"], site.in_cluster)
        site.allow(
            function,
            ["iam:PassRole"],
            [site.task.task_role.role_arn, site.task.execution_role.role_arn],
            {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        )
        minutes = minutes_for(self._seconds + _AFTER)
        stages = [LifecycleStage.PRE_SCALE_UP]
        return [LifecycleHook(stages=stages, function_arn=function.function_arn, minutes=minutes)]
