"""The arithmetic of a rolling update: how many tasks may run, and how many must, while ECS replaces them.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
"""

from collections.abc import Iterator

from roadworthy.template.model.properties import Known, absent, jointly, numbers, texts
from roadworthy.template.model.service import Service

MINIMUM, MAXIMUM = 100, 200  # percent, where nothing is written
HUNDRED = 100
Bounds = tuple[Known[int], Known[int]]


def bounds(service: Service) -> Iterator[Bounds]:
    """The pairs (minimumHealthyPercent, maximumPercent) that a service can have; none where they do not matter."""
    strategies = texts(service.node, "SchedulingStrategy", "REPLICA")
    if not service.is_rolling or any(known.value != "REPLICA" for known in strategies):
        return
    for config in service.deployment_configurations:
        minima, maxima = numbers(config, "MinimumHealthyPercent", MINIMUM), numbers(config, "MaximumPercent", MAXIMUM)
        yield from ((minimum, maximum) for minimum, maximum in jointly(minima, maxima))
    for when in absent(service.node, "DeploymentConfiguration"):
        default = Known(MINIMUM, service.node, when, written=False)
        yield default, default._replace(value=MAXIMUM)


def most(count: int, maximum: int) -> int:
    """How many tasks may run: rounded down."""
    return count * maximum // HUNDRED


def least(count: int, minimum: int) -> int:
    """How many tasks must run: rounded up."""
    return -(-count * minimum // HUNDRED)


def blocks(count: int, minimum: int, maximum: int) -> bool:
    """Whether ECS can neither start a new task nor stop an old one."""
    return count > 0 and most(count, maximum) <= count <= least(count, minimum)
