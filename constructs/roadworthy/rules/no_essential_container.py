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

from collections.abc import Iterator, Sequence

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import assumed, contents, jointly
from roadworthy.template.model.task_definition import TaskDefinition


@rule(
    "no-essential-container",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report task definitions of which no container is essential, in all deployments or in one."""
    containers = definition.containers
    if containers and definition.containers_are_known and _can_all_be_dispensable(containers):
        names = ", ".join(f"`{container.label}`" for container in containers)
        yield Finding(
            at=next(flag.at for flag in containers[0].essential if not flag.value),
            message=f"no container of the task definition is essential: {names}",
            fix="Make the container that serves the task's purpose essential",
            assumed=assumed(*(flag for container in containers for flag in container.essential)),
        )


def _can_all_be_dispensable(containers: Sequence[Container]) -> bool:
    """Whether one deployment has all the containers and all their flags, each of which is known, false."""
    flags = [container.essential for container in containers]
    if any(
        not each or len(each) < len(contents(one.node, "Essential"))
        for each, one in zip(flags, containers, strict=True)
    ):
        return False
    return next(jointly(*([flag for flag in each if not flag.value] for each in flags)), None) is not None
