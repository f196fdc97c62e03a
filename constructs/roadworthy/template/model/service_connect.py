"""Service Connect: what a service offers to others in a namespace, and what it asks of them.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectConfiguration.html
"""

from collections.abc import Hashable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from roadworthy.template.conditions import When, possible
from roadworthy.template.model.properties import Known, absent, contents, flags, jointly, numbers, texts
from roadworthy.template.model.service import Service
from roadworthy.template.node import Node
from roadworthy.template.values import Reference, Value, identity

if TYPE_CHECKING:
    from roadworthy.template.model.model import Model


class Offer(NamedTuple):
    """A name that a service takes in a namespace: what it is discovered by, or a client alias with its port."""

    name: str
    service: Service
    at: Node
    when: When
    assumed: frozenset[str]


class ServiceConnect:
    """A service's `serviceConnectConfiguration`."""

    def __init__(self, node: Node, service: Service) -> None:
        self.node, self.service = node, service

    @cached_property
    def is_enabled(self) -> bool:
        """Whether it is certainly switched on."""
        switches = flags(self.node, "Enabled")
        return bool(switches) and all(known.value for known in switches)

    @cached_property
    def entries(self) -> list[Node]:
        """What the service offers: port name, discovery name and client aliases."""
        return [item for item in self.node.all_items("Services") if isinstance(item.raw, dict)]

    @cached_property
    def is_client_only(self) -> bool:
        """Whether it certainly offers nothing."""
        return bool(absent(self.node, "Services")) and not any(True for _ in self.node.get("Services"))

    @cached_property
    def namespaces(self) -> list[Known[Value]]:
        """Its namespace, or else the default one of its cluster."""
        own = contents(self.node, "Namespace")
        defaults = [place for known in self.service.clusters for place in known.value.service_connect_defaults]
        return own or [known for place in defaults for known in contents(place, "Namespace")]

    @cached_property
    def namespace(self) -> Hashable:
        """What the same namespace is known by; None where it is not known, or depends on conditions."""
        return _namespace(self.namespaces[0]) if len(self.namespaces) == 1 else None

    @cached_property
    def offers(self) -> list[Offer]:
        """The names that it takes in its namespace."""
        return [offer for entry in self.entries for offer in (*self._discovery(entry), *self._aliases(entry))]

    def _discovery(self, entry: Node) -> Iterator[Offer]:
        names = texts(entry, "DiscoveryName")
        ports = [port for when in absent(entry, "DiscoveryName") for port in texts(entry, "PortName")]
        for known in names or ports:
            yield Offer(known.value, self.service, known.at, known.when, known.assumed)

    def _aliases(self, entry: Node) -> Iterator[Offer]:
        for alias in entry.all_items("ClientAliases"):
            for name, port in jointly(texts(alias, "DnsName"), numbers(alias, "Port")):
                when, assumed = name.when | port.when, name.assumed | port.assumed
                yield Offer(f"{name.value}:{port.value}", self.service, name.at, when, assumed)


def service_connects(service: Service) -> list[ServiceConnect]:
    """The Service Connect configurations that a service can have, as far as they are switched on."""
    places = [place for place in service.node.get("ServiceConnectConfiguration") if isinstance(place.raw, dict)]
    return [each for each in (ServiceConnect(place, service) for place in places) if each.is_enabled]


def by_namespace(model: "Model") -> dict[Hashable, list[ServiceConnect]]:
    """All that is connected in each namespace."""
    found: dict[Hashable, list[ServiceConnect]] = {}
    for service in model.services:
        for each in service_connects(service):
            if each.namespace is not None and possible(each.node.when):
                found.setdefault(each.namespace, []).append(each)
    return found


def _namespace(known: Known[Value]) -> Hashable:
    value = known.value
    if isinstance(value, Reference) and value.document.type_of(value.name) is not None:
        return (value.document, value.name)  # its name, its id and its ARN are the same namespace
    parts = identity(value)
    return None if parts is None else (known.at.document, parts)
