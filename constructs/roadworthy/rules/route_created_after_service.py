"""A service is made after the routes and the VPC endpoints that its tasks need to start.

## Why is this bad?

CloudFormation makes at the same time what does not depend on each other, and a service depends on its subnets, not on
their routes. Tasks that start before the default route or the endpoints exist cannot pull their image, and each failure
counts for the deployment circuit breaker, whose threshold may be as low as 3. CDK's services do not depend on the
routes of private subnets either.

Looked at are the associations and default routes of the service's subnets, or, where no route leads to the internet,
the endpoints that its tasks need, if they are in the service's own template and the service does not depend on them,
directly or through others.

In CDK: `service.node.add_dependency(vpc.select_subnets(...).internet_connectivity_established)`, or the endpoints
themselves.

## Example

```yaml fails
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

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.task_needs import EXEC, needs
from roadworthy.rules.facts.way_out import ENABLED, endpoints_for, listed
from roadworthy.template.conditions import possible
from roadworthy.template.model.network.endpoint import VpcEndpoint
from roadworthy.template.model.network.subnet import Subnet
from roadworthy.template.model.network.task_network import TaskNetwork
from roadworthy.template.model.resource import Resource
from roadworthy.template.model.service import Service


@rule(
    "route-created-after-service",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report services that may start before the way out of their subnets is there."""
    for network in service.task_networks if service.logical_id else ():
        late = [part for part in _way(network) if not service.is_made_after(part) and possible(part.when, service.when)]
        if late and _needed(network):
            yield Finding(
                at=service.node,
                message=f"service `{service.name}` does not depend on {listed(f'`{part.label}`' for part in late)}, "
                "without which its tasks cannot start",
                fix=f"Add {listed((f'`{part.logical_id}`' for part in late), len(late))} to its DependsOn",
            )


def _way(network: TaskNetwork) -> Iterator[Resource]:
    """What the tasks' connections go through, as far as the documents have it."""
    public = any(known.value == ENABLED for known in network.public_ip)
    for subnet in dict.fromkeys(network.subnets.resources):
        if subnet.reaches_internet(public):
            yield from _routes(subnet)
        elif subnet.model.all(VpcEndpoint):
            for name in sorted(_needed(network)):
                yield from endpoints_for(name, subnet)[1]


def _routes(subnet: Subnet) -> Iterator[Resource]:
    yield from subnet.model.network.associations.of(subnet)
    for table in subnet.route_tables or ():
        yield from table.default_routes


def _needed(network: TaskNetwork) -> set[str]:
    return {need.service for need in needs(network.service)} - {EXEC}
