"""No container is allowed more memory than its task has.

## Why is this bad?

ECS refuses the task definition: `The 'memory' setting for container 'x' is greater than for the task`. The hard limit
and the reservation of each container are compared alone.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Cpu: 256
      Memory: 512
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb", Memory: 1024}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Cpu: 256
      Memory: 1 GB
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb", Memory: 1024}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.properties import assumed, jointly, numbers
from roadworthy.template.model.task_definition import TaskDefinition


@rule(
    "container-memory-exceeds-task",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report containers with more memory than the task."""
    if not definition.memories:
        return
    least = min(known.value for known in definition.memories)
    for container in definition.containers:
        for name in ("Memory", "MemoryReservation"):
            large = [known for known in numbers(container.node, name) if known.value > least]
            for task, own in jointly(definition.memories, large) if large else ():
                if own.value > task.value:
                    spelled = container.node.document.spell(name)
                    yield Finding(
                        at=own.at,
                        message=f"container `{container.label}` has `{spelled}` {own.value}, "
                        f"its task has {task.value} MiB",
                        fix=f"Lower the container's `{spelled}` to {task.value} at most, or raise the task's memory",
                        assumed=assumed(task, own),
                    )
