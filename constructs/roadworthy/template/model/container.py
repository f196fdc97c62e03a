"""A container of a task definition."""

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from roadworthy.template.conditions import When, possible
from roadworthy.template.model.properties import Known, flags, numbers, texts
from roadworthy.template.node import Node
from roadworthy.template.resolve import resolve, values
from roadworthy.template.values import Possible, Value, known_text, readable, skeleton

if TYPE_CHECKING:
    from roadworthy.template.model.task_definition import TaskDefinition

COMMAND_VARIANTS = 16  # a command of which conditions make more is not looked at


class NamedValue(NamedTuple):
    """An entry of a container's `environment` or `secrets`; `name` is all known."""

    name: str
    node: Node
    when: When
    assumed: frozenset[str]


class Command(NamedTuple):
    """One form that a list of words can have: its words as skeletons (see `values.skeleton`)."""

    words: tuple[str, ...]
    node: Node
    when: When
    assumed: frozenset[str]


class PortMapping:
    """An entry of a container's `portMappings`.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html
    """

    def __init__(self, node: Node, container: "Container") -> None:
        self.node, self.container = node, container

    @cached_property
    def container_ports(self) -> list[Known[int]]:
        """The port in the container."""
        return numbers(self.node, "ContainerPort")

    @cached_property
    def host_ports(self) -> list[Known[int]]:
        """The port on the host, where it is written."""
        return numbers(self.node, "HostPort")

    @cached_property
    def protocols(self) -> list[Known[str]]:
        """`tcp` (the default) or `udp`."""
        return texts(self.node, "Protocol", "tcp")

    @cached_property
    def names(self) -> list[Known[str]]:
        """The name for Service Connect, where it is written."""
        return texts(self.node, "Name")

    @cached_property
    def ranges(self) -> list[Known[tuple[int, int]]]:
        """The first and the last port of `containerPortRange`, where it is written."""
        found = []
        for known in texts(self.node, "ContainerPortRange"):
            first, _, last = known.value.partition("-")
            if first.isdecimal() and last.isdecimal() and len(last) < 6:  # noqa: PLR2004 - 65535
                found.append(Known((int(first), int(last)), known.at, known.when, known.assumed))
        return found


class Container:
    """A container of a task definition.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
    """

    def __init__(self, node: Node, definition: "TaskDefinition") -> None:
        self.node, self.definition = node, definition

    @cached_property
    def names(self) -> list[Possible]:
        """Its possible names."""
        return [value for _, value in values(self.node, "Name")]

    @cached_property
    def label(self) -> str:
        """Its name for messages, with … for what is not known."""
        return readable(skeleton(self.names[0].value)) if self.names else "?"

    @cached_property
    def name(self) -> str | None:
        """Its name, where it has one that is known and the same under all conditions."""
        return known_text(self.names[0].value) if len(self.names) == 1 else None

    @cached_property
    def essential(self) -> list[Known[bool]]:
        """Whether the task stops with it (the default)."""
        return flags(self.node, "Essential", default=True)

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
    def port_mappings(self) -> list[PortMapping]:
        """Its port mappings."""
        return [PortMapping(item, self) for item in self.node.all_items("PortMappings") if isinstance(item.raw, dict)]

    @cached_property
    def dependencies(self) -> list[Node]:
        """The entries of its `dependsOn`, each with `ContainerName` and `Condition`."""
        return [item for item in self.node.all_items("DependsOn") if isinstance(item.raw, dict)]

    @cached_property
    def health_checks(self) -> list[Node]:
        """Its possible `healthCheck`s."""
        return [place for place in self.node.get("HealthCheck") if isinstance(place.raw, dict)]

    @cached_property
    def log_configurations(self) -> list[Node]:
        """Its possible `logConfiguration`s."""
        return [place for place in self.node.get("LogConfiguration") if isinstance(place.raw, dict)]

    @cached_property
    def health_commands(self) -> list[Command]:
        """The forms that its health check's command can have."""
        places = [place for check in self.health_checks for place in check.get("Command")]
        return [command for place in places for command in _commands(place)]

    @cached_property
    def commands(self) -> list[Command]:
        """The forms that its command can have, where it is written."""
        return [command for place in self.node.get("Command") for command in _commands(place)]

    @cached_property
    def entry_points(self) -> list[Command]:
        """The forms that its entry point can have, where it is written."""
        return [command for place in self.node.get("EntryPoint") for command in _commands(place)]

    def _named(self, name: str) -> Iterator[NamedValue]:
        for entry in self.node.all_items(name):
            for known in texts(entry, "Name"):
                if known.value:
                    yield NamedValue(known.value, entry, known.when, known.assumed)


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
                if when == choice.when or possible(when, choice.when)
            ]
        if len(forms) > COMMAND_VARIANTS:
            return
    for words, when, assumed in forms:
        yield Command(tuple(skeleton(word) for word in words), place, when, assumed)
