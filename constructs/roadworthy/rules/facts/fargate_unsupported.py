"""The parameters of a task definition that Fargate does not take.

Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html and, for each
parameter, https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
"""

from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.template.conditions import When
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import texts
from roadworthy.template.model.task_definition import TaskDefinition
from roadworthy.template.node import Node
from roadworthy.template.resolve import resolve
from roadworthy.template.values import known_text

# Parameter -> the values that are refused; none: every value but an empty one.
Refused = dict[str, frozenset[str]]
ANY: frozenset[str] = frozenset()
OF_TASK: Refused = {
    "IpcMode": ANY,
    "PidMode": frozenset({"host"}),
    "PlacementConstraints": ANY,
    "InferenceAccelerators": ANY,
}
OF_CONTAINER: Refused = {
    "Privileged": frozenset({"true"}),
    "DisableNetworking": frozenset({"true"}),
    "Links": ANY,
    "DnsServers": ANY,
    "DnsSearchDomains": ANY,
    "ExtraHosts": ANY,
    "Hostname": ANY,
    "DockerSecurityOptions": ANY,
}
OF_LINUX: Refused = {"Devices": ANY, "SharedMemorySize": ANY, "MaxSwap": ANY, "Swappiness": ANY, "Tmpfs": ANY}
ALLOWED_CAPABILITY = "SYS_PTRACE"
ACCELERATORS = {"GPU", "InferenceAccelerator"}


class Met(NamedTuple):
    """A parameter that is written: its name, its value where that says more, its place."""

    name: str
    value: str
    at: Node
    when: When
    assumed: frozenset[str] = frozenset()


def of_task(definition: TaskDefinition) -> Iterator[Met]:
    """The parameters of the task itself and of its volumes."""
    yield from _written(definition.node, OF_TASK)
    for volume in definition.volumes:
        yield from _of_volume(volume.node)


def of_container(container: Container) -> Iterator[Met]:
    """The parameters of a container."""
    yield from _written(container.node, OF_CONTAINER)
    for linux in container.node.get("LinuxParameters"):
        yield from _written(linux, OF_LINUX)
        for capabilities in linux.get("Capabilities"):
            yield from _capabilities(capabilities)
    for requirement in container.node.all_items("ResourceRequirements"):
        for known in texts(requirement, "Type"):
            if known.value in ACCELERATORS:
                yield Met("ResourceRequirements", known.value, known.at, known.when, known.assumed)


def _of_volume(volume: Node) -> Iterator[Met]:
    for docker in volume.get("DockerVolumeConfiguration"):
        if isinstance(docker.raw, dict) and docker.raw:
            yield Met("DockerVolumeConfiguration", "", docker, docker.when)
    for host in volume.get("Host"):
        yield from _written(host, {"SourcePath": ANY})


def _capabilities(capabilities: Node) -> Iterator[Met]:
    for item in capabilities.all_items("Add"):
        for each in resolve(item):
            text = known_text(each.value)
            if text and text != ALLOWED_CAPABILITY:
                yield Met("Capabilities.Add", text, item, each.when, each.assumed)


def _written(node: Node, refused: Refused) -> Iterator[Met]:
    raw = node.raw
    for name in refused:
        if type(raw) is not dict or "Fn::If" in raw or node.document.spell(name) in raw:
            for place in node.get(name):
                yield from _values(name, place, refused[name])


def _values(name: str, place: Node, refused: frozenset[str]) -> Iterator[Met]:
    if isinstance(place.raw, list):
        first = next(place.items(), None)
        if first is not None and refused is ANY:
            yield Met(name, "", place, first.when)
        return
    for each in resolve(place):
        text = known_text(each.value)
        if text and text != "0" and (refused is ANY or text.lower() in refused):
            yield Met(name, text, place, each.when, each.assumed)
