"""A task in a public subnet has a public address, or VPC endpoints for all that it needs.

## Why is this bad?

An internet gateway serves only what has a public address. A task on Fargate without one cannot pull its image, read its
secrets or open its log stream: `ResourceInitializationError: unable to pull secrets or registry auth: ... There is a
connection issue between the task and Amazon ECR. Check your task network configuration.` Every attempt waits for a
timeout, so that the deployment hangs for long.

It is reported where the only way out of a subnet is an internet gateway, `AssignPublicIp` is not `ENABLED` (it is
`DISABLED` by default), and no interface endpoint of the VPC serves the task. A subnet that uses the VPC's main
route table, or has a route to a transit gateway, a peering or an appliance, is left alone. If the service has other
subnets as well, it is a warning.

## Example

```yaml fails
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Association:
    {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Routes}}
  DefaultRoute:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Routes, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
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
    DependsOn: [DefaultRoute, Association]
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Subnet]}}
```

```yaml passes
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Association:
    {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Routes}}
  DefaultRoute:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Routes, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
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
    DependsOn: [DefaultRoute, Association]
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Subnet], AssignPublicIp: ENABLED}}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.way_out import enclosed
from roadworthy.template.model.service import Service


@rule(
    "no-egress-public-subnet",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report services whose tasks lack nothing but a public address."""
    for found in enclosed(service):
        if found.needs_public_address and not found.has_endpoint:
            yield Finding(
                at=found.public_ip.at,
                message=f"tasks of service `{service.name}` have no public address in subnet {found.labels}, whose "
                f"only way out is an internet gateway: they cannot reach {found.what_is_lacking}",
                fix="Set AssignPublicIp to ENABLED, or use private subnets with a NAT gateway",
                severity=ERROR if found.stops_all_tasks else WARNING,
                assumed=found.assumed,
            )
