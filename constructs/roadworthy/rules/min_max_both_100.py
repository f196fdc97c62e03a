"""A rolling update may stop a task first, or start one more.

## Why is this bad?

With both percents at 100 ECS may do neither, and refuses the service: `Both maximumPercent and
minimumHealthyPercent cannot be 100 as this will block deployments`.

Where one is not written ECS takes 100 for the minimum and 200 for the maximum. Services of other deployment
controllers or strategies are left alone; so are daemons.

## Example

```yaml fails
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DeploymentConfiguration: {MinimumHealthyPercent: 100, MaximumPercent: 100}
```

```yaml passes
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DeploymentConfiguration: {MinimumHealthyPercent: 100, MaximumPercent: 200}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.rolling import HUNDRED, bounds
from roadworthy.template.model.properties import assumed
from roadworthy.template.model.service import Service


@rule(
    "min-max-both-100",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report services whose percents are both 100."""
    for minimum, maximum in bounds(service):
        if minimum.value == maximum.value == HUNDRED:
            default = "" if minimum.written else " (the default)"
            yield Finding(
                at=maximum.at,
                message=f"service `{service.name}` has MaximumPercent 100 and MinimumHealthyPercent 100{default}: "
                "no deployment can start or stop a task",
                fix="Set MaximumPercent to 200",
                assumed=assumed(minimum, maximum),
            )
