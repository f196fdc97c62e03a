"""What a call names, found or refused as ECS refuses it."""

from collections.abc import Mapping
from typing import Any

from roadworthy.testing.plane.names import family_and_revision, last
from roadworthy.testing.plane.plane import Plane
from roadworthy.testing.plane.state import Cluster, Service, ServiceDeployment, TaskDefinition
from roadworthy.testing.wire.backend import AwsError


def service_in(cluster: Cluster, name_or_arn: str) -> Service:
    """A service of a cluster.

    Raises:
        AwsError: ServiceNotFoundException, ServiceNotActiveException.
    """
    service = cluster.services.get(last(name_or_arn))
    if service is None:
        raise AwsError("ServiceNotFoundException", "Service not found.")
    if service.status != "ACTIVE":
        raise AwsError("ServiceNotActiveException", "Service was not ACTIVE.")
    return service


def service_of(plane: Plane, parameters: Mapping[str, Any]) -> Service:
    """The service that `cluster` and `service` name; a service's ARN holds its cluster too.

    Raises:
        AwsError: ClusterNotFoundException, ServiceNotFoundException, ServiceNotActiveException.
    """
    return service_in(plane.cluster(parameters.get("cluster")), str(parameters["service"]))


def service_deployment(plane: Plane, arn: str) -> tuple[Service, ServiceDeployment]:
    """A service deployment and its service.

    Raises:
        AwsError: ServiceDeploymentNotFoundException.
    """
    if arn not in plane.service_deployments:
        raise AwsError("ServiceDeploymentNotFoundException", "The service deployment does not exist.")
    return plane.service_deployments[arn]


def active_definition(plane: Plane, name: str) -> TaskDefinition:
    """The task definition that is to be run; a family alone means its newest active revision.

    Raises:
        AwsError: ClientException.
    """
    definition = plane.definition(*family_and_revision(name))
    if definition is None:
        raise AwsError("ClientException", "TaskDefinition not found.")
    if definition.deregistered_at is not None:
        raise AwsError("ClientException", "TaskDefinition is inactive")
    return definition


def missing(arn: str) -> dict[str, str]:
    """The failure of a batch for what does not exist.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
    """
    return {"arn": arn, "reason": "MISSING"}
