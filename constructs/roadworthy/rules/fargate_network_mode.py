"""A task on Fargate has the network mode `awsvpc`.

## Why is this bad?

ECS refuses every other mode on Fargate. Where none is written it is `bridge`, so that it must be written.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      Cpu: 256
      Memory: 512
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
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
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.task_definition import TaskDefinition


@rule(
    "fargate-network-mode",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report network modes other than awsvpc."""
    for mode in definition.network_modes:
        if mode.value != "awsvpc" and definition.may_run_on_fargate(mode.when):
            default = "" if mode.written else " (the default)"
            yield Finding(
                at=mode.at,
                message=f"the task definition runs on Fargate with network mode `{mode.value}`{default}",
                fix="Set the network mode to `awsvpc`",
                assumed=mode.assumed,
            )
