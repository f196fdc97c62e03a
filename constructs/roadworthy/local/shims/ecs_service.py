"""CloudFormation and an ECS service's deployment.

Lack: AWS::ECS::Service is done when the service is recorded; a new service's first deployment is born COMPLETED; the
    health check grace period is dropped. Nothing else is answered while a service's resource is made.
Effect: CloudFormation does not wait, and the circuit breaker can fail no stack; a hook could not be invoked meanwhile.
Shim: a first deployment begins IN_PROGRESS; create and update wait until the primary deployment is COMPLETED with all
    tasks running, on a thread of their own, and fail with the breaker's or the hook's reason when it FAILED.
Faithful: but for the time limit, which is three minutes instead of three hours.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
"""

import time
from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import ecs, handlers, stacks

_TIME_LIMIT = 180.0  # seconds
_BREAKER = "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'."


def install(_: Settings) -> None:
    """Begin in progress, and wait."""
    make = ecs._make_deployment

    def begun(definition: str, desired: int, status: str = "PRIMARY") -> dict[str, Any]:
        deployment: dict[str, Any] = make(definition, desired, status)
        return {**deployment, "rolloutState": "IN_PROGRESS", "rolloutStateReason": "ECS deployment in progress."}

    ecs._make_deployment = begun
    handler = handlers["AWS::ECS::Service"]
    create, update, delete = handler["create"], handler["update"], handler["delete"]

    def create_and_wait(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
        arn, attributes = create(logical_id, properties, stack)
        grace = int(properties.get("HealthCheckGracePeriodSeconds") or 0)
        ecs._services[_key(arn)]["healthCheckGracePeriodSeconds"] = grace
        try:
            _wait(_key(arn), known=set())
        except ValueError:
            delete(arn, properties)
            raise
        return arn, attributes

    def update_and_wait(arn: str, *arguments: Any) -> tuple[str, dict[str, Any]]:
        known = _failed(_key(arn)).keys()
        updated: tuple[str, dict[str, Any]] = update(arn, *arguments)
        _wait(_key(arn), known=set(known))
        return updated

    handler.update(create=create_and_wait, update=update_and_wait)
    on_a_thread = stacks._runs_on_worker_thread
    stacks._runs_on_worker_thread = lambda kind: kind == "AWS::ECS::Service" or on_a_thread(kind)


def _key(arn: str) -> str:
    return "/".join(arn.rsplit("/", 2)[-2:])


def _failed(key: str) -> dict[str, str]:
    """The failed deployments of a service: id -> reason."""
    deployments = (ecs._services.get(key) or {}).get("deployments", [])
    return {one["id"]: one.get("rolloutStateReason", "") for one in deployments if one.get("rolloutState") == "FAILED"}


def _wait(key: str, *, known: set[str]) -> None:
    """Wait until the service is steady.

    Raises:
        ValueError: a deployment that is not in `known` failed, or the time is up.
    """
    end = time.monotonic() + _TIME_LIMIT
    while time.monotonic() < end:
        failed = {number: reason for number, reason in _failed(key).items() if number not in known}
        if failed:
            raise ValueError(_told(key, next(iter(failed.values()))))
        service = ecs._services[key]
        primary = ecs._primary_deployment(service) or {}
        if primary.get("rolloutState") == "COMPLETED" and service["runningCount"] >= service["desiredCount"]:
            return
        time.sleep(0.1)
    raise ValueError(f"ECS service {key} did not stabilize in {_TIME_LIMIT:.0f} s. {_last_stop(key)}")


def _told(key: str, reason: str) -> str:
    """Why a deployment failed: a hook's or an alarm's own words, or why the last task stopped."""
    if "circuit breaker" not in reason:
        return reason
    return f"{_BREAKER} {_last_stop(key, patience=2.0) or reason}"


def _last_stop(key: str, *, patience: float = 0.0) -> str:
    """Why the service's latest task stopped by itself: more than CloudFormation tells, and what one wants to know.

    A deployment may fail a moment before its task has stopped; `patience` is how many seconds to wait for that.
    """
    group, end = f"service:{key.split('/')[1]}", time.monotonic() + patience
    while True:
        own = (task for task in list(ecs._tasks.values()) if task.get("group") == group)
        stopped = [task for task in own if task.get("stoppedReason") and task.get("stopCode") != "UserInitiated"]
        if stopped:
            return f"Last task: {stopped[-1]['stoppedReason']}"
        if time.monotonic() >= end:
            return ""
        time.sleep(0.05)
