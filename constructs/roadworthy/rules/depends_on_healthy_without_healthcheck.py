"""A container that others wait for until it is `HEALTHY` has a health check.

## Why is this bad?

ECS refuses the task definition: `A dependency container with HEALTHY condition must have health check
configured`. A `HEALTHCHECK` in the image's Dockerfile does not count, ECS does not look at it.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          DependsOn: [{ContainerName: proxy, Condition: HEALTHY}]
        - {Name: proxy, Image: "proxy:1.27.3"}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          DependsOn: [{ContainerName: proxy, Condition: HEALTHY}]
        - Name: proxy
          Image: proxy:1.27.3
          HealthCheck: {Command: [CMD, /healthcheck]}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import absent, assumed, jointly


@rule(
    "depends-on-healthy-without-healthcheck",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report waiting for the health of a container that has no health check."""
    for dependency in container.dependencies:
        for target, condition in jointly(dependency.targets, dependency.conditions):
            if condition.value != "HEALTHY":
                continue
            gaps = absent(target.value.node, "HealthCheck")
            if any(possible(gap, target.when, condition.when) for gap in gaps):
                yield Finding(
                    at=condition.at,
                    message=f"container `{container.label}` waits until container `{target.value.label}` is healthy, "
                    "which has no health check",
                    fix=f"Give `{target.value.label}` a health check, or wait for its `START`",
                    assumed=assumed(target, condition),
                )
