"""An image from a public registry is pulled only where a way leads to the internet.

## Why is this bad?

VPC endpoints lead to AWS's services, not to Docker Hub, ghcr.io, quay.io or public.ecr.aws. In a subnet without a
default route the task waits for a timeout and fails: `CannotPullContainerError: ... request canceled while waiting for
connection`. That goes for side cars as well.

It is reported where all routes of the service's subnets are in the documents and none leads out. Routes to a transit
gateway, a peering or an appliance, and the VPC's main route table, are left alone.

## Example

```yaml fails
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Association:
    {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Routes}}
  Logs:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      {VpcId: !Ref Vpc, VpcEndpointType: Interface, PrivateDnsEnabled: true, SubnetIds: [!Ref Subnet],
       ServiceName: !Sub "com.amazonaws.${AWS::Region}.logs"}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ExecutionRoleArn: !ImportValue ExecutionRole
      ContainerDefinitions:
        - Name: proxy
          Image: nginx:1.29.3
          LogConfiguration:
            LogDriver: awslogs
            Options: {awslogs-group: !ImportValue Group, awslogs-region: eu-west-1, awslogs-stream-prefix: proxy}
  Service:
    Type: AWS::ECS::Service
    DependsOn: [Logs, Association]
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
      ContainerDefinitions: [{Name: proxy, Image: "nginx:1.29.3"}]
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
from roadworthy.rules.facts.task_needs import INTERNET
from roadworthy.rules.facts.way_out import enclosed
from roadworthy.template.model.service import Service


@rule(
    "public-registry-without-egress",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report images of public registries that no task of the service can pull."""
    for found in enclosed(service):
        if found.needs_public_address and not found.has_endpoint:
            continue  # a public address is all that is missing: `no-egress-public-subnet`
        for need in found.lacking:
            if need.service == INTERNET:
                yield Finding(
                    at=need.at,
                    message=f"no way leads from subnet {found.labels} of service `{service.name}` to the internet: its "
                    f"tasks cannot pull {need.of}",
                    fix="Copy the image to Amazon ECR, or add a route to a NAT gateway",
                    severity=ERROR if found.stops_all_tasks else WARNING,
                    assumed=found.assumed | need.assumed,
                )
