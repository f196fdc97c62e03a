"""The timing of a health check: within what both ECS and Elastic Load Balancing accept, and without contradiction."""

import dataclasses
from typing import TypedDict

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.values import is_token, out_of_range

_LONGEST_GRACE = 2_147_483_647
_MAY_BE_NONE = frozenset({"port", "grace_seconds"})
_ANY = 60  # seconds: a probe's own limit where ECS's is a token; ECS ends the probe when its time is up


class InvalidHealthCheckError(RoadworthyError, ValueError):
    """A health check that ECS or the load balancer would refuse, or that could never pass."""


class Timing(TypedDict, total=False):
    """What every health check takes beside what it asks; the attributes of `HealthTiming`."""

    port: int
    interval_seconds: int
    timeout_seconds: int
    healthy_threshold: int
    unhealthy_threshold: int
    start_seconds: int
    grace_seconds: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class HealthTiming:
    """When a check is made, and what follows from its outcome. Tokens pass unchecked.

    Containers: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
    Target groups: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html

    Attributes:
        port: where it asks; default: the port of the traffic.
        interval_seconds: the time between two checks, 5 to 300.
        timeout_seconds: how long one check may take, 2 to 60, less than the interval; up to 120 where no container
            checks itself.
        healthy_threshold: successes in a row before the load balancer sends requests, 2 to 10.
        unhealthy_threshold: failures in a row before the task is replaced, 2 to 10; 1 where no load balancer asks.
        start_seconds: how long a task may take to start: failures until then do not count, 0 to 300.
        grace_seconds: how long ECS ignores all checks of a new task; default, and at the least: the start and the
            longer of both rows of checks.
    """

    port: int | None = None
    interval_seconds: int = 10
    timeout_seconds: int = 5
    healthy_threshold: int = 2
    unhealthy_threshold: int = 3
    start_seconds: int = 30
    grace_seconds: int | None = None

    @property
    def own_limit(self) -> int:
        """How many seconds a probe waits by itself: one less than ECS, so that it can say what it waited for."""
        return _ANY if is_token(self.timeout_seconds) else self.timeout_seconds - 1

    @property
    def grace(self) -> int:
        """How many seconds ECS ignores all checks of a new task."""
        return self._least_grace() if self.grace_seconds is None else self.grace_seconds

    def refuse_timing(self, what: str, *, container: bool, targets: bool) -> None:
        """Refuse what one of both sides would.

        Args:
            what: the check, for the message.
            container: whether the container checks itself.
            targets: whether a load balancer checks.

        Raises:
            InvalidHealthCheckError: a value is out of its range, or contradicts another.
        """
        ranges = {
            "port": (1, 65_535),
            "interval_seconds": (5, 300),
            "timeout_seconds": (2, 60 if container else 120),
            "healthy_threshold": (2, 10),
            "unhealthy_threshold": (2 if targets else 1, 10),
            "start_seconds": (0, 300),
            "grace_seconds": (0, _LONGEST_GRACE),
        }
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            wrong = None if value is None and name in _MAY_BE_NONE else out_of_range(value, low, high)
            if wrong:
                raise InvalidHealthCheckError(f"{what}: {name} = {value!r} {wrong}")
        self._refuse_slow(what)
        self._refuse_short_grace(what)

    def _refuse_slow(self, what: str) -> None:
        times = (self.timeout_seconds, self.interval_seconds)
        if not any(map(is_token, times)) and self.timeout_seconds >= self.interval_seconds:
            raise InvalidHealthCheckError(
                f"{what}: timeout_seconds = {self.timeout_seconds} must be less than "
                f"interval_seconds = {self.interval_seconds}"
            )

    def _refuse_short_grace(self, what: str) -> None:
        parts = (self.start_seconds, self.interval_seconds, self.healthy_threshold, self.unhealthy_threshold)
        if any(map(is_token, parts)):
            if self.grace_seconds is None:
                raise InvalidHealthCheckError(f"{what}: its timing is a token; give grace_seconds, too")
            return
        if self.grace_seconds is None or is_token(self.grace_seconds) or self.grace_seconds >= self._least_grace():
            return
        checks = max(self.healthy_threshold, self.unhealthy_threshold)
        raise InvalidHealthCheckError(
            f"{what}: grace_seconds = {self.grace_seconds} is too short: a task may need {self._least_grace()} s "
            f"(start_seconds = {self.start_seconds}, then {checks} checks every {self.interval_seconds} s)"
        )

    def _least_grace(self) -> int:
        # ECS's grace period covers the container's checks as well as the load balancer's:
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
        return self.start_seconds + self.interval_seconds * max(self.healthy_threshold, self.unhealthy_threshold)
