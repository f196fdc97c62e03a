"""All that the documents describe, together."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from roadworthy.template.document import CONTAINERS, TASK_DEFINITION, TEMPLATE, Document
from roadworthy.template.model import service, task_definition
from roadworthy.template.model.container import Container
from roadworthy.template.model.service import LoadBalancedPort, Service
from roadworthy.template.model.task_definition import TaskDefinition
from roadworthy.template.node import Node


class Model:
    """The things of all documents, each listed under its class."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents
        self._task_definitions: dict[tuple[Document, str | None], TaskDefinition] = {}

    @cached_property
    def task_definitions(self) -> list[TaskDefinition]:
        """The task definitions of templates and of raw files."""
        found = [self._task_definition_at(node) for node in self._of_type(task_definition.TYPE)]
        raw = [document for document in self._documents if document.kind in {TASK_DEFINITION, CONTAINERS}]
        return found + [TaskDefinition(document.definition()) for document in raw]

    @cached_property
    def containers(self) -> list[Container]:
        """The containers of all task definitions."""
        return [container for definition in self.task_definitions for container in definition.containers]

    @cached_property
    def services(self) -> list[Service]:
        """The services of all templates."""
        return [Service(node, self._task_definition_at) for node in self._of_type(service.TYPE)]

    @cached_property
    def load_balanced_ports(self) -> list[LoadBalancedPort]:
        """The ports that all services register in target groups."""
        return [port for each in self.services for port in each.load_balanced_ports]

    def _task_definition_at(self, node: Node) -> TaskDefinition:
        return self._task_definitions.setdefault((node.document, node.resource), TaskDefinition(node))

    def _of_type(self, resource_type: str) -> Iterator[Node]:
        for document in self._documents:
            if document.kind == TEMPLATE:
                yield from document.of_type(resource_type)
