"""A container of a task definition."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from roadworthy.template.conditions import When, possible
from roadworthy.template.model.properties import DYNAMIC, NOTHING, Known, contents, flags, numbers, texts
from roadworthy.template.node import Node
from roadworthy.template.resolve import resolve, values
from roadworthy.template.values import Possible, Value, identity, known_text, readable, skeleton

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

    @cached_property
    def spans(self) -> list[Known[tuple[int, int]]]:
        """The first and the last port in the container, of one port or a range."""
        single = [Known((port.value, port.value), port.at, port.when, port.assumed) for port in self.container_ports]
        return single + self.ranges

    @cached_property
    def is_known(self) -> bool:
        """Whether `spans` are certainly all its ports."""
        written = len(contents(self.node, "ContainerPort")) + len(contents(self.node, "ContainerPortRange"))
        return 0 < written == len(self.spans)


class ContainerDependency:
    """An entry of a container's `dependsOn`.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
    """

    def __init__(self, node: Node, container: "Container") -> None:
        self.node, self.container = node, container

    @cached_property
    def names(self) -> list[Known[Value]]:
        """What it waits for, as written."""
        return contents(self.node, "ContainerName")

    @cached_property
    def conditions(self) -> list[Known[str]]:
        """START, COMPLETE, SUCCESS or HEALTHY."""
        return texts(self.node, "Condition")

    @cached_property
    def targets(self) -> list[Known["Container"]]:
        """The containers of its task definition that it waits for; `at` is where the name is written."""
        by_name = self.container.definition.containers_by_name
        return [
            Known(found.value, name.at, name.when | found.when, name.assumed | found.assumed)
            for name in self.names
            for found in by_name.get(identity(name.value), ())
            if possible(name.when, found.when)
        ]


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
    def open_environment(self) -> list[Known[Value]]:
        """The names of environment variables that only the deployment tells, as the same reference each time."""
        return list(self._open("Environment"))

    @cached_property
    def open_secrets(self) -> list[Known[Value]]:
        """The names of secrets that only the deployment tells."""
        return list(self._open("Secrets"))

    @cached_property
    def port_mappings(self) -> list[PortMapping]:
        """Its port mappings."""
        return [PortMapping(item, self) for item in self.node.all_items("PortMappings") if isinstance(item.raw, dict)]

    @cached_property
    def spans(self) -> list[Known[tuple[int, int]]]:
        """The ports that it maps."""
        return [span for mapping in self.port_mappings for span in mapping.spans]

    @cached_property
    def ports_are_known(self) -> bool:
        """Whether `spans` are certainly all the ports that it maps."""
        places = list(self.node.get("PortMappings"))
        items = [item.raw for place in places for item in place.items()]
        plain = all(isinstance(place.raw, list) for place in places) and all(isinstance(raw, dict) for raw in items)
        whole = not isinstance(self.node.raw, dict) or "Fn::Transform" not in self.node.raw
        return plain and whole and all(mapping.is_known for mapping in self.port_mappings)

    @cached_property
    def dependencies(self) -> list[ContainerDependency]:
        """The entries of its `dependsOn`."""
        items = self.node.all_items("DependsOn")
        return [ContainerDependency(item, self) for item in items if isinstance(item.raw, dict)]

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
        key = self.node.document.spell("Name")
        for entry in self.node.all_items(name):
            written = entry.raw.get(key) if type(entry.raw) is dict else None
            if type(written) is str and written and DYNAMIC not in written:  # nearly always
                yield NamedValue(written, entry, entry.when, NOTHING)
                continue
            for known in texts(entry, "Name"):
                if known.value:
                    yield NamedValue(known.value, entry, known.when, known.assumed)

    def _open(self, name: str) -> Iterator[Known[Value]]:
        key = self.node.document.spell("Name")
        for entry in self.node.all_items(name):
            if isinstance(entry.raw, dict) and isinstance(entry.raw.get(key), dict):
                for known in contents(entry, "Name"):
                    if known_text(known.value) is None and identity(known.value) is not None:
                        yield Known(known.value, entry, known.when, known.assumed)


def duplicates(entries: Sequence[NamedValue]) -> Iterator[tuple[NamedValue, NamedValue]]:
    """Each entry whose name an earlier one has under conditions that can hold together, with the earlier one."""
    if len(entries) == len({entry.name for entry in entries}):
        return
    before: dict[str, list[NamedValue]] = {}
    for entry in entries:
        earlier = before.setdefault(entry.name, [])
        clash = next(
            (each for each in earlier if each.node is not entry.node and possible(each.when, entry.when)), None
        )
        if clash:
            yield clash, entry
        earlier.append(entry)


def _commands(place: Node) -> Iterator[Command]:
    """The forms of a list of words, of which some may be conditional."""
    if not isinstance(place.raw, list):
        return
    if all(type(word) is str and DYNAMIC not in word for word in place.raw):  # nearly always
        yield Command(tuple(place.raw), place, place.when, NOTHING)
        return
    forms: list[tuple[list[Value], When, frozenset[str]]] = [([], place.when, NOTHING)]
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
