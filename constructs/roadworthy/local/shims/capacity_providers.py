"""A cluster's capacity providers.

Lack: AWS::ECS::ClusterCapacityProviderAssociations is unknown although the service has it.
Effect: a template with Fargate Spot is refused.
Shim: the type goes through PutClusterCapacityProviders.
Faithful: as a record that DescribeClusters shows; a task on Fargate Spot is a process like any other and is never
    interrupted.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-clustercapacityproviderassociations.html
"""

from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import ecs, handlers, provisioners


def install(_: Settings) -> None:
    """Register the type."""
    handlers["AWS::ECS::ClusterCapacityProviderAssociations"] = {
        "create": lambda _id, new, _stack: _associate(new),
        "update": lambda _cluster, _old, new, _stack: _associate(new),
        "delete": lambda cluster, _properties: _put(cluster, [], []),
    }


def _associate(properties: dict[str, Any]) -> tuple[str, dict[str, str]]:
    strategy = provisioners._pascal_to_camel(properties["DefaultCapacityProviderStrategy"])
    _put(properties["Cluster"], properties.get("CapacityProviders", []), strategy)
    return properties["Cluster"], {}


def _put(cluster: str, providers: list[str], strategy: list[dict[str, Any]]) -> None:
    request = {"cluster": cluster, "capacityProviders": providers, "defaultCapacityProviderStrategy": strategy}
    status, _headers, body = ecs._put_cluster_capacity_providers(request)[:3]
    if status >= 400 and providers:  # noqa: PLR2004 - a cluster that is gone has none to take away
        raise ValueError(str(body))
