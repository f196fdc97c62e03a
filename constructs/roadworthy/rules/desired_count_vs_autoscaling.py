"""A service that is scaled automatically names no desired count.

## Why is this bad?

Every update of the service by CloudFormation sets the count back to DesiredCount, whatever it was scaled to:
under load the service loses most of its tasks in the middle of a deployment. Without DesiredCount an existing
service keeps its count. A DesiredCount outside MinCapacity and MaxCapacity is corrected soon after.

## Example

```yaml fails
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties: {Cluster: main, TaskDefinition: !ImportValue Task, DesiredCount: 2}
  Scaling:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ServiceNamespace: ecs
      ResourceId: !Sub service/main/${Service.Name}
      ScalableDimension: ecs:service:DesiredCount
      MinCapacity: 2
      MaxCapacity: 20
```

```yaml passes
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties: {Cluster: main, TaskDefinition: !ImportValue Task}
  Scaling:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ServiceNamespace: ecs
      ResourceId: !Sub service/main/${Service.Name}
      ScalableDimension: ecs:service:DesiredCount
      MinCapacity: 2
      MaxCapacity: 20
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.template.model.properties import assumed, jointly
from roadworthy.template.model.scaling import ScalableTarget


@rule(
    "desired-count-vs-autoscaling",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html",
)
def check(target: ScalableTarget) -> Iterator[Finding]:
    """Report desired counts of services that are scaled."""
    for service in target.services if target.of_ecs else ():
        counts = service.value.desired_counts
        for count, low, high, _ in jointly(counts, target.minima, target.maxima, (service,)):
            bounds = f"{low.value} and {high.value}"
            inside = low.value <= count.value <= high.value
            yield Finding(
                at=count.at,
                message=f"service `{service.value.name}` is scaled between {bounds}, "
                + ("and every update sets it back to" if inside else "but wants")
                + f" DesiredCount {count.value}",
                fix="Remove DesiredCount and let MinCapacity and MaxCapacity bound it",
                assumed=assumed(count, low, high, service),
            )
