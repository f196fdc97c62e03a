"""The load balancer has a subnet in every availability zone in which its service's tasks start.

## Why is this bad?

A target in a zone that is not enabled for its load balancer stays `unused`: `Target is in an Availability Zone that is
not enabled for the load balancer`. ECS spreads tasks over the service's subnets, so that every second or third task
never becomes healthy: a deployment fails now and then.

The zones of the service's subnets are compared with those of the load balancer's, if all of the latter are known.
Zones are names, or numbers in the same list (`!Select [0, !GetAZs ""]`); a name is not compared with a number.

## Example

```yaml fails
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1b}}
  C: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24, AvailabilityZone: eu-west-1c}}
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
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref A, !Ref C], SecurityGroups: [!Ref TaskGroup]}}
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
from roadworthy.template.conditions import possible
from roadworthy.template.model.network.load_balancer import LoadBalancer
from roadworthy.template.model.network.subnet import Subnet
from roadworthy.template.model.service import LoadBalancedPort


@rule(
    "lb-az-not-enabled",
    severity=ERROR,
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
)
def check(target: LoadBalancedPort) -> Iterator[Finding]:
    """Report subnets of a service in zones where its load balancer has none."""
    for balancer in target.target_group.load_balancers:
        for network in target.service.task_networks:
            for known in network.subnets.known:
                if possible(known.when, balancer.when, target.when) and _is_outside(known.value, balancer):
                    zone = known.value.zone or ("", "")
                    place = f"`{zone[1]}`" if zone[0] == "name" else f"number {zone[1]} of the region's"
                    yield Finding(
                        at=known.at,
                        message=f"service `{target.service.name}` starts tasks in subnet `{known.value.label}`, in "
                        f"zone {place}, where its load balancer `{balancer.label}` has no subnet",
                        fix="Give the load balancer a subnet in that zone, or take the subnet from the service",
                        assumed=known.assumed,
                    )


def _is_outside(subnet: Subnet, balancer: LoadBalancer) -> bool:
    """Whether the subnet's zone is certainly none of the load balancer's."""
    zone, enabled = subnet.zone, balancer.subnets
    if zone is None or not enabled.known or not enabled.whole:
        return False
    zones = [each.zone for each in enabled.resources]
    return all(other is not None and other[0] == zone[0] and other != zone for other in zones)
