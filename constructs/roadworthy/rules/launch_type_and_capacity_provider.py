"""A service has a launch type or a capacity provider strategy, not both.

## Why is this bad?

ECS refuses the service: `Specifying both a launch type and capacity provider strategy is not supported`.

## Example

```yaml fails
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue Subnet]}}
      LaunchType: FARGATE
      CapacityProviderStrategy: [{CapacityProvider: FARGATE_SPOT, Weight: 1}]
```

```yaml passes
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue Subnet]}}
      CapacityProviderStrategy: [{CapacityProvider: FARGATE_SPOT, Weight: 1}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.service import Service


@rule(
    "launch-type-and-capacity-provider",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report services that name both."""
    for launch in service.launch_types:
        items = service.node.all_items("CapacityProviderStrategy")
        if launch.value and any(possible(launch.when, item.when) for item in items if isinstance(item.raw, dict)):
            yield Finding(
                at=launch.at,
                message=f"service `{service.name}` has launch type {launch.value} and a capacity provider strategy",
                fix="Remove LaunchType",
                assumed=launch.assumed,
            )
