"""How many tasks a service runs, and what makes it more or fewer."""

import dataclasses
import re
import zoneinfo
from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_applicationautoscaling as appscaling
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.values import is_token, out_of_range

# https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html
_EXPRESSION = re.compile(
    r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|rate\([1-9]\d* (minute|hour|day)s?\)|cron\(\S+( \S+){5}\)"
)


class InvalidScalingError(RoadworthyError, ValueError):
    """Bounds or targets that Application Auto Scaling would refuse, or with which nothing would scale."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScheduledBounds:
    """Other bounds from a time on, until the next schedule changes them.

    Attributes:
        name: what it is called, unique in its `Scaling`: `Morning`.
        expression: when: `cron(0 8 ? * MON-FRI *)`, `rate(12 hours)` or `at(2027-01-01T00:00:00)`.
        min: the fewest tasks; default: as they were. 0 and a `max` of 0 switch the service off.
        max: the most tasks; default: as they were.
        time_zone: of the expression, as `Asia/Singapore`; default: UTC.
    """

    name: str
    expression: str
    min: int | None = None
    max: int | None = None
    time_zone: str | None = None

    def __post_init__(self) -> None:
        is_text = isinstance(self.expression, str)
        if not is_token(self.expression) and not (is_text and _EXPRESSION.fullmatch(self.expression)):
            raise InvalidScalingError(
                f"schedule {self.name}: {self.expression!r} is none of cron(six fields), rate(12 hours) "
                "and at(2027-01-01T00:00:00)"
            )
        if self.min is None and self.max is None:
            raise InvalidScalingError(f"schedule {self.name} changes neither min nor max")
        _refuse_bounds(f"schedule {self.name}", self.min, self.max, least=0)
        _refuse_zone(self.name, self.time_zone)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scaling:
    """Bounds, and what is kept within them; each of cpu_percent, memory_percent and requests_per_target may be None.

    The template names no desired count for a service that scales, so that no deployment overwrites what scaling
    chose; a new service is brought to `min` as soon as it is registered for scaling. Tokens pass unchecked.

    https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html

    Attributes:
        min: the fewest tasks, at least 1.
        max: the most tasks.
        cpu_percent: the average CPU use that scaling keeps, in percent.
        memory_percent: likewise for memory.
        requests_per_target: how many requests a task gets in a minute, on average; it needs a load balancer.
        schedules: other bounds at certain times.

    Raises:
        InvalidScalingError: the bounds leave no range, a target is none, or there is nothing that scales.
    """

    min: int = 2
    max: int = 10
    cpu_percent: int | None = 60
    memory_percent: int | None = 70
    requests_per_target: int | None = None
    schedules: Sequence[ScheduledBounds] = ()

    def __post_init__(self) -> None:
        _refuse_bounds("scaling", self.min, self.max, least=0 if self.is_fixed and self.min == self.max else 1)
        for name, high in (("cpu_percent", 100), ("memory_percent", 100), ("requests_per_target", None)):
            value = getattr(self, name)
            wrong = None if value is None else out_of_range(value, 1, high)
            if wrong:
                raise InvalidScalingError(f"scaling {name} = {value!r} {wrong}")
        if self.is_fixed and self.min != self.max:
            raise InvalidScalingError(
                f"scaling min = {self.min}, max = {self.max}, but nothing scales between them: "
                "give cpu_percent, memory_percent, requests_per_target or schedules, or use Scaling.fixed"
            )
        if not isinstance(self.schedules, Sequence) or not all(
            isinstance(one, ScheduledBounds) for one in self.schedules
        ):
            raise InvalidScalingError(f"scaling schedules = {self.schedules!r} is no list of ScheduledBounds")
        names = [schedule.name for schedule in self.schedules]
        if len(set(names)) < len(names):
            raise InvalidScalingError(f"scaling has schedules of the same name: {', '.join(names)}")

    @classmethod
    def fixed(cls, count: int) -> "Scaling":
        """Always `count` tasks: the template says so, and nothing scales. 0 switches the service off."""
        return cls(min=count, max=count, cpu_percent=None, memory_percent=None)

    @property
    def is_fixed(self) -> bool:
        """Whether nothing changes the count."""
        targets = (self.cpu_percent, self.memory_percent, self.requests_per_target)
        return not self.schedules and all(target is None for target in targets)

    @property
    def desired_count(self) -> int | None:
        """What the template names; None where scaling chooses."""
        return self.min if self.is_fixed else None

    @property
    def counts(self) -> tuple[int, int] | None:
        """The fewest and the most tasks while it is switched on; None where a token hides one of them."""
        on = [one for one in self.schedules if one.max != 0]
        low = [self.min, *(one.min for one in on if one.min is not None)]
        high = [self.max, *(one.max for one in on if one.max is not None)]
        return None if any(map(is_token, low + high)) else (min(low), max(high))

    def attach(
        self, service: ecs.FargateService, *, target_group: elbv2.ApplicationTargetGroup | None = None
    ) -> ecs.ScalableTaskCount | None:
        """Make `service` scale; None where the count is fixed.

        Args:
            service: made with `desired_count=scaling.desired_count`.
            target_group: whose requests count; already behind a listener.

        Raises:
            InvalidScalingError: it scales by requests, and there is no target group.
        """
        if self.is_fixed:
            return None
        if self.requests_per_target is not None and target_group is None:
            raise InvalidScalingError(
                f"scaling requests_per_target = {self.requests_per_target} needs a load balancer: "
                "scale by cpu_percent or memory_percent"
            )
        tasks = service.auto_scale_task_count(min_capacity=self.min, max_capacity=self.max)
        if self.cpu_percent is not None:
            tasks.scale_on_cpu_utilization("Cpu", target_utilization_percent=self.cpu_percent)
        if self.memory_percent is not None:
            tasks.scale_on_memory_utilization("Memory", target_utilization_percent=self.memory_percent)
        if self.requests_per_target is not None and target_group is not None:
            tasks.scale_on_request_count(
                "Requests", requests_per_target=self.requests_per_target, target_group=target_group
            )
        for one in self.schedules:
            _add_schedule(tasks, one)
        return tasks


def _add_schedule(tasks: ecs.ScalableTaskCount, bounds: ScheduledBounds) -> None:
    tasks.scale_on_schedule(
        bounds.name,
        schedule=appscaling.Schedule.expression(bounds.expression),
        min_capacity=bounds.min,
        max_capacity=bounds.max,
        time_zone=cdk.TimeZone.of(bounds.time_zone) if bounds.time_zone else None,
    )


def _refuse_bounds(what: str, low: int | None, high: int | None, *, least: int) -> None:
    for name, value in (("min", low), ("max", high)):
        wrong = None if value is None else out_of_range(value, least)
        if wrong:
            raise InvalidScalingError(f"{what} {name} = {value!r} {wrong}")
    if low is not None and high is not None and not is_token(low) and not is_token(high) and low > high:
        raise InvalidScalingError(f"{what} min = {low} is more than max = {high}")


def _refuse_zone(name: str, zone: str | None) -> None:
    if zone is None or is_token(zone):
        return
    known = zoneinfo.available_timezones()  # none where the system has no such data
    if known and zone not in known:
        raise InvalidScalingError(f"schedule {name}: time zone {zone!r} is unknown; write one such as Asia/Singapore")
