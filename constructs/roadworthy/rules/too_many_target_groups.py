"""A service registers its tasks in at most five target groups.

## Why is this bad?

ECS refuses the service.

The entries of `LoadBalancers` that are certainly there are counted; those under a condition are not.

## Example

```yaml fails
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      LoadBalancers:
        - {ContainerName: api, ContainerPort: 8001, TargetGroupArn: !ImportValue Targets1}
        - {ContainerName: api, ContainerPort: 8002, TargetGroupArn: !ImportValue Targets2}
        - {ContainerName: api, ContainerPort: 8003, TargetGroupArn: !ImportValue Targets3}
        - {ContainerName: api, ContainerPort: 8004, TargetGroupArn: !ImportValue Targets4}
        - {ContainerName: api, ContainerPort: 8005, TargetGroupArn: !ImportValue Targets5}
        - {ContainerName: api, ContainerPort: 8006, TargetGroupArn: !ImportValue Targets6}
```

```yaml passes
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      LoadBalancers:
        - {ContainerName: api, ContainerPort: 8001, TargetGroupArn: !ImportValue Targets1}
        - {ContainerName: api, ContainerPort: 8002, TargetGroupArn: !ImportValue Targets2}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.service import Service

MOST = 5


@rule(
    "too-many-target-groups",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/register-multiple-targetgroups.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report services with more entries of `LoadBalancers` than ECS takes."""
    if len(service.load_balancers) <= MOST:
        return
    for place in service.node.get("LoadBalancers"):
        certain = [item for item in place.items() if item.when == place.when]
        if len(certain) > MOST:
            yield Finding(
                at=place,
                message=f"service `{service.name}` registers in {len(certain)} target groups, ECS takes {MOST}",
                fix=f"Register the service in {MOST} target groups at most",
            )
