"""A person who says yes: the deployment pauses until `roadworthy rollout continue` or `reject`, or its time is up."""

import dataclasses
import enum

import aws_cdk as cdk

from roadworthy.patterns.blue_green.part import LifecycleHook, Part, Wait
from roadworthy.patterns.blue_green.site import Site
from roadworthy.patterns.blue_green.stages import LifecycleStage, TimeoutAction
from roadworthy.patterns.blue_green.times import MINUTE, refuse_minutes
from roadworthy.patterns.deployment.error import InvalidDeploymentError

_LONGEST = 20_160  # minutes, which is 14 days


class Before(enum.Enum):
    """What waits for the approval."""

    START = LifecycleStage.PRE_SCALE_UP  # no new task was started
    TRAFFIC = LifecycleStage.POST_TEST_TRAFFIC_SHIFT  # green can be tried through the test listener
    EACH_STEP = LifecycleStage.PRE_PRODUCTION_TRAFFIC_SHIFT  # of a linear or canary deployment


@dataclasses.dataclass(frozen=True, kw_only=True)
class Approval(Part):
    """ECS's PAUSE hook; EventBridge tells of it as `ECS Hook State Change`.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html

    Attributes:
        before: what waits.
        timeout: how long, 1 to 20,160 whole minutes (14 days); it counts in the time that both versions run, unless
            it is asked for before the start.
        on_timeout: what follows without an answer.

    Raises:
        InvalidDeploymentError: a value is out of its range.
    """

    before: Before = Before.TRAFFIC
    timeout: cdk.Duration = dataclasses.field(default_factory=lambda: cdk.Duration.days(1))
    on_timeout: TimeoutAction = TimeoutAction.ROLLBACK

    def __post_init__(self) -> None:
        if not isinstance(self.before, Before):
            raise InvalidDeploymentError(f"approval before = {self.before!r} is none of Before.{{START, TRAFFIC, ...}}")
        if not isinstance(self.on_timeout, TimeoutAction):
            raise InvalidDeploymentError(f"approval on_timeout = {self.on_timeout!r} is no TimeoutAction")
        refuse_minutes("approval timeout", self.timeout, 1, _LONGEST)
        if self.timeout.is_unresolved():
            raise InvalidDeploymentError("approval timeout is a token: write its value, sums are done with it")

    @property
    def minutes(self) -> int:
        """How long."""
        return int(self.timeout.to_minutes())

    def waits(self) -> list[Wait]:
        """See `Part`."""
        return [Wait(stage=self.before.value, what="approval", seconds=self.minutes * MINUTE, is_approval=True)]

    def hooks(self, site: Site) -> list[LifecycleHook]:
        """See `Part`."""
        stages = [self.before.value]
        return [LifecycleHook(stages=stages, function_arn=None, minutes=self.minutes, on_timeout=self.on_timeout)]
