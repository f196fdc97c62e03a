"""The life of a task: it starts, becomes healthy, fails as scripted, and stops."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from roadworthy.testing.faults import Fault, TaskFault
from roadworthy.testing.plane import messages
from roadworthy.testing.plane.plane import Plane
from roadworthy.testing.plane.state import Cluster, Deployment, Ending, Service, Task, TaskDefinition, Timing

KEPT = 3600.0  # seconds that a stopped task can be described: "at least one hour", API_DescribeTasks
UNHEALTHY_SHOWS = 0.6  # of the time until a task is stopped for its health, it is seen to be unhealthy from here on
THROTTLE, LONGEST_THROTTLE = 10.0, 900.0  # seconds between tasks that never run: spacing grows to 15 minutes
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html


class TaskLife:
    """Starts and stops tasks; `changed` is told of the service whose tasks have changed."""

    def __init__(self, plane: Plane, changed: Callable[[Service], None]) -> None:
        self.plane = plane
        self.changed = changed

    def start(self, service: Service, deployment: Deployment) -> Task:
        """Start a task of a service's deployment."""
        fault, deployment.launched = deployment.fault, deployment.launched + 1
        doomed = fault.tasks is None or deployment.launched <= fault.tasks
        timing = service.timing if fault.start is None else replace(service.timing, start=fault.start)
        task = self._new(service.cluster, deployment.revision.definition, timing, f"service:{service.name}")
        task.service, task.deployment, task.started_by = service, deployment, deployment.id
        task.fault = fault.task if doomed else None
        deployment.tasks[task.id] = task
        if not (fault.never_starts and doomed):
            self._begin(task)
        return task

    def run(self, cluster: Cluster, definition: TaskDefinition, fault: Fault, asked: Mapping[str, Any]) -> Task:
        """Start a task on its own, as RunTask does; `asked` holds RunTask's parameters."""
        group = asked.get("group") or f"family:{definition.family}"
        task = self._new(cluster, definition, Timing(start=fault.start or 10.0, stop=5.0), group)
        task.started_by = asked.get("startedBy")
        task.overrides, task.tags = asked.get("overrides") or {}, asked.get("tags") or []
        task.fault = fault.task
        if not fault.never_starts:
            self._begin(task)
        return task

    def running(self, service: Service, deployment: Deployment, since: float) -> Task:
        """A task that runs and is healthy already."""
        timing = service.timing
        task = self._new(service.cluster, deployment.revision.definition, timing, f"service:{service.name}")
        task.service, task.deployment, task.started_by = service, deployment, deployment.id
        task.created_at, task.running_at, task.healthy = since, since + timing.start, True
        deployment.tasks[task.id] = task
        deployment.launched += 1
        return task

    def stop(self, task: Task, code: str, reason: str) -> None:
        """Order a task to stop; it is STOPPED after a while."""
        if task.desired == "STOPPED":
            return
        now = self.plane.now()
        task.desired, task.healthy, task.stopping_at = "STOPPED", False, now
        task.stop_code, task.stopped_reason = code, reason
        if task.service:
            _remember(task.service, task, now)
        self.plane.clock.at(now + task.timing.stop, lambda: self._stopped(task))

    def _new(self, cluster: Cluster, definition: TaskDefinition, timing: Timing, group: str) -> Task:
        plane, name = self.plane, self.plane.ids.task()
        zone = plane.backend.region + "abc"[len(cluster.tasks) % 3]
        arn = plane.arn(f"task/{cluster.name}/{name}")
        address = plane.ids.address()
        task = Task(name, arn, cluster, definition, timing, group, None, plane.now(), address, zone)
        cluster.tasks[name] = task
        return task

    def _begin(self, task: Task) -> None:
        """Plan what comes next: it runs, or fails before."""
        clock, fault = self.plane.clock, task.fault
        if fault and fault.phase == "STARTING":
            clock.after(fault.after, lambda: self._fails(task, fault))
        else:
            clock.after(task.timing.start, lambda: self._runs(task))

    def _runs(self, task: Task) -> None:
        if task.desired == "STOPPED":
            return
        clock, fault = self.plane.clock, task.fault
        task.running_at = clock.now()
        if fault and fault.phase == "UNHEALTHY":
            clock.after(fault.after * UNHEALTHY_SHOWS, lambda: self._seen_unhealthy(task, fault))
        elif task.service:
            clock.after(task.timing.healthy, lambda: self._healthy(task))
        if fault:
            clock.after(fault.after, lambda: self._fails(task, fault))
        if task.service and (group := _target_group(task)):
            self.plane.event(task.service, messages.registered(1, group))
        self._tell(task)

    def _healthy(self, task: Task) -> None:
        if task.desired == "STOPPED":
            return
        task.healthy = True
        if task.service and task.deployment and _resets(task.service):
            task.deployment.failed = 0
        self._tell(task)

    def _seen_unhealthy(self, task: Task, fault: TaskFault) -> None:
        if task.desired == "STOPPED" or not task.service:
            return
        task.unhealthy = fault.description
        if fault.target_reason:
            group, port = _target_group(task) or "", _port(task)
            text = messages.target_unhealthy(task, port, group, fault.description)
        else:
            text = messages.container_unhealthy(task)
        self.plane.event(task.service, text)

    def _fails(self, task: Task, fault: TaskFault) -> None:
        if task.desired == "STOPPED":
            return
        self._end_containers(task, fault)
        self.stop(task, fault.stop_code, self._filled(fault.stopped_reason, task))
        if task.deployment and task.service:
            task.deployment.failed += 1
            if fault.phase == "STARTING":
                self._throttle(task.service, task.deployment, task.stopped_reason or "")
        self._tell(task)

    def _throttle(self, service: Service, deployment: Deployment, reason: str) -> None:
        self.plane.event(service, messages.unplaced(reason))
        self.back_off(service, deployment)

    def back_off(self, service: Service, deployment: Deployment) -> None:
        """Let some time pass before the next task of a deployment is started, more with each failure."""
        wait = min(LONGEST_THROTTLE, THROTTLE * 2.0 ** min(deployment.failed - 1, 10))
        deployment.next_start_at = self.plane.now() + wait
        self.plane.clock.at(deployment.next_start_at, lambda: self.changed(service))

    def _end_containers(self, task: Task, fault: TaskFault) -> None:
        reason = fault.container_reason and self._filled(fault.container_reason, task)
        for container in task.definition.containers:
            task.endings[container["name"]] = Ending(fault.exit_code, reason)
            for line in fault.logs:
                self._write(task, container, line)

    def _write(self, task: Task, container: Mapping[str, Any], line: str) -> None:
        options = container.get("logConfiguration", {}).get("options", {})
        if group := options.get("awslogs-group"):
            stream = f"{options.get('awslogs-stream-prefix', 'ecs')}/{container['name']}/{task.id}"
            self.plane.logs.write(group, stream, self.plane.now(), line)

    def _stopped(self, task: Task) -> None:
        task.stopped_at = self.plane.now()
        if task.service and task.deployment:
            task.deployment.tasks.pop(task.id, None)
        self.plane.clock.after(KEPT, lambda: task.cluster.tasks.pop(task.id, None))
        self._tell(task)

    def _tell(self, task: Task) -> None:
        if task.service:
            self.changed(task.service)

    def _filled(self, text: str, task: Task) -> str:
        """A text of a fault with what it says of the task."""
        container = task.definition.containers[0]
        secrets = container.get("secrets") or [
            {"valueFrom": "arn:aws:secretsmanager:{region}:{account}:secret:missing"}
        ]
        options = container.get("logConfiguration", {}).get("options", {})
        role = str(task.definition.registered.get("executionRoleArn", "ecsTaskExecutionRole"))
        values = {
            "{image}": str(container.get("image", "")),
            "{secret}": str(secrets[0]["valueFrom"]),
            "{log_group}": str(options.get("awslogs-group", "")),
            "{role}": role.rpartition("/")[2],
            "{target_group}": _target_group(task) or "",
            "{task}": task.id,
            "{account}": self.plane.backend.account,
            "{region}": self.plane.backend.region,
        }
        for placeholder, value in values.items():
            text = text.replace(placeholder, value)
        return text


def _remember(service: Service, task: Task, now: float) -> None:
    """Keep a stopped task with its service, as long as it can be described."""
    while service.stopped and (service.stopped[0].stopped_at or now) < now - KEPT:
        service.stopped.popleft()
    service.stopped.append(task)


def _resets(service: Service) -> bool:
    """Whether a healthy task sets the count of failures back; the default is true: API_DeploymentCircuitBreaker."""
    return bool(service.configuration.get("deploymentCircuitBreaker", {}).get("resetOnHealthyTask", True))


def _target_group(task: Task) -> str | None:
    return task.deployment.revision.target_group if task.deployment else None


def _port(task: Task) -> int:
    balancers = task.service.settings.get("loadBalancers") or [{}] if task.service else [{}]
    return int(balancers[0].get("containerPort", 80))
