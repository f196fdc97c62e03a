"""What a container mounts is a volume of its task definition.

## Why is this bad?

ECS refuses a mount of a volume that is not defined (`Unknown volume 'x'`), `volumesFrom` of a container that does not
exist, and two volumes of one name. A volume that is `configuredAtLaunch` must be the only one, be mounted, and be named
in the service's `volumeConfigurations`, which may name no other.

Names are compared only where all volumes, or all containers, of the task definition are known.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", MountPoints: [{SourceVolume: cache, ContainerPath: /cache}]}
      Volumes: [{Name: data}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", MountPoints: [{SourceVolume: data, ContainerPath: /cache}]}
      Volumes: [{Name: data}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.image import PLACEHOLDER
from roadworthy.rules.facts.launch_volumes import mismatches
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import Known, assumed, jointly, texts
from roadworthy.template.model.task_definition import TaskDefinition
from roadworthy.template.values import identity


@rule(
    "volume-mount-mismatch",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_MountPoint.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report mounts of what does not exist, and volumes of one name."""
    if definition.volumes:
        yield from _repeated(definition)
    for name, message, fix in mismatches(definition):
        yield Finding(name.at, message, fix, assumed=name.assumed)
    for container in definition.containers:
        yield from _unknown_volumes(definition, container)
        for entry in container.node.all_items("VolumesFrom"):
            for source in texts(entry, "SourceContainer"):
                named = definition.containers_by_name.get(identity(source.value), [])
                if definition.names_are_known and not any(jointly([source], named)) and _is_name(source):
                    message = (
                        f"container `{container.label}` takes the volumes of `{source.value}`, which does not exist"
                    )
                    yield Finding(source.at, message, "Name a container of the task", assumed=source.assumed)


def _unknown_volumes(definition: TaskDefinition, container: Container) -> Iterator[Finding]:
    for entry in container.node.all_items("MountPoints"):
        for mounted in texts(entry, "SourceVolume") if definition.volumes_are_known else ():
            names = [known for volume in definition.volumes for known in volume.names]
            if not any(one.value == known.value for one, known in jointly([mounted], names)) and _is_name(mounted):
                message = f"container `{container.label}` mounts volume `{mounted.value}`, which is not defined"
                known = ", ".join(f"`{name}`" for name in dict.fromkeys(each.value for each in names))
                fix = f"Mount one of {known}" if known else "Define it in the task definition's volumes"
                yield Finding(mounted.at, message, fix, assumed=mounted.assumed)


def _repeated(definition: TaskDefinition) -> Iterator[Finding]:
    first: dict[str, Known[str]] = {}
    for volume in definition.volumes:
        for name in volume.names:
            other = first.setdefault(name.value, name)
            if other is not name and other.at.path != name.at.path and any(jointly([other], [name])):
                message = f"two volumes have the name `{name.value}`"
                yield Finding(name.at, message, "Give each volume a name of its own", assumed=assumed(other, name))


def _is_name(known: Known[str]) -> bool:
    return bool(known.value) and not PLACEHOLDER.search(known.value)
