"""What a deployment waits for: each part knows its stages, how long it may take, and what it is made of."""

import abc
import dataclasses
from collections.abc import Sequence
from typing import Any

from roadworthy.patterns.blue_green.front import Front
from roadworthy.patterns.blue_green.site import Site
from roadworthy.patterns.blue_green.stages import LifecycleStage, TimeoutAction
from roadworthy.patterns.task_options import TaskSettings

MOST_HOOKS = (
    10  # of a kind: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Wait:
    """So long may a stage take because of a part.

    Attributes:
        stage: which stage.
        what: the part, for messages.
        seconds: at most.
        is_approval: whether a person is waited for: the deadline's clock stands still meanwhile.
    """

    stage: LifecycleStage
    what: str
    seconds: int
    is_approval: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class LifecycleHook:
    """A hook of a service, as CloudFormation takes it; CDK's own class has no details, time-outs and pauses.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-service-deploymentlifecyclehook.html

    Attributes:
        stages: at which it is asked.
        function_arn: what is called; None: a person answers.
        minutes: how long ECS waits for an answer.
        on_timeout: what it then does.
        details: what the function is told besides, as JSON.
    """

    stages: Sequence[LifecycleStage]
    function_arn: str | None
    minutes: int
    on_timeout: TimeoutAction = TimeoutAction.ROLLBACK
    details: str | None = None

    def render(self, role_arn: str | None) -> dict[str, Any]:
        """Its properties, where ECS calls functions with a role."""
        target = {"TargetType": "PAUSE"}
        if self.function_arn is not None and role_arn is not None:
            target = {"TargetType": "AWS_LAMBDA", "HookTargetArn": self.function_arn, "RoleArn": role_arn}
        return {
            **target,
            "LifecycleStages": [stage.value for stage in self.stages],
            "TimeoutConfiguration": {"TimeoutInMinutes": self.minutes, "Action": self.on_timeout.value},
            **({"HookDetails": self.details} if self.details is not None else {}),
        }


class Part(abc.ABC):
    """What a deployment waits for."""

    @abc.abstractmethod
    def waits(self) -> Sequence[Wait]:
        """How long, at which stages."""

    @abc.abstractmethod
    def hooks(self, site: Site) -> Sequence[LifecycleHook]:
        """Make what it is made of."""

    def keep(self, site: Site) -> None:
        """Make what the tasks themselves rely on, which stays while their service is deployed by rolling."""
        return

    def refuse(self, front: Front, settings: TaskSettings) -> None:
        """Refuse a service for which it could not do its work.

        Raises:
            InvalidDeploymentError: it could not.
        """
        return
