"""In which VPC each part of a service lies.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
"""

from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.template.conditions import When
from roadworthy.template.model.network.security_group import SecurityGroup
from roadworthy.template.model.network.vpc import Vpc
from roadworthy.template.model.properties import Known, absent, contents
from roadworthy.template.model.resource import Resource
from roadworthy.template.model.service import Service
from roadworthy.template.node import Node
from roadworthy.template.values import Reference, Value

DEFAULT_VPC = "the account's default VPC"


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
    """What must be in one VPC with a service's tasks, as far as its VPC is known."""
    found: dict[tuple[Resource, int], Membership] = {}
    for resource, what, link in _parts(service):
        for each in _vpcs(resource):
            when = each.when | link.when
            member = Membership(f"{what} `{resource.label}`", each.value, each.at, when, each.assumed | link.assumed)
            found.setdefault((resource, id(each.value)), member)
    return list(found.values())


def are_apart(one: "Vpc | str", other: "Vpc | str") -> bool:
    """Whether two VPCs are certainly different ones."""
    if one == other:
        return False
    ids = isinstance(one, str) and isinstance(other, str)
    return not (ids and DEFAULT_VPC in {one, other})  # the default VPC may have that id


def _parts(service: Service) -> "Iterator[tuple[Resource, str, Known[object]]]":
    for network in service.task_networks:
        for subnet in network.subnets.known:
            yield subnet.value, "subnet", Known(None, subnet.at, subnet.when, subnet.assumed)
        for group in network.security_groups.known:
            yield group.value, "security group", Known(None, group.at, group.when, group.assumed)
    for target in service.registered_groups:
        yield target.value, "target group", Known(None, target.at, target.when, target.assumed)
        for balancer in target.value.load_balancers:
            for subnet in balancer.subnets.known:
                together = subnet.when | target.when
                yield subnet.value, "the load balancer's subnet", Known(None, subnet.at, together, subnet.assumed)


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
