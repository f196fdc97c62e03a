"""The texts of ECS: a service's events, the reasons of deployments and rollbacks.

Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-unhealthy-event-messages.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
"""

from collections.abc import Iterable

from roadworthy.testing.plane.state import Task

BREAKER = "Service deployment rolled back because the circuit breaker threshold was exceeded."
ALARMS = "Service deployment rolled back because of one or more active alarms."
REPLACED = "Replaced by a new service deployment."
NO_CANDIDATE = "No rollback candidate was found to run the rollback."
START_FAILED = "ECS deployment circuit breaker: tasks failed to start."
BLOCKED = (
    "was unable to stop or start tasks during a deployment because of the service deployment configuration. "
    "Update the minimumHealthyPercent or maximumPercent value and try again."
)
# AWS publishes no text for these; the words are ours.
STOP_REQUESTED = "Service deployment rolled back because a rollback was requested."
STOPPED = "Service deployment stopped because a stop was requested."
ROLLBACK_FAILED = "The rollback failed: tasks failed to start."
STAGE_TIMEOUT = "Service deployment rolled back because the lifecycle stage timed out."


def in_progress(deployment: str) -> str:
    """The reason of a deployment under way."""
    return f"ECS deployment {deployment} in progress."


def completed(deployment: str) -> str:
    """The reason of a deployment that is done."""
    return f"ECS deployment {deployment} completed."


def rolling_back(to: str) -> str:
    """The reason of the deployment that brings the old revision back."""
    return f"ECS deployment circuit breaker: rolling back to deploymentId {to}."


def started(tasks: Iterable[Task]) -> str:
    """An event: tasks were started."""
    names = _tasks(tasks)
    return f"has started {len(names)} tasks: {' '.join(names)}."


def stopped(tasks: Iterable[Task]) -> str:
    """An event: tasks are being stopped."""
    names = _tasks(tasks)
    return f"has stopped {len(names)} running tasks: {' '.join(names)}."


def unplaced(reason: str) -> str:
    """An event: a task could not be placed, or did not start."""
    return f"was unable to place a task. Reason: {reason}"


def target_unhealthy(task: Task, port: int, group: str, reason: str) -> str:
    """An event: the load balancer finds a task unhealthy."""
    return f"(task {task.id}) (port {port}) is unhealthy in (target-group {group}) due to (reason {reason})."


def container_unhealthy(task: Task) -> str:
    """An event: a container's own health check fails."""
    return f"(task {task.id}) failed container health checks."


def registered(count: int, group: str) -> str:
    """An event: targets were registered."""
    return f"registered {count} targets in (target-group {group})"


def deregistered(count: int, group: str) -> str:
    """An event: targets were deregistered."""
    return f"deregistered {count} targets in (target-group {group})"


def _tasks(tasks: Iterable[Task]) -> list[str]:
    return [f"(task {task.id})" for task in tasks]
