"""A service, and what it joins: its task definitions, and their containers with target groups."""

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import product
from typing import NamedTuple

from roadworthy.template.conditions import When, possible
from roadworthy.template.model import target_group, task_definition
from roadworthy.template.model.container import Container
from roadworthy.template.model.target_group import TargetGroup
from roadworthy.template.model.task_definition import TaskDefinition
from roadworthy.template.node import Node
from roadworthy.template.resolve import values
from roadworthy.template.values import Reference, known_number, same

TYPE = "AWS::ECS::Service"


class LoadBalancedPort(NamedTuple):
    """A port of a container that a service registers in a target group: an entry of its `LoadBalancers`, joined.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html
    """

    container: Container
    port: int
    target_group: TargetGroup
    when: When
    assumed: frozenset[str]


class Service:
    """A service.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html

    Args:
        node: its properties.
        task_definition_at: gives the one TaskDefinition of a resource's properties, whoever refers to it.
    """

    def __init__(self, node: Node, task_definition_at: Callable[[Node], TaskDefinition]) -> None:
        self.node = node
        self._task_definition_at = task_definition_at

    @cached_property
    def task_definitions(self) -> list[tuple[TaskDefinition, When]]:
        """The task definitions that it can run, as far as they are in the documents."""
        found = _resources(self.node, "TaskDefinition", task_definition.TYPE)
        return [(self._task_definition_at(node), when) for node, when in found]

    @cached_property
    def load_balanced_ports(self) -> list[LoadBalancedPort]:
        """The ports that it registers in target groups, as far as both ends are in the documents."""
        entries = [entry for entries in self.node.get("LoadBalancers") for entry in entries.items()]
        return [port for entry in entries for port in self._joined(entry)]

    def _joined(self, entry: Node) -> Iterator[LoadBalancedPort]:
        groups = list(_resources(entry, "TargetGroupArn", target_group.TYPE))
        ports, containers = list(_ports(entry)), list(self._containers(entry))
        for (group, group_when), (port, port_when, defaults), (container, container_when, more) in product(
            groups, ports, containers
        ):
            when = group.when | group_when | port_when | container_when
            if possible(when):
                yield LoadBalancedPort(container, port, TargetGroup(group), when, defaults | more)

    def _containers(self, entry: Node) -> Iterator[tuple[Container, When, frozenset[str]]]:
        """The containers that the entry names, with the conditions and the assumed defaults under which it does."""
        names = [name for _, name in values(entry, "ContainerName")]
        for definition, when in self.task_definitions:
            for container, name in product(definition.containers, names):
                for own in container.names:
                    if same(own.value, name.value):
                        yield container, when | own.when | name.when, own.assumed | name.assumed


def _ports(entry: Node) -> Iterator[tuple[int, When, frozenset[str]]]:
    for _, port in values(entry, "ContainerPort"):
        number = known_number(port.value)
        if number is not None:
            yield number, port.when, port.assumed


def _resources(node: Node, name: str, resource_type: str) -> Iterator[tuple[Node, When]]:
    """The `Properties` of the resources of a type to which the property `name` can refer."""
    for _, value in values(node, name):
        reference = value.value
        if isinstance(reference, Reference) and reference.document.type_of(reference.name) == resource_type:
            yield reference.document.properties(reference.name), value.when
