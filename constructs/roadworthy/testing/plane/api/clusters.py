"""ListClusters and DescribeClusters."""

from collections.abc import Mapping
from typing import Any

from roadworthy.testing.plane.api.find import missing
from roadworthy.testing.plane.api.pages import page
from roadworthy.testing.plane.deployer import Deployer
from roadworthy.testing.plane.names import last
from roadworthy.testing.plane.state import Cluster


def list_clusters(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The clusters' ARNs, in the order in which they were made."""
    arns, token = page([one.arn for one in deployer.plane.clusters.values()], parameters)
    return {"clusterArns": arns, "nextToken": token}


def describe_clusters(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The clusters that are named; without a name: "default"."""
    plane = deployer.plane
    clusters: list[dict[str, Any]] = []
    failures: list[dict[str, str]] = []
    for name in parameters.get("clusters") or ["default"]:
        found = plane.clusters.get(last(name))
        if found:
            clusters.append(_cluster(found, plane.now()))
        else:
            failures.append(missing(plane.arn(f"cluster/{last(name)}")))
    return {"clusters": clusters, "failures": failures}


def _cluster(cluster: Cluster, now: float) -> dict[str, Any]:
    statuses = [task.last_status(now) for task in cluster.tasks.values() if task.desired == "RUNNING"]
    return {
        "clusterArn": cluster.arn,
        "clusterName": cluster.name,
        "status": "ACTIVE",
        "registeredContainerInstancesCount": 0,
        "runningTasksCount": statuses.count("RUNNING"),
        "pendingTasksCount": len(statuses) - statuses.count("RUNNING"),
        "activeServicesCount": len(cluster.services),
        "statistics": [],
        "tags": [],
        "settings": [],
        "capacityProviders": ["FARGATE", "FARGATE_SPOT"],
        "defaultCapacityProviderStrategy": [],
    }


OPERATIONS = {"ListClusters": list_clusters, "DescribeClusters": describe_clusters}
