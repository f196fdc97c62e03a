"""How listeners share traffic among the target groups of services, which deployments change.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from roadworthy.testing.aws.targets import groups_of
from roadworthy.testing.plane.plane import Plane
from roadworthy.testing.plane.state import Service

PRODUCTION_PORT, TEST_PORT = 80, 9001
ONLY = "0000000000000001"


class Rule(NamedTuple):
    """A listener rule of a service: the port of its listener, and the weights of the target groups in percent."""

    arn: str
    port: int
    weights: Mapping[str, int]


def rules_of(plane: Plane) -> Iterator[Rule]:
    """The listener rules of all services; a rolling one has one that forwards to its only target group."""
    for service in plane.services():
        for balancer in service.settings.get("loadBalancers") or ():
            advanced = balancer.get("advancedConfiguration") or {}
            production, test = advanced.get("productionListenerRule"), advanced.get("testListenerRule")
            if production:
                yield Rule(production, PRODUCTION_PORT, _weights(plane, service, service.production))
            elif group := balancer.get("targetGroupArn"):
                yield Rule(_rule_of(plane, group), PRODUCTION_PORT, {group: 100})
            if test:
                yield Rule(test, TEST_PORT, _weights(plane, service, service.test))


def _rule_of(plane: Plane, group: str) -> str:
    """The rule of a target group that has no other: of a load balancer of its own."""
    name, _, number = group.rpartition("targetgroup/")[2].partition("/")
    return plane.backend.arn("elasticloadbalancing", f"listener-rule/app/{name}/{number}/{ONLY}/{ONLY}")


def _weights(plane: Plane, service: Service, shares: Mapping[str, float]) -> dict[str, int]:
    """The weights of a service's target groups, from the shares of the revisions behind them."""
    weights = {group: 0.0 for group, _ in groups_of(service)}
    for arn, share in shares.items():
        revision = plane.revisions.get(arn)
        if revision and revision.target_group in weights:
            weights[revision.target_group] += share
    return {group: round(weight) for group, weight in weights.items()}
