"""Volumes that a service configures when it starts its tasks, and the services that do.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/configure-ebs-volume.html
"""

from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.template.model.properties import Known, absent, jointly, texts
from roadworthy.template.model.service import Service
from roadworthy.template.model.task_definition import TaskDefinition


class Mismatch(NamedTuple):
    """A volume that only one of task definition and service knows, or that nothing mounts."""

    name: Known[str]
    message: str
    fix: str


def at_launch(definition: TaskDefinition) -> list[Known[str]]:
    """The names of the volumes that are configured at launch."""
    return [
        name._replace(when=name.when | flag.when, assumed=name.assumed | flag.assumed)
        for volume in definition.volumes
        for name, flag in jointly(volume.names, volume.at_launch)
        if flag.value
    ]


def mismatches(definition: TaskDefinition) -> Iterator[Mismatch]:
    """What does not fit together, as far as everything about it is known."""
    names = at_launch(definition) if definition.volumes else []
    if len({name.value for name in names}) > 1 and any(jointly(names[:1], names[1:2])):
        yield Mismatch(
            names[1], f"`{names[0].value}` and `{names[1].value}` are configured at launch", "Keep one of them"
        )
    mounted = set(_mounts(definition))
    for name in names:
        if name.value not in mounted and None not in mounted and definition.containers_are_known:
            message = f"volume `{name.value}` is configured at launch and no container mounts it"
            yield Mismatch(name, message, f"Mount `{name.value}` in a container")
    for service in definition.services:
        yield from _of_service(definition, service, names)


def _mounts(definition: TaskDefinition) -> Iterator[str | None]:
    """The mounted volumes; None for one that is not known."""
    for container in definition.containers:
        places = list(container.node.get("MountPoints"))
        if any(not isinstance(place.raw, list) for place in places):
            yield None
        for entry in container.node.all_items("MountPoints"):
            names = texts(entry, "SourceVolume")
            yield from (known.value for known in names)
            if not names:
                yield None


def _of_service(definition: TaskDefinition, service: Service, names: list[Known[str]]) -> Iterator[Mismatch]:
    configured = [known for item in service.node.all_items("VolumeConfigurations") for known in texts(item, "Name")]
    if not names and not configured:
        return
    task = [known for known in service.task_definitions if known.value is definition]
    for known, _ in jointly(configured, task):
        if definition.volumes_are_known and not _may_be_at_launch(definition, known.value):
            message = f"the service configures volume `{known.value}`, which its task definition does not leave to it"
            yield Mismatch(known, message, "Set `ConfiguredAtLaunch` on the volume in the task definition")
    missing = [Known(None, service.node, when) for when in absent(service.node, "VolumeConfigurations")]
    for name, gone, _ in jointly(names, missing, task):
        message = f"the service does not configure volume `{name.value}`, which its task definition leaves to it"
        yield Mismatch(name._replace(at=gone.at), message, f"Configure `{name.value}` in the service's volumes")


def _may_be_at_launch(definition: TaskDefinition, name: str) -> bool:
    named = [volume for volume in definition.volumes if any(known.value == name for known in volume.names)]
    return any(not volume.at_launch or any(flag.value for flag in volume.at_launch) for volume in named)
