"""A load balancer's listener forwards to each target group that a service registers in.

## Why is this bad?

ECS refuses the service: `The target group with targetGroupArn ... does not have an associated load
balancer.` It happens where the listener was forgotten, where it redirects only, and in CDK where an action
added later replaces the default one.

The default actions of all listeners and the actions of all their rules are looked at, weighted ones
included; the alternate target group of a blue/green deployment needs a listener as well, though behind a
Network Load Balancer, where ECS changes the listener itself, nothing is said of it. A target group that
anything else may hand to a listener (an output, a nested stack, a custom resource) is left alone; so are all
target groups of a template with a listener that is not wholly known.

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
      DefaultActions: [{Type: redirect, RedirectConfig: {Protocol: HTTPS, StatusCode: HTTP_301}}]
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      TaskDefinition: !ImportValue Task
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
      TaskDefinition: !ImportValue Task
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.forwarding import may_be_forwarded_elsewhere
from roadworthy.template.model.properties import Known
from roadworthy.template.model.service import Service
from roadworthy.template.model.target_group import TargetGroup

# The protocols of target groups that Application Load Balancers forward to.
OF_APPLICATIONS = {"HTTP", "HTTPS"}


@rule(
    "target-group-without-listener",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshoot-service-load-balancers.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report the target groups of the service to which nothing forwards."""
    if not service.load_balancers or not service.logical_id:
        return
    for group in service.registered_groups + _alternates(service):
        if not group.value.listeners and not may_be_forwarded_elsewhere(group.value):
            yield Finding(
                at=group.at,
                message=f"no listener forwards to target group `{group.value.label}`, "
                f"in which service `{service.name}` registers its tasks",
                fix="Add a listener or a listener rule that forwards to it",
                assumed=group.assumed,
            )


def _alternates(service: Service) -> list[Known[TargetGroup]]:
    """The alternate target groups that need a listener from the start."""
    return [
        group
        for group in service.alternate_groups
        if all(protocol.value in OF_APPLICATIONS for protocol in group.value.protocols)
    ]
