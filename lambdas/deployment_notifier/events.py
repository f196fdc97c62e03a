"""Events of EventBridge -> what they say.

ECS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
CloudWatch: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
Both may gain fields at any time; only those that are needed are read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

DEPLOYMENT, ALARM = "ECS Deployment State Change", "CloudWatch Alarm State Change"
CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


class UnknownEventError(Exception):
    """An event of another kind; it goes to the dead-letter queue."""


@dataclass(frozen=True)
class DeploymentEvent:
    """A deployment of a service started, was completed or failed; `name` is e.g. SERVICE_DEPLOYMENT_FAILED."""

    id: str
    time: str
    name: str
    reason: str
    service_arn: str
    cluster: str
    service: str
    link: str


@dataclass(frozen=True)
class AlarmEvent:
    """An alarm went off or ended; `state` is ALARM, OK or INSUFFICIENT_DATA."""

    id: str
    time: str
    name: str
    state: str
    reason: str
    link: str


def parse(event: Mapping[str, Any]) -> DeploymentEvent | AlarmEvent:
    """Read an event.

    Raises:
        UnknownEventError: it is of another kind, or lacks what its kind has.
    """
    kind = event.get("detail-type")
    if kind not in {DEPLOYMENT, ALARM}:
        raise UnknownEventError(f"detail-type {kind!r} is neither {DEPLOYMENT!r} nor {ALARM!r}")
    try:
        return _deployment(event) if kind == DEPLOYMENT else _alarm(event)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise UnknownEventError(f"{kind}: cannot be read: {error!r}") from error


def _deployment(event: Mapping[str, Any]) -> DeploymentEvent:
    detail, arn = event["detail"], event["resources"][0]
    *_, service = arn.split("/")
    # The short form of a service's ARN has no cluster in it.
    cluster = arn.split("/")[1] if arn.count("/") > 1 else detail["clusterArn"].split("/")[1]
    page = f"ecs/v2/clusters/{quote(cluster)}/services/{quote(service)}/deployments"
    return DeploymentEvent(
        id=event["id"],
        time=event["time"],
        name=detail["eventName"],
        reason=detail.get("reason", ""),
        service_arn=arn,
        cluster=cluster,
        service=service,
        link=_console(arn, page),
    )


def _alarm(event: Mapping[str, Any]) -> AlarmEvent:
    detail, state = event["detail"], event["detail"]["state"]
    return AlarmEvent(
        id=event["id"],
        time=event["time"],
        name=detail["alarmName"],
        state=state["value"],
        reason=state.get("reason", ""),
        link=_console(
            event["resources"][0], "cloudwatch/home", f"#alarmsV2:alarm/{quote(detail['alarmName'], safe='')}"
        ),
    )


def _console(arn: str, page: str, fragment: str = "") -> str:
    """The address of a page in the console of the partition in which a resource is; empty where there is none."""
    _, partition, _, region, *_ = arn.split(":")
    host = CONSOLES.get(partition)
    return f"https://{region}.{host}/{page}?region={region}{fragment}" if host else ""
