"""A container on Fargate starts and stops within 2 to 120 seconds.

## Why is this bad?

On Fargate, `startTimeout` and `stopTimeout` are 2 to 120 seconds; ECS refuses other values.

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
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb", StopTimeout: 300}]
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
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb", StopTimeout: 120}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import numbers

LEAST, MOST = 2, 120  # seconds


@rule(
    "start-stop-timeout-range",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report timeouts that Fargate does not have."""
    for name in ("StartTimeout", "StopTimeout"):
        for known in numbers(container.node, name):
            if not LEAST <= known.value <= MOST and container.definition.may_run_on_fargate(known.when):
                spelled = container.node.document.spell(name)
                yield Finding(
                    at=known.at,
                    message=f"container `{container.label}` has `{spelled}` {known.value}, "
                    f"which is not between {LEAST} and {MOST} seconds",
                    fix=f"Set it to {MOST} at most" if known.value > MOST else f"Set it to {LEAST} at least",
                    assumed=known.assumed,
                )
