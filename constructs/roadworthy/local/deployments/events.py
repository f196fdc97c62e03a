"""EventBridge's events of service deployments.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
"""

import json
import time
import uuid

from roadworthy.local.deployments.records import ServiceDeployment
from roadworthy.local.shims.internals import ecs, eventbridge, responses

IN_PROGRESS, COMPLETED, FAILED = (f"SERVICE_DEPLOYMENT_{one}" for one in ("IN_PROGRESS", "COMPLETED", "FAILED"))


def tell(record: ServiceDeployment, name: str, reason: str = "") -> None:
    """Send the event of a deployment's change to the rules of the default bus."""
    now = time.time()
    detail = {
        "eventType": "ERROR" if name == FAILED else "INFO",
        "eventName": name,
        "clusterArn": ecs._services[record.key]["clusterArn"],
        "deploymentId": record.entry["id"],
        "updatedAt": ecs._iso(),
        "reason": reason or record.entry.get("rolloutStateReason", ""),
    }
    eventbridge._dispatch_event({
        "EventId": str(uuid.uuid4()),
        "Source": "aws.ecs",
        "DetailType": "ECS Deployment State Change",
        "Detail": json.dumps(detail),
        "EventBusName": "default",
        "Time": now,
        "Resources": [ecs._services[record.key]["serviceArn"]],
        "Account": responses.get_account_id(),
        "Region": responses.get_region(),
    })  # fmt: skip
