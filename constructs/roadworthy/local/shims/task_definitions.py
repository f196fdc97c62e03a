"""Task definitions: the nested settings of a container.

Lack: CloudFormation's names below the first level (Secrets, HealthCheck, LinuxParameters, Ulimits, DependsOn ...) are
    not turned into ECS's own.
Effect: a task starts without its secrets, and its health check is empty.
Shim: every level is turned; the keys of maps that are the user's own (labels, log options) stay as they are.
Faithful: fully.
"""

from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import provisioners

_FREE_KEYS = ("DockerLabels", "Options")


def install(_: Settings) -> None:
    """Turn every level."""
    provisioners._normalize_container_defs = lambda containers: [_turned(container) for container in containers]


def _turned(node: Any, parent: str = "") -> Any:
    if isinstance(node, dict):
        return {
            (key if parent in _FREE_KEYS else key[:1].lower() + key[1:]): _turned(value, key)
            for key, value in node.items()
        }
    return [_turned(item, parent) for item in node] if isinstance(node, list) else node
