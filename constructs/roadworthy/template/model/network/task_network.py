"""The network interface of a service's tasks: an `awsvpcConfiguration`."""

from functools import cached_property
from typing import TYPE_CHECKING

from roadworthy.template.model.network.links import Links, links
from roadworthy.template.model.network.party import Party
from roadworthy.template.model.network.security_group import SecurityGroup
from roadworthy.template.model.network.subnet import Subnet
from roadworthy.template.model.properties import Known, texts
from roadworthy.template.node import Node

if TYPE_CHECKING:
    from roadworthy.template.model.service import Service


class TaskNetwork:
    """One `awsvpcConfiguration` that a service can have; conditions may give it several.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
    """

    def __init__(self, node: Node, service: "Service") -> None:
        self.node, self.service = node, service

    @cached_property
    def subnets(self) -> Links[Subnet]:
        """The subnets that tasks are placed in."""
        return links(self.service, Subnet, "Subnets", self.node)

    @cached_property
    def security_groups(self) -> Links[SecurityGroup]:
        """The security groups of the tasks."""
        return links(self.service, SecurityGroup, "SecurityGroups", self.node)

    @cached_property
    def public_ip(self) -> list[Known[str]]:
        """`ENABLED` or `DISABLED` (the default): whether each task has a public address."""
        return texts(self.node, "AssignPublicIp", "DISABLED")

    @cached_property
    def party(self) -> Party:
        """A task's end of connections."""
        return Party(self.security_groups, self.subnets)
