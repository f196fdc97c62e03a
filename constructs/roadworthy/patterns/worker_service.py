"""A Fargate service that nobody calls: it takes its work from a queue or a stream."""

from typing import Unpack

import aws_cdk as cdk
from constructs import Construct

from roadworthy.patterns.draining import drain_time
from roadworthy.patterns.fargate_service import FargateServicePattern
from roadworthy.patterns.health_check import CommandHealthCheck, HealthCheck
from roadworthy.patterns.health_timing import InvalidHealthCheckError
from roadworthy.patterns.scaling import InvalidScalingError
from roadworthy.patterns.service_options import ServiceOptions, ServiceSettings


class WorkerService(FargateServicePattern):
    """A service on Fargate without a load balancer and without a port.

    Args:
        scope: where it is made.
        id: its id.
        health_check: the container's own check: a command, or one that names its `port`; default: none, the process
            is well as long as it runs.
        stop_timeout: how long a container may take to end the work in hand, 2 to 120 s; default: 30 s.
        options: the attributes of `ServiceSettings`.

    Attributes:
        service, scalable, cluster, task_definition, container, log_group, security_group: what it is made of.

    Raises:
        InvalidHealthCheckError: the health check asks a port, and says not which.
        InvalidScalingError: it scales by requests, of which it gets none.
        InvalidTimeoutError: the time to stop is out of its range.
        RoadworthyError: what `ServiceSettings` and `TaskSettings` raise.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        health_check: HealthCheck | None = None,
        stop_timeout: cdk.Duration | None = None,
        **options: Unpack[ServiceOptions],
    ) -> None:
        settings = ServiceSettings(**options)
        refuse_portless(settings.name, health_check)
        refuse_requests(settings)
        drain = drain_time(f"service `{settings.name}`: stop_timeout", stop_timeout)
        super().__init__(scope, id, settings=settings, stop_timeout=drain, health_check=health_check)
        self.scalable = settings.how_many.attach(self.service)


def refuse_portless(name: str, check: HealthCheck | None) -> None:
    """Refuse a check of a port that nobody named.

    Raises:
        InvalidHealthCheckError: it is such a check.
    """
    if check is not None and not isinstance(check, HealthCheck):
        raise InvalidHealthCheckError(f"service `{name}`: health_check = {check!r} is no HealthCheck")
    if check is not None and check.port is None and not isinstance(check, CommandHealthCheck):
        raise InvalidHealthCheckError(
            f"service `{name}` has no port to check: give HealthCheck.command(...), or the check a port=..."
        )


def refuse_requests(settings: ServiceSettings) -> None:
    """Refuse to scale by requests what gets none from an Application Load Balancer.

    Raises:
        InvalidScalingError: it would.
    """
    requests = settings.how_many.requests_per_target
    if requests is not None:
        raise InvalidScalingError(
            f"service `{settings.name}`: scaling requests_per_target = {requests} needs a load balancer: "
            "scale by cpu_percent or memory_percent"
        )
