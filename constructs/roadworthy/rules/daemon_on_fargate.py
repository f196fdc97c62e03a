"""A daemon runs on instances, not on Fargate.

## Why is this bad?

ECS refuses the service: the Fargate launch type does not support the DAEMON scheduling strategy.

## Example

```yaml fails
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue Subnet]}}
      LaunchType: FARGATE
      SchedulingStrategy: DAEMON
```

```yaml passes
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue Subnet]}}
      LaunchType: FARGATE
      SchedulingStrategy: REPLICA
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.properties import texts
from roadworthy.template.model.service import Service


@rule(
    "daemon-on-fargate",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report daemons on Fargate."""
    for strategy in texts(service.node, "SchedulingStrategy"):
        if strategy.value == "DAEMON" and any(possible(strategy.when, when) for when in service.on_fargate):
            yield Finding(
                at=strategy.at,
                message=f"service `{service.name}` runs on Fargate with scheduling strategy DAEMON",
                fix="Set SchedulingStrategy to REPLICA",
                assumed=strategy.assumed,
            )
