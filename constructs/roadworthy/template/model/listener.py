"""Listeners and their rules: to which target groups a load balancer forwards."""

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, ClassVar

from roadworthy.template.model.properties import Known, contents, numbers, references, texts
from roadworthy.template.model.resource import Resource
from roadworthy.template.model.target_group import TargetGroup
from roadworthy.template.node import Node
from roadworthy.template.values import Reference, Unknown

if TYPE_CHECKING:
    from roadworthy.template.model.model import Model

LOAD_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"


class Forwarder(Resource):
    """A listener or a listener rule: what can forward to target groups."""

    ACTIONS: ClassVar[str]  # the property that holds its actions

    @cached_property
    def actions(self) -> list[Node]:
        """Its possible actions, of every type."""
        return [item for item in self.node.all_items(self.ACTIONS) if isinstance(item.raw, dict)]

    @cached_property
    def forwards(self) -> list[Node]:
        """What names a target group by `TargetGroupArn`: its actions, and the entries of their `ForwardConfig`."""
        configs = [config for action in self.actions for config in action.get("ForwardConfig")]
        weighted = [entry for config in configs for entry in config.all_items("TargetGroups")]
        return self.actions + [entry for entry in weighted if isinstance(entry.raw, dict)]

    @cached_property
    def target_groups(self) -> list[Known[TargetGroup]]:
        """The target groups that it forwards to, as far as they are in the documents."""
        return [known for node in self.forwards for known in self.referred(TargetGroup, "TargetGroupArn", node)]

    @cached_property
    def target_groups_are_known(self) -> bool:
        """Whether it certainly forwards to no other target group of the documents than `target_groups`."""
        lists = list(self.node.get(self.ACTIONS))
        plain = bool(lists) and all(isinstance(place.raw, list) for place in lists)
        return plain and not any(_is_open(node) for node in self.forwards)


class Listener(Forwarder):
    """A listener of a load balancer.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-listener.html
    """

    TYPE = "AWS::ElasticLoadBalancingV2::Listener"
    ACTIONS = "DefaultActions"

    @cached_property
    def load_balancers(self) -> list[Known[Reference]]:
        """The load balancer that it belongs to, where it is in the documents."""
        return references(self.node, "LoadBalancerArn", LOAD_BALANCER)

    @cached_property
    def ports(self) -> list[Known[int]]:
        """The port on which it listens."""
        return numbers(self.node, "Port")

    @cached_property
    def protocols(self) -> list[Known[str]]:
        """HTTP or HTTPS of an Application Load Balancer; TCP, TLS, UDP, TCP_UDP ... of a Network Load Balancer."""
        return texts(self.node, "Protocol")

    @cached_property
    def certificates(self) -> list[Node]:
        """The entries of its `Certificates`, each with a `CertificateArn`."""
        return self.node.all_items("Certificates")


class ListenerRule(Forwarder):
    """A rule of a listener.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-listenerrule.html
    """

    TYPE = "AWS::ElasticLoadBalancingV2::ListenerRule"
    ACTIONS = "Actions"

    @cached_property
    def listeners(self) -> list[Known[Listener]]:
        """The listener that it belongs to, where it is in the documents."""
        return self.referred(Listener, "ListenerArn")

    @cached_property
    def priorities(self) -> list[Known[int]]:
        """Its priority: the lowest number is asked first."""
        return numbers(self.node, "Priority")


def forwarders_by_group(model: "Model") -> dict[TargetGroup, list[Known[Forwarder]]]:
    """Who forwards to each target group; `at` is where it says so."""
    found: dict[TargetGroup, list[Known[Forwarder]]] = {}
    for forwarder in chain[Forwarder](model.all(Listener), model.all(ListenerRule)):
        for known in forwarder.target_groups:
            found.setdefault(known.value, []).append(Known(forwarder, known.at, known.when, known.assumed))
    return found


def _is_open(forward: Node) -> bool:
    """Whether it may name a target group that cannot be told: an unknown function, or the whole of it is one."""
    raw = forward.raw
    if len(raw) == 1 and next(iter(raw)).startswith(("Fn::", "Ref")):
        return True
    return any(isinstance(known.value, Unknown) for known in contents(forward, "TargetGroupArn"))
