"""Events of EventBridge: a deployment began, was completed, failed or goes back.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
No stage of a deployment comes on every rollback, so this is how a pause ends that no answer has ended. The event does
not say which service deployment it is about, but the pause does, and ECS says how that stands.
"""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deployment_hook.troubles import AWS_ERRORS
from deployment_tick_guard import rollout
from deployment_tick_guard.lease import Pause

if TYPE_CHECKING:
    from mypy_boto3_ecs import ECSClient

KIND = "ECS Deployment State Change"

logger = logging.getLogger(__name__)


def is_event(event: object) -> bool:
    """Whether an event comes from EventBridge rather than from a deployment's stage."""
    return isinstance(event, Mapping) and event.get("detail-type") == KIND


def key_of(event: Mapping[str, Any]) -> str:
    """`cluster/service` of the event's service; empty when it names none."""
    resources = event.get("resources")
    first = resources[0] if isinstance(resources, list) and resources else None
    _, _, key = first.partition(":service/") if isinstance(first, str) else ("", "", "")
    return key if key.count("/") == 1 else ""


def end_pause(ecs: "ECSClient", pause: Pause) -> None:
    """End the pause of a deployment that no longer goes forward; errors of AWS are logged, the pause ends anyway."""
    try:
        deployment = pause.by()
        if not deployment:
            return
        status = rollout.find(ecs, deployment).get("status", "unknown")
        if status not in rollout.GOING_ON and pause.end(deployment):
            logger.info("%s is %s: its pause is over", deployment, status)
    except AWS_ERRORS as error:
        logger.warning("the pause ends by itself: %s", error)
