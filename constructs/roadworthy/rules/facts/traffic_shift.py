"""Which target groups a blue/green deployment can move traffic between.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-implementation.html
"""

from collections.abc import Iterator

from roadworthy.template.model.listener import Forwarder, Listener, ListenerRule
from roadworthy.template.model.properties import Known, contents
from roadworthy.template.model.service import Service
from roadworthy.template.model.target_group import TargetGroup
from roadworthy.template.node import Node


def unattached(service: Service, entry: Node, advanced: Node) -> Iterator[Known[TargetGroup]]:
    """The target groups of an entry of `LoadBalancers` to which only other rules forward than its own ones."""
    rules = _rules(service, advanced)
    if not rules or not all(each.target_groups_are_known for each in rules):
        return
    forwarded = {known.value for each in rules for known in each.target_groups}
    groups = service.referred(TargetGroup, "TargetGroupArn", entry)
    groups += service.referred(TargetGroup, "AlternateTargetGroupArn", advanced)
    yield from (known for known in groups if known.value.listeners and known.value not in forwarded)


def _rules(service: Service, advanced: Node) -> list[Forwarder]:
    """The production and the test rule; none where one of them is not among the documents."""
    found: list[Forwarder] = []
    for name in ("ProductionListenerRule", "TestListenerRule"):
        own: list[Forwarder] = [known.value for known in service.referred(ListenerRule, name, advanced)]
        own += [known.value for known in service.referred(Listener, name, advanced)]
        if len(own) != len(contents(advanced, name)):
            return []
        found += own
    return found
