"""From the catalogue's kinds to patterns."""

import zlib
from collections.abc import Callable

import aws_cdk as cdk
from constructs import Construct

from roadworthy.catalogue import ServiceEntry
from roadworthy.patterns import (
    AlarmKind,
    Deployment,
    HealthCheck,
    HttpService,
    Route,
    Scaling,
    ScheduledTask,
    ServiceAlarms,
    SingletonService,
    TaskOptions,
    TcpService,
    WorkerService,
)

from .shared import SharedStack

Service = HttpService | WorkerService | TcpService | ScheduledTask
Make = Callable[[Construct, SharedStack, ServiceEntry, TaskOptions], Service]


def http(scope: Construct, shared: SharedStack, entry: ServiceEntry, task: TaskOptions) -> HttpService:
    """Behind the load balancer that all share, under a name of its own."""
    return HttpService(
        scope,
        "Service",
        port=_port(entry),
        health_check=_health_check(entry),
        listener=shared.listener,
        route=Route(priority=_priority(entry), hosts=[shared.host_of(entry.service)]),
        scaling=_scaling(entry),
        deployment=_rolling(entry, AlarmKind.ERROR_RATE, AlarmKind.UNHEALTHY_HOSTS),
        **task,
    )


def web_sockets(scope: Construct, shared: SharedStack, entry: ServiceEntry, task: TaskOptions) -> HttpService:
    """Behind a load balancer of its own: only its connections may be silent for an hour."""
    service = HttpService(
        scope,
        "Service",
        port=_port(entry),
        health_check=_health_check(entry),
        idle_timeout=cdk.Duration.hours(1),
        stickiness=cdk.Duration.days(1),
        deletion_protection=shared.settings.guarded,
        scaling=_scaling(entry),
        deployment=_rolling(entry, AlarmKind.ERROR_RATE, AlarmKind.UNHEALTHY_HOSTS),
        **task,
    )
    shared.name(scope, entry.service, service.load_balancer.load_balancer_dns_name)
    return service


def worker(scope: Construct, _: SharedStack, entry: ServiceEntry, task: TaskOptions) -> WorkerService:
    """Called by nobody."""
    deployment = _rolling(entry, AlarmKind.CPU, AlarmKind.MEMORY)
    return WorkerService(scope, "Service", scaling=_scaling(entry), deployment=deployment, **task)


def singleton(scope: Construct, _: SharedStack, entry: ServiceEntry, task: TaskOptions) -> SingletonService:
    """Never twice."""
    return SingletonService(scope, "Service", alarms=_alarms(entry, AlarmKind.CPU, AlarmKind.MEMORY), **task)


def tcp(scope: Construct, shared: SharedStack, entry: ServiceEntry, task: TaskOptions) -> TcpService:
    """Behind a Network Load Balancer of its own."""
    service = TcpService(
        scope,
        "Service",
        port=_port(entry),
        deletion_protection=shared.settings.guarded,
        scaling=_scaling(entry),
        deployment=_rolling(entry, AlarmKind.UNHEALTHY_HOSTS),
        **task,
    )
    assert service.load_balancer
    shared.name(scope, entry.service, service.load_balancer.load_balancer_dns_name)
    return service


def scheduled(scope: Construct, _: SharedStack, entry: ServiceEntry, task: TaskOptions) -> ScheduledTask:
    """Started at its times."""
    assert entry.schedule
    return ScheduledTask(scope, "Service", schedule=entry.schedule, **task)


KINDS: dict[str, Make] = {
    "http": http,
    "worker": worker,
    "singleton": singleton,
    "tcp": tcp,
    "scheduled": scheduled,
}


def _port(entry: ServiceEntry) -> int:
    assert entry.port  # the catalogue sees to it
    return entry.port


def _health_check(entry: ServiceEntry) -> HealthCheck:
    """The load balancer alone asks: some images have Python, others Node.js."""
    assert entry.health_path
    return HealthCheck.http(entry.health_path, probe=None)


def _priority(entry: ServiceEntry) -> int:
    """Its own among the listener's rules, whatever services come and go; as hosts differ, the order says nothing."""
    return zlib.crc32(entry.service.encode()) % 50_000 + 1


def _scaling(entry: ServiceEntry) -> Scaling:
    return Scaling(min=entry.min, max=entry.max) if entry.scales else Scaling.fixed(entry.desired)


def _rolling(entry: ServiceEntry, *kinds: AlarmKind) -> Deployment:
    return Deployment.rolling(alarms=_alarms(entry, *kinds))


def _alarms(entry: ServiceEntry, *kinds: AlarmKind) -> list[str]:
    """The alarms that end a deployment, where the environment is guarded."""
    return ServiceAlarms.names_for(entry.name, *kinds) if entry.environment.guarded else []
