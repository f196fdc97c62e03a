"""A cluster, and the capacity providers that are associated with it."""

from functools import cached_property
from typing import TYPE_CHECKING

from roadworthy.template.model.properties import Known
from roadworthy.template.model.resource import Resource
from roadworthy.template.node import Node
from roadworthy.template.resolve import resolve
from roadworthy.template.values import Unknown, Value

if TYPE_CHECKING:
    from roadworthy.template.model.model import Model

CAPACITY_PROVIDER = "AWS::ECS::CapacityProvider"
STRATEGY = "DefaultCapacityProviderStrategy"


class CapacityProviderAssociations(Resource):
    """The capacity providers of a cluster, as a resource of its own: CDK writes them so.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-clustercapacityproviderassociations.html
    """

    TYPE = "AWS::ECS::ClusterCapacityProviderAssociations"


class Cluster(Resource):
    """A cluster.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Cluster.html
    """

    TYPE = "AWS::ECS::Cluster"

    @cached_property
    def associations(self) -> list[CapacityProviderAssociations]:
        """The resources that associate capacity providers with it, as far as they are in the documents."""
        return self.model.index(associations_by_cluster).get(self, [])

    @cached_property
    def capacity_providers(self) -> list[Known[Value]]:
        """The names of its capacity providers, or references to them."""
        return [known for node in self._nodes for known in _items(node, "CapacityProviders")]

    @cached_property
    def capacity_providers_are_known(self) -> bool:
        """Whether `capacity_providers` are certainly all."""
        plain = all(_is_plain(node, "CapacityProviders") for node in self._nodes)
        return plain and not any(isinstance(known.value, Unknown) for known in self.capacity_providers)

    @cached_property
    def has_default_strategy(self) -> bool:
        """Whether it has, or may have, a default capacity provider strategy."""
        plain = all(_is_plain(node, STRATEGY) for node in self._nodes)
        return not plain or any(place.raw for node in self._nodes for place in node.get(STRATEGY))

    @cached_property
    def _nodes(self) -> list[Node]:
        """Where its capacity providers and its default strategy can stand."""
        return [self.node, *(each.node for each in self.associations)]

    @cached_property
    def service_connect_defaults(self) -> list[Node]:
        """Its `ServiceConnectDefaults`, which name the namespace of services that name none."""
        return list(self.node.get("ServiceConnectDefaults"))

    @cached_property
    def has_no_default_namespace(self) -> bool:
        """Whether it certainly names no default namespace for Service Connect."""
        raw = self.node.raw
        plain = raw is None or (isinstance(raw, dict) and not any(key.startswith("Fn::") for key in raw))
        return plain and not self.service_connect_defaults


def associations_by_cluster(model: "Model") -> dict[Cluster, list[CapacityProviderAssociations]]:
    """The capacity provider associations of each cluster."""
    found: dict[Cluster, list[CapacityProviderAssociations]] = {}
    for each in model.all(CapacityProviderAssociations):
        for known in each.referred(Cluster, "Cluster"):
            found.setdefault(known.value, []).append(each)
    return found


def _items(node: Node, name: str) -> list[Known[Value]]:
    """What is known of each item of a list of texts."""
    items = node.all_items(name)
    return [Known(each.value, item, each.when, each.assumed) for item in items for each in resolve(item)]


def _is_plain(node: Node, name: str) -> bool:
    """Whether a list is all written out, or absent."""
    raw = node.raw
    if raw is not None and (not isinstance(raw, dict) or any(key.startswith("Fn::") for key in raw)):
        return False
    return all(isinstance(place.raw, list) for place in node.get(name))
