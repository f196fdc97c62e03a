"""What the function is called with: an event of EventBridge, or what its own schedule says.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deployment_deadline.schedule import KEY

KIND, BEGAN = "ECS Deployment State Change", "SERVICE_DEPLOYMENT_IN_PROGRESS"


class UnknownEventError(Exception):
    """An event of another kind, or one that cannot be read; it goes to the dead-letter queue."""


@dataclass(frozen=True)
class Changed:
    """A deployment of a service began, was completed, failed or goes back: ECS does not say which deployment."""

    name: str
    service: str
    cluster: str
    time: datetime


@dataclass(frozen=True)
class Expired:
    """The time of a deployment is over."""

    deployment: str


def parse(event: object) -> Changed | Expired:
    """Read an event; raises UnknownEventError."""
    if not isinstance(event, Mapping):
        raise UnknownEventError(f"{event!r:.100} is not an event")
    if isinstance(event.get(KEY), str):
        return Expired(event[KEY])
    if event.get("detail-type") != KIND:
        raise UnknownEventError(f"detail-type {event.get('detail-type')!r:.100} is not {KIND!r}")
    try:
        return _changed(event)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise UnknownEventError(f"{KIND}: cannot be read: {error!r}") from error


def _changed(event: Mapping[str, Any]) -> Changed:
    detail, arn = event["detail"], event["resources"][0]
    # The short form of a service's ARN has no cluster in it.
    cluster = arn.split("/")[1] if arn.count("/") > 1 else detail["clusterArn"].split("/")[1]
    time = datetime.fromisoformat(event["time"])
    if time.tzinfo is None:
        raise ValueError(f"time {event['time']} is of no zone")
    return Changed(detail["eventName"], arn, cluster, time)
