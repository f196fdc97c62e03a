"""How a variant differs from what is right: edits of a template by path."""

import copy
from collections.abc import Callable
from typing import Any

Template = dict[str, Any]
Edit = Callable[[Template], None]

REMOVED = object()  # as a value: the property is taken away
# Where a path may begin instead of at a logical id.
PLACES = {
    "task": ("Resources", "TaskDefinition", "Properties"),
    "api": ("Resources", "TaskDefinition", "Properties", "ContainerDefinitions", "api"),
    "collector": ("Resources", "TaskDefinition", "Properties", "ContainerDefinitions", "collector"),
    "migrate": ("Resources", "TaskDefinition", "Properties", "ContainerDefinitions", "migrate"),
    "service": ("Resources", "Service", "Properties"),
    "awsvpc": ("Resources", "Service", "Properties", "NetworkConfiguration", "AwsvpcConfiguration"),
    "deployment": ("Resources", "Service", "Properties", "DeploymentConfiguration"),
    "raw_task": ("task-definition.json",),
    "raw_api": ("task-definition.json", "containerDefinitions", "api"),
    "raw_proxy": ("task-definition.json", "containerDefinitions", "proxy"),
    "raw_service": ("service.json",),
    "Resources": ("Resources",),
    "Parameters": ("Parameters",),
    "Conditions": ("Conditions",),
}


def put(values: dict[str, Any]) -> Edit:
    """Set each path to its value: `{"api.Cpu": 2048, "Targets.TargetType": REMOVED, "service.Tags": [...]}`.

    A path begins with a place of `PLACES` or with a logical id, whose properties are meant. A part of it that stands
    for an item of a list is the item's name or its number; `+` appends.
    """

    def edit(template: Template) -> None:
        for path, value in values.items():
            start, *rest = path.split(".")
            parts = [*PLACES.get(start, ("Resources", start, "Properties")), *rest]
            _put(template, parts, value if value is REMOVED else copy.deepcopy(value))

    return edit


def drop(*logical_ids: str) -> Edit:
    """Take resources away, and the names that DependsOn has of them."""

    def edit(template: Template) -> None:
        for logical_id in logical_ids:
            del template["Resources"][logical_id]
        for resource in template["Resources"].values():
            if "DependsOn" in resource:
                names = resource["DependsOn"]
                kept = [name for name in ([names] if isinstance(names, str) else names) if name not in logical_ids]
                resource["DependsOn"] = kept

    return edit


def after(*logical_ids: str, resource: str = "Service") -> Edit:
    """Let a resource depend on exactly these."""

    def edit(template: Template) -> None:
        template["Resources"][resource]["DependsOn"] = list(logical_ids)

    return edit


def not_after(*logical_ids: str, resource: str = "Service") -> Edit:
    """Take some names out of a resource's DependsOn."""

    def edit(template: Template) -> None:
        names = template["Resources"][resource]["DependsOn"]
        template["Resources"][resource]["DependsOn"] = [name for name in names if name not in logical_ids]

    return edit


def add(logical_id: str, kind: str, **properties: Any) -> Edit:
    """Add a resource of the type `AWS::<kind>`."""

    def edit(template: Template) -> None:
        template["Resources"][logical_id] = {"Type": f"AWS::{kind}", "Properties": properties}

    return edit


def _put(node: Any, parts: list[str], value: Any) -> None:
    for part in parts[:-1]:
        node = node.setdefault(part, {}) if isinstance(node, dict) else node[_index(node, part)]
    last = parts[-1]
    if isinstance(node, dict):
        if value is REMOVED:
            del node[last]
        else:
            node[last] = value
    elif last == "+":
        node.append(value)
    elif value is REMOVED:
        del node[_index(node, last)]
    else:
        node[_index(node, last)] = value


def _index(items: list[Any], part: str) -> int:
    """Where the item of that name or number stands."""
    if part.isdecimal():
        return int(part)
    return next(number for number, item in enumerate(items) if part in {item.get("Name"), item.get("name")})
