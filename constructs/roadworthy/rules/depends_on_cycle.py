"""Containers do not wait for each other in a circle.

## Why is this bad?

No container of the circle could ever start; ECS refuses the task definition. A container that depends on
itself is a circle, too.

Dependencies of which conditions allow only some at a time are no circle.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          DependsOn: [{ContainerName: proxy, Condition: START}]
        - Name: proxy
          Image: proxy:1.27.3
          DependsOn: [{ContainerName: api, Condition: START}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
        - Name: proxy
          Image: proxy:1.27.3
          DependsOn: [{ContainerName: api, Condition: START}]
```
"""

from collections import deque
from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import Known, assumed
from roadworthy.template.model.task_definition import TaskDefinition

Path = tuple[Known[Container], ...]
STEPS = 10_000  # of the search in one task definition; a task has ten containers at most


@rule(
    "depends-on-cycle",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report each circle once, at the dependency that closes it."""
    reported: set[frozenset[Container]] = set()
    steps = iter(range(STEPS))
    for container in definition.containers:
        circle = _circle(container, steps) if container.dependencies else None
        members = frozenset(step.value for step in circle or ())
        if circle and members not in reported:
            reported.add(members)
            names = " -> ".join(f"`{each.label}`" for each in (container, *(step.value for step in circle)))
            yield Finding(
                at=circle[-1].at,
                message=f"containers wait for each other: {names}",
                fix="Remove one of the dependencies",
                assumed=assumed(*circle),
            )


def _circle(start: Container, steps: Iterator[int]) -> Path | None:
    """The shortest way from a container along its dependencies back to itself that conditions allow."""
    ways: deque[Path] = deque((target,) for each in start.dependencies for target in each.targets)
    seen: set[tuple[Container, object]] = set()
    while ways and next(steps, None) is not None:
        way = ways.popleft()
        when = frozenset().union(*(step.when for step in way))
        here = way[-1].value
        if (here, when) in seen or not possible(when):
            continue
        if here is start:
            return way
        seen.add((here, when))
        ways += [(*way, target) for each in here.dependencies for target in each.targets]
    return None
