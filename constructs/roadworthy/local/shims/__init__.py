"""What ministack lacks for our stacks, one concern to a file, taught to it in memory before it serves.

Each file's docstring says: the lack, its effect, what the shim does, and how faithful that is. Each has an
`install(settings)` and a contract test in tests/local/.
"""

import dataclasses
import importlib
from pathlib import Path
from typing import Any

NAMES = (
    "alarms",
    "application_listeners",
    "autoscaling",
    "capacity_providers",
    "custom_resources",
    "ec2_records",
    "ec2_rules",
    "ecs_permissions",
    "ecs_service",
    "functions",
    "names",
    "network_load_balancers",
    "openapi",
    "private_api",
    "registry",
    "rest_api_update",
    "runtimes",
    "schedules",
    "secrets",
    "service_deployments",
    "streams",
    "tables",
    "target_health",
    "task_definitions",
    "task_health",
    "transport",
    "validation_errors",
    "weights",
)


@dataclasses.dataclass(frozen=True)
class Settings:
    """What the shims need to know.

    Attributes:
        port: the emulator's port.
        lambda_python: the interpreter that Python Lambdas run in.
        engine: what ECS takes for the Docker daemon.
    """

    port: int
    lambda_python: Path
    engine: Any


def install(settings: Settings) -> None:
    """Install every shim."""
    for name in NAMES:
        importlib.import_module(f"{__name__}.{name}").install(settings)
