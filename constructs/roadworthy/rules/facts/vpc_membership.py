"""In which VPC each part of a service lies.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from roadworthy.template.conditions import When
from roadworthy.template.model.model import Model
from roadworthy.template.model.network.security_group import SecurityGroup
from roadworthy.template.model.network.vpc import Vpc
from roadworthy.template.model.properties import Known, absent, contents
from roadworthy.template.model.resource import Resource
from roadworthy.template.model.service import Service
from roadworthy.template.node import Node
from roadworthy.template.values import Reference, Value

DEFAULT_VPC = "the account's default VPC"

Part = tuple[Resource, str, Known[Any]]


class Membership(NamedTuple):
    """A resource, and the VPC that it is in: a resource of the documents, an id, or DEFAULT_VPC."""

    what: str
    vpc: "Vpc | str"
    at: Node
    when: When
    assumed: frozenset[str]

    @property
    def vpc_label(self) -> str:
        """The VPC, for messages."""
        return self.vpc if self.vpc == DEFAULT_VPC else f"`{self.vpc if isinstance(self.vpc, str) else self.vpc.label}`"


def members_of(service: Service) -> list[Membership]:
    """What must be in one VPC with a service's tasks, as far as its VPC is known; nothing where that is one VPC."""
    homes = service.model.index(_homes)
    parts = list(_parts(service))
    for resource, _, _ in parts:
        if resource not in homes:
            homes[resource] = list(_vpcs(resource))
    if len({each.value for resource, _, _ in parts for each in homes[resource]}) < 2:  # noqa: PLR2004 - two differ
        return []
    return [_member(part, each) for part in dict.fromkeys(parts) for each in homes[part[0]]]


def _member(part: Part, home: Known[Vpc | str]) -> Membership:
    resource, what, link = part
    when, assumed = home.when | link.when, home.assumed | link.assumed
    return Membership(f"{what} `{resource.label}`", home.value, home.at, when, assumed)


def _homes(_: Model) -> dict[Resource, list[Known[Vpc | str]]]:
    return {}


def are_apart(one: "Vpc | str", other: "Vpc | str") -> bool:
    """Whether two VPCs are certainly different ones."""
    if one == other:
        return False
    ids = isinstance(one, str) and isinstance(other, str)
    return not (ids and DEFAULT_VPC in {one, other})  # the default VPC may have that id


def _parts(service: Service) -> Iterator[Part]:
    for network in service.task_networks:
        for subnet in network.subnets.known:
            yield subnet.value, "subnet", subnet
        for group in network.security_groups.known:
            yield group.value, "security group", group
    for target in service.registered_groups:
        yield target.value, "target group", target
        for balancer in target.value.load_balancers:
            for subnet in balancer.subnets.known:
                yield subnet.value, "the load balancer's subnet", subnet


def _vpcs(resource: Resource) -> Iterator["Known[Vpc | str]"]:
    for known in contents(resource.node, "VpcId"):
        vpc = _vpc(resource, known.value)
        if vpc:
            yield Known(vpc, known.at, known.when, known.assumed)
    for when in absent(resource.node, "VpcId") if isinstance(resource, SecurityGroup) else ():
        yield Known(DEFAULT_VPC, resource.node, when)


def _vpc(resource: Resource, value: Value) -> "Vpc | str | None":
    if isinstance(value, Reference):
        is_vpc = value.document.type_of(value.name) == Vpc.TYPE and value.attribute in {"", "VpcId"}
        return resource.model.resource(Vpc, value.document, value.name) if is_vpc else None
    return value if isinstance(value, str) and value.startswith("vpc-") else None
