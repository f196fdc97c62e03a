"""How ECS replaces the tasks of a service; each way is a file of its own."""

import abc
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from aws_cdk import aws_ecs as ecs

from roadworthy.patterns.deployment.circuit_breaker import CircuitBreaker
from roadworthy.patterns.scaling import Scaling
from roadworthy.patterns.values import is_token
from roadworthy.rules.facts.rolling import HUNDRED

if TYPE_CHECKING:
    from roadworthy.patterns.deployment.rolling import RollingDeployment


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
        from roadworthy.patterns.deployment.rolling import RollingDeployment  # noqa: PLC0415 (it is one of these)

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


def unname_controller(service: ecs.FargateService) -> None:
    """Leave the deployment controller out of the template, as it is by default.

    It is ECS's own; a service whose template begins to name it may be replaced:
    https://github.com/aws/aws-cdk/issues/16126
    """
    cast("ecs.CfnService", service.node.default_child).add_property_deletion_override("DeploymentController")
