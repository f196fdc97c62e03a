"""The tasks' security group lets the load balancer in, on the ports that it forwards to and checks.

## Why is this bad?

Otherwise no request and no health check arrives. Targets become `unhealthy` with `Target.Timeout` (`Request timed
out`), and ECS replaces the tasks until the deployment fails. A health check port of its own is forgotten most easily:
CDK does not open it.

The inbound rules of all the tasks' groups are read, those of the groups and those that are resources
(`AWS::EC2::SecurityGroupIngress`): groups, IPv4 ranges, port ranges. Where a group, a rule, a prefix list or the
load balancer is not known, nothing is said. Network load balancers have a rule of their own, `nlb-target-sg-closed`.

## Example

```yaml fails
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1b}}
  BalancerGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      VpcId: !Ref Vpc
      GroupDescription: load balancer
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}]
  TaskGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      VpcId: !Ref Vpc
      GroupDescription: tasks
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 80, ToPort: 80, SourceSecurityGroupId: !Ref BalancerGroup}]
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Type: application, Subnets: [!Ref A, !Ref B], SecurityGroups: [!Ref BalancerGroup]}
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {VpcId: !Ref Vpc, Protocol: HTTP, Port: 80, TargetType: ip}
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
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref A, !Ref B], SecurityGroups: [!Ref TaskGroup]}}
```

```yaml passes
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1b}}
  BalancerGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      VpcId: !Ref Vpc
      GroupDescription: load balancer
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}]
  TaskGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      VpcId: !Ref Vpc
      GroupDescription: tasks
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 8000, ToPort: 8000, SourceSecurityGroupId: !Ref BalancerGroup}]
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Type: application, Subnets: [!Ref A, !Ref B], SecurityGroups: [!Ref BalancerGroup]}
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {VpcId: !Ref Vpc, Protocol: HTTP, Port: 80, TargetType: ip}
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
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref A, !Ref B], SecurityGroups: [!Ref TaskGroup]}}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.connection import connections, groups_of, sender_of
from roadworthy.template.model.network.party import Party
from roadworthy.template.model.network.security_group import receives
from roadworthy.template.model.service import LoadBalancedPort


@rule(
    "lb-to-task-port-blocked",
    severity=ERROR,
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-security-groups.html",
)
def check(target: LoadBalancedPort) -> Iterator[Finding]:
    """Report ports that no rule of the tasks' security groups opens for their Application Load Balancer."""
    for found in connections(target):
        sender, receiver = found.balancer.party, found.network.party
        answer = receives(receiver, sender, found.port) if found.balancer.is_of_type("application") else True
        by_default = answer is None and receives(receiver, sender, found.port, trusting=True) is False
        if answer is False or by_default:
            yield Finding(
                at=receiver.groups.resources[0].node,
                message=f"security group {groups_of(receiver)} does not let load balancer `{found.balancer.label}` in "
                f"on {found.described}",
                fix=f"Allow TCP {found.port} into it from {sender_of(found.balancer)}",
                assumed=found.assumed | (_assumed_ports(receiver) if by_default else frozenset()),
            )


def _assumed_ports(receiver: Party) -> frozenset[str]:
    """The parameters whose defaults the ports rest on that its security groups open."""
    rules = (permission for group in receiver.groups.resources for permission in group.ingress)
    return frozenset().union(*(permission.assumed_ports for permission in rules))
