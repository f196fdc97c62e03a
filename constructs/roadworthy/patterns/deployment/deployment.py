"""How ECS replaces the tasks of a service; each way is a file of its own."""

import abc
from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack, cast

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs

from roadworthy.patterns.deployment.circuit_breaker import CircuitBreaker
from roadworthy.patterns.scaling import Scaling
from roadworthy.patterns.values import is_token
from roadworthy.rules.facts.rolling import HUNDRED

if TYPE_CHECKING:
    from roadworthy.patterns.blue_green.front import Front
    from roadworthy.patterns.blue_green.options import ShiftOptions
    from roadworthy.patterns.blue_green.shifting import ShiftingDeployment
    from roadworthy.patterns.blue_green.traffic_shift import TrafficShift
    from roadworthy.patterns.deployment.rolling import RollingDeployment
    from roadworthy.patterns.task_options import TaskSettings


class Deployment(abc.ABC):
    """How a service's tasks are replaced. Each way is a function here, and a class of its own below this one.

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

    @staticmethod
    def blue_green(**options: "Unpack[ShiftOptions]") -> "ShiftingDeployment":
        """Start the new version next to the old one, and move all traffic at once when it has proved itself.

        Args:
            options: the attributes of `ShiftingDeployment`.

        Raises:
            InvalidDeploymentError: a value is out of its range, or contradicts another.
        """
        from roadworthy.patterns.blue_green.shifting import ShiftingDeployment  # noqa: PLC0415 (it is one of these)

        return ShiftingDeployment(**options)

    @staticmethod
    def canary(
        percent: float = 10, *, hold: cdk.Duration | None = None, **options: "Unpack[ShiftOptions]"
    ) -> "ShiftingDeployment":
        """Move a part of the traffic first, and the rest when that went well.

        Args:
            percent: the part, 0.1 to 100 in tenths.
            hold: how long only this part is moved, 0 to 1,440 whole minutes; default: 1 minute.
            options: the attributes of `ShiftingDeployment`.

        Raises:
            InvalidDeploymentError: a value is out of its range, or contradicts another.
        """
        from roadworthy.patterns.blue_green.shift import Canary  # noqa: PLC0415
        from roadworthy.patterns.blue_green.shifting import ShiftingDeployment  # noqa: PLC0415

        return ShiftingDeployment(shift=Canary(percent=percent, hold=_or_minute(hold)), **options)

    @staticmethod
    def linear(
        percent: float = 10, *, hold: cdk.Duration | None = None, **options: "Unpack[ShiftOptions]"
    ) -> "ShiftingDeployment":
        """Move the traffic in equal steps.

        Args:
            percent: of a step, 3 to 100 in tenths.
            hold: how long after each step but the last, 0 to 1,440 whole minutes; default: 1 minute.
            options: the attributes of `ShiftingDeployment`.

        Raises:
            InvalidDeploymentError: a value is out of its range, or contradicts another.
        """
        from roadworthy.patterns.blue_green.shift import Linear  # noqa: PLC0415
        from roadworthy.patterns.blue_green.shifting import ShiftingDeployment  # noqa: PLC0415

        return ShiftingDeployment(shift=Linear(percent=percent, hold=_or_minute(hold)), **options)

    @staticmethod
    def steps(
        steps: Sequence[float], *, hold: cdk.Duration | None = None, **options: "Unpack[ShiftOptions]"
    ) -> "ShiftingDeployment":
        """Move the traffic in steps of your own, such as `[10, 50, 100]`.

        ECS has no such steps: where they are neither a canary's nor linear ones, a linear deployment in steps of their
        greatest common divisor is held at yours by a hook. Experimental: this was not seen on a real account.

        Args:
            steps: the parts in percent, rising, the last of them 100.
            hold: how long at each but the last, 1 s to 23 h (a canary's and linear ones: whole minutes); default: 1
                minute.
            options: the attributes of `ShiftingDeployment`.

        Raises:
            InvalidDeploymentError: a value is out of its range, or contradicts another.
        """
        from roadworthy.patterns.blue_green.shifting import ShiftingDeployment  # noqa: PLC0415
        from roadworthy.patterns.blue_green.stops import shift_in_steps  # noqa: PLC0415

        return ShiftingDeployment(shift=shift_in_steps(steps, _or_minute(hold)), **options)

    @abc.abstractmethod
    def refuse_scaling(self, scaling: Scaling) -> None:
        """Refuse counts of tasks at which it could not proceed.

        Raises:
            InvalidDeploymentError: there is such a count; the message does the sum.
        """

    def refuse_unbalanced(self, name: str) -> None:
        """Refuse a service without a load balancer, where there must be one.

        Raises:
            InvalidDeploymentError: there must.
        """
        return

    def behind(self, front: "Front", settings: "TaskSettings") -> "TrafficShift | None":
        """What moves the traffic of a service behind a load balancer; None where nothing does.

        Args:
            front: the load balancer, of which nothing is made yet.
            settings: the service.

        Raises:
            InvalidDeploymentError: it could not be moved so; or it would take too long, and the message does the sum.
        """
        return None

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
        possible = not is_token(self.max_percent) and self.max_percent > HUNDRED
        return ecs.AvailabilityZoneRebalancing.ENABLED if possible else ecs.AvailabilityZoneRebalancing.DISABLED


def _or_minute(hold: cdk.Duration | None) -> cdk.Duration:
    return cdk.Duration.minutes(1) if hold is None else hold


def unname_controller(service: ecs.FargateService) -> None:
    """Leave the deployment controller out of the template, as it is by default.

    It is ECS's own; a service whose template begins to name it may be replaced:
    https://github.com/aws/aws-cdk/issues/16126
    """
    cast("ecs.CfnService", service.node.default_child).add_property_deletion_override("DeploymentController")
