"""ListServices and DescribeServices."""

from collections.abc import Mapping
from typing import Any

from roadworthy.testing.plane.api.find import missing
from roadworthy.testing.plane.api.pages import at_most, page
from roadworthy.testing.plane.deployer import Deployer
from roadworthy.testing.plane.names import last
from roadworthy.testing.plane.plane import Plane
from roadworthy.testing.plane.state import Deployment, Service

MOST_SERVICES = 10  # in one DescribeServices: API_DescribeServices
USUAL_PAGE = 10  # of ListServices: API_ListServices
SHOWN = (  # members of Service that are as CreateService or UpdateService set them
    "loadBalancers",
    "serviceRegistries",
    "launchType",
    "capacityProviderStrategy",
    "platformVersion",
    "platformFamily",
    "deploymentConfiguration",
    "roleArn",
    "placementConstraints",
    "placementStrategy",
    "networkConfiguration",
    "healthCheckGracePeriodSeconds",
    "schedulingStrategy",
    "deploymentController",
    "enableECSManagedTags",
    "propagateTags",
    "enableExecuteCommand",
    "availabilityZoneRebalancing",
)


def list_services(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The ARNs of a cluster's services, ten a page unless asked otherwise."""
    cluster = deployer.plane.cluster(parameters.get("cluster"))
    launch_type = parameters.get("launchType")
    services = [one for one in cluster.services.values() if launch_type in (None, one.settings.get("launchType"))]
    arns, token = page([one.arn for one in services], parameters, usual=USUAL_PAGE)
    return {"serviceArns": arns, "nextToken": token}


def describe_services(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Up to ten services of a cluster; those that do not exist are failures."""
    plane, names = deployer.plane, parameters["services"]
    at_most(names, MOST_SERVICES, "services")
    cluster = plane.cluster(parameters.get("cluster"))
    found = {name: cluster.services.get(last(name)) for name in names}
    tags = "TAGS" in parameters.get("include", [])
    return {
        "services": [described(plane, service, tags=tags) for service in found.values() if service],
        "failures": [
            missing(plane.arn(f"service/{cluster.name}/{last(name)}")) for name, service in found.items() if not service
        ],
    }


def described(plane: Plane, service: Service, *, tags: bool = False) -> dict[str, Any]:
    """A service as the API shows it."""
    now = plane.now()
    deployments = [_deployment(service, one, now) for one in service.deployments]
    moved = now >= service.pointer_moves_at and service.history
    return {
        **{name: service.settings.get(name) for name in SHOWN},
        "serviceArn": service.arn,
        "serviceName": service.name,
        "clusterArn": service.cluster.arn,
        "status": service.status,
        "desiredCount": service.desired,
        "runningCount": sum(one["runningCount"] for one in deployments),
        "pendingCount": sum(one["pendingCount"] for one in deployments),
        "taskDefinition": service.primary.revision.definition.arn,
        "deployments": deployments,
        "events": [{"id": id, "createdAt": at, "message": text} for id, at, text in service.events],
        "createdAt": service.created_at,
        "createdBy": f"arn:{plane.backend.partition}:iam::{plane.backend.account}:role/deployer",
        "currentServiceDeployment": service.history[-1].arn if moved else service.pointer,
        "currentServiceRevisions": [_current(service, one, now) for one in service.deployments if one.tasks],
        "tags": [{"key": key, "value": value} for key, value in plane.tags.get(service.arn, {}).items()]
        if tags
        else None,
    }


def running_and_pending(deployment: Deployment, now: float) -> tuple[int, int]:
    """How many tasks run, and how many come up."""
    statuses = [task.last_status(now) for task in deployment.alive]
    running = statuses.count("RUNNING")
    return running, len(statuses) - running


def _deployment(service: Service, deployment: Deployment, now: float) -> dict[str, Any]:
    running, pending = running_and_pending(deployment, now)
    settings = deployment.revision.settings
    return {
        "id": deployment.id,
        "status": "PRIMARY" if deployment is service.primary else "ACTIVE",
        "taskDefinition": deployment.revision.definition.arn,
        "desiredCount": deployment.wanted,
        "pendingCount": pending,
        "runningCount": running,
        "failedTasks": deployment.failed,
        "createdAt": deployment.created_at,
        "updatedAt": deployment.updated_at,
        "launchType": settings.get("launchType"),
        "platformVersion": settings.get("platformVersion"),
        "platformFamily": settings.get("platformFamily"),
        "networkConfiguration": settings.get("networkConfiguration"),
        "rolloutState": deployment.rollout_state,
        "rolloutStateReason": deployment.reason,
    }


def _current(service: Service, deployment: Deployment, now: float) -> dict[str, Any]:
    running, pending = running_and_pending(deployment, now)
    return {
        "arn": deployment.revision.arn,
        "requestedTaskCount": deployment.wanted,
        "runningTaskCount": running,
        "pendingTaskCount": pending,
    }


OPERATIONS = {"ListServices": list_services, "DescribeServices": describe_services}
