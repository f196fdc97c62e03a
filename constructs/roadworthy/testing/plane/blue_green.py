"""Blue/green deployments."""

from roadworthy.testing.plane.process import Steps
from roadworthy.testing.plane.rollout import Rollout
from roadworthy.testing.plane.scheduler import settled
from roadworthy.testing.plane.state import Service


def deploy(rollout: Rollout) -> Steps:
    """Bring green up next to blue, then let blue go."""
    rollout.record.target.wanted = rollout.service.desired
    rollout.scheduler.reconcile(rollout.service)
    yield from rollout.until(lambda: settled(rollout.service))


def next_target_group(service: Service) -> str | None:
    """The target group of the next revision: with an alternate one, that which the present one does not use."""
    balancers = service.settings.get("loadBalancers", [])
    if not balancers:
        return None
    group = str(balancers[0]["targetGroupArn"])
    other = balancers[0].get("advancedConfiguration", {}).get("alternateTargetGroupArn")
    used = service.deployments[0].revision.target_group if service.deployments else None
    return str(other) if other and used == group and service.strategy != "ROLLING" else group
