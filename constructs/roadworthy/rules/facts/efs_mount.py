"""The file systems that a service's tasks mount."""

from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.template.conditions import When, possible
from roadworthy.template.model.network.file_system import FileSystem
from roadworthy.template.model.properties import assumed
from roadworthy.template.model.service import Service
from roadworthy.template.model.task_definition import TaskDefinition
from roadworthy.template.model.volume import Volume
from roadworthy.template.node import Node


class Mount(NamedTuple):
    """A volume of a service's task that is a file system of the documents.

    Attributes:
        service: whose tasks mount it.
        definition: their task definition.
        volume: the volume.
        configuration: its EFS configuration.
        at: where the file system is named.
        file_system: which it is.
        when: the conditions under which all of this is so.
        assumed: the parameters whose defaults it rests on.
    """

    service: Service
    definition: TaskDefinition
    volume: Volume
    configuration: Node
    at: Node
    file_system: FileSystem
    when: When
    assumed: frozenset[str]


def mounts(service: Service) -> Iterator[Mount]:
    """The file systems that a service's tasks mount, as far as they are in the documents."""
    for task in service.task_definitions:
        for volume in task.value.volumes:
            for configuration in volume.efs_configurations:
                name = volume.efs_file_system(configuration)
                for known in task.value.referred(FileSystem, name, configuration):
                    when = service.when | task.when | configuration.when | known.when | known.value.when
                    if possible(when):
                        parts = (service, task.value, volume, configuration, known.at, known.value)
                        yield Mount(*parts, when, assumed(task, known))
