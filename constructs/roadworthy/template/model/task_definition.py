"""A task definition."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from roadworthy.template.conditions import When, possible
from roadworthy.template.document import CONTAINERS
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import Known, contents, numbers, texts
from roadworthy.template.model.resource import Resource
from roadworthy.template.model.role import Role
from roadworthy.template.model.task_size import cpu_units, mebibytes
from roadworthy.template.model.volume import Volume
from roadworthy.template.node import Node
from roadworthy.template.resolve import resolve
from roadworthy.template.values import Value, identity, known_text

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
        return plain and all(_is_mapping(item) for place in places for item in place.items())

    @cached_property
    def containers_by_name(self) -> dict[object, list[Known[Container]]]:
        """Its containers by the `values.identity` of each name that they can have."""
        found: dict[object, list[Known[Container]]] = {}
        for container in self.containers:
            for name in container.names:
                known = Known(container, container.node, name.when, name.assumed)
                found.setdefault(identity(name.value), []).append(known)
        found.pop(None, None)
        return found

    @cached_property
    def names_are_known(self) -> bool:
        """Whether all its containers are known, each with a name that can be compared."""
        named = [name for container in self.containers for name in container.names]
        return self.containers_are_known and all(identity(name.value) is not None for name in named)

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
    def cpus(self) -> list[Known[int]]:
        """Its CPU units, where they are known: 1024 for `1 vCPU`."""
        return self._sizes("Cpu", cpu_units)

    @cached_property
    def memories(self) -> list[Known[int]]:
        """Its memory in MiB, where it is known: 2048 for `2 GB`."""
        return self._sizes("Memory", mebibytes)

    def _sizes(self, name: str, convert: Callable[[Value], int | None]) -> list[Known[int]]:
        read = [(known, convert(known.value)) for known in contents(self.node, name)] if self.is_whole else []
        return [Known(size, known.at, known.when, known.assumed) for known, size in read if size is not None]

    @cached_property
    def ephemeral_sizes(self) -> list[Known[int]]:
        """The GiB of its ephemeral storage, where they are written."""
        places = self.node.get("EphemeralStorage") if self.is_whole else ()
        return [known for place in places for known in numbers(place, "SizeInGiB")]

    @cached_property
    def operating_systems(self) -> list[Known[str]]:
        """Its operating system family such as `WINDOWS_SERVER_2022_CORE`, where it is written; else it is Linux."""
        return self._platform("OperatingSystemFamily")

    @cached_property
    def architectures(self) -> list[Known[str]]:
        """Its `cpuArchitecture` (X86_64 or ARM64), where it is written."""
        return self._platform("CpuArchitecture")

    def _platform(self, name: str) -> list[Known[str]]:
        places = self.node.get("RuntimePlatform") if self.is_whole else ()
        return [known for place in places for known in texts(place, name)]

    @cached_property
    def volumes(self) -> list[Volume]:
        """Its volumes, those of every condition."""
        items = self.node.all_items("Volumes") if self.is_whole else []
        return [Volume(item) for item in items if isinstance(item.raw, dict)]

    @cached_property
    def volumes_are_known(self) -> bool:
        """Whether `volumes` are certainly all, and each has a name that is known."""
        places = list(self.node.get("Volumes")) if self.is_whole else []
        plain = self.is_whole and all(isinstance(place.raw, list) for place in places)
        items = [item for place in places for item in place.items()] if plain else []
        return plain and all(_is_mapping(item) for item in items) and all(volume.names for volume in self.volumes)

    @cached_property
    def execution_roles(self) -> list[Known[Role]]:
        """The roles of the templates with which ECS pulls its images, reads its secrets and writes its logs."""
        return self.referred(Role, "ExecutionRoleArn")

    @cached_property
    def task_roles(self) -> list[Known[Role]]:
        """The roles of the templates that its containers' code has."""
        return self.referred(Role, "TaskRoleArn")

    @cached_property
    def services(self) -> "list[Service]":
        """The services that can run it, as far as they are among the documents."""
        return self.model.services_of(self)

    @cached_property
    def on_fargate(self) -> list[When]:
        """The conditions under which it certainly runs on Fargate: it says so, or a service that runs it does."""
        own = [known.when for known in self.compatibilities if known.value == FARGATE]
        return own or [self.when | when for service in self.services for when in service.on_fargate]

    def may_run_on_fargate(self, *whens: When) -> bool:
        """Whether one deployment can run it on Fargate and meet these conditions."""
        return any(possible(own, *whens) for own in self.on_fargate)

    @cached_property
    def in_awsvpc(self) -> list[When]:
        """The conditions under which each task has its own network interface."""
        return [known.when for known in self.network_modes if known.value == "awsvpc"]


def _is_mapping(item: Node) -> bool:
    raw = item.raw
    return isinstance(raw, dict) and not (len(raw) == 1 and next(iter(raw)).startswith(("Fn::", "Ref")))
