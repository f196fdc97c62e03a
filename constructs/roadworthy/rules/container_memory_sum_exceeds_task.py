"""The containers of a task reserve no more memory together than the task has.

## Why is this bad?

What the containers reserve must fit into the task (`memoryReservation`, or `memory` where a container reserves
nothing else). More than that is refused, or a container is killed as soon as all of them use what they reserved:
`OutOfMemoryError: Container killed due to memory usage`, exit code 137.

Reservations are added up; where a container has only a hard limit, its limit is what it reserves. Hard limits beside
a reservation are compared alone, by `container-memory-exceeds-task`.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Cpu: 256
      Memory: 512
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", MemoryReservation: 512}
        - {Name: proxy, Image: "proxy:1.4", MemoryReservation: 128}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Cpu: 256
      Memory: 512
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", MemoryReservation: 384}
        - {Name: proxy, Image: "proxy:1.4", MemoryReservation: 128}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.largest_together import largest_together
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import Known, assumed, numbers
from roadworthy.template.model.task_definition import TaskDefinition


@rule(
    "container-memory-sum-exceeds-task",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report a task whose containers reserve more memory than it has."""
    if not definition.memories or len(definition.containers) == 1:
        return
    parts = [_reserved(container) for container in definition.containers]
    for task in definition.memories:
        counted = largest_together(task.when, parts)
        total = sum(known.value for known in counted)
        if counted and total > task.value >= max(known.value for known in counted):
            yield Finding(
                at=task.at,
                message=f"the containers reserve {total} MiB together, the task has {task.value}",
                fix="Lower what the containers reserve, or raise the task's memory",
                assumed=assumed(task, *counted),
            )


def _reserved(container: Container) -> list[Known[int]]:
    """What a container reserves; nothing where it has both forms, of which one is not known."""
    spell, raw = container.node.document.spell, container.node.raw
    written = isinstance(raw, dict) and raw.get(spell("MemoryReservation")) is not None
    return numbers(container.node, "MemoryReservation" if written else "Memory")
