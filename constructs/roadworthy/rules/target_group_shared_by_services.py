"""A target group belongs to one service, and to one load balancer.

## Why is this bad?

In a target group of two services the load balancer mixes their tasks: requests for one reach the other,
requests per target scale both, and a blue/green deployment of one moves the traffic of both. It is a warning.

A target group to which the listeners of two load balancers forward is refused by Elastic Load Balancing: an
error. Services or listeners that conditions never allow together are left alone.

## Example

```yaml fails
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
  Api:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      TaskDefinition: !ImportValue ApiTask
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
  Website:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      TaskDefinition: !ImportValue WebsiteTask
      LoadBalancers: [{ContainerName: web, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
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
  Api:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      TaskDefinition: !ImportValue ApiTask
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
```
"""

from collections.abc import Iterator
from itertools import combinations
from typing import TypeVar

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.listener import Forwarder, Listener, ListenerRule
from roadworthy.template.model.model import Model
from roadworthy.template.model.properties import Known
from roadworthy.template.model.service import Service
from roadworthy.template.model.target_group import TargetGroup
from roadworthy.template.values import Reference

T = TypeVar("T")


@rule(
    "target-group-shared-by-services",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-types.html",
)
def check(group: TargetGroup) -> Iterator[Finding]:
    """Report target groups of several services, or of several load balancers."""
    users = group.model.index(_services_by_group).get(group, [])
    for one, other in _pairs(users):
        yield Finding(
            at=other.at,
            message=f"services `{one.value.name}` and `{other.value.name}` share target group `{group.label}`",
            fix="Give each service a target group of its own",
            assumed=one.assumed | other.assumed,
        )
    for first, second in _pairs(_balancers(group)) if len(group.listeners) > 1 else ():
        yield Finding(
            at=second.at,
            message=f"load balancers `{first.value.name}` and `{second.value.name}` both forward "
            f"to target group `{group.label}`",
            fix="Give each load balancer a target group of its own",
            severity=ERROR,
            assumed=first.assumed | second.assumed,
        )


def _pairs(users: list[Known[T]]) -> Iterator[tuple[Known[T], Known[T]]]:
    """Every two different ones that one deployment can have."""
    for one, other in combinations(users, 2):
        if one.value != other.value and possible(one.when, other.when):
            yield one, other


def _services_by_group(model: Model) -> dict[TargetGroup, list[Known[Service]]]:
    found: dict[TargetGroup, list[Known[Service]]] = {}
    for service in model.services:
        for known in service.registered_groups if service.load_balancers else ():
            user = Known(service, known.at, known.when | service.when, known.assumed)
            found.setdefault(known.value, []).append(user)
    return found


def _balancers(group: TargetGroup) -> list[Known[Reference]]:
    """The load balancers whose listeners forward to a target group; `at` is where they say so."""
    return [
        Known(balancer.value, forward.at, forward.when | balancer.when, forward.assumed | balancer.assumed)
        for forward in group.listeners
        for listener in _listeners(forward.value)
        for balancer in listener.load_balancers
    ]


def _listeners(forwarder: Forwarder) -> list[Listener]:
    if isinstance(forwarder, Listener):
        return [forwarder]
    return [known.value for known in forwarder.listeners] if isinstance(forwarder, ListenerRule) else []
