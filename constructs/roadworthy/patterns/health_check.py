"""A health check is one value: what the container, the load balancer and the deployment go by cannot disagree."""

import dataclasses
import re

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from roadworthy.errors import RoadworthyError

# RFC 3986: what may stand in a path, without a query; ALB allows 1 to 1,024 characters.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
_PATH = re.compile(r"/[A-Za-z0-9\-._~!$&()*+,;=:@%/]{0,1023}")


class InvalidHealthCheckError(RoadworthyError, ValueError):
    """A health check that ECS or the load balancer would refuse, or that could never pass."""


@dataclasses.dataclass(frozen=True)
class HealthCheck:
    """An HTTP health check, for both the container and its target group.

    Attributes:
        path: the path that answers 200 when the process is well; it asks nothing of other services.
        interval_seconds: the time between two checks, 5 to 300.
        timeout_seconds: how long one check may take, 2 to 60, less than the interval.
        healthy_threshold: successes in a row before the load balancer sends requests, 2 to 10.
        unhealthy_threshold: failures in a row before the task is replaced, 2 to 10.
        start_seconds: how long a task may take to start: failures until then do not count, 0 to 300.
    """

    path: str
    interval_seconds: int = 10
    timeout_seconds: int = 5
    healthy_threshold: int = 2
    unhealthy_threshold: int = 3
    start_seconds: int = 30

    @classmethod
    def http(cls, path: str, **timing: int) -> "HealthCheck":
        """Ask `GET path`; `timing` overrides the attributes' defaults."""
        return cls(path, **timing)

    def __post_init__(self) -> None:
        if not _PATH.fullmatch(self.path):
            raise InvalidHealthCheckError(f"health-check path {self.path!r}: it must begin with / and hold no query")
        # The ranges that both accept. Containers:
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html and target groups:
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
        for name, low, high in (
            ("interval_seconds", 5, 300),
            ("timeout_seconds", 2, 60),
            ("healthy_threshold", 2, 10),
            ("unhealthy_threshold", 2, 10),
            ("start_seconds", 0, 300),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise InvalidHealthCheckError(f"health check {self.path}: {name} = {value} is not in {low}..{high}")
        if self.timeout_seconds >= self.interval_seconds:
            raise InvalidHealthCheckError(
                f"health check {self.path}: timeout_seconds = {self.timeout_seconds} must be less than "
                f"interval_seconds = {self.interval_seconds}"
            )

    def container(self, port: int) -> ecs.HealthCheck:
        """The container's own check: Python is in the image, curl need not be."""
        probe = (
            "import urllib.request as r; "
            f"r.urlopen('http://127.0.0.1:{port}{self.path}', timeout={self.timeout_seconds - 1})"
        )
        return ecs.HealthCheck(
            command=["CMD", "python", "-c", probe],
            interval=cdk.Duration.seconds(self.interval_seconds),
            timeout=cdk.Duration.seconds(self.timeout_seconds),
            retries=self.unhealthy_threshold,
            start_period=cdk.Duration.seconds(self.start_seconds),
        )

    def target_group(self, port: int) -> elbv2.HealthCheck:
        """The target group's check, on the same port and path."""
        return elbv2.HealthCheck(
            path=self.path,
            port=str(port),
            protocol=elbv2.Protocol.HTTP,
            healthy_http_codes="200",
            interval=cdk.Duration.seconds(self.interval_seconds),
            timeout=cdk.Duration.seconds(self.timeout_seconds),
            healthy_threshold_count=self.healthy_threshold,
            unhealthy_threshold_count=self.unhealthy_threshold,
        )

    @property
    def grace_period(self) -> cdk.Duration:
        """How long ECS ignores the load balancer's verdict on a new task: its start and the first checks."""
        return cdk.Duration.seconds(self.start_seconds + self.interval_seconds * self.healthy_threshold)
