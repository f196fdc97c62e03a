"""The existing subnets of services, and how many free addresses a deployment needs there.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html (a network interface,
with a private address, for each task)
"""

import re
from typing import NamedTuple

from roadworthy.online.arn import Arn
from roadworthy.online.deployment import Deployment
from roadworthy.template.conditions import possible
from roadworthy.template.model.properties import Known, contents, number, numbers
from roadworthy.template.model.service import Service
from roadworthy.template.node import Node

SUBNET = re.compile(r"subnet-[0-9a-f]{8,17}")


class ServiceSubnets(NamedTuple):
    """The subnets of a service, all of them known.

    Attributes:
        place: where they are listed.
        assumed: the parameters whose defaults it rests on.
        service: whose they are.
        subnets: their ids, sorted.
        region: where they are.
        needed: the addresses that any deployment of the service needs at once, at least.
        arn: of all subnets there.
    """

    place: Node
    assumed: frozenset[str]
    service: Service
    subnets: tuple[str, ...]
    region: str
    needed: int
    arn: str


def service_subnets(deployment: Deployment) -> list[ServiceSubnets]:
    """The services whose subnets exist already."""
    found = []
    for service in deployment.model.services:
        target = deployment.target(service.node)
        for network in service.networks:
            for place in network.get("Subnets"):
                listed = _subnets(place, deployment)
                count = _needed(service, place)
                if target.own and listed and count is not None and count.value > 0:
                    arn = str(Arn(target.partition, "ec2", target.region, target.account, "subnet/*"))
                    subnets = tuple(sorted(set(listed)))
                    found.append(
                        ServiceSubnets(place, count.assumed, service, subnets, target.region, count.value, arn)
                    )
    return found


def _subnets(place: Node, deployment: Deployment) -> list[str]:
    """The ids of a list of subnets, if they are all known and under no condition of their own."""
    if not isinstance(place.raw, list):
        return []
    target = deployment.target(place)
    texts = [item if isinstance(item, str) else None for item in place.raw]
    return [text for text in texts if text] if target and all(text and SUBNET.fullmatch(text) for text in texts) else []


def _needed(service: Service, place: Node) -> Known[int] | None:
    """The new tasks that a deployment starts while the old ones still run, at least; None when it cannot be told.

    A new service starts its desired count. A running one may replace its tasks by fewer at a time: as many as its
    maximum percent allows.
    """
    counts = [count for count in contents(service.node, "DesiredCount") if possible(count.when, place.when)]
    count = number(counts[0].value) if len(counts) == 1 else None
    if count is None:
        return None
    percents = [
        known
        for configuration in service.deployment_configurations
        for known in numbers(configuration, "MaximumPercent", 200)
    ]
    lowest = min((known.value for known in percents), default=200)
    needed = min(count, count * lowest // 100 - count)
    return Known(needed, counts[0].at, counts[0].when, counts[0].assumed.union(*(known.assumed for known in percents)))
