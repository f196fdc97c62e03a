"""One service in one environment, with everything that `services.toml` says of it."""

import dataclasses
from collections.abc import Callable
from typing import Any

from roadworthy.catalogue.environment import Environment
from roadworthy.catalogue.naming import ECS_NAME, ECS_NAME_WORDS, pattern
from roadworthy.catalogue.table import Table
from roadworthy.rules.facts.fargate_sizes import SIZES

# RFC 3986: what may stand in a path, without a query; a load balancer allows 1 to 1,024 characters.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
_PATH = r"/[A-Za-z0-9\-._~!$&()*+,;=:@%/]{0,1023}"
# https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
_SCHEDULE = (
    r"rate\([1-9][0-9]* (minute|hour|day)s?\)|cron\([^\s()]+( [^\s()]+){5}\)"
    r"|at\([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\)"
)
_HIGHEST_PORT = 65535


@dataclasses.dataclass(frozen=True)
class ServiceEntry:
    """A service in an environment.

    Attributes:
        service: its name in the catalogue, such as commerce-backend.
        environment: where it runs.
        kind: "http", "worker", "singleton", "tcp" or "scheduled".
        name: the ECS service's name, such as commerce-backend-stage; of a scheduled one, the task family's.
        cluster: the ECS cluster's name.
        repository: the image's repository, without a tag.
        container: the container that runs the image; default: the service's name in the catalogue.
        port: the port that it listens on; None for kinds that listen on none.
        health_path: the path that answers 200 while it is well; None for kinds that speak no HTTP.
        cpu: CPU units of a task, 1,024 to a vCPU.
        memory: memory of a task in MiB.
        desired: how many tasks a new service starts with; 0 for scheduled ones.
        min: the fewest tasks that scaling leaves.
        max: the most tasks that scaling makes; without scaling both are `desired`.
        schedule: when it runs, as EventBridge Scheduler writes it; None for kinds that run always.
        active: false: deployments leave it out, with a warning.
    """

    service: str
    environment: Environment
    kind: str
    name: str
    cluster: str
    repository: str
    container: str
    port: int | None
    health_path: str | None
    cpu: int
    memory: int
    desired: int
    min: int
    max: int
    schedule: str | None
    active: bool

    @property
    def scales(self) -> bool:
        """Whether the number of tasks follows the load."""
        return self.min < self.max


def _port(table: Table, key: str) -> int:
    return table.integer(key, 1, _HIGHEST_PORT)


def _health_path(table: Table, key: str) -> str:
    return table.text_of(key, _PATH, "a path that begins with / and holds no query")


def _schedule(table: Table, key: str) -> str:
    return table.text_of(key, _SCHEDULE, "rate(5 minutes), cron(0 9 * * ? *) or at(2026-01-31T09:00:00)")


def _container(table: Table, key: str) -> str:
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
    return table.text_of(key, ECS_NAME, ECS_NAME_WORDS)


def _cpu(table: Table, key: str) -> int:
    units = table.integer(key, 1)
    if units not in SIZES:
        raise table.wrong(key, f" is no size that Fargate has: {', '.join(map(str, SIZES))}")
    return units


def _memory(table: Table, key: str) -> int:
    return table.integer(key, 1)


def _tasks(table: Table, key: str) -> int:
    return table.integer(key, 0)


# The keys that may differ between environments: those of `[services.NAME]` but `kind` and `environments`, and all of
# `[services.NAME.ENVIRONMENT]`.
READERS: dict[str, Callable[[Table, str], Any]] = {
    "name": pattern,
    "cluster": pattern,
    "repository": pattern,
    "container": _container,
    "port": _port,
    "health_path": _health_path,
    "cpu": _cpu,
    "memory": _memory,
    "desired": _tasks,
    "min": _tasks,
    "max": _tasks,
    "schedule": _schedule,
    "active": Table.flag,
}
