"""Every operation of ECS that is played."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from roadworthy.testing.plane.api import (
    clusters,
    protection,
    service_deployments,
    services,
    tags,
    task_definitions,
    tasks,
    update_service,
)
from roadworthy.testing.plane.deployer import Deployer

Operation = Callable[[Deployer, Mapping[str, Any]], dict[str, Any]]
ROOMS = (clusters, services, update_service, task_definitions, tasks, service_deployments, protection, tags)
OPERATIONS: dict[str, Operation] = {name: call for room in ROOMS for name, call in room.OPERATIONS.items()}


def play(deployer: Deployer) -> None:
    """Register all of them with the backend of the plane."""
    handlers = {name: partial(operation, deployer) for name, operation in OPERATIONS.items()}
    deployer.plane.backend.register_all("ecs", handlers)
