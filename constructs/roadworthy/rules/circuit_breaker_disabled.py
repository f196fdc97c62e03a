"""A service gives up a deployment that cannot succeed.

## Why is this bad?

Without a circuit breaker ECS starts tasks that fail again and again, and CloudFormation waits for up to three
hours before it rolls back. With one, a deployment whose tasks do not start or stay unhealthy ends within
minutes.

A circuit breaker whose Rollback is written as false leaves the
service with the tasks that failed.

Deployment alarms that are switched on count as well. Services of other deployment controllers or strategies
are left alone, and those that want no task.

## Example

```yaml fails
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DesiredCount: 2
```

```yaml passes
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DesiredCount: 2
      DeploymentConfiguration:
        DeploymentCircuitBreaker: {Enable: true, Rollback: true}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.template.model.properties import assumed, flags, jointly
from roadworthy.template.model.service import Service
from roadworthy.template.node import Node


@rule(
    "circuit-breaker-disabled",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report services with neither a circuit breaker nor deployment alarms."""
    configs = service.deployment_configurations
    idle = service.desired_counts and all(known.value == 0 for known in service.desired_counts)
    if service.is_rolling and not idle and not any(_may_give_up(config) for config in configs):
        yield Finding(
            at=configs[0] if configs else service.node,
            message=f"service `{service.name}` has no deployment circuit breaker: "
            "a deployment that cannot succeed goes on for hours",
            fix="Enable DeploymentCircuitBreaker with Rollback in the service's DeploymentConfiguration",
        )
    for config in configs if service.is_rolling and not idle else ():
        yield from _without_rollback(service, config)


def _without_rollback(service: Service, config: Node) -> Iterator[Finding]:
    for breaker in config.get("DeploymentCircuitBreaker"):
        for enable, rollback in jointly(flags(breaker, "Enable"), flags(breaker, "Rollback")):
            if enable.value and not rollback.value:
                yield Finding(
                    at=rollback.at,
                    message=f"the circuit breaker of service `{service.name}` stops a failed deployment "
                    "and does not roll back",
                    fix="Set Rollback to true",
                    assumed=assumed(enable, rollback),
                )


def _may_give_up(config: Node) -> bool:
    """Whether the circuit breaker or the alarms are on, or may be."""
    for name in ("DeploymentCircuitBreaker", "Alarms"):
        for place in config.get(name):
            switches = flags(place, "Enable", default=False)
            if not switches or any(known.value for known in switches):
                return True
    return False
