"""The switch waits until blue has ended what it is at: its current tick of work."""

import abc
import dataclasses

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb

from roadworthy.patterns.blue_green.part import LifecycleHook, Part, Wait
from roadworthy.patterns.blue_green.site import Site
from roadworthy.patterns.blue_green.stages import LifecycleStage, TimeoutAction
from roadworthy.patterns.blue_green.times import minutes_for, refuse_seconds
from roadworthy.patterns.deployment.error import InvalidDeploymentError
from roadworthy.patterns.function import Function

_LEAST, _MOST_LEAST, _MOST = 10, 600, 3_600
POLL = 5  # seconds from one look to the next
_AFTER = 60
ONE_CALL = 60  # four calls of AWS, each tried twice
_STAGES = [LifecycleStage.PRE_PRODUCTION_TRAFFIC_SHIFT, LifecycleStage.POST_PRODUCTION_TRAFFIC_SHIFT]


@dataclasses.dataclass(frozen=True, kw_only=True)
class TickGuard(Part):
    """Made by `lease` or `task_protection`.

    Attributes:
        min_wait: how long the switch is held at least, even where no tick is seen, 10 s to 10 minutes.
        max_wait: how long at most, up to an hour.
        on_timeout: what follows when the tick has not ended by then.

    Raises:
        InvalidDeploymentError: a time is out of its range, or the longest is shorter than the least.
    """

    min_wait: cdk.Duration = dataclasses.field(default_factory=lambda: cdk.Duration.seconds(_LEAST))
    max_wait: cdk.Duration = dataclasses.field(default_factory=lambda: cdk.Duration.seconds(30))
    on_timeout: TimeoutAction = TimeoutAction.ROLLBACK

    @staticmethod
    def lease(
        table: dynamodb.ITable | None = None,
        *,
        min_wait: cdk.Duration | None = None,
        max_wait: cdk.Duration | None = None,
        on_timeout: TimeoutAction = TimeoutAction.ROLLBACK,
    ) -> "TickGuard":
        """The worker takes a lease for each tick, and takes none while a switch is due.

        The container gets `TICK_LEASE_TABLE` and `TICK_LEASE_KEY`, and may update that item alone. What it writes there
        is described in docs/patterns/blue-green.md. Where the worker never asks, the switch waits for `min_wait`.

        Args:
            table: with the partition key `service` (a string) and the time to live `expires_at`; default: a new one.
            min_wait: how long the switch is held at least; default: 10 s.
            max_wait: how long at most; default: 30 s.
            on_timeout: what follows when a tick has not ended by then.

        Raises:
            InvalidDeploymentError: a time is out of its range.
        """
        from roadworthy.patterns.blue_green.tick_lease import LeaseGuard  # noqa: PLC0415 (it is one of these)

        return LeaseGuard(table=table, on_timeout=on_timeout, **_given(min_wait, max_wait))

    @staticmethod
    def task_protection(
        *,
        min_wait: cdk.Duration | None = None,
        max_wait: cdk.Duration | None = None,
        on_timeout: TimeoutAction = TimeoutAction.ROLLBACK,
    ) -> "TickGuard":
        """The worker protects its task during each tick, by `$ECS_AGENT_URI/task-protection/v1/state`.

        The next tick may begin right after the last look: only `lease` closes that gap.
        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html

        Args:
            min_wait: how long the switch is held at least; default: 10 s.
            max_wait: how long at most; default: 30 s.
            on_timeout: what follows when a tick has not ended by then.

        Raises:
            InvalidDeploymentError: a time is out of its range.
        """
        from roadworthy.patterns.blue_green.tick_protection import (  # noqa: PLC0415 (it is one of these)
            ProtectionGuard,
        )

        return ProtectionGuard(on_timeout=on_timeout, **_given(min_wait, max_wait))

    def __post_init__(self) -> None:
        refuse_seconds("tick min_wait", self.min_wait, _LEAST, _MOST_LEAST)
        refuse_seconds("tick max_wait", self.max_wait, _LEAST, _MOST)
        if self._longest < self._least:
            raise InvalidDeploymentError(f"tick max_wait = {self._longest} s is less than min_wait = {self._least} s")
        if not isinstance(self.on_timeout, TimeoutAction):
            raise InvalidDeploymentError(f"tick on_timeout = {self.on_timeout!r} is no TimeoutAction")

    @property
    def _least(self) -> int:
        return int(self.min_wait.to_seconds())

    @property
    def _longest(self) -> int:
        return int(self.max_wait.to_seconds())

    @property
    def waiting(self) -> dict[str, str]:
        """How long, as the function's variables."""
        return {
            "MIN_WAIT_SECONDS": str(self._least),
            "MAX_WAIT_SECONDS": str(self._longest),
            "POLL_SECONDS": str(POLL),
            "ON_TIMEOUT": self.on_timeout.value,
        }

    @abc.abstractmethod
    def make(self, site: Site) -> Function:
        """The function, which may look at what this kind of guard looks at."""

    def waits(self) -> list[Wait]:
        """See `Part`."""
        return [Wait(stage=_STAGES[0], what="tick", seconds=self._longest + POLL)]

    def hooks(self, site: Site) -> list[LifecycleHook]:
        """See `Part`."""
        function = self.make(site)
        site.allow(function, ["ecs:DescribeServiceDeployments"], site.deployment_arns())
        minutes = minutes_for(self._longest + _AFTER) + 1
        return [LifecycleHook(stages=_STAGES, function_arn=function.function_arn, minutes=minutes)]


def _given(min_wait: cdk.Duration | None, max_wait: cdk.Duration | None) -> dict[str, cdk.Duration]:
    given = {"min_wait": min_wait, "max_wait": max_wait}
    return {name: value for name, value in given.items() if value is not None}
