"""On which ports a task's containers listen, as far as the template tells."""

import re
from collections.abc import Iterator

from roadworthy.template.model.container import Container
from roadworthy.template.model.task_definition import TaskDefinition
from roadworthy.template.values import HOLE, skeleton

MANY = 50  # a task has ten containers at most


def is_unmapped(definition: TaskDefinition, port: int) -> bool:
    """Whether certainly no container of the task maps the port."""
    if len(definition.containers) > MANY:
        return False
    spans = (span for container in definition.containers for span in container.spans)
    if any(first <= port <= last for first, last in (span.value for span in spans)):
        return False
    return definition.containers_are_known and all(container.ports_are_known for container in definition.containers)


def may_listen(container: Container, port: int) -> bool:
    """Whether the container's environment or command names the port, or may: then it is meant as it is."""
    if any("PORT" in secret.name.upper() for secret in container.secrets) or any(
        container.node.get("EnvironmentFiles")
    ):
        return True
    number = re.compile(rf"(?<![0-9]){port}(?![0-9])")
    started = (word for command in (*container.commands, *container.entry_points) for word in command.words)
    return any(number.search(word) for word in started) or any(
        number.search(value) or (HOLE in value and "PORT" in name.upper()) for name, value in _variables(container)
    )


def _variables(container: Container) -> Iterator[tuple[str, str]]:
    """The names of the environment variables and the skeletons of their values."""
    return ((variable.name, skeleton(known.value)) for variable, known in container.variables)
