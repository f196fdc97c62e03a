"""Route tables, and where their routes lead.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-route.html
"""

from functools import cached_property

from roadworthy.template.model.properties import Known, contents, texts
from roadworthy.template.model.resource import Resource
from roadworthy.template.values import Reference, known_text

INTERNET_GATEWAY = "AWS::EC2::InternetGateway"
EVERYWHERE = "0.0.0.0/0"
# What makes a route one of which no more is said: IPv6, and targets besides NAT and internet gateways.
OTHERS = (
    "DestinationIpv6CidrBlock",
    "CarrierGatewayId",
    "CoreNetworkArn",
    "EgressOnlyInternetGatewayId",
    "InstanceId",
    "LocalGatewayId",
    "NatGatewayId",
    "NetworkInterfaceId",
    "TransitGatewayId",
    "VpcEndpointId",
    "VpcPeeringConnectionId",
)


class Route(Resource):
    """A route of a route table."""

    TYPE = "AWS::EC2::Route"

    @cached_property
    def destinations(self) -> list[Known[str]]:
        """The IPv4 range that it is for, as far as it is known."""
        return texts(self.node, "DestinationCidrBlock")

    @property
    def is_default(self) -> bool:
        """Whether it is certainly for every IPv4 address."""
        return bool(self.destinations) and all(known.value == EVERYWHERE for known in self.destinations)

    @cached_property
    def to_nat_gateway(self) -> bool:
        """Whether it leads to a NAT gateway."""
        return bool(contents(self.node, "NatGatewayId"))

    @cached_property
    def to_internet_gateway(self) -> bool:
        """Whether it certainly leads to an internet gateway and nowhere else."""
        found = contents(self.node, "GatewayId")
        return bool(found) and all(_is_internet_gateway(each.value) for each in found)

    def leads_to_internet(self, public_address: bool) -> bool | None:
        """Whether a task reaches the internet by it, with a public address of its own or without."""
        if self.is_default and self.to_nat_gateway:
            return True
        if not self.to_internet_gateway or any(name in self.node.raw for name in OTHERS):
            return None  # a transit gateway, a peering, a firewall, an appliance, IPv6 ...
        return public_address if self.is_default else public_address and None


class RouteTable(Resource):
    """A route table."""

    TYPE = "AWS::EC2::RouteTable"

    @cached_property
    def routes(self) -> list[Route]:
        """Its routes in the documents."""
        return self.model.network.routes.of(self)

    @cached_property
    def routes_are_known(self) -> bool:
        """Whether it certainly has no other routes."""
        network = self.model.network
        return network.routes.is_whole(self) and not network.propagations.of(self)

    @property
    def default_routes(self) -> list[Route]:
        """Its routes for every IPv4 address."""
        return [route for route in self.routes if route.is_default]

    def leads_to_internet(self, public_address: bool) -> bool | None:
        """Whether a task in its subnets reaches the internet, with a public address of its own or without."""
        answers = [route.leads_to_internet(public_address) for route in self.routes]
        if True in answers:
            return True
        return None if None in answers or not self.routes_are_known else False


class RouteTableAssociation(Resource):
    """Which route table a subnet uses; without one it is the VPC's main route table."""

    TYPE = "AWS::EC2::SubnetRouteTableAssociation"

    @cached_property
    def table(self) -> RouteTable | None:
        """The route table, where it is certain."""
        found = self.referred(RouteTable, "RouteTableId")
        return found[0].value if len(found) == 1 else None


class RoutePropagation(Resource):
    """Route tables that a VPN gateway writes routes to."""

    TYPE = "AWS::EC2::VPNGatewayRoutePropagation"


def _is_internet_gateway(value: object) -> bool:
    if isinstance(value, Reference):
        return value.document.type_of(value.name) == INTERNET_GATEWAY
    text = known_text(value) if isinstance(value, str) else None
    return text is not None and text.startswith("igw-")
