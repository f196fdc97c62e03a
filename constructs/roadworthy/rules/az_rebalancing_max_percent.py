"""A service that ECS rebalances between Availability Zones may run more tasks than it wants.

## Why is this bad?

To rebalance, ECS starts a task before it stops another. It refuses a service with
`AvailabilityZoneRebalancing: ENABLED` whose MaximumPercent is 100 or less.

## Example

```yaml fails
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      AvailabilityZoneRebalancing: ENABLED
      DeploymentConfiguration: {MinimumHealthyPercent: 50, MaximumPercent: 100}
```

```yaml passes
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      AvailabilityZoneRebalancing: ENABLED
      DeploymentConfiguration: {MinimumHealthyPercent: 50, MaximumPercent: 200}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.rolling import HUNDRED
from roadworthy.template.model.properties import assumed, jointly, numbers, texts
from roadworthy.template.model.service import Service


@rule(
    "az-rebalancing-max-percent",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report services to be rebalanced without room for it."""
    enabled = [known for known in texts(service.node, "AvailabilityZoneRebalancing") if known.value == "ENABLED"]
    for config in service.deployment_configurations if enabled else ():
        for switch, maximum in jointly(enabled, numbers(config, "MaximumPercent")):
            if maximum.value <= HUNDRED:
                yield Finding(
                    at=maximum.at,
                    message=f"service `{service.name}` has Availability Zone rebalancing "
                    f"and MaximumPercent {maximum.value}",
                    fix="Set MaximumPercent above 100, or disable AvailabilityZoneRebalancing",
                    assumed=assumed(switch, maximum),
                )
