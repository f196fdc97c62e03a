"""A service deployment made of its rollout, where ECS lists none: what `deployments` of DescribeServices tell.

A failed rollout is rolled back by ECS, which makes the last good one PRIMARY again and drains ours.
"""

from roadworthy.operations.ecs.service import Rollout, Service
from roadworthy.operations.ecs.service_deployment import ServiceDeployment
from roadworthy.operations.follow.start import Started


def by_rollout(started: Started, service: Service, *, failed: bool) -> ServiceDeployment:
    """The deployment as its rollout shows it.

    Args:
        started: what is followed.
        service: as it is now.
        failed: whether the rollout was seen as failed before.
    """
    rollout = next((each for each in service.rollouts if each.id == started.rollout), None)
    return ServiceDeployment.parse(
        {
            "serviceArn": service.arn,
            "status": _status(rollout, service, failed=failed),
            "statusReason": rollout.reason if rollout else "",
        }
    )


def _status(rollout: Rollout | None, service: Service, *, failed: bool) -> str:
    if rollout and rollout.state == "COMPLETED":
        return "SUCCESSFUL"
    if rollout and rollout.state != "FAILED" and rollout.status == "PRIMARY":
        return "IN_PROGRESS"
    if not failed and (rollout is None or rollout.state != "FAILED"):
        return "STOPPED"  # another one is PRIMARY
    primary = service.primary
    settled = primary is not None and primary.id != (rollout.id if rollout else "") and primary.state == "COMPLETED"
    return "ROLLBACK_SUCCESSFUL" if settled else "ROLLBACK_IN_PROGRESS"
