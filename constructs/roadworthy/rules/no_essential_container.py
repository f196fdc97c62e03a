"""At least one container of a task definition is essential.

## Why is this bad?

ECS refuses the task definition: `Task definition doesn't have any essential container`. A container is
essential unless it says `Essential: false`.

Nothing is said where the list of containers or one of their flags is not known.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", Essential: false}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", Essential: true}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import assumed, contents
from roadworthy.template.model.task_definition import TaskDefinition


@rule(
    "no-essential-container",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report task definitions of which certainly no container is essential."""
    containers = definition.containers
    if containers and all(map(_is_never_essential, containers)) and definition.containers_are_known:
        names = ", ".join(f"`{container.label}`" for container in containers)
        yield Finding(
            at=containers[0].essential[0].at,
            message=f"no container of the task definition is essential: {names}",
            fix="Make the container that serves the task's purpose essential",
            assumed=assumed(*(flag for container in containers for flag in container.essential)),
        )


def _is_never_essential(container: Container) -> bool:
    flags = container.essential
    return not any(flag.value for flag in flags) and 0 < len(flags) == len(contents(container.node, "Essential"))
