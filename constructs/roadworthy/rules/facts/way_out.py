"""Which ways a service's tasks have to what they need: the internet, or VPC endpoints.

Every answer is True, False, or None where the documents do not tell.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from roadworthy.rules.facts.task_needs import EXEC, GATEWAY, INTERNET, Need, needs
from roadworthy.template.conditions import possible
from roadworthy.template.model.model import Model
from roadworthy.template.model.network.endpoint import VpcEndpoint
from roadworthy.template.model.network.party import ANYBODY, Party
from roadworthy.template.model.network.party import INTERNET as INTERNET_PARTY
from roadworthy.template.model.network.subnet import Subnet
from roadworthy.template.model.network.task_network import TaskNetwork
from roadworthy.template.model.properties import Known
from roadworthy.template.model.service import Service

ENABLED = "ENABLED"
HOSTED_ZONE = "AWS::Route53::HostedZone"


class Enclosed(NamedTuple):
    """Subnets of a service from which its tasks certainly do not reach the internet.

    Attributes:
        network: the service's network.
        public_ip: whether its tasks have public addresses.
        subnets: those subnets.
        are_all: whether the service certainly has no others.
        lacking: what the tasks need and certainly do not reach from one of them.
        has_endpoint: whether the VPC has, or may have, an interface endpoint for something that they need.
        assumed: the parameters whose defaults it rests on.
    """

    network: TaskNetwork
    public_ip: Known[str]
    subnets: list[Known[Subnet]]
    are_all: bool
    lacking: list[Need]
    has_endpoint: bool
    assumed: frozenset[str]

    @property
    def needs_public_address(self) -> bool:
        """Whether a public address is all that is missing."""
        return self.public_ip.value != ENABLED and any(known.value.reaches_internet(True) for known in self.subnets)

    @property
    def stops_all_tasks(self) -> bool:
        """Whether tasks are asked for and none can start: ECS Exec, or some of the subnets, would not stop all."""
        counts = self.network.service.desired_counts
        none_asked = bool(counts) and all(known.value == 0 for known in counts)
        return self.are_all and not none_asked and any(need.service != EXEC for need in self.lacking)

    @property
    def labels(self) -> str:
        """The subnets, for messages."""
        return ", ".join(f"`{name}`" for name in dict.fromkeys(known.value.label for known in self.subnets))

    @property
    def what_is_lacking(self) -> str:
        """What the tasks need and do not reach, for messages."""
        return listed(need.of for need in self.lacking)


def enclosed(service: Service) -> list[Enclosed]:
    """The subnets of a service without a way to the internet, where its tasks lack something that they need."""
    found = service.model.index(_found)
    if service not in found:
        found[service] = [each for network in service.task_networks for each in _enclosed_in(network)]
    return found[service]


def listed(names: Iterator[str], most: int = 4) -> str:
    """Names as a text, each once, the first `most` written out."""
    unique = list(dict.fromkeys(names))
    shown, more = unique[:most], len(unique) - most
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def endpoints_for(service: str, subnet: Subnet) -> tuple[bool | None, list[VpcEndpoint]]:
    """Whether an endpoint for an AWS service serves a subnet, and the endpoints that do."""
    answers = subnet.model.index(_answers)
    if (service, subnet) not in answers:
        answers[service, subnet] = _endpoints_for(service, subnet)
    return answers[service, subnet]


def _answers(_: Model) -> dict[tuple[str, Subnet], tuple[bool | None, list[VpcEndpoint]]]:
    return {}


def _endpoints_for(service: str, subnet: Subnet) -> tuple[bool | None, list[VpcEndpoint]]:
    vpcs = subnet.vpcs
    if not vpcs.whole or len(vpcs.known) != 1:
        return None, []
    vpc, parts = vpcs.known[0].value, subnet.model.network.endpoints
    answers = {each: _serves(each, service, subnet) for each in parts.of(vpc)}
    serving = [each for each, answer in answers.items() if answer]
    if serving:
        return True, serving
    return (None if None in answers.values() or not parts.is_whole(vpc) else False), []


def endpoints_of(service: str, network: TaskNetwork) -> list[VpcEndpoint]:
    """The interface endpoint that serves each subnet of a network, where it is the only one that may."""
    found = [endpoints_for(service, known.value) for known in network.subnets.known]
    return list(dict.fromkeys(each[0] for _, each in found if len(each) == 1 and each[0].is_interface))


def destination(service: str, network: TaskNetwork) -> Party:
    """To whom a task connects when it asks for a service by its usual name."""
    if service == INTERNET:
        return INTERNET_PARTY
    answers = [endpoints_for(service, known.value) for known in network.subnets.known]
    if not answers or not network.subnets.whole or any(answer is None for answer, _ in answers):
        return ANYBODY
    used = {endpoint for _, serving in answers for endpoint in serving}
    if not any(endpoint.is_interface for endpoint in used):
        return INTERNET_PARTY  # a gateway endpoint leaves the service its public addresses
    alone = len(used) == 1 and all(answer for answer, _ in answers)
    return used.pop().party if alone else ANYBODY


def _serves(endpoint: VpcEndpoint, service: str, subnet: Subnet) -> bool | None:
    if endpoint.service is None:
        return None
    if endpoint.service != service:
        return False
    answer = endpoint.serves(subnet)
    # Without private DNS the name may still be that of a private hosted zone.
    unnamed = answer is False and endpoint.is_interface
    return None if unnamed and endpoint.document.logical_ids(HOSTED_ZONE) else answer


def _found(_: Model) -> dict[Service, list[Enclosed]]:
    return {}


def _enclosed_in(network: TaskNetwork) -> Iterator[Enclosed]:
    for public in network.public_ip:
        here = [known for known in network.subnets.known if possible(known.when, public.when)]
        closed = [known for known in here if known.value.reaches_internet(public.value == ENABLED) is False]
        if closed:
            yield from _weighed(network, public, closed, network.subnets.whole and len(closed) == len(here))


def _weighed(
    network: TaskNetwork, public: Known[str], closed: list[Known[Subnet]], are_all: bool
) -> Iterator[Enclosed]:
    when = public.when | closed[0].when
    needed = [need for need in needs(network.service) if possible(when, need.when)]
    services = {need.service for need in needed} - {INTERNET}
    served = {name: _served(name, closed) for name in services}
    lacking = [need for need in needed if need.service == INTERNET or served[need.service] is False]
    if lacking:
        answered = any(answer is not False for name, answer in served.items() if name != GATEWAY)
        has_endpoint = answered or any(_has_interface(known.value, services) for known in closed)
        assumed = public.assumed.union(*(known.assumed for known in closed))
        yield Enclosed(network, public, closed, are_all, lacking, has_endpoint, assumed)


def _has_interface(subnet: Subnet, services: set[str]) -> bool:
    """Whether the subnet's VPC has an interface endpoint for one of the services, be it of use or not."""
    endpoints = [each for vpc in subnet.vpcs.resources for each in subnet.model.network.endpoints.of(vpc)]
    return any(each.is_interface and each.service in services for each in endpoints)


def _served(name: str, subnets: Sequence[Known[Subnet]]) -> bool | None:
    answers = [endpoints_for(name, known.value)[0] for known in subnets]
    return False if False in answers else None if None in answers else True
