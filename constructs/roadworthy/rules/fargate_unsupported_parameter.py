"""A task on Fargate uses only what Fargate supports.

## Why is this bad?

ECS refuses a task definition for Fargate that asks for the host: `Fargate requires that the 'privileged' setting be
'false'`. The same holds for `links`, `dnsServers`, `dnsSearchDomains`, `extraHosts`, `hostname`, `disableNetworking`,
`dockerSecurityOptions`, `ipcMode`, `pidMode: host`, `placementConstraints`, accelerators, `devices`,
`sharedMemorySize`, `maxSwap`, `swappiness`, every added capability but `SYS_PTRACE`, Docker volumes and paths of
the host.

Empty lists, empty texts and zeros are left alone. `tmpfs` is a warning: AWS's guide lists it, its API does not.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb", Privileged: true}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb", LinuxParameters: {Capabilities: {Add: [SYS_PTRACE]}}}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.fargate_unsupported import Met, of_container, of_task
from roadworthy.template.model.task_definition import TaskDefinition


@rule(
    "fargate-unsupported-parameter",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report each parameter that Fargate does not take."""
    if not definition.on_fargate:
        return
    for met in of_task(definition):
        yield from _finding(definition, "the task definition", met)
    for container in definition.containers:
        for met in of_container(container):
            yield from _finding(definition, f"container `{container.label}`", met)


def _finding(definition: TaskDefinition, whose: str, met: Met) -> Iterator[Finding]:
    if definition.may_run_on_fargate(met.when):
        name = ".".join(map(definition.document.spell, met.name.split(".")))
        yield Finding(
            at=met.at,
            message=f"{whose} has `{name}`{f' `{met.value}`' if met.value else ''}, which Fargate does not support",
            fix=f"Remove `{name}`",
            severity=WARNING if met.name == "Tmpfs" else None,
            assumed=met.assumed,
        )
