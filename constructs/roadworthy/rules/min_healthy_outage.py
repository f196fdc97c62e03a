"""A rolling update keeps at least one task running.

## Why is this bad?

With a MinimumHealthyPercent of 0 ECS may stop all old tasks before a new one is healthy: clients see an
outage in every deployment, and a long one where the new tasks do not start.

A service without a load balancer whose MaximumPercent is 100 is left alone: it asks for one task at a time.

## Example

```yaml fails
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DesiredCount: 2
      DeploymentConfiguration: {MinimumHealthyPercent: 0, MaximumPercent: 200}
```

```yaml passes
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DesiredCount: 2
      DeploymentConfiguration: {MinimumHealthyPercent: 50, MaximumPercent: 200}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.rolling import HUNDRED, bounds
from roadworthy.template.model.service import Service


@rule(
    "min-healthy-outage",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report services that a deployment may stop altogether."""
    for minimum, maximum in bounds(service):
        alone = maximum.value == HUNDRED and not service.load_balancers
        idle = service.desired_counts and all(known.value == 0 for known in service.desired_counts)
        if minimum.value == 0 and not alone and not idle:
            yield Finding(
                at=minimum.at,
                message=f"service `{service.name}` has MinimumHealthyPercent 0: a deployment may stop all its tasks",
                fix="Set MinimumHealthyPercent to 100, or to 50 where that leaves enough tasks",
                assumed=minimum.assumed,
            )
