"""A container may take as long to stop as its load balancer takes to let go of it.

## Why is this bad?

The load balancer lets requests in flight go on for the deregistration delay, 300 seconds where the target
group says nothing; the container is killed `StopTimeout` seconds after it was asked to stop. A delay that is
longer than the container lives promises requests a time that they do not have, and every rolling deployment
waits for it.

Compared are a `StopTimeout` that is written and the delay of the target group, its default included.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", PortMappings: [{ContainerPort: 8000}], StopTimeout: 60}
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Protocol: HTTP, Port: 80, TargetType: ip}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/0123456789abcdef
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [subnet-1, subnet-2]}}
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", PortMappings: [{ContainerPort: 8000}], StopTimeout: 60}
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Protocol: HTTP
      Port: 80
      TargetType: ip
      TargetGroupAttributes: [{Key: deregistration_delay.timeout_seconds, Value: "30"}]
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/0123456789abcdef
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [subnet-1, subnet-2]}}
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.properties import Known, assumed, contents, number, numbers
from roadworthy.template.model.service import LoadBalancedPort
from roadworthy.template.model.target_group import TargetGroup
from roadworthy.template.values import known_text

DELAY = "deregistration_delay.timeout_seconds"
DEFAULT = 300  # seconds


@rule(
    "stop-timeout-below-deregistration",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-connection-draining.html",
)
def check(target: LoadBalancedPort) -> Iterator[Finding]:
    """Report containers with less time to stop than their target group takes to drain."""
    for timeout in numbers(target.container.node, "StopTimeout"):
        for delay in _delays(target.target_group):
            if timeout.value < delay.value and possible(timeout.when, delay.when, target.when):
                default = "" if delay.written else " (the default)"
                yield Finding(
                    at=timeout.at,
                    message=f"container `{target.container.label}` has {timeout.value} seconds to stop, its target "
                    f"group `{target.target_group.label}` drains connections for {delay.value} seconds{default}",
                    fix=f"Set the target group's `{DELAY}` to at most {timeout.value}",
                    assumed=assumed(timeout, delay, target),
                )


def _delays(group: TargetGroup) -> list[Known[int]]:
    """The deregistration delays that the target group can have; none where one may be written that is not known."""
    written = [(known, number(known.value)) for known in group.attribute(DELAY)]
    if written:
        told = [(known, seconds) for known, seconds in written if seconds is not None]
        return [Known(seconds, known.at, known.when, known.assumed) for known, seconds in told]
    keys = [contents(entry, "Key") for entry in group.node.all_items("TargetGroupAttributes")]
    listed = all(isinstance(place.raw, list) for place in group.node.get("TargetGroupAttributes"))
    none = listed and all(
        names and all(known_text(name.value) not in {None, DELAY} for name in names) for names in keys
    )
    return [Known(DEFAULT, group.node, group.when, written=False)] if none else []
