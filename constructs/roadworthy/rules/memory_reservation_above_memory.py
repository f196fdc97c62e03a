"""A container reserves no more memory than its hard limit.

## Why is this bad?

ECS refuses the task definition: with both written, `memory` must be the larger one. A container that has only one of
them is left alone.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb", Memory: 256, MemoryReservation: 512}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb", Memory: 512, MemoryReservation: 256}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import assumed, jointly, numbers


@rule(
    "memory-reservation-above-memory",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report a reservation above the hard limit."""
    reserved = numbers(container.node, "MemoryReservation")
    for reservation, limit in jointly(reserved, numbers(container.node, "Memory")) if reserved else ():
        if reservation.value > limit.value > 0:
            yield Finding(
                at=reservation.at,
                message=f"container `{container.label}` reserves {reservation.value} MiB, its limit is {limit.value}",
                fix=f"Lower the reservation to {limit.value}, or raise the limit",
                assumed=assumed(reservation, limit),
            )
