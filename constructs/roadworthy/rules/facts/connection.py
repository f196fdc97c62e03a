"""The connections from a load balancer to a service's tasks: to the registered port, and for the health check.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-security-groups.html
"""

from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.template.conditions import When, possible
from roadworthy.template.model.network.load_balancer import LoadBalancer
from roadworthy.template.model.network.party import Party
from roadworthy.template.model.network.task_network import TaskNetwork
from roadworthy.template.model.properties import numbers
from roadworthy.template.model.service import LoadBalancedPort

REQUESTS = "requests"
HEALTH_CHECKS = "health checks"


class Connection(NamedTuple):
    """A load balancer that must reach a port of a service's tasks.

    Attributes:
        target: what the service registers.
        balancer: who connects.
        network: the network of the tasks.
        port: to which port.
        purpose: REQUESTS (health checks as well, mostly) or HEALTH_CHECKS on a port of their own.
        when: the conditions under which it is needed.
        assumed: the parameters whose defaults it rests on.
    """

    target: LoadBalancedPort
    balancer: LoadBalancer
    network: TaskNetwork
    port: int
    purpose: str
    when: When
    assumed: frozenset[str]

    @property
    def described(self) -> str:
        """Its receiving end, for messages."""
        service = f"of service `{self.target.service.name}`"
        checks = " for health checks" if self.purpose == HEALTH_CHECKS else ""
        return f"port {self.port} {service}{checks}"


def connections(target: LoadBalancedPort) -> Iterator[Connection]:
    """The connections that a registered port needs, as far as its load balancers are in the documents."""
    group = target.target_group
    balancers = group.load_balancers
    if not balancers or not target.service.task_networks:
        return
    ports = [(target.port, REQUESTS, target.when, target.assumed)]
    ports += [
        (own.value, HEALTH_CHECKS, target.when | own.when, target.assumed | own.assumed)
        for own in numbers(group.node, "HealthCheckPort")
        if own.value != target.port
    ]
    for balancer in balancers:
        for network in target.service.task_networks:
            for port, purpose, when, assumed in ports:
                together = when | balancer.when | network.node.when
                if possible(together):
                    yield Connection(target, balancer, network, port, purpose, together, assumed)


def groups_of(party: Party) -> str:
    """A party's security groups, for messages."""
    return ", ".join(f"`{label}`" for label in dict.fromkeys(group.label for group in party.groups.resources))


def sender_of(balancer: LoadBalancer) -> str:
    """Where a load balancer's connections come from, for messages: its security groups, or its subnets."""
    return groups_of(balancer.party) or f"the subnets of `{balancer.label}`"
