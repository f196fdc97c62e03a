"""The containers of a task together ask for no more CPU than the task has.

## Why is this bad?

ECS refuses the task definition: `The sum of all container 'cpu' values cannot be greater than the task-level 'cpu'
value`. Containers whose CPU is not known count as nothing; of containers that conditions exclude only one counts.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Cpu: 256
      Memory: 512
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", Cpu: 256}
        - {Name: proxy, Image: "proxy:1.4", Cpu: 64}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Cpu: 256
      Memory: 512
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", Cpu: 192}
        - {Name: proxy, Image: "proxy:1.4", Cpu: 64}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.largest_together import largest_together
from roadworthy.template.model.properties import assumed, numbers
from roadworthy.template.model.task_definition import TaskDefinition


@rule(
    "container-cpu-exceeds-task",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report a task whose containers' CPU is more than its own."""
    if not definition.cpus:
        return
    parts = [numbers(container.node, "Cpu") for container in definition.containers]
    for task in definition.cpus:
        counted = largest_together(task.when, parts)
        total = sum(known.value for known in counted)
        if counted and total > task.value:
            yield Finding(
                at=task.at,
                message=f"the containers ask for {total} CPU units together, the task has {task.value}",
                fix=f"Lower the containers' `{task.at.document.spell('Cpu')}`, or raise the task's",
                assumed=assumed(task, *counted),
            )
