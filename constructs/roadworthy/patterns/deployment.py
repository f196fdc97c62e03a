"""How ECS replaces the tasks of a service: within which bounds, and when it gives up and goes back."""

import abc
import dataclasses
import enum
from collections.abc import Sequence
from typing import cast

from aws_cdk import aws_ecs as ecs

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.scaling import Scaling
from roadworthy.patterns.values import is_token, out_of_range
from roadworthy.rules.facts.rolling import HUNDRED, blocks, least, most

_SHOWN = 10  # counts of tasks whose sum is in the message
_LONGEST_NAME = 255  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html


class InvalidDeploymentError(RoadworthyError, ValueError):
    """A deployment that ECS would refuse, or that could neither start nor stop a task."""


class ThresholdType(enum.Enum):
    """How many failed tasks end a deployment.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ThresholdConfiguration.html
    """

    COUNT = "COUNT"  # so many
    BOUNDED_PERCENT = "BOUNDED_PERCENT"  # so many percent of the desired count, at least 3 and at most 200
    UNBOUNDED_PERCENT = "UNBOUNDED_PERCENT"  # so many percent of the desired count


@dataclasses.dataclass(frozen=True, kw_only=True)
class CircuitBreaker:
    """When ECS gives up a deployment whose tasks fail.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html

    Attributes:
        type: how `value` is read.
        value: a number of tasks or a percentage, at least 1.
        rollback: whether it goes back to the last deployment that was completed.
        reset_on_healthy_task: whether a task that becomes healthy sets the count of failures to 0.

    Raises:
        InvalidDeploymentError: the value is below 1, or no whole number.
    """

    type: ThresholdType = ThresholdType.BOUNDED_PERCENT
    value: int = 50
    rollback: bool = True
    reset_on_healthy_task: bool = True

    def __post_init__(self) -> None:
        wrong = out_of_range(self.value, 1)
        if wrong:
            raise InvalidDeploymentError(f"circuit breaker {self.type.value} = {self.value!r} {wrong}")

    @classmethod
    def count(cls, failures: int) -> "CircuitBreaker":
        """Give up after so many failed tasks."""
        return cls(type=ThresholdType.COUNT, value=failures)

    @classmethod
    def percent(cls, percent: int, *, bounded: bool = True) -> "CircuitBreaker":
        """Give up when so many percent of the desired count have failed; bounded: after 3 to 200 tasks."""
        kind = ThresholdType.BOUNDED_PERCENT if bounded else ThresholdType.UNBOUNDED_PERCENT
        return cls(type=kind, value=percent)


class Deployment(abc.ABC):
    """How a service's tasks are replaced; made by `rolling`. Each way is a class of its own below this one.

    Attributes:
        min_healthy_percent: how many tasks must run meanwhile, in percent of the desired count, rounded up.
        max_percent: how many may, rounded down.
    """

    min_healthy_percent: int
    max_percent: int

    @staticmethod
    def rolling(
        *,
        min_healthy_percent: int = 100,
        max_percent: int = 200,
        circuit_breaker: CircuitBreaker | None = None,
        alarms: Sequence[str] = (),
        rollback_on_alarm: bool = True,
    ) -> "RollingDeployment":
        """Start new tasks, stop old ones, and go back when tasks fail or an alarm goes off.

        Args:
            min_healthy_percent: of the desired count, rounded up; 0 lets all tasks stop before a new one starts.
            max_percent: of the desired count, rounded down.
            circuit_breaker: when it gives up; default: half the desired count, at least 3 failed tasks.
            alarms: names of CloudWatch alarms that end it. Names, not alarms: an alarm on the service's own metrics
                depends on the service, which could then not depend on the alarm.
            rollback_on_alarm: whether an alarm makes it go back, instead of ending it alone.

        Raises:
            InvalidDeploymentError: percents out of their range, or a name that no alarm has.
        """
        return RollingDeployment(
            min_healthy_percent=min_healthy_percent,
            max_percent=max_percent,
            circuit_breaker=circuit_breaker or CircuitBreaker(),
            alarms=alarms,
            rollback_on_alarm=rollback_on_alarm,
        )

    @abc.abstractmethod
    def refuse_scaling(self, scaling: Scaling) -> None:
        """Refuse counts of tasks at which it could not proceed.

        Raises:
            InvalidDeploymentError: there is such a count; the message does the sum.
        """

    @property
    @abc.abstractmethod
    def l2_circuit_breaker(self) -> ecs.DeploymentCircuitBreaker | None:
        """As far as `ecs.FargateService` takes it; None where ECS has none."""

    @abc.abstractmethod
    def attach(self, service: ecs.FargateService) -> None:
        """Set what `ecs.FargateService` does not take; `service` was made with the percents and the circuit breaker."""

    @property
    def zone_rebalancing(self) -> ecs.AvailabilityZoneRebalancing:
        """ECS rebalances between zones only where one task more than desired may run.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
        """
        possible = is_token(self.max_percent) or self.max_percent > HUNDRED
        return ecs.AvailabilityZoneRebalancing.ENABLED if possible else ecs.AvailabilityZoneRebalancing.DISABLED


