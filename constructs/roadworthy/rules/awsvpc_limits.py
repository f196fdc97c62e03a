"""A service names 1 to 16 subnets and at most 5 security groups.

## Why is this bad?

ECS refuses the service: `awsvpcConfiguration` takes at most 16 subnets and 5 security groups, and at least one subnet.
CloudFormation makes the service last, and then rolls everything back.

Items that exist only under a condition are not counted.

## Example

```yaml fails
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      NetworkConfiguration:
        AwsvpcConfiguration: {Subnets: [subnet-0a1b2c3d4e5f60718], SecurityGroups: [sg-1, sg-2, sg-3, sg-4, sg-5, sg-6]}
```

```yaml passes
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      NetworkConfiguration:
        AwsvpcConfiguration: {Subnets: [subnet-0a1b2c3d4e5f60718], SecurityGroups: [sg-1, sg-2, sg-3, sg-4, sg-5]}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.service import Service
from roadworthy.template.node import Node

LIMITS = (("Subnets", "subnets", 1, 16), ("SecurityGroups", "security groups", 0, 5))


@rule(
    "awsvpc-limits",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report networks with too many subnets or security groups, or without subnets."""
    for network in service.networks:
        for name, things, least, most in LIMITS:
            for place in network.get(name):
                if not isinstance(place.raw, list) or least <= len(place.raw) <= most:
                    continue
                count = _certain(place)
                if count > most or not place.raw:
                    yield Finding(
                        at=place,
                        message=f"service `{service.name}` names {count} {things}; ECS takes {least} to {most}",
                        fix=f"Name {least} to {most} {things}",
                    )


def _certain(place: Node) -> int:
    """How many items the list has under all conditions."""
    items = (place.child(index) for index in range(len(place.raw)))
    return sum(not any(True for _ in item.gaps()) for item in items)
