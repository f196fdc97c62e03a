"""A target group."""

from roadworthy.template.node import Node
from roadworthy.template.resolve import values
from roadworthy.template.values import Possible, known_text

TYPE = "AWS::ElasticLoadBalancingV2::TargetGroup"


class TargetGroup:
    """A target group of an Elastic Load Balancer.

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html
    """

    def __init__(self, node: Node) -> None:
        self.node = node

    @property
    def label(self) -> str:
        """Its construct path, or its logical id where CDK did not make it; for messages."""
        logical_id = self.node.resource or ""
        path = self.node.document.construct_path(logical_id)
        return path.removesuffix("/Resource") if path else logical_id

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
