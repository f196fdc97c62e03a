"""A private subnet in which tasks start has a way out, or VPC endpoints for all that they need.

## Why is this bad?

A task on Fargate pulls its image, reads its secrets and opens its log streams through its own network interface. In a
subnet without a default route it waits for a timeout and fails: `ResourceInitializationError: unable to pull secrets
or registry auth: ...` or `CannotPullContainerError: ... request canceled while waiting for connection`. A public
address does not help where no route leads to an internet gateway.

It is reported where all routes of a subnet are in the documents, none leads out, and no interface endpoint of the VPC
serves the task; `missing-vpc-endpoint` speaks where some do. A subnet that uses the VPC's main route table, or has a
route to a transit gateway, a peering or an appliance, is left alone. If the service has other subnets as well, it is a
warning.

## Example

```yaml fails
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Association:
    {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Routes}}
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
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Subnet]}}
```

```yaml passes
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Association:
    {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Routes}}
  DefaultRoute:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Routes, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !ImportValue Nat}
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
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.way_out import enclosed
from roadworthy.template.model.service import Service


@rule(
    "no-egress-private-subnet",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report services with subnets from which no way leads out."""
    for found in enclosed(service):
        if not found.needs_public_address and not found.has_endpoint:
            address = ", and a public address does not help" if found.public_ip.value == "ENABLED" else ""
            yield Finding(
                at=found.subnets[0].at,
                message=f"no route leads out of subnet {found.labels}{address}: tasks of service `{service.name}` "
                f"cannot reach {found.what_is_lacking}",
                fix="Add a default route to a NAT gateway, or VPC endpoints for all that the tasks need",
                severity=ERROR if found.stops_all_tasks else WARNING,
                assumed=found.assumed,
            )
