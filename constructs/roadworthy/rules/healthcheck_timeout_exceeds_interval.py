"""A health check's timeout is no longer than its interval.

## Why is this bad?

A check that is still waiting when the next one is due makes a container that hangs look healthy for longer
than the numbers say: the checks come at the pace of the timeout, not of the interval.

The defaults count as well: an interval of 30 seconds, a timeout of 5.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          HealthCheck: {Command: [CMD, /healthy], Interval: 10, Timeout: 20}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          HealthCheck: {Command: [CMD, /healthy], Interval: 20, Timeout: 10}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import assumed, jointly, numbers

INTERVAL, TIMEOUT = 30, 5  # seconds: the defaults


@rule(
    "healthcheck-timeout-exceeds-interval",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report timeouts that are longer than the interval."""
    for health_check in container.health_checks:
        intervals, timeouts = numbers(health_check, "Interval", INTERVAL), numbers(health_check, "Timeout", TIMEOUT)
        if max((each.value for each in timeouts), default=0) <= min((each.value for each in intervals), default=0):
            continue
        for interval, timeout in jointly(intervals, timeouts):
            if timeout.value > interval.value:
                every = f"{interval.value} seconds" + ("" if interval.written else " (the default)")
                yield Finding(
                    at=timeout.at,
                    message=f"container `{container.label}` has a health check every {every} "
                    f"with a timeout of {timeout.value} seconds",
                    fix="Set the timeout to at most the interval",
                    assumed=assumed(interval, timeout),
                )
