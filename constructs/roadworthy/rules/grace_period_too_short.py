"""A service gives its tasks the time to start before the load balancer's health checks count.

## Why is this bad?

A target that fails its first health checks is unhealthy, and ECS replaces its task: `is unhealthy in
(target-group ...) due to (reason Health checks failed)`. An application that needs longer to start than the
checks take to fail is killed for ever. `HealthCheckGracePeriodSeconds` is 0 where none is written.

It is too short where it is below the start period of the registered container's own health check, or where it
is 0 and the target group gives up within 60 seconds (the unhealthy threshold times the interval, 2 x 30 by
default).

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          PortMappings: [{ContainerPort: 8000}]
          HealthCheck: {Command: [CMD-SHELL, "curl -f http://localhost:8000/ || exit 1"], StartPeriod: 120}
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Task
      HealthCheckGracePeriodSeconds: 60
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !ImportValue Targets}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          PortMappings: [{ContainerPort: 8000}]
          HealthCheck: {Command: [CMD-SHELL, "curl -f http://localhost:8000/ || exit 1"], StartPeriod: 120}
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Task
      HealthCheckGracePeriodSeconds: 150
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !ImportValue Targets}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.registered import containers_named
from roadworthy.template.model.properties import Known, assumed, jointly, numbers, texts
from roadworthy.template.model.service import Service
from roadworthy.template.node import Node

INTERVAL, THRESHOLD = 30, 2  # what Elastic Load Balancing takes where nothing is written
SOON = 60  # seconds


@rule(
    "grace-period-too-short",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-healthcheck.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report services whose tasks may be judged before they have started."""
    if not service.load_balancers:
        return
    graces = numbers(service.node, "HealthCheckGracePeriodSeconds", 0)
    for entry in service.load_balancers:
        reported = list(_below_start_period(service, entry, graces))
        yield from reported or _killed_soon(service, entry, graces)


def _below_start_period(service: Service, entry: Node, graces: list[Known[int]]) -> Iterator[Finding]:
    for name, definition in jointly(texts(entry, "ContainerName"), service.task_definitions):
        for container in containers_named(definition.value, name.value) or ():
            periods = [known for health in container.health_checks for known in numbers(health, "StartPeriod")]
            for period, grace, _ in jointly(periods, graces, (name,)):
                if grace.value < period.value:
                    yield Finding(
                        at=grace.at,
                        message=f"service `{service.name}` has a health check grace period of {_seconds(grace)}, "
                        f"its container `{container.label}` a start period of {period.value} s",
                        fix=f"Set HealthCheckGracePeriodSeconds to {period.value} or more",
                        assumed=assumed(period, grace, name, definition),
                    )


def _killed_soon(service: Service, entry: Node, graces: list[Known[int]]) -> Iterator[Finding]:
    none = [grace for grace in graces if grace.value == 0]
    for group, grace in jointly(service.target_groups(entry) if none else (), none):
        intervals = numbers(group.value.node, "HealthCheckIntervalSeconds", INTERVAL)
        thresholds = numbers(group.value.node, "UnhealthyThresholdCount", THRESHOLD)
        for interval, threshold in jointly(intervals, thresholds):
            time = interval.value * threshold.value
            if time <= SOON:
                yield Finding(
                    at=grace.at,
                    message=f"service `{service.name}` has a health check grace period of {_seconds(grace)}, "
                    f"so that a task which is not healthy after {time} s ({threshold.value} x {interval.value} s) "
                    "is replaced",
                    fix="Set HealthCheckGracePeriodSeconds to the time that the application needs to start",
                    assumed=assumed(group, grace, interval, threshold),
                )


def _seconds(grace: Known[int]) -> str:
    return f"{grace.value} s{'' if grace.written else ' (the default)'}"
