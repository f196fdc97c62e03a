"""GetTaskProtection and UpdateTaskProtection.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from roadworthy.testing.plane.api.find import missing
from roadworthy.testing.plane.deployer import Deployer
from roadworthy.testing.plane.names import last
from roadworthy.testing.plane.state import Cluster, Task
from roadworthy.testing.wire.backend import AwsError

USUAL_MINUTES, LONGEST_MINUTES = 120, 2880
MOST_TASKS = 10  # in one UpdateTaskProtection: API_UpdateTaskProtection


def get_task_protection(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The protection of tasks; of all tasks of services when none is named."""
    plane = deployer.plane
    cluster = plane.cluster(parameters["cluster"])
    of_services = [task.id for task in cluster.tasks.values() if task.service and task.desired == "RUNNING"]
    return _answer(deployer, cluster, parameters.get("tasks") or of_services)


def update_task_protection(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Protect tasks, or end their protection."""
    plane, names = deployer.plane, parameters["tasks"]
    cluster = plane.cluster(parameters["cluster"])
    minutes = parameters.get("expiresInMinutes", USUAL_MINUTES)
    if not 1 <= minutes <= LONGEST_MINUTES:
        text = f"expiresInMinutes must be between 1 and {LONGEST_MINUTES}."
        raise AwsError("InvalidParameterException", text)
    if len(names) > MOST_TASKS:
        raise AwsError("InvalidParameterException", f"tasks can have at most {MOST_TASKS} items.")
    until = plane.now() + 60.0 * minutes if parameters["protectionEnabled"] else None
    for task in _known(cluster, names):
        if task.service:
            _protect(deployer, task, until)
    return _answer(deployer, cluster, names)


def _protect(deployer: Deployer, task: Task, until: float | None) -> None:
    service = task.service
    task.protected_until = until
    if service is None:
        return
    if until is None:
        deployer.scheduler.reconcile(service)
    else:
        deployer.plane.clock.at(until, lambda: deployer.scheduler.reconcile(service))


def _known(cluster: Cluster, names: Iterable[str]) -> list[Task]:
    found = (cluster.tasks.get(last(name)) for name in names)
    return [task for task in found if task]


def _answer(deployer: Deployer, cluster: Cluster, names: Iterable[str]) -> dict[str, Any]:
    plane = deployer.plane
    names = list(names)
    known = _known(cluster, names)
    unknown = [name for name in names if last(name) not in cluster.tasks]
    alone = [{"arn": task.arn, "reason": "TASK_NOT_VALID"} for task in known if not task.service]
    failures = [missing(plane.arn(f"task/{cluster.name}/{last(name)}")) for name in unknown]
    return {
        "protectedTasks": [_protection(task, plane.now()) for task in known if task.service],
        "failures": [*failures, *alone],
    }


def _protection(task: Task, now: float) -> dict[str, Any]:
    protected = task.protected(now)
    expires = task.protected_until if protected else None
    return {"taskArn": task.arn, "protectionEnabled": protected, "expirationDate": expires}


OPERATIONS = {"GetTaskProtection": get_task_protection, "UpdateTaskProtection": update_task_protection}
