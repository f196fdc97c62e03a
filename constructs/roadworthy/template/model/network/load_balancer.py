"""A load balancer."""

from functools import cached_property

from roadworthy.template.model.network.links import Links, links
from roadworthy.template.model.network.party import Party
from roadworthy.template.model.network.security_group import SecurityGroup
from roadworthy.template.model.network.subnet import Subnet
from roadworthy.template.model.properties import Known, absent, texts
from roadworthy.template.model.resource import Resource


class LoadBalancer(Resource):
    """An Application, Network or Gateway Load Balancer.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-loadbalancer.html
    """

    TYPE = "AWS::ElasticLoadBalancingV2::LoadBalancer"

    @cached_property
    def types(self) -> list[Known[str]]:
        """`application` (the default), `network` or `gateway`."""
        return texts(self.node, "Type", "application")

    @cached_property
    def subnets(self) -> Links[Subnet]:
        """The subnets in which it has nodes; by them it is enabled for their zones."""
        own = links(self, Subnet, "Subnets")
        mapped = [links(self, Subnet, "SubnetId", item) for item in self.node.all_items("SubnetMappings")]
        known = own.known + [known for each in mapped for known in each.known]
        return Links(known, own.whole and all(each.whole for each in mapped))

    @cached_property
    def security_groups(self) -> Links[SecurityGroup]:
        """Its security groups."""
        return links(self, SecurityGroup, "SecurityGroups")

    @cached_property
    def party(self) -> Party:
        """Its end of connections."""
        return Party(self.security_groups, self.subnets, is_grouped=self.has_security_groups)

    @property
    def has_security_groups(self) -> bool:
        """Whether it can have security groups: only a network load balancer can be without."""
        return not (self.is_of_type("network") and absent(self.node, "SecurityGroups"))

    def is_of_type(self, kind: str) -> bool:
        """Whether it certainly is an `application`, `network` or `gateway` load balancer."""
        return bool(self.types) and all(known.value == kind for known in self.types)
