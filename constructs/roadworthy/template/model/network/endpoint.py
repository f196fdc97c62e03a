"""VPC endpoints: ways to AWS's services without the internet."""

from functools import cached_property

from roadworthy.template.model.network.links import Links, links
from roadworthy.template.model.network.party import Party
from roadworthy.template.model.network.route import RouteTable
from roadworthy.template.model.network.security_group import SecurityGroup
from roadworthy.template.model.network.subnet import Subnet
from roadworthy.template.model.network.vpc import Vpc
from roadworthy.template.model.properties import Known, contents, flags, texts
from roadworthy.template.model.resource import Resource
from roadworthy.template.pattern import Pattern
from roadworthy.template.values import HOLE, skeleton

# com.amazonaws.<region>.<service>, in China cn.com.amazonaws.<region>.<service>
SERVICE = Pattern(rf"^(?:cn\.)?(?:com|aws)\.(?:amazonaws|api)\.(?:[a-z0-9-]+|{HOLE})\.(?P<service>[a-z0-9.-]+)$")


class VpcEndpoint(Resource):
    """A VPC endpoint.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcendpoint.html
    """

    TYPE = "AWS::EC2::VPCEndpoint"

    @cached_property
    def vpcs(self) -> Links[Vpc]:
        """The VPC that it is in."""
        return links(self, Vpc, "VpcId")

    @cached_property
    def service(self) -> str | None:
        """The service that it leads to, such as `ecr.api`; None where it is not known."""
        found = [SERVICE.match(skeleton(known.value)) for known in contents(self.node, "ServiceName")]
        return found[0]["service"] if len(found) == 1 and found[0] else None

    @cached_property
    def types(self) -> list[Known[str]]:
        """`Gateway` (the default) or `Interface`."""
        return texts(self.node, "VpcEndpointType", "Gateway")

    @property
    def is_interface(self) -> bool:
        """Whether it certainly has network interfaces of its own."""
        return bool(self.types) and all(known.value == "Interface" for known in self.types)

    @cached_property
    def private_dns(self) -> list[Known[bool]]:
        """Whether the service's usual name means this endpoint, where it is written."""
        return flags(self.node, "PrivateDnsEnabled")

    @property
    def has_usual_name(self) -> bool | None:
        """Whether the service's usual name certainly means this endpoint, or certainly does not."""
        values = {known.value for known in self.private_dns}
        if values and any(_has_no_names(vpc) for vpc in self.vpcs.resources):
            return False
        return values.pop() if len(values) == 1 and not any(known.assumed for known in self.private_dns) else None

    @cached_property
    def route_tables(self) -> Links[RouteTable]:
        """The route tables from which a gateway endpoint is reached."""
        return links(self, RouteTable, "RouteTableIds")

    @cached_property
    def party(self) -> Party:
        """An interface endpoint's end of connections."""
        return Party(links(self, SecurityGroup, "SecurityGroupIds"), links(self, Subnet, "SubnetIds"))

    def serves(self, subnet: Subnet) -> bool | None:
        """Whether tasks in a subnet of its VPC use it when they ask for the service by its usual name."""
        if self.is_interface:
            return self.has_usual_name
        tables = subnet.route_tables
        if tables is None or not all(known.value == "Gateway" for known in self.types) or not self.types:
            return None
        if any(table in self.route_tables.resources for table in tables):
            return True
        return False if self.route_tables.whole else None


def _has_no_names(vpc: Vpc) -> bool:
    """Whether the VPC certainly lacks what private names need: both of its DNS attributes."""
    both = (vpc.dns_support, vpc.dns_hostnames)
    return any(known and not any(each.value or each.assumed for each in known) for known in both)