@dataclasses.dataclass(frozen=True, kw_only=True)
class RollingDeployment(Deployment):
    """`Deployment.rolling`, whose arguments are its attributes.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
    """

    min_healthy_percent: int = HUNDRED
    max_percent: int = 2 * HUNDRED
    circuit_breaker: CircuitBreaker = dataclasses.field(default_factory=CircuitBreaker)
    alarms: Sequence[str] = ()
    rollback_on_alarm: bool = True

    def __post_init__(self) -> None:
        for name, low, high in (("min_healthy_percent", 0, HUNDRED), ("max_percent", HUNDRED, None)):
            value = getattr(self, name)
            wrong = out_of_range(value, low, high)
            if wrong:
                raise InvalidDeploymentError(f"deployment {name} = {value!r} {wrong}")
        if self.min_healthy_percent == self.max_percent == HUNDRED:
            raise InvalidDeploymentError(
                "deployment min_healthy_percent = 100, max_percent = 100: no task could ever start or stop; "
                "raise max_percent, or lower min_healthy_percent"
            )
        _refuse_names(self.alarms)

    def refuse_scaling(self, scaling: Scaling) -> None:
        """See `Deployment`."""
        if scaling.counts is None or is_token(self.min_healthy_percent) or is_token(self.max_percent):
            return
        lowest, highest = scaling.counts
        # The more tasks, the more room: the counts that block are the lowest ones.
        blocked = [
            count
            for count in range(max(lowest, 1), min(highest, HUNDRED) + 1)  # of 100, one percent is a task
            if blocks(count, self.min_healthy_percent, self.max_percent)
        ]
        if blocked:
            raise InvalidDeploymentError(self._deadlock(blocked))

    def _deadlock(self, blocked: Sequence[int]) -> str:
        low, high = self.min_healthy_percent, self.max_percent
        sums = [
            f"of {count} at most {most(count, high)} may run and at least {least(count, low)} must" for count in blocked
        ]
        if len(sums) > _SHOWN:
            sums[_SHOWN - 1 : -1] = ["and so on"]
        first = blocked[0]
        lower = HUNDRED * (first - 1) // first
        return (
            f"deployment min_healthy_percent = {low} (rounded up), max_percent = {high} (rounded down): "
            f"no task could start or stop: {', '.join(sums)}; set max_percent to "
            f"{-(-HUNDRED * (first + 1) // first)} or more, or min_healthy_percent to "
            f"{lower}{' or less' * (lower > 0)}, or run at least {blocked[-1] + 1} tasks"
        )

    @property
    def l2_circuit_breaker(self) -> ecs.DeploymentCircuitBreaker:
        """See `Deployment`."""
        return ecs.DeploymentCircuitBreaker(enable=True, rollback=self.circuit_breaker.rollback)

    def attach(self, service: ecs.FargateService) -> None:
        """See `Deployment`."""
        resource = cast("ecs.CfnService", service.node.default_child)
        # Rolling is ECS's default; a service whose template begins to name a controller may be replaced:
        # https://github.com/aws/aws-cdk/issues/16126
        resource.add_property_deletion_override("DeploymentController")
        breaker = self.circuit_breaker
        where = "DeploymentConfiguration.DeploymentCircuitBreaker"
        if breaker.type is not ThresholdType.BOUNDED_PERCENT or breaker.value != CircuitBreaker.value:
            threshold = {"Type": breaker.type.value, "Value": breaker.value}
            resource.add_property_override(f"{where}.ThresholdConfiguration", threshold)
        if not breaker.reset_on_healthy_task:
            resource.add_property_override(f"{where}.ResetOnHealthyTask", False)
        if self.alarms:
            behavior = (
                ecs.AlarmBehavior.ROLLBACK_ON_ALARM if self.rollback_on_alarm else ecs.AlarmBehavior.FAIL_ON_ALARM
            )
            service.enable_deployment_alarms(list(self.alarms), behavior=behavior)


def _refuse_names(alarms: Sequence[str]) -> None:
    if isinstance(alarms, str):
        raise InvalidDeploymentError(f"deployment alarms {alarms!r} is one text: write a list of names")
    for name in alarms:
        if is_token(name):
            continue
        if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME:
            raise InvalidDeploymentError(f"deployment alarm {name!r} is no name of 1 to {_LONGEST_NAME} characters")
        if name.startswith("arn:"):
            raise InvalidDeploymentError(f"deployment alarm {name!r} is an ARN: ECS takes alarms by name")
    if len(set(alarms)) < len(alarms):
        raise InvalidDeploymentError(f"deployment names an alarm twice: {', '.join(alarms)}")
