"""A service is made after the security group rules through which its load balancer reaches it.

## Why is this bad?

A rule that is a resource (`AWS::EC2::SecurityGroupIngress`, `AWS::EC2::SecurityGroupEgress`) is made whenever
CloudFormation comes to it. Until then health checks fail, and ECS may replace tasks that are right; each failure
counts for the deployment circuit breaker, whose threshold may be as low as 3.

Only rules without which the load balancer does not reach the tasks are looked at: between the two groups, on the port
that is registered or checked, if they are in the service's own template and the service does not depend on them,
directly or through others.

In CDK: `service.node.default_child.node.add_dependency(*service.connections.security_groups)`.

## Example

```yaml fails
Resources:
  BalancerGroup: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !ImportValue Vpc, GroupDescription: load balancer}}
  TaskGroup: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !ImportValue Vpc, GroupDescription: tasks}}
  FromBalancer:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      {GroupId: !Ref TaskGroup, SourceSecurityGroupId: !Ref BalancerGroup, IpProtocol: tcp, FromPort: 1, ToPort: 9999}
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Subnets: [!ImportValue A, !ImportValue B], SecurityGroups: [!Ref BalancerGroup]}
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {VpcId: !ImportValue Vpc, Protocol: HTTP, Port: 80, TargetType: ip}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb", PortMappings: [{ContainerPort: 8000}]}]
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      TaskDefinition: !Ref Task
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue A], SecurityGroups: [!Ref TaskGroup]}}
```

```yaml passes
Resources:
  BalancerGroup: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !ImportValue Vpc, GroupDescription: load balancer}}
  TaskGroup: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !ImportValue Vpc, GroupDescription: tasks}}
  FromBalancer:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      {GroupId: !Ref TaskGroup, SourceSecurityGroupId: !Ref BalancerGroup, IpProtocol: tcp, FromPort: 1, ToPort: 9999}
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Subnets: [!ImportValue A, !ImportValue B], SecurityGroups: [!Ref BalancerGroup]}
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {VpcId: !ImportValue Vpc, Protocol: HTTP, Port: 80, TargetType: ip}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb", PortMappings: [{ContainerPort: 8000}]}]
  Service:
    Type: AWS::ECS::Service
    DependsOn: [Listener, FromBalancer]
    Properties:
      TaskDefinition: !Ref Task
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue A], SecurityGroups: [!Ref TaskGroup]}}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.connection import Connection, connections
from roadworthy.rules.facts.way_out import listed
from roadworthy.template.model.network.permission import Permission
from roadworthy.template.model.service import LoadBalancedPort


@rule(
    "ingress-rule-created-after-service",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html",
)
def check(target: LoadBalancedPort) -> Iterator[Finding]:
    """Report services that may start before their load balancer can reach them."""
    service = target.service
    for found in connections(target) if service.logical_id else ():
        late = [permission.owner for permission in _late(found)]
        if late:
            yield Finding(
                at=service.node,
                message=f"service `{service.name}` does not depend on {listed(f'`{each.label}`' for each in late)}, "
                f"through which load balancer `{found.balancer.label}` reaches its port {found.port}",
                fix=f"Add {listed((f'`{each.logical_id}`' for each in late), len(late))} to its DependsOn",
            )


def _late(found: Connection) -> Iterator[Permission]:
    """The rules that the connection needs and that may be made after the service."""
    sender, receiver = found.balancer.party, found.network.party
    inbound = [each for group in receiver.groups.resources for each in group.ingress]
    yield from _only_late(found, [each for each in inbound if each.allows(sender, found.port)])
    if not any(group.sends_everywhere for group in sender.groups.resources):
        outbound = [each for group in sender.groups.resources for each in group.egress]
        yield from _only_late(found, [each for each in outbound if each.allows(receiver, found.port)])


def _only_late(found: Connection, allowing: list[Permission]) -> list[Permission]:
    """The rules that allow it, if none of them is there before the service."""
    in_time = any(found.target.service.is_made_after(each.owner) for each in allowing)
    return [] if in_time else allowing
