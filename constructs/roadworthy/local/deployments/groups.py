"""The target groups of blue and green, and the weights of the rules between them.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html
"""

from typing import Any

from roadworthy.local.deployments.records import Revision, ServiceDeployment
from roadworthy.local.shims import weights
from roadworthy.local.shims.internals import alb, ecs

ALL = 100.0  # percent


def pair(balancer: dict[str, Any]) -> list[str]:
    """The target groups of one entry of `loadBalancers`: its own, and the alternate one."""
    advanced = balancer.get("advancedConfiguration") or {}
    return [one for one in (balancer.get("targetGroupArn"), advanced.get("alternateTargetGroupArn")) if one]


def of_task(service: dict[str, Any], task: dict[str, Any], balancer: dict[str, Any]) -> str | None:
    """The target group that a task of the service belongs in."""
    groups = pair(balancer)
    deployment = ecs._deployment_for_task(service, task) or {}
    return groups[min(deployment.get("_side", 0), len(groups) - 1)] if groups else None


def publish(service: dict[str, Any]) -> None:
    """Register the running tasks, each in the groups of its side."""
    for balancer in service.get("loadBalancers") or []:
        for group in pair(balancer):
            with ecs.resource_lock("elbv2-targets", group):
                addresses = [
                    ecs._task_ip(task) for task in _running(service) if of_task(service, task, balancer) == group
                ]
                ledger = service.setdefault("_published_targets", {})
                targets = [(address, balancer.get("containerPort", 80)) for address in addresses if address]
                alb.set_targets_for_group(group, targets, ledger.get(group, ()))
                ledger[group] = [address for address, _port in targets]


def _running(service: dict[str, Any]) -> list[dict[str, Any]]:
    """The service's running tasks."""
    if service.get("status") != "ACTIVE":
        return []
    group, cluster = f"service:{service['serviceName']}", service["clusterArn"]
    tasks = (task for task in list(ecs._tasks.values()) if task.get("lastStatus") == "RUNNING")
    return [task for task in tasks if task.get("group") == group and task.get("clusterArn") == cluster]


def shift(record: ServiceDeployment, which: str, percent: float) -> None:
    """Give green so much of the traffic: `which` is `production` or `test`, whose rules then say so."""
    shares = {record.target.arn: percent} | ({record.blue.arn: ALL - percent} if record.blue else {})
    setattr(record, which, shares)
    for balancer in record.target.settings.get("loadBalancers") or []:
        groups = pair(balancer)
        action = _action((balancer.get("advancedConfiguration") or {}).get(f"{which}ListenerRule"))
        if action is not None and len(groups) == 2:  # noqa: PLR2004 - blue's and green's
            weights.weigh(action, _weights(record.target, groups, percent))


def _weights(green: Revision, groups: list[str], percent: float) -> dict[str, int]:
    return {groups[green.side]: round(percent), groups[1 - green.side]: round(ALL - percent)}


def _action(arn: str | None) -> dict[str, Any] | None:
    """The forward action of a rule, or of a listener where there are no rules."""
    if arn in alb._rules:
        actions = alb._rules[arn]["Actions"]
    else:
        actions = (alb._listeners.get(arn) or {}).get("DefaultActions", [])
    return next((one for one in actions if one["Type"] == "forward"), None)
