"""Reading log configurations of the driver `awslogs`.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
"""

from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.template.conditions import When
from roadworthy.template.model.container import Container
from roadworthy.template.model.log_group import LogGroup
from roadworthy.template.model.properties import Known, absent, contents, texts
from roadworthy.template.node import Node
from roadworthy.template.values import Value

CREATE_GROUP = "awslogs-create-group"


class AwsLogs(NamedTuple):
    """A container's log configuration with the driver `awslogs`."""

    node: Node
    container: Container
    when: When
    assumed: frozenset[str]

    def option(self, name: str) -> list[Known[Value]]:
        """The values that an option can have, where it is written."""
        return [known for place in self._options() for known in contents(place, name)]

    def without(self, name: str) -> Iterator[When]:
        """The conditions under which the option is certainly missing."""
        yield from absent(self.node, "Options")
        for place in self._options():
            if "Fn::Transform" not in place.raw and name not in place.raw:
                yield place.when
            elif name in place.raw:
                yield from place.child(name).gaps()

    def creates_its_group(self) -> list[Known[str]]:
        """Where it asks that the log group be created."""
        found = [known for place in self._options() for known in texts(place, CREATE_GROUP)]
        return [known for known in found if known.value.lower() == "true"]

    def groups(self) -> list[Known[LogGroup]]:
        """The log groups of the templates to which it writes by reference."""
        definition = self.container.definition
        return [
            known for place in self._options() for known in definition.referred(LogGroup, "awslogs-group", within=place)
        ]

    def _options(self) -> Iterator[Node]:
        for place in self.node.get("Options"):
            raw = place.raw
            if isinstance(raw, dict) and not (len(raw) == 1 and next(iter(raw)).startswith(("Fn::", "Ref"))):
                yield place


def aws_logs(container: Container) -> Iterator[AwsLogs]:
    """The container's log configurations with the driver `awslogs`."""
    for place in container.log_configurations:
        for driver in texts(place, "LogDriver"):
            if driver.value == "awslogs":
                yield AwsLogs(place, container, driver.when, driver.assumed)
