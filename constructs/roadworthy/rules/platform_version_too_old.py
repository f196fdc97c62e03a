"""A service's platform version has what its tasks use.

## Why is this bad?

EFS, larger ephemeral storage, environment files, keys of secrets, ECS Exec, a shared process namespace and more than
4 vCPU need version 1.4.0 of Fargate's Linux platform. A service with an older `PlatformVersion` cannot place such
tasks. `LATEST`, which is also the default, is right.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      EphemeralStorage: {SizeInGiB: 40}
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task, PlatformVersion: 1.3.0}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      EphemeralStorage: {SizeInGiB: 40}
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task, PlatformVersion: 1.4.0}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.properties import Known, assumed, flags, jointly, texts
from roadworthy.template.model.service import Service
from roadworthy.template.model.task_definition import TaskDefinition
from roadworthy.template.pattern import Pattern

OLD = Pattern(r"1\.[0-3]\.[0-9]+")
LARGEST_BEFORE = 4096  # CPU units
SECRET_WITH_KEY = Pattern(r"arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:[^:]+:.*[^:].*")


@rule(
    "platform-version-too-old",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report old platform versions below tasks that need 1.4.0."""
    old = [known for known in texts(service.node, "PlatformVersion") if OLD.fullmatch(known.value)]
    for version, task in jointly(old, service.task_definitions) if old else ():
        definition: TaskDefinition = task.value
        if any(known.value.startswith("WINDOWS") for known in definition.operating_systems):
            continue  # Windows counts its versions from 1.0.0
        needs = [need for _, _, need in jointly([version], [task], [*_of_service(service), *_of_task(definition)])]
        if needs:
            yield Finding(
                at=version.at,
                message=f"platform version {version.value} has no {', '.join(dict.fromkeys(n.value for n in needs))}",
                fix="Set the platform version to `1.4.0` or `LATEST`",
                assumed=assumed(version, task, needs[0]),
            )


def _of_service(service: Service) -> Iterator[Known[str]]:
    for known in flags(service.node, "EnableExecuteCommand"):
        if known.value:
            yield Known("ECS Exec", *known[1:])


def _of_task(definition: TaskDefinition) -> Iterator[Known[str]]:
    for place in [place for volume in definition.volumes for place in volume.efs_configurations]:
        yield Known("EFS volumes", place, place.when)
    yield from (Known("ephemeral storage setting", *known[1:]) for known in definition.ephemeral_sizes)
    for known in texts(definition.node, "PidMode"):
        yield Known("`pidMode`", *known[1:])
    for cpu in definition.cpus:
        if cpu.value > LARGEST_BEFORE:
            yield Known("tasks of more than 4 vCPU", *cpu[1:])
    for container in definition.containers:
        for file in container.node.all_items("EnvironmentFiles")[:1]:
            yield Known("environment files", file, file.when)
        for secret in container.secrets:
            for known in texts(secret.node, "ValueFrom"):
                if SECRET_WITH_KEY.fullmatch(known.value):
                    yield Known("keys of secrets", *known[1:])
