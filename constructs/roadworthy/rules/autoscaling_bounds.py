"""A scalable target's smallest count is not above its largest.

## Why is this bad?

Application Auto Scaling refuses it: `Maximum capacity cannot be less than minimum capacity`.

## Example

```yaml fails
Resources:
  Scaling:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ServiceNamespace: ecs
      ResourceId: service/main/api
      ScalableDimension: ecs:service:DesiredCount
      MinCapacity: 4
      MaxCapacity: 2
```

```yaml passes
Resources:
  Scaling:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ServiceNamespace: ecs
      ResourceId: service/main/api
      ScalableDimension: ecs:service:DesiredCount
      MinCapacity: 2
      MaxCapacity: 4
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.properties import assumed, jointly
from roadworthy.template.model.scaling import ScalableTarget


@rule(
    "autoscaling-bounds",
    severity=ERROR,
    source="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html",
)
def check(target: ScalableTarget) -> Iterator[Finding]:
    """Report scalable targets whose bounds exclude every count."""
    for low, high in jointly(target.minima, target.maxima):
        if low.value > high.value:
            yield Finding(
                at=low.at,
                message=f"scalable target `{target.label}` has MinCapacity {low.value} above MaxCapacity {high.value}",
                fix="Set MaxCapacity to MinCapacity or more",
                assumed=assumed(low, high),
            )
