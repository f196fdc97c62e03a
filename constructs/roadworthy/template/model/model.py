"""All that the documents describe, together."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, TypeVar

from roadworthy.template.document import CONTAINERS, SERVICE, TARGET_GROUP, TASK_DEFINITION, TEMPLATE, Document
from roadworthy.template.model.container import Container
from roadworthy.template.model.listener import Forwarder, forwarders_by_group
from roadworthy.template.model.network.network import Network
from roadworthy.template.model.properties import Known
from roadworthy.template.model.resource import Resource
from roadworthy.template.model.service import LoadBalancedPort, Service
from roadworthy.template.model.target_group import TargetGroup
from roadworthy.template.model.task_definition import TaskDefinition

R = TypeVar("R", bound=Resource)
T = TypeVar("T")


class Model:
    """The things of all documents, each listed under its class."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents
        self._resources: dict[tuple[Document, str], Resource] = {}
        self._lists: dict[type, list[Any]] = {}
        self._indexes: dict[Callable[..., Any], Any] = {}

    def resource(self, kind: type[R], document: Document, logical_id: str) -> R:
        """The one object for a resource, which must exist and be of that class."""
        found = self._resources.get((document, logical_id))
        if not isinstance(found, kind):
            found = kind(document.properties(logical_id), self)
            self._resources[document, logical_id] = found
        return found

    def all(self, kind: type[R]) -> list[R]:
        """The resources of a class, in all templates."""
        if kind not in self._lists:
            self._lists[kind] = [
                self.resource(kind, document, logical_id)
                for document in self.documents
                if document.kind == TEMPLATE
                for logical_id in document.logical_ids(kind.TYPE)
            ]
        return self._lists[kind]

    @cached_property
    def raw_task_definitions(self) -> list[TaskDefinition]:
        """The task definitions of raw files."""
        return self._raw(TaskDefinition, TASK_DEFINITION, CONTAINERS)

    @cached_property
    def raw_services(self) -> list[Service]:
        """The services of raw files."""
        return self._raw(Service, SERVICE)

    @cached_property
    def raw_target_groups(self) -> list[TargetGroup]:
        """The target groups of raw files."""
        return self._raw(TargetGroup, TARGET_GROUP)

    @cached_property
    def task_definitions(self) -> list[TaskDefinition]:
        """The task definitions of templates and of raw files."""
        return self.all(TaskDefinition) + self.raw_task_definitions

    @cached_property
    def containers(self) -> list[Container]:
        """The containers of all task definitions."""
        return [container for definition in self.task_definitions for container in definition.containers]

    @cached_property
    def services(self) -> list[Service]:
        """The services of templates and of raw files."""
        return self.all(Service) + self.raw_services

    @cached_property
    def target_groups(self) -> list[TargetGroup]:
        """The target groups of templates and of raw files."""
        return self.all(TargetGroup) + self.raw_target_groups

    @cached_property
    def load_balanced_ports(self) -> list[LoadBalancedPort]:
        """The ports that all services register in target groups."""
        return [port for each in self.services for port in each.load_balanced_ports]

    def index(self, build: "Callable[[Model], T]") -> T:
        """What `build` makes of this model, made once: for tables that one kind of resource needs."""
        if build not in self._indexes:
            self._indexes[build] = build(self)
        made: T = self._indexes[build]
        return made

    @cached_property
    def network(self) -> Network:
        """How its subnets, routes, endpoints, security groups and load balancers hang together."""
        return Network(self)

    def services_of(self, definition: TaskDefinition) -> list[Service]:
        """The services that can run a task definition."""
        return self._services_by_definition.get(definition, [])

    def ports_of(self, group: TargetGroup) -> list[LoadBalancedPort]:
        """The containers' ports that services register in a target group."""
        return self._ports_by_group.get(group, [])

    @cached_property
    def forwarders(self) -> dict[TargetGroup, list[Known[Forwarder]]]:
        """The listeners and listener rules that forward to each target group."""
        return forwarders_by_group(self)

    @cached_property
    def _ports_by_group(self) -> dict[TargetGroup, list[LoadBalancedPort]]:
        found: dict[TargetGroup, list[LoadBalancedPort]] = {}
        for port in self.load_balanced_ports:
            found.setdefault(port.target_group, []).append(port)
        return found

    @cached_property
    def _services_by_definition(self) -> dict[TaskDefinition, list[Service]]:
        found: dict[TaskDefinition, list[Service]] = {}
        for service in self.services:
            for definition in dict.fromkeys(known.value for known in service.task_definitions):
                found.setdefault(definition, []).append(service)
        return found

    def _raw(self, kind: Callable[..., R], *kinds: str) -> list[R]:
        found = [document for document in self.documents if document.kind in kinds]
        return [kind(node, self) for document in found for node in document.definitions()]
