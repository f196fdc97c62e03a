"""ECS and the health of a service's tasks.

Lack: a task that runs is a good one: neither the container's health check nor the target group's is asked.
Effect: a deployment of a task that answers its health path with 500 is COMPLETED.
Shim: a service's task counts as started for its deployment only when its container health checks (see
    fargate/container_health.py) are HEALTHY and its targets are healthy; one that is UNHEALTHY, or whose
    target is after the grace period, is stopped and replaced, which the circuit breaker counts.
Faithful: to the scheduler's decisions and its words in `stoppedReason`; the grace period runs ten times faster.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html
"""

import importlib.util
import sys
import threading
import time
import types
from typing import Any

from roadworthy.local.clock import SPEED
from roadworthy.local.deployments.groups import of_task
from roadworthy.local.fargate.container_health import ContainerHealth
from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import ecs, responses
from roadworthy.local.shims.target_health import health

Task = dict[str, Any]


def install(settings: Settings) -> None:
    """Hand ECS the engine, and watch each task from its start."""
    ecs._docker = settings.engine
    _stand_in_for_docker_errors()
    watch, complete = ecs._watch_task_lifecycle, ecs._schedule_service_deployment_completion

    def watched(task: Task, docker: Any, account: str, region: str) -> None:
        watch(task, docker, account, region)
        monitor = _Monitor(task, settings.engine, account, region, complete)
        threading.Thread(target=monitor.run, name="task-health", daemon=True).start()

    def completed(cluster: str, service: str, account: str, region: str, healthy_task: Task | None = None) -> None:
        # A task that has just begun to run says nothing yet: its monitor reports it when its health is known.
        if healthy_task is None:
            complete(cluster, service, account, region)

    ecs._watch_task_lifecycle = watched
    ecs._schedule_service_deployment_completion = completed


def _stand_in_for_docker_errors() -> None:
    """ECS imports docker.errors when a pull has failed; the Docker SDK need not be installed for that."""
    if importlib.util.find_spec("docker") is not None:
        return
    errors = types.ModuleType("docker.errors")
    errors.ImageNotFound = LookupError  # type: ignore[attr-defined]
    package = types.ModuleType("docker")
    package.errors = errors  # type: ignore[attr-defined]
    sys.modules.update({"docker": package, "docker.errors": errors})


class _Monitor:
    """Watches one task from RUNNING to its end."""

    def __init__(self, task: Task, engine: Any, account: str, region: str, complete: Any) -> None:
        self._task, self._engine = task, engine
        self._account, self._region = account, region
        self._complete = complete
        self._cluster = task["clusterArn"].rsplit("/", 1)[-1]
        name = str(task.get("group", "")).removeprefix("service:")
        self._service_key = f"{self._cluster}/{name}"
        self._start = time.monotonic()
        self._good = False

    def run(self) -> None:
        """Report the task when it is good; stop it when it is not."""
        with responses.request_scope(self._account, self._region):
            if self._service_key not in ecs._services:
                return
            ecs._reconcile_service_tasks(self._cluster, self._service_key)  # its siblings need not wait for it
            with ContainerHealth(self._containers()) as checks:
                while ecs._task_is_active(self._task["taskArn"], self._task):
                    self._step(checks)
                    time.sleep(0.1)

    def _step(self, checks: ContainerHealth) -> None:
        self._task["healthStatus"] = checks.status
        for container, status in zip(self._task["containers"], checks.statuses, strict=False):
            container["healthStatus"] = status
        if checks.status == "UNHEALTHY":
            self._replace("Task failed container health checks")
            return
        states = self._targets()
        grace = float(ecs._services[self._service_key].get("healthCheckGracePeriodSeconds") or 0) / SPEED
        bad = next((group for group, state in states.items() if state == "unhealthy"), None)
        if bad and time.monotonic() - self._start > grace:
            self._replace(f"Task failed ELB health checks in (target-group {bad})")
        elif not self._good and checks.status != "PENDING" and all(state == "healthy" for state in states.values()):
            self._good = True
            self._complete(self._cluster, self._service_key, self._account, self._region, healthy_task=self._task)

    def _targets(self) -> dict[str, str]:
        """The state of the task in each target group of its service."""
        address = ecs._task_ip(self._task)
        service = ecs._services.get(self._service_key) or {}
        places = {
            of_task(service, self._task, one): int(one.get("containerPort", 80))
            for one in service.get("loadBalancers") or []
        }
        return {group: health(group, address, port).state for group, port in places.items() if group}

    def _containers(self) -> list[tuple[dict[str, Any], Any]]:
        """Each container's definition with its process."""
        definition = ecs._task_defs.get(ecs._resolve_td_key(self._task["taskDefinitionArn"])) or {}
        processes = [self._engine.containers.get(number) for number in self._task.get("_docker_ids", [])]
        return list(zip(definition.get("containerDefinitions", []), processes, strict=False))

    def _replace(self, reason: str) -> None:
        if ecs._mark_task_stopped(self._task["taskArn"], self._task, reason, "ServiceSchedulerInitiated"):
            ecs._record_service_task_failure(self._task)
            ecs._cleanup_task_resources(self._task, self._engine)
