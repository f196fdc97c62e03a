"""When ECS gives up a deployment whose tasks fail."""

import dataclasses
import enum
from typing import cast

from aws_cdk import aws_ecs as ecs

from roadworthy.patterns.deployment.error import InvalidDeploymentError
from roadworthy.patterns.values import out_of_range


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
        InvalidDeploymentError: the value is below 1, or no whole number; or another value is of another type.
    """

    type: ThresholdType = ThresholdType.BOUNDED_PERCENT
    value: int = 50
    rollback: bool = True
    reset_on_healthy_task: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.type, ThresholdType):
            raise InvalidDeploymentError(f"circuit breaker type = {self.type!r} is no ThresholdType")
        for name in ("rollback", "reset_on_healthy_task"):
            if not isinstance(getattr(self, name), bool):
                raise InvalidDeploymentError(f"circuit breaker {name} = {getattr(self, name)!r} is no truth value")
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

    @property
    def l2(self) -> ecs.DeploymentCircuitBreaker:
        """As far as `ecs.FargateService` takes it."""
        return ecs.DeploymentCircuitBreaker(enable=True, rollback=self.rollback)

    def complete(self, service: ecs.FargateService) -> None:
        """Set what `ecs.FargateService` does not take."""
        resource = cast("ecs.CfnService", service.node.default_child)
        where = "DeploymentConfiguration.DeploymentCircuitBreaker"
        if self.type is not ThresholdType.BOUNDED_PERCENT or self.value != CircuitBreaker.value:
            threshold = {"Type": self.type.value, "Value": self.value}
            resource.add_property_override(f"{where}.ThresholdConfiguration", threshold)
        if not self.reset_on_healthy_task:
            resource.add_property_override(f"{where}.ResetOnHealthyTask", False)
