"""Starting a deployment, and knowing which one is ours.

`currentServiceDeployment` in the answer of UpdateService may still be the one before: what ECS lists as created since
is asked as well, and when two start at once, ours is the one whose time is that of our rollout. Times are compared with
ECS's own: the clock of this machine may be minutes off.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from roadworthy.operations.clock import Clock
from roadworthy.operations.ecs.service import Rollout, Service
from roadworthy.operations.ecs.service_deployment import FORWARD, ServiceDeployment
from roadworthy.operations.errors import BusyError, OperationError, RefusedError, UnreachableError
from roadworthy.operations.place import Target

LOOKS = 6  # for the deployment, before it is followed by its rollout alone
BETWEEN_LOOKS = 2.0  # seconds
SKEW = timedelta(seconds=5)  # between the times that ECS gives a deployment and its rollout, at most


@dataclass(frozen=True)
class Started:
    """A deployment that is ours to follow.

    Attributes:
        target: of which service.
        deployment: the service deployment's ARN; None where ECS keeps none (and on simulated AWS).
        rollout: the id of its rollout; its tasks carry it as `startedBy`; empty where it is gone.
        task_definition: the ARN of what is rolled out; likewise.
        at: when it was started, in seconds since the epoch, by ECS's clock.
    """

    target: Target
    deployment: str | None
    rollout: str
    task_definition: str
    at: float


def start(target: Target, known: Collection[str], clock: Clock, **update: object) -> Started:
    """Start a deployment of a service by one UpdateService.

    Args:
        target: the service.
        known: the ARNs of those that are not ours: its current service deployment, and those that went on.
        clock: to wait until ECS lists the new one.
        update: UpdateService's parameters, such as `forceNewDeployment=True`.

    Raises:
        BusyError: ECS takes no further deployment of the service.
        OperationError: AWS refuses, or cannot be asked.
    """
    service = Service.parse(_update(target, update)["service"])
    rollout = service.primary
    if rollout is None:
        raise OperationError("ECS started no deployment: its deployment controller is not ECS")
    deployment = service.current_deployment if service.current_deployment not in known else None
    deployment = deployment or _find(target, rollout, known, clock)
    at = rollout.created.timestamp() if rollout.created else clock.now()
    return Started(target, deployment, rollout.id, rollout.task_definition, at)


def _update(target: Target, update: Mapping[str, object]) -> dict[str, Any]:
    try:
        return target.cluster.aws.call(
            "ecs", "update_service", cluster=target.cluster.name, service=target.name, **update
        )
    except RefusedError as error:
        raise _busy(error, target) or error from error
    except UnreachableError as error:
        look = f"`roadworthy status {target.words}`"
        raise UnreachableError(f"{error}; nobody knows whether ECS took the deployment: look with {look}") from error


def found(target: Target, service: Service, deployment: ServiceDeployment | None, clock: Clock) -> Started | None:
    """The deployment of a service that goes on, or that was the last; None where it never had one."""
    if service.primary is None:
        return None
    rollout = _rollout_of(deployment, service) if deployment else service.primary
    created = deployment.created if deployment else service.primary.created
    at = created.timestamp() if created else clock.now()
    arn = deployment.arn if deployment else None
    return Started(target, arn, rollout.id if rollout else "", rollout.task_definition if rollout else "", at)


def _rollout_of(deployment: ServiceDeployment, service: Service) -> Rollout | None:
    """The rollout of a deployment: PRIMARY until ECS goes back, when another one is that; None: it is gone."""
    if deployment.status in (*FORWARD, "SUCCESSFUL"):
        return service.primary
    near = [each for each in service.rollouts if _apart(deployment, each) <= SKEW.total_seconds()]
    return min(near, key=lambda each: _apart(deployment, each), default=None)


def _find(target: Target, rollout: Rollout, known: Collection[str], clock: Clock) -> str | None:
    """The ARN of a deployment that ECS has accepted: what keeps us from knowing it is no reason to call it off."""
    since = (rollout.created or datetime.fromtimestamp(clock.now(), UTC)) - SKEW
    for look in range(LOOKS):
        if look:
            clock.sleep(BETWEEN_LOOKS)
        with suppress(OperationError):
            new = [each for each in target.cluster.deployments_of(target.name, after=since) if each.arn not in known]
            if new:
                return min(new, key=lambda each: _apart(each, rollout)).arn
    return None


def _apart(deployment: ServiceDeployment, rollout: Rollout) -> float:
    """Seconds between the two's creation."""
    if deployment.created is None or rollout.created is None:
        return float("inf")
    return abs((deployment.created - rollout.created).total_seconds())


def _busy(error: RefusedError, target: Target) -> BusyError | None:
    if "active deployments exist" not in str(error):
        return None
    return BusyError(
        f"ECS refuses a new deployment, because five are active: wait until old tasks have stopped "
        f"(`roadworthy status {target.words}`), or roll the last one back"
    )
