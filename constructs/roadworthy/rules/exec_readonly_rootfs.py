"""A service with ECS Exec has containers whose root file system can be written.

## Why is this bad?

ECS Exec's agent writes into the container. With `ReadonlyRootFilesystem: true` it stops, and
`aws ecs execute-command` fails on the day it is needed. AWS says of the two together: not supported.

Nothing is said of a container that mounts a volume over `/var/lib/amazon` or `/var/log/amazon`, which makes
room for the agent.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      TaskRoleArn: arn:aws:iam::111122223333:role/orders
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", ReadonlyRootFilesystem: true}
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task, EnableExecuteCommand: true}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      TaskRoleArn: arn:aws:iam::111122223333:role/orders
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", ReadonlyRootFilesystem: true}
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task, EnableExecuteCommand: false}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import assumed, contents, flags, jointly
from roadworthy.template.model.service import Service
from roadworthy.template.values import HOLE, skeleton

OF_AGENT = ("/var/lib/amazon", "/var/log/amazon")


@rule(
    "exec-readonly-rootfs",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report read-only containers of services with ECS Exec."""
    enabled = [flag for flag in flags(service.node, "EnableExecuteCommand") if flag.value]
    for definition in service.task_definitions if enabled else ():
        for container in definition.value.containers:
            read_only = flags(container.node, "ReadonlyRootFilesystem")
            for execute, run, flag in jointly(enabled, [definition], read_only):
                if flag.value and not _has_room(container):
                    yield Finding(
                        at=flag.at,
                        message=f"container `{container.label}` has a read-only root file system, "
                        f"service `{service.label}` enables ECS Exec",
                        fix="Let the root file system be written, or turn ECS Exec off",
                        assumed=assumed(execute, run, flag),
                    )


def _has_room(container: Container) -> bool:
    """Whether a volume lies, or may lie, where the agent writes."""
    mounts = container.node.all_items("MountPoints")
    paths = [skeleton(known.value) for mount in mounts for known in contents(mount, "ContainerPath")]
    return any(HOLE in path or path.startswith(OF_AGENT) for path in paths) or any(
        not isinstance(place.raw, list) for place in container.node.get("MountPoints")
    )
