"""The model that rules read: services, task definitions, containers, target groups, and how they are joined.

Everything is read lazily from the documents and says only what they tell. A property that an `Fn::If` or an intrinsic
leaves open has several possible values, or an unknown one; each carries the conditions under which it holds.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from roadworthy.template.conditions import When, possible
from roadworthy.template.document import CONTAINERS, TASK_DEFINITION, TEMPLATE, Document
from roadworthy.template.node import Node
from roadworthy.template.resolve import resolve, values
from roadworthy.template.values import (
    UNKNOWN,
    Possible,
    Reference,
    Value,
    known_number,
    known_text,
    readable,
    same,
    skeleton,
)

COMMAND_VARIANTS = 16  # a command of which conditions make more is not looked at


class NamedValue(NamedTuple):
    """An entry of a container's `environment` or `secrets`; `name` is all known."""

    name: str
    node: Node
    when: When
    assumed: frozenset[str]


class Command(NamedTuple):
    """One form that a command can have: its words as skeletons (see `values.skeleton`)."""

    words: tuple[str, ...]
    node: Node
    when: When
    assumed: frozenset[str]


class Container:
    """A container of a task definition.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
    """

    def __init__(self, node: Node) -> None:
        self.node = node

    @cached_property
    def names(self) -> list[Possible]:
        """Its possible names."""
        return [value for _, value in values(self.node, "Name")]

    @property
    def label(self) -> str:
        """Its name for messages, with … for what is not known."""
        return readable(skeleton(self.names[0].value)) if self.names else "?"

    @cached_property
    def images(self) -> list[tuple[Node, Possible]]:
        """The images that it can have, and where they are written."""
        return list(values(self.node, "Image"))

    @cached_property
    def environment(self) -> list[NamedValue]:
        """Its environment variables whose names are known."""
        return list(self._named("Environment"))

    @cached_property
    def secrets(self) -> list[NamedValue]:
        """Its secrets whose names are known."""
        return list(self._named("Secrets"))

    @cached_property
    def health_commands(self) -> list[Command]:
        """The forms that its health check's command can have."""
        places = [place for check in self.node.get("HealthCheck") for place in check.get("Command")]
        return [command for place in places for command in _commands(place)]

    def _named(self, name: str) -> Iterator[NamedValue]:
        for entries in self.node.get(name):
            for entry in entries.items():
                for _, value in values(entry, "Name"):
                    text = known_text(value.value)
                    if text:
                        yield NamedValue(text, entry, value.when, value.assumed)


class TaskDefinition:
    """A task definition.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
    """

    def __init__(self, node: Node) -> None:
        self.node = node

    @cached_property
    def containers(self) -> list[Container]:
        """Its containers, those of every condition."""
        whole = [self.node] if self.node.document.kind == CONTAINERS else self.node.get("ContainerDefinitions")
        items = (item for containers in whole for item in containers.items())
        return [Container(item) for item in items if isinstance(item.raw, dict)]


class TargetGroup:
    """A target group of an Elastic Load Balancer.

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html
    """

    def __init__(self, node: Node) -> None:
        self.node = node

    @property
    def label(self) -> str:
        """Its logical id, for messages."""
        return self.node.resource or "?"

    def one(self, name: str, default: str | None) -> Possible | None:
        """The value of a property, its default where it is absent; None when it depends on conditions."""
        written = isinstance(self.node.raw, dict) and name in self.node.raw
        found = [value for _, value in values(self.node, name)]
        if not written:
            return None if default is None else Possible(default, self.node.when)
        return found[0] if len(found) == 1 and found[0].when == self.node.when else None

    def text(self, name: str, default: str | None) -> str | None:
        """The value of a property as a text; None when it is absent and has no default, or is not known."""
        value = self.one(name, default)
        return None if value is None else known_text(value.value)


class LoadBalancedPort(NamedTuple):
    """A port of a container that a service registers in a target group: an entry of its `LoadBalancers`, joined.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html
    """

    container: Container
    port: int
    target_group: TargetGroup
    when: When
    assumed: frozenset[str]


