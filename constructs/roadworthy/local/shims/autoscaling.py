"""Application Auto Scaling: targets and policies.

Lack: ministack has no such service and does not know AWS::ApplicationAutoScaling::ScalableTarget and ...ScalingPolicy.
Effect: a template with `auto_scale_task_count` is refused.
Shim: both types are kept as records, after the checks that AWS makes: the ECS service exists, the minimum is not above
    the maximum, a policy has a target. Registering brings the count of tasks between the bounds.
Faithful: the checks and the bounds; nothing scales, since no metric of ECS is emitted that could make it scale.
https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
"""

from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import ecs, handlers, responses

_targets: dict[str, dict[str, Any]] = {}
_policies: dict[str, dict[str, Any]] = {}


def install(_: Settings) -> None:
    """Register both resource types."""
    handlers["AWS::ApplicationAutoScaling::ScalableTarget"] = {
        "create": _create_target,
        "update": lambda _id, _old, new, stack: _create_target("", new, stack),
        "delete": lambda target, _properties: _targets.pop(target, None),
    }
    handlers["AWS::ApplicationAutoScaling::ScalingPolicy"] = {
        "create": _create_policy,
        "update": _update_policy,
        "delete": lambda arn, _properties: _policies.pop(arn, None),
    }


def _create_target(_logical_id: str, properties: dict[str, Any], _stack: str) -> tuple[str, dict[str, str]]:
    resource, namespace = properties["ResourceId"], properties["ServiceNamespace"]
    if namespace == "ecs" and resource.removeprefix("service/") not in ecs._services:
        raise ValueError(f"ECS service doesn't exist: {resource}")
    lowest, highest = int(properties["MinCapacity"]), int(properties["MaxCapacity"])
    if lowest > highest:
        raise ValueError(f"Minimum capacity {lowest} cannot be greater than maximum capacity {highest}")
    target = f"{resource}|{properties['ScalableDimension']}|{namespace}"
    _targets[target] = properties
    if namespace == "ecs":
        _bring_between(resource.removeprefix("service/"), lowest, highest)
    return target, {"Id": target}


def _bring_between(key: str, lowest: int, highest: int) -> None:
    count = ecs._services[key]["desiredCount"]
    wanted = min(max(count, lowest), highest)
    if wanted != count:
        cluster, service = key.split("/")
        ecs._update_service({"cluster": cluster, "service": service, "desiredCount": wanted})


def _create_policy(_logical_id: str, properties: dict[str, Any], _stack: str) -> tuple[str, dict[str, str]]:
    parts = (properties.get(name) for name in ("ResourceId", "ScalableDimension", "ServiceNamespace"))
    target = properties.get("ScalingTargetId") or "|".join(str(part) for part in parts)
    if target not in _targets:
        raise ValueError(f"No scalable target registered for {target}")
    arn = (
        f"arn:aws:autoscaling:{responses.get_region()}:{responses.get_account_id()}:scalingPolicy:"
        f"{responses.new_uuid()}:resource/{target.replace('|', '/')}:policyName/{properties['PolicyName']}"
    )
    _policies[arn] = properties
    return arn, {"Arn": arn}


def _update_policy(arn: str, _old: dict[str, Any], new: dict[str, Any], _stack: str) -> tuple[str, dict[str, str]]:
    _policies[arn] = new
    return arn, {"Arn": arn}
