"""The security group of a VPC endpoint lets in, over HTTPS, the tasks that need it.

## Why is this bad?

With private DNS the usual name of the service means the endpoint, even where a NAT gateway leads to the internet. A
task that the endpoint does not let in waits for a timeout and fails: `ResourceInitializationError: unable to pull
secrets or registry auth: ... There is a connection issue between the task and Amazon ECR`.

Looked at are the interface endpoints of the VPC that a task's containers need (images in ECR, log driver awslogs,
secrets), with all rules of their groups for TCP 443. Where a group, a rule or a prefix list is not known, nothing is
said. ECS Exec's endpoint does not stop a task: a warning.

## Example

```yaml fails
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  TaskGroup: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: tasks}}
  EndpointGroup: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: endpoints}}
  EcrApi:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      {VpcId: !Ref Vpc, VpcEndpointType: Interface, PrivateDnsEnabled: true, SubnetIds: [!Ref Subnet],
       SecurityGroupIds: [!Ref EndpointGroup], ServiceName: !Sub "com.amazonaws.${AWS::Region}.ecr.api"}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ExecutionRoleArn: !ImportValue ExecutionRole
      ContainerDefinitions: [{Name: api, Image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:82f44fb"}]
  Service:
    Type: AWS::ECS::Service
    DependsOn: EcrApi
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Subnet], SecurityGroups: [!Ref TaskGroup]}}
```

```yaml passes
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  TaskGroup: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: tasks}}
  EndpointGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      VpcId: !Ref Vpc
      GroupDescription: endpoints
      SecurityGroupIngress:
        [{IpProtocol: tcp, FromPort: 443, ToPort: 443, SourceSecurityGroupId: !Ref TaskGroup}]
  EcrApi:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      {VpcId: !Ref Vpc, VpcEndpointType: Interface, PrivateDnsEnabled: true, SubnetIds: [!Ref Subnet],
       SecurityGroupIds: [!Ref EndpointGroup], ServiceName: !Sub "com.amazonaws.${AWS::Region}.ecr.api"}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ExecutionRoleArn: !ImportValue ExecutionRole
      ContainerDefinitions: [{Name: api, Image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:82f44fb"}]
  Service:
    Type: AWS::ECS::Service
    DependsOn: EcrApi
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Subnet], SecurityGroups: [!Ref TaskGroup]}}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.connection import groups_of
from roadworthy.rules.facts.task_needs import EXEC, INTERNET, Need, needs
from roadworthy.rules.facts.way_out import endpoints_of, listed
from roadworthy.template.conditions import possible
from roadworthy.template.model.network.endpoint import VpcEndpoint
from roadworthy.template.model.network.security_group import HTTPS, receives
from roadworthy.template.model.network.task_network import TaskNetwork
from roadworthy.template.model.service import Service


@rule(
    "endpoint-sg-blocks-task",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report security groups of endpoints that keep out tasks which need the endpoint."""
    for network in service.task_networks:
        blocked: dict[str, list[tuple[Need, VpcEndpoint]]] = {}
        for need, endpoint in _used(network):
            if receives(endpoint.party, network.party, HTTPS) is False:
                blocked.setdefault(groups_of(endpoint.party), []).append((need, endpoint))
        for groups, pairs in blocked.items():
            names = listed(f"`{need.service}`" for need, _ in pairs)
            stops = any(need.service != EXEC for need, _ in pairs)
            yield Finding(
                at=pairs[0][1].party.groups.resources[0].node,
                message=f"security group {groups} of the VPC endpoint for {names} does not let tasks of service "
                f"`{service.name}` in on port {HTTPS}: they cannot reach {listed(need.of for need, _ in pairs)}",
                fix=f"Allow TCP {HTTPS} into it from {groups_of(network.party) or 'the tasks'}",
                severity=ERROR if stops else WARNING,
                assumed=frozenset().union(*(need.assumed for need, _ in pairs)),
            )


def _used(network: TaskNetwork) -> Iterator[tuple[Need, VpcEndpoint]]:
    """What the tasks need, each with the only interface endpoint that serves it."""
    if not network.subnets.known or not network.service.model.all(VpcEndpoint):
        return
    for need in needs(network.service):
        if need.service != INTERNET and possible(need.when, network.node.when):
            for endpoint in endpoints_of(need.service, network):
                yield need, endpoint
