"""A container of a task definition."""

from functools import cached_property
from typing import TYPE_CHECKING

from roadworthy.template.conditions import possible
from roadworthy.template.model.command import Command, commands
from roadworthy.template.model.named_value import NamedValue, named_values, open_names, values_of
from roadworthy.template.model.properties import Known, contents, flags, numbers, texts
from roadworthy.template.node import Node
from roadworthy.template.resolve import values
from roadworthy.template.values import Possible, Value, identity, known_text, readable, skeleton

if TYPE_CHECKING:
    from roadworthy.template.model.task_definition import TaskDefinition


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
        return list(named_values(self.node, "Environment"))

    @cached_property
    def variables(self) -> list[tuple[NamedValue, Known[Value]]]:
        """Its environment variables, each with every value that it can have, as far as that can be told."""
        return list(values_of(self.environment))

    @cached_property
    def secrets(self) -> list[NamedValue]:
        """Its secrets whose names are known."""
        return list(named_values(self.node, "Secrets"))

    @cached_property
    def open_environment(self) -> list[Known[Value]]:
        """The names of environment variables that only the deployment tells, as the same reference each time."""
        return list(open_names(self.node, "Environment"))

    @cached_property
    def open_secrets(self) -> list[Known[Value]]:
        """The names of secrets that only the deployment tells."""
        return list(open_names(self.node, "Secrets"))

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
        return [command for place in places for command in commands(place)]

    @cached_property
    def commands(self) -> list[Command]:
        """The forms that its command can have, where it is written."""
        return [command for place in self.node.get("Command") for command in commands(place)]

    @cached_property
    def entry_points(self) -> list[Command]:
        """The forms that its entry point can have, where it is written."""
        return [command for place in self.node.get("EntryPoint") for command in commands(place)]
