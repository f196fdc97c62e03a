"""Reading log configurations of the driver `awslogs`.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from roadworthy.template.conditions import When
from roadworthy.template.model.container import Container
from roadworthy.template.model.log_group import LogGroup
from roadworthy.template.model.model import Model
from roadworthy.template.model.properties import Known, absent, contents, texts
from roadworthy.template.node import Node
from roadworthy.template.values import Reference, Value

GROUP = "awslogs-group"
CREATE_GROUP = "awslogs-create-group"


class AwsLogs:
    """A container's log configuration with the driver `awslogs`, under the conditions `when`."""

    def __init__(self, node: Node, container: Container, when: When, assumed: frozenset[str]) -> None:
        self.node, self.container, self.when, self.assumed = node, container, when, assumed
        self._known: dict[str, list[Known[Value]]] = {}

    def option(self, name: str) -> list[Known[Value]]:
        """The values that an option can have, where it is written."""
        if name not in self._known:
            self._known[name] = [known for place in self._options for known in contents(place, name)]
        return self._known[name]

    def without(self, name: str) -> Iterator[When]:
        """The conditions under which the option is certainly missing."""
        yield from absent(self.node, "Options")
        for place in self._options:
            if name in place.raw:
                yield from place.child(name).gaps()
            elif "Fn::Transform" not in place.raw:
                yield place.when

    @cached_property
    def creates_its_group(self) -> list[Known[str]]:
        """Where it asks that the log group be created."""
        found = [known for place in self._options for known in texts(place, CREATE_GROUP)]
        return [known for known in found if known.value.lower() == "true"]

    @cached_property
    def groups(self) -> list[Known[LogGroup]]:
        """The log groups of the templates to which it writes by reference."""
        model, found = self.container.definition.model, []
        for known in self.option(GROUP):
            value = known.value
            if isinstance(value, Reference) and value.document.type_of(value.name) == LogGroup.TYPE:
                group = model.resource(LogGroup, value.document, value.name)
                found.append(Known(group, known.at, known.when, known.assumed))
        return found

    @cached_property
    def _options(self) -> list[Node]:
        return [
            place for place in self.node.get("Options") if isinstance(place.raw, dict) and not _is_function(place.raw)
        ]


def aws_logs(container: Container) -> list[AwsLogs]:
    """The container's log configurations with the driver `awslogs`; read once."""
    known = container.definition.model.index(_known)
    if container not in known:
        known[container] = list(_aws_logs(container))
    return known[container]


def _known(_: Model) -> dict[Container, list[AwsLogs]]:
    return {}


def _aws_logs(container: Container) -> Iterator[AwsLogs]:
    for place in container.log_configurations:
        for driver in texts(place, "LogDriver"):
            if driver.value == "awslogs":
                yield AwsLogs(place, container, driver.when, driver.assumed)


def _is_function(raw: dict[str, Any]) -> bool:
    return len(raw) == 1 and next(iter(raw)).startswith(("Fn::", "Ref"))
