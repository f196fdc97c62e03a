"""Service deployments: which a service has had lately, how one stands, and how it is rolled back.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deployment_hook.troubles import code

if TYPE_CHECKING:
    from mypy_boto3_ecs import ECSClient

# The other live ones are on their way back already.
_GOING_ON = {"PENDING", "IN_PROGRESS"}
_FINAL = {"SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"}
_OVER = {"ConflictException", "ServiceDeploymentNotFoundException"}


@dataclass(frozen=True)
class Deployment:
    """One service deployment; `first` when its service has no older version, `waits` while a person is to decide."""

    arn: str
    status: str
    began: datetime
    first: bool = False
    waits: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether it goes forward: it is not over, and not on its way back."""
        return self.status in _GOING_ON

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.status in _FINAL


def since(ecs: "ECSClient", *, service: str, cluster: str, time: datetime) -> Iterator[Deployment]:
    """The deployments of a service that were created after a time. Raises botocore's exceptions."""
    asked: dict[str, Any] = {"service": service, "cluster": cluster, "createdAt": {"after": time}}
    while True:
        page = ecs.list_service_deployments(**asked)
        for brief in page["serviceDeployments"]:
            yield Deployment(brief["serviceDeploymentArn"], brief["status"], _began(brief))
        if not page.get("nextToken"):
            return
        asked["nextToken"] = page["nextToken"]


def find(ecs: "ECSClient", arn: str) -> Deployment | None:
    """A deployment by its ARN; None when ECS has none. Raises botocore's exceptions."""
    for found in ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"]:
        return Deployment(
            arn,
            found["status"],
            _began(found),
            first=not found.get("sourceServiceRevisions"),
            waits=any(
                each.get("targetType") == "PAUSE" and each.get("status") == "AWAITING_ACTION" for each in _hooks(found)
            ),
        )
    return None


def roll_back(ecs: "ECSClient", arn: str) -> bool:
    """Ask ECS to go back to the version before; False when it was over meanwhile. Raises botocore's exceptions."""
    try:
        ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")
    except ClientError as error:
        if code(error) in _OVER:
            return False
        raise
    return True


def _began(found: Mapping[str, Any]) -> datetime:
    began: datetime = found.get("startedAt") or found["createdAt"]
    return began


def _hooks(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    hooks: list[dict[str, Any]] = found.get("lifecycleHookDetails") or []
    return hooks
