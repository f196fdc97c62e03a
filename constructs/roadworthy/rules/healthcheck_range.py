"""A container's health check has times and retries that ECS takes.

## Why is this bad?

ECS refuses the task definition when the interval is not within 5 to 300 seconds, the timeout within 2 to 60,
the start period within 0 to 300, the retries within 1 to 10. CDK accepts a timeout of up to 120 seconds and
checks neither retries nor start period.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          HealthCheck: {Command: [CMD, /healthy], StartPeriod: 600}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          HealthCheck: {Command: [CMD, /healthy], StartPeriod: 300}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import numbers

RANGES = {"Interval": (5, 300), "Timeout": (2, 60), "StartPeriod": (0, 300), "Retries": (1, 10)}
UNITS = {"Retries": ""}


@rule(
    "healthcheck-range",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report numbers outside the ranges of the API."""
    for health_check in container.health_checks:
        for name, (least, most) in RANGES.items():
            for known in numbers(health_check, name):
                if not least <= known.value <= most:
                    unit = UNITS.get(name, " seconds")
                    key = health_check.document.spell(name)
                    yield Finding(
                        at=known.at,
                        message=f"container `{container.label}` has a health check with `{key}` {known.value}{unit}, "
                        f"allowed are {least} to {most}",
                        fix=f"Set `{key}` to {least} to {most}{unit}",
                        assumed=known.assumed,
                    )
