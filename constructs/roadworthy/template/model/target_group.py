"""A target group."""

from functools import cached_property
from typing import TYPE_CHECKING

from roadworthy.template.model.properties import Known, texts
from roadworthy.template.model.resource import Resource
from roadworthy.template.resolve import values
from roadworthy.template.values import Possible, known_text

if TYPE_CHECKING:
    from roadworthy.template.model.listener import Forwarder
    from roadworthy.template.model.network.load_balancer import LoadBalancer
    from roadworthy.template.model.service import LoadBalancedPort


class TargetGroup(Resource):
    """A target group of an Elastic Load Balancer.

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html
    """

    TYPE = "AWS::ElasticLoadBalancingV2::TargetGroup"

    @cached_property
    def protocols(self) -> list[Known[str]]:
        """The protocol to the targets: HTTP, HTTPS, TCP, TLS, UDP, TCP_UDP, GENEVE."""
        return texts(self.node, "Protocol")

    @cached_property
    def target_types(self) -> list[Known[str]]:
        """What its targets are: `instance` where nothing is written."""
        return texts(self.node, "TargetType", "instance")

    @cached_property
    def ports(self) -> "list[LoadBalancedPort]":
        """The containers' ports that services register in it."""
        return self.model.ports_of(self)

    @cached_property
    def listeners(self) -> "list[Known[Forwarder]]":
        """The listeners and listener rules that forward to it, as far as they are in the documents."""
        return self.model.forwarders.get(self, [])

    @property
    def load_balancers(self) -> "list[LoadBalancer]":
        """The load balancers in the documents that forward to it."""
        return self.model.network.load_balancers_of(self)

    def attribute(self, key: str) -> list[Known[str]]:
        """The values of an attribute such as `deregistration_delay.timeout_seconds`, where it is written."""
        found = []
        for entry in self.node.all_items("TargetGroupAttributes"):
            if any(known.value == key for known in texts(entry, "Key")):
                found += texts(entry, "Value")
        return found

    def one(self, name: str, default: str | None) -> Possible | None:
        """The value of a property, its default where it is absent; None when it depends on conditions."""
        written = isinstance(self.node.raw, dict) and name in self.node.raw
        found = [value for _, value in values(self.node, name)]
        if not written:
            return None if default is None else Possible(default, self.node.when)
        return found[0] if len(found) == 1 and found[0].when == self.node.when else None

    def text(self, name: str, default: str | None) -> str | None:
        """The value of a property as a text; None when it is absent and has no default, or is not known."""
        value = self.one(name, default)
        return None if value is None else known_text(value.value)
