"""A VPC."""

from functools import cached_property

from roadworthy.template.model.network.cidr import Cidr, parse_cidr
from roadworthy.template.model.properties import Known, flags, texts
from roadworthy.template.model.resource import Resource


class Vpc(Resource):
    """A VPC.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpc.html
    """

    TYPE = "AWS::EC2::VPC"

    @cached_property
    def cidr(self) -> Cidr | None:
        """Its first range of addresses, where it is known and no parameter's default."""
        found = texts(self.node, "CidrBlock")
        return parse_cidr(found[0].value) if len(found) == 1 and not found[0].assumed else None

    @cached_property
    def dns_support(self) -> list[Known[bool]]:
        """Whether it has Amazon's DNS server: yes by default."""
        return flags(self.node, "EnableDnsSupport", default=True)

    @cached_property
    def dns_hostnames(self) -> list[Known[bool]]:
        """Whether instances get DNS names, which private names of endpoints need as well: no by default."""
        return flags(self.node, "EnableDnsHostnames", default=False)
