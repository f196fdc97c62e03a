"""A task definition."""

from functools import cached_property
from typing import TYPE_CHECKING

from roadworthy.template.conditions import When
from roadworthy.template.document import CONTAINERS
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import Known, texts
from roadworthy.template.model.resource import Resource
from roadworthy.template.node import Node
from roadworthy.template.resolve import resolve
from roadworthy.template.values import known_text

if TYPE_CHECKING:
    from roadworthy.template.model.service import Service

FARGATE = "FARGATE"


class TaskDefinition(Resource):
    """A task definition.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
    """

    TYPE = "AWS::ECS::TaskDefinition"

    @cached_property
    def is_whole(self) -> bool:
        """Whether the file has all of it: not of a bare list of containers."""
        return self.document.kind != CONTAINERS

    @cached_property
    def containers(self) -> list[Container]:
        """Its containers, those of every condition."""
        items = self.node.all_items("ContainerDefinitions") if self.is_whole else list(self.node.items())
        return [Container(item, self) for item in items if isinstance(item.raw, dict)]

    @cached_property
    def containers_are_known(self) -> bool:
        """Whether `containers` are certainly all: no part of the list is left open by a function or a macro."""
        places = list(self.node.get("ContainerDefinitions")) if self.is_whole else [self.node]
        lists = [place.raw for place in places]
        plain = all(isinstance(raw, list) for raw in lists) and bool(lists)
        return plain and all(_is_container(item) for place in places for item in place.items())

    @cached_property
    def families(self) -> list[Known[str]]:
        """Its family, where it is written."""
        return texts(self.node, "Family")

    @cached_property
    def network_modes(self) -> list[Known[str]]:
        """Its network mode; `bridge` where none is written."""
        return texts(self.node, "NetworkMode", "bridge") if self.is_whole else []

    @cached_property
    def compatibilities(self) -> list[Known[str]]:
        """The launch types that it must be compatible with."""
        found = []
        for item in self.node.all_items("RequiresCompatibilities"):
            for each in resolve(item):
                text = known_text(each.value)
                if text is not None:
                    found.append(Known(text, item, each.when, each.assumed))
        return found

    @cached_property
    def services(self) -> "list[Service]":
        """The services that can run it, as far as they are among the documents."""
        return self.model.services_of(self)

    @cached_property
    def on_fargate(self) -> list[When]:
        """The conditions under which it certainly runs on Fargate: it says so, or a service that runs it does."""
        own = [known.when for known in self.compatibilities if known.value == FARGATE]
        return own or [self.when | when for service in self.services for when in service.on_fargate]

    @cached_property
    def in_awsvpc(self) -> list[When]:
        """The conditions under which each task has its own network interface."""
        return [known.when for known in self.network_modes if known.value == "awsvpc"]


def _is_container(item: Node) -> bool:
    raw = item.raw
    return isinstance(raw, dict) and not (len(raw) == 1 and next(iter(raw)).startswith(("Fn::", "Ref")))