class Model:
    """All that the documents describe, each thing listed under its class."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents
        self._task_definitions: dict[tuple[int, str], TaskDefinition] = {}

    @cached_property
    def task_definitions(self) -> list[TaskDefinition]:
        """The task definitions of all documents."""
        found = [self._task_definition(node) for node in self._of_type("AWS::ECS::TaskDefinition")]
        raw = [document for document in self._documents if document.kind in {TASK_DEFINITION, CONTAINERS}]
        return found + [TaskDefinition(document.definition()) for document in raw]

    @cached_property
    def containers(self) -> list[Container]:
        """The containers of all task definitions."""
        return [container for task_definition in self.task_definitions for container in task_definition.containers]

    @cached_property
    def load_balanced_ports(self) -> list[LoadBalancedPort]:
        """The joins of all services: LoadBalancers -> target group, and -> task definition -> container."""
        return [port for service in self._of_type("AWS::ECS::Service") for port in self._ports(service)]

    def _ports(self, service: Node) -> Iterator[LoadBalancedPort]:
        tasks = [(self._task_definition(node), when) for node, when in _resources(service, "TaskDefinition", TASK_TYPE)]
        for entry in (item for entries in service.get("LoadBalancers") for item in entries.items()):
            ports = [(known_number(value.value), value) for _, value in values(entry, "ContainerPort")]
            names = [value for _, value in values(entry, "ContainerName")]
            for group, group_when in _resources(entry, "TargetGroupArn", TARGET_GROUP_TYPE):
                for task, task_when in tasks:
                    for container, name in _called(task.containers, names):
                        for number, port in ports:
                            when = group.when | group_when | task_when | container.node.when | name.when | port.when
                            if number is not None and possible(when):
                                assumed = name.assumed | port.assumed
                                yield LoadBalancedPort(container, number, TargetGroup(group), when, assumed)

    def _task_definition(self, node: Node) -> TaskDefinition:
        key = (id(node.document), node.resource or "")
        return self._task_definitions.setdefault(key, TaskDefinition(node))

    def _of_type(self, resource_type: str) -> Iterator[Node]:
        for document in self._documents:
            if document.kind == TEMPLATE:
                yield from document.of_type(resource_type)


TASK_TYPE = "AWS::ECS::TaskDefinition"
TARGET_GROUP_TYPE = "AWS::ElasticLoadBalancingV2::TargetGroup"


def _resources(node: Node, name: str, resource_type: str) -> Iterator[tuple[Node, When]]:
    """The `Properties` of the resources of a type to which the property `name` can refer."""
    for _, value in values(node, name):
        reference = value.value
        if isinstance(reference, Reference) and reference.document.type_of(reference.name) == resource_type:
            yield reference.document.properties(reference.name), value.when


def _called(containers: list[Container], names: list[Possible]) -> Iterator[tuple[Container, Possible]]:
    """The containers that have one of the names, with the conditions under which they do."""
    for container in containers:
        for own in container.names:
            for name in names:
                if same(own.value, name.value):
                    yield container, Possible(UNKNOWN, own.when | name.when, own.assumed | name.assumed)


def _commands(place: Node) -> Iterator[Command]:
    """The forms of a list of words, of which some may be conditional."""
    if not isinstance(place.raw, list):
        return
    forms: list[tuple[list[Value], When, frozenset[str]]] = [([], place.when, frozenset())]
    for index in range(len(place.raw)):
        choices = resolve(place.child(index))
        if choices:  # an absent word (AWS::NoValue) is left out
            forms = [
                ([*words, choice.value], when | choice.when, assumed | choice.assumed)
                for words, when, assumed in forms
                for choice in choices
                if possible(when, choice.when)
            ]
        if len(forms) > COMMAND_VARIANTS:
            return
    for words, when, assumed in forms:
        yield Command(tuple(skeleton(word) for word in words), place, when, assumed)
