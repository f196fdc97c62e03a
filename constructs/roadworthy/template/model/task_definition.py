"""A task definition."""

from functools import cached_property

from roadworthy.template.document import CONTAINERS
from roadworthy.template.model.container import Container
from roadworthy.template.node import Node

TYPE = "AWS::ECS::TaskDefinition"


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
