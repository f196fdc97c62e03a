"""What ECS knows of a service deployment.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from deployment_hook.hook import Invocation

if TYPE_CHECKING:
    from mypy_boto3_ecs import ECSClient

# In the other live ones, and in all final ones, the old version works on.
GOING_ON = {"PENDING", "IN_PROGRESS"}


def find(ecs: "ECSClient", deployment: str) -> Any:
    """The deployment of an ARN; empty when ECS has none. Raises botocore's exceptions."""
    found = ecs.describe_service_deployments(serviceDeploymentArns=[deployment])["serviceDeployments"]
    return found[0] if found else {}


def has_old_version(ecs: "ECSClient", invocation: Invocation) -> bool:
    """Whether there is a version that serves already; without one the service is being created."""
    if any(weight > 0 for name, weight in invocation.production_weights.items() if name != invocation.revision):
        return True
    deployment = find(ecs, invocation.deployment)
    return not deployment or bool(deployment.get("sourceServiceRevisions"))


def began(ecs: "ECSClient", deployment: str) -> datetime | None:
    """When a deployment was created."""
    created: datetime | None = find(ecs, deployment).get("createdAt")
    return created
