"""The target group of tasks that have their own network interface registers them by IP address.

## Why is this bad?

ECS refuses the service: `The provided target group ... has target type instance, which is incompatible with
the awsvpc network mode specified in the task definition.` The target type is `instance` where none is
written, and it cannot be changed later.

It holds for every task on Fargate and for every task definition whose network mode is `awsvpc`; target
groups under other modes, and those of other stacks, are left alone.

## Example

```yaml fails
Resources:
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Protocol: HTTP, Port: 80}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !ImportValue LoadBalancer
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !ImportValue Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue Subnet]}}
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
```

```yaml passes
Resources:
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Protocol: HTTP, Port: 80, TargetType: ip}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !ImportValue LoadBalancer
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !ImportValue Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue Subnet]}}
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.conditions import When, possible
from roadworthy.template.model.properties import assumed
from roadworthy.template.model.service import Service


@rule(
    "target-type-not-ip",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report the target groups of the service that do not take IP addresses."""
    groups = service.registered_groups + service.alternate_groups if service.load_balancers else []
    for group in groups:
        for kind in group.value.target_types:
            if kind.value != "ip" and any(possible(group.when, kind.when, when) for when in _own_interface(service)):
                default = "" if kind.written else " (the default)"
                yield Finding(
                    at=kind.at,
                    message=f"target group `{group.value.label}` has target type `{kind.value}`{default}, "
                    f"but the tasks of service `{service.name}` are registered by IP address",
                    fix="Set TargetType to ip",
                    assumed=assumed(group, kind),
                )


def _own_interface(service: Service) -> Iterator[When]:
    """The conditions under which its tasks have their own network interface."""
    yield from service.on_fargate
    for definition in service.task_definitions:
        yield from (definition.when | when for when in definition.value.in_awsvpc)
