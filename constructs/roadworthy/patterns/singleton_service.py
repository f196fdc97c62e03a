"""A Fargate service of one task, of which no second may run: a scheduler, a leader, a consumer of one shard."""

from collections.abc import Sequence
from typing import Unpack

import aws_cdk as cdk
from constructs import Construct

from roadworthy.patterns.deployment import CircuitBreaker, Deployment
from roadworthy.patterns.health_check import HealthCheck
from roadworthy.patterns.scaling import Scaling
from roadworthy.patterns.service_options import UnscaledOptions
from roadworthy.patterns.worker_service import WorkerService


class SingletonService(WorkerService):
    """One task: a deployment stops the old one before it starts the new one, and nothing scales.

    ECS is asked for 0 to 100 % of one task, and for no rebalancing between zones, which would start a second first:
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
    A task on a host that AWS lost touch with may still run when it is replaced; what must not happen twice even then
    takes a lock of its own.

    Args:
        scope: where it is made.
        id: its id.
        health_check: as a `WorkerService` has it.
        stop_timeout: how long the task may take to end, 2 to 120 s: nothing runs from then until the new one has
            started. Default: 30 s.
        circuit_breaker: when a deployment is given up; default: after 3 failed tasks.
        alarms: names of CloudWatch alarms that end a deployment.
        options: the attributes of `ServiceSettings`, without `scaling` and `deployment`.

    Attributes:
        service, cluster, task_definition, container, log_group, security_group: what it is made of.

    Raises:
        RoadworthyError: what `WorkerService` raises.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        health_check: HealthCheck | None = None,
        stop_timeout: cdk.Duration | None = None,
        circuit_breaker: CircuitBreaker | None = None,
        alarms: Sequence[str] = (),
        **options: Unpack[UnscaledOptions],
    ) -> None:
        super().__init__(
            scope,
            id,
            health_check=health_check,
            stop_timeout=stop_timeout,
            scaling=Scaling.fixed(1),
            deployment=Deployment.rolling(
                min_healthy_percent=0, max_percent=100, circuit_breaker=circuit_breaker, alarms=alarms
            ),
            **options,
        )
