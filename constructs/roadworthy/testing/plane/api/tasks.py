"""ListTasks, DescribeTasks, StopTask and RunTask."""

from collections.abc import Mapping
from typing import Any

from roadworthy.testing import faults
from roadworthy.testing.plane.api.find import active_definition, missing, service_in
from roadworthy.testing.plane.api.pages import at_most, page
from roadworthy.testing.plane.deployer import Deployer
from roadworthy.testing.plane.names import last
from roadworthy.testing.plane.state import Cluster, Ending, Task
from roadworthy.testing.wire.backend import AwsError

MOST_TASKS = 100  # in one DescribeTasks: API_DescribeTasks
MOST_RUN = 10  # in one RunTask: API_RunTask
ONE_OFF = faults.crash_loop(0, after=5.0)  # what a task of RunTask does unless it is scripted: it exits 0
USER_STOPPED = "Task stopped by user"


def list_tasks(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The ARNs of a cluster's tasks that shall run; of those that shall not, with `desiredStatus` STOPPED."""
    plane = deployer.plane
    cluster = plane.cluster(parameters.get("cluster"))
    chosen = [task.arn for task in _of(cluster, parameters) if _asked(task, parameters)]
    arns, token = page(chosen, parameters)
    return {"taskArns": arns, "nextToken": token}


def _of(cluster: Cluster, parameters: Mapping[str, Any]) -> list[Task]:
    """The tasks that may be meant: those of a service are found without looking at all others."""
    name, stopped = parameters.get("serviceName"), parameters.get("desiredStatus") == "STOPPED"
    if not name:
        return list(cluster.tasks.values())
    service = service_in(cluster, name)
    if stopped:
        return [task for task in service.stopped if task.id in cluster.tasks]
    return [task for deployment in service.deployments for task in deployment.tasks.values()]


def _asked(task: Task, parameters: Mapping[str, Any]) -> bool:
    return (
        task.desired == parameters.get("desiredStatus", "RUNNING")
        and parameters.get("family") in (None, task.definition.family)
        and parameters.get("startedBy") in (None, task.started_by)
        and parameters.get("launchType", "FARGATE") == "FARGATE"
    )


def describe_tasks(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Up to a hundred tasks, stopped ones for an hour; those that are not known are failures."""
    plane, names = deployer.plane, parameters["tasks"]
    at_most(names, MOST_TASKS, "Tasks")
    cluster = plane.cluster(parameters.get("cluster"))
    found = {name: cluster.tasks.get(last(name)) for name in names}
    return {
        "tasks": [described(task, plane.now()) for task in found.values() if task],
        "failures": [
            missing(plane.arn(f"task/{cluster.name}/{last(name)}")) for name, task in found.items() if not task
        ],
    }


def stop_task(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Stop a task; its service starts another one."""
    plane = deployer.plane
    task = plane.cluster(parameters.get("cluster")).tasks.get(last(parameters["task"]))
    if task is None:
        raise AwsError("InvalidParameterException", "The referenced task was not found.")
    reason = parameters.get("reason")
    if task.desired == "RUNNING":
        for container in task.definition.containers:
            task.endings[container["name"]] = Ending(143 if task.running_at else None)
    deployer.scheduler.life.stop(task, "UserInitiated", reason or USER_STOPPED)
    if task.service:
        deployer.scheduler.reconcile(task.service)
    return {"task": described(task, plane.now())}


def run_task(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Run tasks on their own; each ends as it is scripted for its family, else it exits 0 after a few seconds."""
    plane, count = deployer.plane, parameters.get("count", 1)
    cluster = plane.cluster(parameters.get("cluster"))
    definition = active_definition(plane, parameters["taskDefinition"])
    if not 1 <= count <= MOST_RUN:
        raise AwsError("InvalidParameterException", f"count must be between 1 and {MOST_RUN}.")
    known = deployer.plane.requested.get(parameters.get("clientToken", ""))
    if known:
        return {"tasks": [described(task, plane.now()) for task in known], "failures": []}
    script = plane.one_off[definition.family]
    fault = script.popleft() if script else ONE_OFF
    if fault.unplaced:
        return {"tasks": [], "failures": [{"reason": fault.unplaced}]}
    tasks = [deployer.scheduler.life.run(cluster, definition, fault, parameters) for _ in range(count)]
    if token := parameters.get("clientToken"):
        plane.requested[token] = tasks
    return {"tasks": [described(task, plane.now()) for task in tasks], "failures": []}


def described(task: Task, now: float) -> dict[str, Any]:
    """A task as the API shows it."""
    registered = task.definition.registered
    return {
        **_life(task, now),
        "taskArn": task.arn,
        "clusterArn": task.cluster.arn,
        "taskDefinitionArn": task.definition.arn,
        "availabilityZone": task.zone,
        "attachments": [_interface(task)],
        "containers": [_container(task, one, now) for one in task.definition.containers],
        "cpu": registered.get("cpu", "256"),
        "memory": registered.get("memory", "512"),
        "group": task.group,
        "launchType": "FARGATE",
        "platformVersion": "1.4.0",
        "platformFamily": "Linux",
        "overrides": task.overrides,
        "startedBy": task.started_by,
        "version": 1,
        "tags": task.tags,
    }


def _life(task: Task, now: float) -> dict[str, Any]:
    """Where a task is in its life, and when it got there."""
    ran = task.running_at is not None
    return {
        "desiredStatus": task.desired,
        "lastStatus": task.last_status(now),
        "healthStatus": _health(task),
        "connectivity": "CONNECTED",
        "createdAt": task.created_at,
        "pullStartedAt": task.created_at + 0.5 * task.timing.start if ran else None,
        "pullStoppedAt": task.running_at,
        "startedAt": task.running_at,
        "stopCode": task.stop_code,
        "stoppedReason": task.stopped_reason,
        "stoppingAt": task.stopping_at,
        "executionStoppedAt": task.stopping_at if ran else None,
        "stoppedAt": task.stopped_at,
    }


def _interface(task: Task) -> dict[str, Any]:
    details = [{"name": "privateIPv4Address", "value": task.address}]
    return {"id": f"eni-{task.id[:17]}", "type": "ElasticNetworkInterface", "status": "ATTACHED", "details": details}


def _container(task: Task, container: Mapping[str, Any], now: float) -> dict[str, Any]:
    ending = task.endings.get(container["name"], Ending())
    status = task.last_status(now)
    return {
        "containerArn": task.arn.replace(":task/", ":container/") + "/" + container["name"],
        "taskArn": task.arn,
        "name": container["name"],
        "image": container.get("image"),
        "runtimeId": f"{task.id}-0" if task.running_at else None,
        "lastStatus": status if status in {"RUNNING", "STOPPED"} else "PENDING",
        "exitCode": ending.exit_code,
        "reason": ending.reason,
        "networkBindings": [],
        "networkInterfaces": [{"attachmentId": f"eni-{task.id[:17]}", "privateIpv4Address": task.address}],
        "healthStatus": _health(task),
        "cpu": str(container.get("cpu", 0)),
    }


def _health(task: Task) -> str:
    """The health by the containers' own check; UNKNOWN without one, and until it is known."""
    checked = any("healthCheck" in container for container in task.definition.containers)
    if task.unhealthy and not (task.fault and task.fault.target_reason):
        return "UNHEALTHY"
    return "HEALTHY" if checked and task.healthy else "UNKNOWN"


OPERATIONS = {
    "ListTasks": list_tasks,
    "DescribeTasks": describe_tasks,
    "StopTask": stop_task,
    "RunTask": run_task,
}
