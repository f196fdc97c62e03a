"""In a subnet without a way to the internet, the VPC has an endpoint for each AWS service that a task needs.

## Why is this bad?

Without a NAT gateway everything goes through VPC endpoints: a private image needs `ecr.api`, `ecr.dkr` and the gateway
endpoint `s3` (its layers lie there), the log driver awslogs needs `logs`, secrets need `secretsmanager` or `ssm`. If
one is missing no task starts: `ResourceInitializationError: unable to pull secrets or registry auth: ...` or `failed to
validate logger args: ... There is a connection issue between the task and Amazon CloudWatch`. An interface endpoint
counts only if its private DNS is enabled (which the VPC must allow by EnableDnsSupport and EnableDnsHostnames), a
gateway endpoint only if the subnet's route table uses it.

What the task needs is taken from its containers. It is reported where all routes and endpoints are in the documents and
there is an interface endpoint for some of it already; where there is none, `no-egress-private-subnet` speaks.
ECS Exec needs `ssmmessages`; without it tasks run, so that this is a warning.

## Example

```yaml fails
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Association:
    {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Routes}}
  EcrApi:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      {VpcId: !Ref Vpc, VpcEndpointType: Interface, PrivateDnsEnabled: true, SubnetIds: [!Ref Subnet],
       ServiceName: !Sub "com.amazonaws.${AWS::Region}.ecr.api"}
  EcrDkr:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      {VpcId: !Ref Vpc, VpcEndpointType: Interface, PrivateDnsEnabled: true, SubnetIds: [!Ref Subnet],
       ServiceName: !Sub "com.amazonaws.${AWS::Region}.ecr.dkr"}
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
    DependsOn: [EcrApi, EcrDkr, Association]
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Subnet]}}
```

```yaml passes
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Association:
    {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Routes}}
  EcrApi:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      {VpcId: !Ref Vpc, VpcEndpointType: Interface, PrivateDnsEnabled: true, SubnetIds: [!Ref Subnet],
       ServiceName: !Sub "com.amazonaws.${AWS::Region}.ecr.api"}
  EcrDkr:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      {VpcId: !Ref Vpc, VpcEndpointType: Interface, PrivateDnsEnabled: true, SubnetIds: [!Ref Subnet],
       ServiceName: !Sub "com.amazonaws.${AWS::Region}.ecr.dkr"}
  S3:
    Type: AWS::EC2::VPCEndpoint
    Properties: {VpcId: !Ref Vpc, RouteTableIds: [!Ref Routes], ServiceName: !Sub "com.amazonaws.${AWS::Region}.s3"}
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
    DependsOn: [EcrApi, EcrDkr, S3, Association]
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Subnet]}}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.task_needs import EXEC, INTERNET
from roadworthy.rules.facts.way_out import Enclosed, enclosed, listed
from roadworthy.template.model.service import Service


@rule(
    "missing-vpc-endpoint",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report the endpoints that tasks need and their VPC lacks."""
    for found in enclosed(service):
        if found.has_endpoint:
            yield from _missing(service, found)


def _missing(service: Service, found: Enclosed) -> Iterator[Finding]:
    for is_exec in (False, True):
        lacking = [need for need in found.lacking if need.service != INTERNET and (need.service == EXEC) == is_exec]
        if lacking:
            names = listed(f"`{need.service}`" for need in lacking)
            yield Finding(
                at=found.subnets[0].at,
                message=f"no VPC endpoint for {names} serves subnet {found.labels}, from which no way leads to the "
                f"internet: tasks of service `{service.name}` cannot reach {listed(need.of for need in lacking)}",
                fix=f"Add a VPC endpoint for {names}: S3's to the subnet's route table, the others with private DNS",
                severity=ERROR if found.are_all and not is_exec else WARNING,
                assumed=found.assumed.union(*(need.assumed for need in lacking)),
            )
