"""Who sends or receives: a task, a load balancer, an endpoint, a mount target, or the internet."""

from typing import TYPE_CHECKING

from roadworthy.template.model.network.cidr import EVERYWHERE, Cidr, is_private
from roadworthy.template.model.network.links import Links

if TYPE_CHECKING:
    from roadworthy.template.model.network.security_group import SecurityGroup
    from roadworthy.template.model.network.subnet import Subnet


class Party:
    """One end of a connection.

    Attributes:
        groups: its security groups; where none is named, the VPC's default one.
        subnets: the subnets that it is in.
        is_grouped: whether it has security groups at all; a network load balancer can have none.
        is_internet: whether it is any public address instead.
    """

    def __init__(
        self,
        groups: "Links[SecurityGroup]",
        subnets: "Links[Subnet]",
        *,
        is_grouped: bool = True,
        is_internet: bool = False,
    ) -> None:
        self.groups, self.subnets = groups, subnets
        self.is_grouped, self.is_internet = is_grouped, is_internet

    def is_in_group(self, group: "SecurityGroup") -> bool | None:
        """Whether it has that security group."""
        if group in self.groups.resources:
            return True
        return False if self.groups.whole and (self.groups.known or not self.is_grouped) else None

    def is_in_range(self, cidr: Cidr) -> bool | None:
        """Whether it has addresses of that range; True too where only some of its subnets have."""
        if cidr.contains(EVERYWHERE):
            return True
        if self.is_internet:
            return False if is_private(cidr) else None
        ranges = [subnet.cidr for subnet in self.subnets.resources]
        if any(own is not None and cidr.contains(own) for own in ranges):
            return True
        apart = all(own is not None and not cidr.meets(own) for own in ranges)
        return False if apart and ranges and self.subnets.whole else None


# Any address in the internet, and AWS's own public ones: those of its services without an interface endpoint.
INTERNET = Party(Links([], whole=True), Links([], whole=True), is_grouped=False, is_internet=True)
# Somebody, nobody knows who.
ANYBODY = Party(Links([], whole=False), Links([], whole=False))
