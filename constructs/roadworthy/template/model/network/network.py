"""Who belongs to whom in the network, looked up from the other end: a table's routes, a group's rules."""

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from roadworthy.template.model.listener import Listener, ListenerRule
from roadworthy.template.model.network.endpoint import VpcEndpoint
from roadworthy.template.model.network.links import links
from roadworthy.template.model.network.load_balancer import LoadBalancer
from roadworthy.template.model.network.route import Route, RoutePropagation, RouteTable, RouteTableAssociation
from roadworthy.template.model.network.security_group import SecurityGroup, SecurityGroupEgress, SecurityGroupIngress
from roadworthy.template.model.network.subnet import Subnet
from roadworthy.template.model.network.vpc import Vpc
from roadworthy.template.model.resource import Resource

if TYPE_CHECKING:
    from roadworthy.template.document import Document
    from roadworthy.template.model.model import Model
    from roadworthy.template.model.target_group import TargetGroup
    from roadworthy.template.values import Reference

Part = TypeVar("Part", bound=Resource)
Whole = TypeVar("Whole", bound=Resource)

# What may change the network by means that no template shows; CDK's own that empties a VPC's default group does not.
HARMLESS_CUSTOM = "Custom::VpcRestrictDefaultSG"
FOREIGN = ("Custom::", "AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Stack")
# Transforms that add no resources of the network.
HARMLESS = {"AWS::Serverless-2016-10-31", "AWS::SecretsManager-2020-07-23", "AWS::SecretsManager-2024-09-16"}


class Parts(Generic[Whole, Part]):
    """The resources of a class, by the resource to which one of their properties refers."""

    def __init__(self, network: "Network", part: type[Part], whole: type[Whole], name: str) -> None:
        self._network = network
        self._found: dict[Whole, list[Part]] = {}
        self._loose: set[Document] = set()  # documents in which one belongs to nobody knows what
        for each in network.model.all(part):
            owners = links(each, whole, name)
            for owner in owners.resources:
                self._found.setdefault(owner, []).append(each)
            if owners.loose:
                self._loose.add(each.document)

    def of(self, whole: Whole) -> list[Part]:
        """The parts of one resource."""
        return self._found.get(whole, [])

    def is_whole(self, whole: Whole) -> bool:
        """Whether those are certainly all."""
        document = whole.document
        if document in self._loose or not self._network.is_closed(document):
            return False
        foreign = self._network.foreign_hands(document)
        return not foreign or whole.logical_id not in foreign


class Network:
    """The joins of a model's network, each made when it is first asked for."""

    def __init__(self, model: "Model") -> None:
        self.model = model
        self._closed: dict[Document, bool] = {}
        self._foreign: dict[Document, set[str]] = {}

    @cached_property
    def associations(self) -> Parts[Subnet, RouteTableAssociation]:
        """The associations with a route table, by subnet."""
        return Parts(self, RouteTableAssociation, Subnet, "SubnetId")

    @cached_property
    def routes(self) -> Parts[RouteTable, Route]:
        """The routes, by route table."""
        return Parts(self, Route, RouteTable, "RouteTableId")

    @cached_property
    def propagations(self) -> Parts[RouteTable, RoutePropagation]:
        """The propagations of a VPN gateway's routes, by route table."""
        return Parts(self, RoutePropagation, RouteTable, "RouteTableIds")

    @cached_property
    def ingress(self) -> Parts[SecurityGroup, SecurityGroupIngress]:
        """The inbound rules that are resources, by security group."""
        return Parts(self, SecurityGroupIngress, SecurityGroup, "GroupId")

    @cached_property
    def egress(self) -> Parts[SecurityGroup, SecurityGroupEgress]:
        """The outbound rules that are resources, by security group."""
        return Parts(self, SecurityGroupEgress, SecurityGroup, "GroupId")

    @cached_property
    def endpoints(self) -> Parts[Vpc, VpcEndpoint]:
        """The VPC endpoints, by VPC."""
        return Parts(self, VpcEndpoint, Vpc, "VpcId")

    def security_group(self, reference: "Reference") -> SecurityGroup:
        """The security group that a reference means."""
        return self.model.resource(SecurityGroup, reference.document, reference.name)

    def load_balancers_of(self, group: "TargetGroup") -> list[LoadBalancer]:
        """The load balancers in the documents that forward to a target group."""
        return self._load_balancers.get(group, [])

    @cached_property
    def _load_balancers(self) -> "dict[TargetGroup, list[LoadBalancer]]":
        return {
            group: list(dict.fromkeys(self._behind(known.value for known in forwarders)))
            for group, forwarders in self.model.forwarders.items()
        }

    def _behind(self, forwarders: Iterator[Resource]) -> Iterator[LoadBalancer]:
        for forwarder in forwarders:
            listeners = [forwarder] if isinstance(forwarder, Listener) else []
            if isinstance(forwarder, ListenerRule):
                listeners = [known.value for known in forwarder.listeners]
            for listener in listeners:
                for known in listener.load_balancers:
                    yield self.model.resource(LoadBalancer, known.value.document, known.value.name)

    def is_closed(self, document: "Document") -> bool:
        """Whether a document certainly has no resources but those that it shows: no macro, loop or module."""
        if document not in self._closed:
            transforms = document.tree.get("Transform", []) if isinstance(document.tree, dict) else []
            used = transforms if isinstance(transforms, list) else [transforms]
            shown = not any(name.startswith("Fn::") for name in document.resources)
            self._closed[document] = shown and all(isinstance(each, str) and each in HARMLESS for each in used)
        return self._closed[document]

    def foreign_hands(self, document: "Document") -> set[str]:
        """The logical ids that custom resources, or nested stacks that were not read, are told of."""
        if document not in self._foreign:
            foreign = [logical_id for logical_id in document.resources if _is_foreign(document, logical_id)]
            self._foreign[document] = {name for each in foreign for name in document.dependencies.direct(each)}
        return self._foreign[document]


def _is_foreign(document: "Document", logical_id: str) -> bool:
    kind = document.type_of(logical_id)
    if not isinstance(kind, str) or kind == HARMLESS_CUSTOM or logical_id in document.nested:
        return False
    return kind.startswith(FOREIGN) or kind.endswith("::MODULE")
