"""Rolling: new tasks start, old ones stop, within bounds; back when tasks fail or an alarm goes off."""

import dataclasses
from collections.abc import Sequence

from aws_cdk import aws_ecs as ecs

from roadworthy.patterns.deployment.alarm_names import refuse_alarms, watch
from roadworthy.patterns.deployment.circuit_breaker import CircuitBreaker
from roadworthy.patterns.deployment.deployment import Deployment, unname_controller
from roadworthy.patterns.deployment.error import InvalidDeploymentError
from roadworthy.patterns.scaling import Scaling
from roadworthy.patterns.values import is_token, out_of_range
from roadworthy.rules.facts.rolling import HUNDRED, blocks, least, most

_SHOWN = 10  # counts of tasks whose sum is in the message


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
        refuse_alarms(self.alarms)

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
        return self.circuit_breaker.l2

    def attach(self, service: ecs.FargateService) -> None:
        """See `Deployment`."""
        unname_controller(service)
        self.circuit_breaker.complete(service)
        watch(service, self.alarms, rollback=self.rollback_on_alarm)
